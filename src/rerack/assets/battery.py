"""A battery behind the meter."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require, require_between

#: Hours of a month wherever a monthly rate becomes an hourly one: a twelfth of 8,760.
_MONTH_HOURS = 730.0


@dataclass(frozen=True, kw_only=True)
class Battery:
    """A store of energy on the site's side of the meter.

    Parameters
    ----------
    charge_mw, discharge_mw : float
        Largest power drawn and given, measured at the site's bus [MW].
    energy_mwh : float
        Usable energy between the lowest and the highest allowed state [MWh].
    charge_efficiency_frac, discharge_efficiency_frac : float
        Energy stored per energy drawn, and given per energy taken out, above 0.
    initial_frac : float
        State at the start, as a share of `energy_mwh`.
    final_frac : float or None
        Least state at the end, as a share of `energy_mwh`; 0 leaves it free, None asks for the
        initial state again.
    throughput_cost_usd_per_mwh : float
        Wear for every MWh discharged, measured at the bus [USD/MWh].
    self_discharge_frac_per_month : float
        Share of the stored energy lost in 730 hours of rest.
    response_s : float or None
        Time from an order to full output [s]; None offers no reserve.

    Notes
    -----
    ``state' = keep * state + charge_efficiency * charged - discharged / discharge_efficiency``
    over an hour, ``keep = (1 - self_discharge_frac_per_month) ** (1 / 730)``. Efficiencies are
    constant: do not use it where they depend strongly on power, state or temperature, nor for
    ageing that shrinks `energy_mwh` within the hours dispatched.

    Examples
    --------
    >>> battery = Battery(charge_mw=50.0, discharge_mw=50.0, energy_mwh=200.0,
    ...                   charge_efficiency_frac=0.92, discharge_efficiency_frac=0.95)
    >>> battery.initial_mwh, battery.final_mwh, round(battery.round_trip_frac, 3)
    (100.0, 100.0, 0.874)
    """

    charge_mw: float
    discharge_mw: float
    energy_mwh: float
    charge_efficiency_frac: float = 1.0
    discharge_efficiency_frac: float = 1.0
    initial_frac: float = 0.5
    final_frac: float | None = None
    throughput_cost_usd_per_mwh: float = 0.0
    self_discharge_frac_per_month: float = 0.0
    response_s: float | None = None

    def __post_init__(self) -> None:
        require_between(self.charge_mw, 0.0, 1e5, "battery: charge_mw")
        require_between(self.discharge_mw, 0.0, 1e5, "battery: discharge_mw")
        require_between(self.energy_mwh, 0.0, 1e7, "battery: energy_mwh")
        for name in ("charge_efficiency_frac", "discharge_efficiency_frac"):
            value = getattr(self, name)
            require(
                0.05 <= value <= 1.0,
                f"battery: {name}",
                given=value,
                allowed="from 0.05 to 1",
                cure="Give a share, such as 0.93.",
            )
        require_between(self.initial_frac, 0.0, 1.0, "battery: initial_frac")
        if self.final_frac is not None:
            require_between(self.final_frac, 0.0, 1.0, "battery: final_frac")
        require_between(
            self.throughput_cost_usd_per_mwh, 0.0, 1e4, "battery: throughput_cost_usd_per_mwh"
        )
        require_between(
            self.self_discharge_frac_per_month, 0.0, 0.5, "battery: self_discharge_frac_per_month"
        )
        if self.response_s is not None:
            require_between(self.response_s, 0.0, 86_400.0, "battery: response_s")

    @property
    def initial_mwh(self) -> float:
        """Energy stored before the first hour [MWh]."""
        return self.initial_frac * self.energy_mwh

    @property
    def final_mwh(self) -> float:
        """Least energy stored after the last hour [MWh]."""
        last = self.initial_frac if self.final_frac is None else self.final_frac
        return last * self.energy_mwh

    @property
    def round_trip_frac(self) -> float:
        """Energy given back per energy drawn, rest apart."""
        return self.charge_efficiency_frac * self.discharge_efficiency_frac

    @property
    def hourly_keep_frac(self) -> float:
        """Share of the stored energy that is left after an hour of rest."""
        return float((1.0 - self.self_discharge_frac_per_month) ** (1.0 / _MONTH_HOURS))
