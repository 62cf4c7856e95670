"""The dispatch of a site with a battery: the schedule of the battery beside that of the halls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Battery
from rerack.base.checks import FloatArray, frozen_array, require
from rerack.base.errors import SolverError
from rerack.dispatch.result import Dispatch

#: Largest error of a schedule against a limit, relative to that limit or to 1 MW.
LIMIT_TOLERANCE_FRAC = 1e-7
#: Largest error of a schedule's earnings against the reported objective, relative to its terms.
OBJECTIVE_TOLERANCE_FRAC = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class StorageDispatch(Dispatch):
    """A schedule of halls, battery and meter that has been checked against every limit.

    Parameters
    ----------
    battery : Battery
        The battery.
    battery_mw : ndarray
        Power that the battery gives to the bus, negative where it charges [MW], shape (hour,).
    stored_mwh : ndarray
        Energy stored at the end of the hour [MWh], shape (hour,).
    import_mw, export_mw : ndarray
        Power bought and sold at the meter [MW utility], shape (hour,).
    export_limit_mw : float
        Most that may be sold [MW utility].
    export_price_usd_per_mwh : ndarray
        What a MWh sold brings [USD/MWh], shape (hour,).
    without_battery_usd : float
        Objective of the same site without the battery [USD].
    bound_usd : float
        No schedule earns more than this [USD]; equal to the objective where that is exact.
    notes : tuple of str
        What the reader must know of how the schedule was found; empty if nothing.

    Notes
    -----
    ``objective = margin of the halls - firm cost + block settlement + battery_usd``. All power
    used is valued at the meter's price, the battery's included; `battery_usd` is what its power
    is worth at that price, less its wear and less what exports bring below that price.

    Raises
    ------
    SolverError
        If the schedule breaks a limit, does not balance, or does not earn its objective.
    """

    battery: Battery
    battery_mw: FloatArray
    stored_mwh: FloatArray
    import_mw: FloatArray
    export_mw: FloatArray
    export_limit_mw: float
    export_price_usd_per_mwh: FloatArray
    without_battery_usd: float
    bound_usd: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        hours = (self.run_mw.values.shape[0],)
        for name in (
            "battery_mw", "stored_mwh", "import_mw", "export_mw", "export_price_usd_per_mwh",
        ):  # fmt: skip
            values = getattr(self, name)
            require(
                values.shape == hours,
                name,
                given=f"shape {values.shape}",
                allowed=f"shape {hours}, one an hour",
            )
            object.__setattr__(self, name, frozen_array(values))
        super().__post_init__()

    @property
    def gain_usd(self) -> float:
        """What the battery adds to the objective [USD]."""
        return self.objective_usd - self.without_battery_usd

    @property
    def gap_usd(self) -> float:
        """What a better schedule could add at most [USD]; 0 where this one is exact."""
        return max(self.bound_usd - self.objective_usd, 0.0)

    @property
    def wear_usd(self) -> float:
        """Wear of the battery over all hours [USD]."""
        given = float(np.maximum(self.battery_mw, 0.0).sum())
        return self.battery.throughput_cost_usd_per_mwh * given

    @property
    def battery_usd(self) -> float:
        """The battery's power at the meter's price, less wear and the discount on exports [USD]."""
        worth = float(self.price_usd_per_mwh @ self.battery_mw)
        discount = (self.price_usd_per_mwh - self.export_price_usd_per_mwh) @ self.export_mw
        return worth - float(discount) - self.wear_usd

    def _certify(self) -> None:
        run, size = self.run_mw.values, self.battery
        charged, given = np.maximum(-self.battery_mw, 0.0), np.maximum(self.battery_mw, 0.0)
        before = np.concatenate([[size.initial_mwh], self.stored_mwh[:-1]])
        change = charged * size.charge_efficiency_frac - given / size.discharge_efficiency_frac
        drawn = run.sum(axis=1) + self.firm_mw - self.battery_mw
        limit, most = self.interconnect_mw, self.export_limit_mw
        self._refuse("rigs draw negative power", -run, run.max(initial=1.0))
        self._refuse("imports exceed the interconnect", self.import_mw - limit, limit)
        self._refuse("imports are negative", -self.import_mw, limit)
        self._refuse("exports exceed their limit", self.export_mw - most, most)
        self._refuse("exports are negative", -self.export_mw, most)
        self._refuse("charging exceeds its limit", charged - size.charge_mw, size.charge_mw)
        self._refuse("discharging exceeds its limit", given - size.discharge_mw, size.discharge_mw)
        self._refuse("energy stored is negative", -self.stored_mwh, size.energy_mwh)
        self._refuse(
            "energy stored exceeds the battery", self.stored_mwh - size.energy_mwh, size.energy_mwh
        )
        self._refuse(
            "the final state is missed", size.final_mwh - self.stored_mwh[-1:], size.energy_mwh
        )
        self._refuse("power does not balance", abs(self.import_mw - self.export_mw - drawn), limit)
        self._refuse(
            "energy does not balance",
            abs(self.stored_mwh - size.hourly_keep_frac * before - change),
            size.energy_mwh,
        )
        self._certify_earnings()

    def _refuse(self, what: str, excess: FloatArray, scale: float) -> None:
        worst = float(excess.max(initial=0.0))
        if worst > LIMIT_TOLERANCE_FRAC * max(scale, 1.0):
            raise SolverError(f"{self.site}: {what} by {worst}")

    def _certify_earnings(self) -> None:
        margins = self.margin_usd.values
        terms = (*margins, -self.firm_cost_usd, self.block_settlement_usd, self.battery_usd)
        earned = float(sum(terms))
        prices = abs(self.price_usd_per_mwh)
        scale = sum(abs(term) for term in terms) + float(prices @ abs(self.battery_mw))
        # Power follows from the energy stored, which is rounded itself.
        rounding = float(np.finfo(np.float64).eps * self.battery.energy_mwh * prices.sum())
        if abs(earned - self.objective_usd) > OBJECTIVE_TOLERANCE_FRAC * max(scale, 1.0) + rounding:
            raise SolverError(
                f"{self.site}: the schedule earns {earned} USD, not the {self.objective_usd} USD "
                f"that the {self.method} route reports"
            )

    def table(self) -> dict[str, FloatArray]:
        """Return the schedule as columns, one row an hour."""
        return {
            **super().table(),
            "battery_mw": self.battery_mw,
            "stored_mwh": self.stored_mwh,
            "import_mw": self.import_mw,
            "export_mw": self.export_mw,
            "export_price_usd_per_mwh": self.export_price_usd_per_mwh,
        }

    def __repr__(self) -> str:
        given = np.maximum(self.battery_mw, 0.0).sum()
        exactness = "exactly" if self.gap_usd == 0.0 else f"within {self.gap_usd:,.0f} USD"
        notes = "".join(f"; {note}" for note in self.notes)
        return (
            f"{super().__repr__()}; the battery gave {given:,.0f} MWh and added "
            f"{self.gain_usd:,.0f} USD, {exactness}{notes}"
        )
