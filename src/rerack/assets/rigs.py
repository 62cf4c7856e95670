"""Mining rigs: a catalogue model, the fleet that fills a hall, and how it is renewed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rerack.base.checks import require_between


@dataclass(frozen=True, kw_only=True)
class RigModel:
    """One rig as its maker rates it.

    Parameters
    ----------
    name : str
        Model name.
    hashrate_th_s : float
        Rated hashrate [TH/s].
    power_w : float
        Rated power at the wall [W].
    """

    name: str
    hashrate_th_s: float
    power_w: float

    def __post_init__(self) -> None:
        require_between(self.hashrate_th_s, 1e-6, math.inf, f"rig {self.name}: hashrate_th_s")
        require_between(self.power_w, 1e-3, math.inf, f"rig {self.name}: power_w")

    @property
    def efficiency_j_per_th(self) -> float:
        """Energy per hash [J/TH], power over hashrate."""
        return self.power_w / self.hashrate_th_s


@dataclass(frozen=True, kw_only=True)
class RigFleet:
    """The rigs that fill one hall, described per MW so that a hall may be any size.

    Parameters
    ----------
    model : str
        Name shown to people.
    efficiency_j_per_th : float
        Energy per hash at the hall's meter, cooling included [J/TH].
    pool_fee_frac : float
        Share of revenue kept by the pool.
    variable_om_usd_per_mwh : float
        Operating cost that stops when the rigs stop [USD/MWh].
    fixed_om_usd_per_mw_year : float
        Operating cost of the hall whether or not the rigs run [USD/MW-year, utility MW].
    uptime_frac : float
        Share of wanted hours in which the rigs really hash.
    refresh_months : int
        Age at which the whole fleet is replaced [months]; 0 never replaces it.
    first_refresh_month : int
        Months from the study start to the first replacement.
    refresh_payback_months : int
        Longest simple payback at which a due replacement is bought [months]; until then the old
        rigs run on.

    Notes
    -----
    Hashrate [PH/s] of P MW is ``P * 1e3 / efficiency_j_per_th``.
    """

    model: str
    efficiency_j_per_th: float
    pool_fee_frac: float = 0.0
    variable_om_usd_per_mwh: float = 0.0
    fixed_om_usd_per_mw_year: float = 0.0
    uptime_frac: float = 1.0
    refresh_months: int = 0
    first_refresh_month: int = 0
    refresh_payback_months: int = 36

    def __post_init__(self) -> None:
        here = f"rigs {self.model}"
        require_between(self.efficiency_j_per_th, 0.1, 1e5, f"{here}: efficiency_j_per_th")
        require_between(self.pool_fee_frac, 0.0, 0.5, f"{here}: pool_fee_frac")
        require_between(self.variable_om_usd_per_mwh, 0.0, 1e4, f"{here}: variable_om_usd_per_mwh")
        require_between(
            self.fixed_om_usd_per_mw_year, 0.0, 1e8, f"{here}: fixed_om_usd_per_mw_year"
        )
        require_between(self.uptime_frac, 0.0, 1.0, f"{here}: uptime_frac")
        require_between(self.refresh_months, 0, 600, f"{here}: refresh_months")
        require_between(self.first_refresh_month, 0, 600, f"{here}: first_refresh_month")
        require_between(self.refresh_payback_months, 1, 600, f"{here}: refresh_payback_months")
