"""Generation on the site's side of the meter: engines and turbines, sun and wind."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import FloatArray, as_finite, frozen_array, require, require_between


@dataclass(frozen=True, kw_only=True)
class Generator:
    """A diesel or gas set, dispatched as one unit.

    Parameters
    ----------
    name : str
        Name, unique in the site.
    capacity_mw : float
        Largest output at the site's bus [MW utility].
    fuel_usd_per_mwh : float
        Price of fuel per MWh of heat [USD/MWh]; 1 MMBtu is 0.29307107 MWh, so 3 USD/MMBtu is
        10.24 USD/MWh.
    heat_rate_mwh_per_mwh : float
        Heat used per energy given; 8.0 MMBtu/MWh is 2.345.
    variable_om_usd_per_mwh : float
        Operating cost per MWh given [USD/MWh].
    permit_hours : int or None
        Clock hours that the permit allows in the hours dispatched, at any output; None: no limit.
    min_load_frac : float
        Least output over capacity while it runs.
    start_usd : float
        Cost of a start [USD].
    min_up_hours : int
        Hours that it runs at least once started.

    Examples
    --------
    >>> gas = Generator(name="gas", capacity_mw=50.0, fuel_usd_per_mwh=10.24,
    ...                 heat_rate_mwh_per_mwh=2.345, variable_om_usd_per_mwh=6.0)
    >>> round(gas.marginal_usd_per_mwh, 2), gas.is_committed
    (30.01, False)
    """

    name: str
    capacity_mw: float
    fuel_usd_per_mwh: float
    heat_rate_mwh_per_mwh: float
    variable_om_usd_per_mwh: float = 0.0
    permit_hours: int | None = None
    min_load_frac: float = 0.0
    start_usd: float = 0.0
    min_up_hours: int = 1

    def __post_init__(self) -> None:
        here = f"generator {self.name}"
        require_between(self.capacity_mw, 0.0, 1e5, f"{here}: capacity_mw")
        require_between(self.fuel_usd_per_mwh, 0.0, 1e4, f"{here}: fuel_usd_per_mwh")
        require_between(self.heat_rate_mwh_per_mwh, 1.0, 20.0, f"{here}: heat_rate_mwh_per_mwh")
        require_between(self.variable_om_usd_per_mwh, 0.0, 1e4, f"{here}: variable_om_usd_per_mwh")
        if self.permit_hours is not None:
            require_between(self.permit_hours, 0, 8784, f"{here}: permit_hours")
        require_between(self.min_load_frac, 0.0, 1.0, f"{here}: min_load_frac")
        require_between(self.start_usd, 0.0, 1e7, f"{here}: start_usd")
        require_between(self.min_up_hours, 1, 168, f"{here}: min_up_hours")

    @property
    def marginal_usd_per_mwh(self) -> float:
        """Fuel and variable operating cost of a MWh [USD/MWh]."""
        return self.fuel_usd_per_mwh * self.heat_rate_mwh_per_mwh + self.variable_om_usd_per_mwh

    @property
    def is_committed(self) -> bool:
        """Whether being on or off is a decision of its own."""
        return (
            self.permit_hours is not None
            or self.min_load_frac > 0.0
            or self.start_usd > 0.0
            or self.min_up_hours > 1
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Renewable:
    """Sun or wind as a profile that may be curtailed.

    Parameters
    ----------
    name : str
        Name, unique in the site.
    capacity_mw : float
        Installed power at the site's bus [MW utility].
    profile_frac : ndarray
        Available output over capacity, one an hour dispatched, shape (hour,).
    """

    name: str
    capacity_mw: float
    profile_frac: FloatArray

    def __post_init__(self) -> None:
        here = f"renewable {self.name}"
        require_between(self.capacity_mw, 0.0, 1e5, f"{here}: capacity_mw")
        profile = as_finite(self.profile_frac, f"{here}: profile_frac", ndim=1)
        require(
            bool(((profile >= 0.0) & (profile <= 1.0)).all()),
            f"{here}: profile_frac",
            given=f"{profile.min(initial=0.0):g} to {profile.max(initial=0.0):g}",
            allowed="0 to 1",
        )
        object.__setattr__(self, "profile_frac", frozen_array(profile))
