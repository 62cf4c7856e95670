"""Where the world's hashrate starts and how it reacts: the numbers of the exogenous model."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerack.base.checks import require, require_between
from rerack.markets.parameters import packaged


def _calibrated(name: str) -> float:
    return packaged("growth", "rerack.network")[name]


def _rig(name: str) -> float:
    return packaged("rigs", "rerack.network")[name]


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """The Bitcoin network as one site sees it: given, large, and indifferent to the site.

    Parameters
    ----------
    start_height : int
        Height of the next block at the start of the first month.
    start_difficulty : float
        Difficulty of the running epoch; network hashrate starts at ``D 2^32 / 600``.
    efficiency_j_per_th : float or None
        Mean efficiency of all running rigs at the start [J/TH]; None rolls the last survey forward.
    frontier_j_per_th : float or None
        Best rig on sale at the start [J/TH]; None takes the fitted frontier of that month.
    anchor_usd_per_ph_day : float or None
        Hashprice at which hashrate neither grows nor shrinks, at the start [USD/PH/day]; None
        rolls the calibrated value forward from the end of its sample.
    progress_frac_per_year : float
        Share by which the anchor falls in the first year, in real terms; efficiencies fall alike.
    progress_halving_years : float
        Years in which the pace of progress halves.
    inflation_frac_per_year : float
        Expected inflation, which raises the anchor in nominal dollars: power and sites are paid in
        them.
    response_frac : float
        Elasticity of hashrate to revenue within the month (idle rigs, underclocking).
    entry_half_life_months, exit_half_life_months : float
        Months in which entry closes half of a positive gap to the anchor, exit half of a negative.
    shutdown_half_life_months : float
        The same where hashprice is below the power cost of the mean rig.
    reference_power_usd_per_mwh : float
        What the mean miner pays at the start, rising with inflation [USD/MWh].
    volatility_frac : float
        Standard deviation of the monthly log shock to hashrate, times sqrt(12).
    rig_margin_months : float
        Price of a new rig, in months of its margin after power.
    rig_floor_usd_per_th : float
        Least price of a new rig at the start [USD/TH], falling with progress.

    Examples
    --------
    >>> NetworkSpec(start_height=927_360, start_difficulty=148.1953e12).inflation_frac_per_year
    0.025
    """

    start_height: int
    start_difficulty: float
    efficiency_j_per_th: float | None = None
    frontier_j_per_th: float | None = None
    anchor_usd_per_ph_day: float | None = None
    progress_frac_per_year: float = field(
        default_factory=lambda: _calibrated("progress_frac_per_year")
    )
    progress_halving_years: float = field(default_factory=lambda: _rig("progress_halving_years"))
    inflation_frac_per_year: float = 0.025
    response_frac: float = field(default_factory=lambda: _calibrated("response_frac"))
    entry_half_life_months: float = field(
        default_factory=lambda: _calibrated("entry_half_life_months")
    )
    exit_half_life_months: float = field(
        default_factory=lambda: _calibrated("exit_half_life_months")
    )
    shutdown_half_life_months: float = field(
        default_factory=lambda: _calibrated("shutdown_half_life_months")
    )
    reference_power_usd_per_mwh: float = field(
        default_factory=lambda: _rig("reference_power_usd_per_mwh")
    )
    volatility_frac: float = field(default_factory=lambda: _calibrated("volatility_frac"))
    rig_margin_months: float = field(default_factory=lambda: _rig("rig_margin_months"))
    rig_floor_usd_per_th: float = field(default_factory=lambda: _rig("rig_floor_usd_per_th"))

    def __post_init__(self) -> None:
        require(
            isinstance(self.start_height, int) and 0 <= self.start_height < 6_930_000,
            "network.start_height",
            given=self.start_height,
            allowed="a block height, 0 to 6,929,999",
        )
        require_between(self.start_difficulty, 1.0, 1e30, "network.start_difficulty")
        for name, low, high in _LIMITS:
            value = getattr(self, name)
            if value is not None:
                require_between(value, low, high, f"network.{name}")


_LIMITS = (
    ("efficiency_j_per_th", 0.01, 1e4),
    ("frontier_j_per_th", 0.01, 1e4),
    ("anchor_usd_per_ph_day", 1e-6, 1e6),
    ("progress_frac_per_year", 0.0, 0.9),
    ("progress_halving_years", 0.1, 1e6),
    ("inflation_frac_per_year", -0.5, 1.0),
    ("response_frac", 0.0, 0.95),
    ("entry_half_life_months", 0.5, 1e6),
    ("exit_half_life_months", 0.5, 1e6),
    ("shutdown_half_life_months", 0.5, 1e6),
    ("reference_power_usd_per_mwh", 0.1, 1e4),
    ("volatility_frac", 0.0, 5.0),
    ("rig_margin_months", 0.0, 1e3),
    ("rig_floor_usd_per_th", 0.0, 1e4),
)
