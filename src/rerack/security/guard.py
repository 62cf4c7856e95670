"""States that guard a reserve: what a share of the hashrate costs them, and which one pays."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rerack.base.checks import FloatArray, frozen_array, require, require_between
from rerack.network.world import NetworkSimulation
from rerack.security.budish import BLOCKS_PER_YEAR
from rerack.security.reserve import annuity_per_year
from rerack.security.state import TH_PER_EH, NetworkState
from rerack.security.world_paths import block_reward_usd, world_paths

_HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A state, what it guards and at what cost it hashes.

    Parameters
    ----------
    name, region : str
        Name, and the region where its rigs stand.
    power_usd_per_mwh : float
        Its own power cost: what the power would else have earned [USD/MWh].
    limit_mw : float
        Most load that it would give to mining [MW utility].
    reserve_btc : float
        Coins that it holds [BTC].
    attack_per_year : float
        Chance of an attack in a year that its floor would remove, 0 to 1.
    price_loss_frac : float
        Share of the reserve's worth that an attack would take.
    real_rate_frac : float
        Real rate of interest.
    rig_life_years, site_life_years : float
        Years over which rigs and sites are written off.

    Raises
    ------
    InputError
        A number out of range.
    """

    name: str
    region: str
    power_usd_per_mwh: float
    limit_mw: float
    reserve_btc: float = 0.0
    attack_per_year: float = 0.0
    price_loss_frac: float = 0.5
    real_rate_frac: float = 0.05
    rig_life_years: float = 4.0
    site_life_years: float = 15.0

    def __post_init__(self) -> None:
        require(bool(self.name and self.region), "guard", given="no name or region", allowed="both")
        where = f"guard {self.name}"
        for field, low, high in (
            ("power_usd_per_mwh", 0.01, 1e4),
            ("limit_mw", 0.0, 1e7),
            ("reserve_btc", 0.0, 21e6),
            ("attack_per_year", 0.0, 1.0),
            ("price_loss_frac", 0.0, 1.0),
            ("real_rate_frac", 0.0, 1.0),
            ("rig_life_years", 0.1, 1e3),
            ("site_life_years", 0.1, 1e3),
        ):
            require_between(getattr(self, field), low, high, f"{where}.{field}")

    def worth_usd_per_year(self, btc_price_usd: float) -> float:
        """Return what the guard is worth a year: chance x loss x reserve [USD/year]."""
        return self.attack_per_year * self.price_loss_frac * self.reserve_btc * btc_price_usd

    def cost_usd_per_eh_year(self, state: NetworkState) -> float:
        """Return what an EH/s costs a year in rigs, sites and power [USD per EH/s and year]."""
        supply = state.supply
        rigs = state.rig_price_usd_per_th * TH_PER_EH
        sites = supply.site_usd_per_mw * supply.rig_efficiency_j_per_th
        return (
            rigs * annuity_per_year(self.real_rate_frac, self.rig_life_years, "rig_life_years")
            + sites * annuity_per_year(self.real_rate_frac, self.site_life_years, "site_life_years")
            + supply.rig_efficiency_j_per_th * _HOURS_PER_YEAR * self.power_usd_per_mwh
        )


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The floor that pays a guard.

    Parameters
    ----------
    guard : Guard
        The state.
    share_frac : float
        Share of all hashrate.
    hashrate_eh_s : float
        Floor [EH/s].
    power_mw : float
        Its load with new rigs [MW utility].
    net_usd_per_year : float
        Capital and power less income of blocks [USD/year]; at most the guard's worth.
    worth_usd_per_year : float
        Chance x loss x reserve [USD/year].
    limited : bool
        Whether its power, not the account, sets the floor.
    """

    guard: Guard
    share_frac: float
    hashrate_eh_s: float
    power_mw: float
    net_usd_per_year: float
    worth_usd_per_year: float
    limited: bool


def floor_share_frac(cost_usd: float, income_usd: float, worth_usd: float) -> float:
    r"""Return the largest share of the hashrate whose net cost is no more than its worth.

    Parameters
    ----------
    cost_usd : float
        What it would cost a year to run as much hashrate as all others do [USD/year], above 0.
    income_usd : float
        What all blocks pay a year [USD/year], above 0.
    worth_usd : float
        What the guard is worth a year [USD/year], 0 or more.

    Returns
    -------
    float
        Positive root of ``R s^2 + (c - R + B) s - B = 0``, from ``c s/(1-s) - R s = B``.

    Examples
    --------
    Mining that costs what it earns: nothing is held for nothing, and a share for a worth.

    >>> floor_share_frac(10.0, 10.0, 0.0)
    0.0
    >>> share = floor_share_frac(10.0, 10.0, 1.0)
    >>> round(10.0 * share / (1.0 - share) - 10.0 * share, 9)
    1.0
    """
    for name, value in (("cost_usd", cost_usd), ("income_usd", income_usd)):
        require(0.0 < value < math.inf, name, given=value, allowed="above 0")
    require_between(worth_usd, 0.0, 1e18, "worth_usd")
    b = cost_usd - income_usd + worth_usd
    root = math.sqrt(b * b + 4.0 * income_usd * worth_usd)
    if b > 0.0:
        # The same root without the difference of near equals.
        return 2.0 * worth_usd / (b + root)
    return (root - b) / (2.0 * income_usd)


def floor_of(
    guard: Guard, state: NetworkState, others_eh_s: float, *, btc_price_usd: float
) -> Floor:
    """Return the floor that pays a guard, if all others run a given hashrate.

    Parameters
    ----------
    guard : Guard
        The state.
    state : NetworkState
        Prices of rigs and sites, and what a block pays.
    others_eh_s : float
        Hashrate of all others [EH/s], above 0.
    btc_price_usd : float
        Price of a coin [USD/BTC].
    """
    income_usd = state.block_reward_usd * BLOCKS_PER_YEAR
    per_eh = guard.cost_usd_per_eh_year(state)
    worth = guard.worth_usd_per_year(btc_price_usd)
    efficiency = state.supply.rig_efficiency_j_per_th
    share = floor_share_frac(per_eh * others_eh_s, income_usd, worth)
    wanted = share / (1.0 - share) * others_eh_s if share < 1.0 else math.inf
    most = guard.limit_mw / efficiency
    held = min(wanted, most)
    share = held / (held + others_eh_s)
    return Floor(
        guard=guard,
        share_frac=share,
        hashrate_eh_s=held,
        power_mw=held * efficiency,
        net_usd_per_year=per_eh * held - income_usd * share,
        worth_usd_per_year=worth,
        limited=wanted > most,
    )


def share_cost_along(simulation: NetworkSimulation, guard: Guard, share_frac: float) -> FloatArray:
    """Return what a share of the hashrate costs a state a year, net, through time.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any world under any outlook.
    guard : Guard
        The state; its power price follows the simulation's inflation.
    share_frac : float
        Share to hold, above 0 and below 1.

    Returns
    -------
    array, shape (scenario, month)
        Capital, as annuities of the month's prices, and power less block income [USD/year].
    """
    require(0.0 < share_frac < 1.0, "share_frac", given=share_frac, allowed="above 0, below 1")
    at = world_paths(simulation)
    rate = guard.real_rate_frac
    per_eh = at["rig_price_usd_per_th"] * TH_PER_EH * annuity_per_year(
        rate, guard.rig_life_years, "rig_life_years"
    ) + at["rig_efficiency_j_per_th"] * (
        at["site_usd_per_mw"] * annuity_per_year(rate, guard.site_life_years, "site_life_years")
        + _HOURS_PER_YEAR * guard.power_usd_per_mwh * _inflation(at)
    )
    held = share_frac / (1.0 - share_frac) * at["hashrate_eh_s"]
    income = share_frac * block_reward_usd(simulation) * BLOCKS_PER_YEAR
    return frozen_array(held * per_eh - income)


def _inflation(at: dict[str, FloatArray]) -> FloatArray:
    level: FloatArray = at["site_usd_per_mw"] / at["site_usd_per_mw"][:, :1]
    return level
