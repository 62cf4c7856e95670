"""What a majority costs by each route: capital, power by the hour, and time, explained."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import IntArray, frozen_array, require
from rerack.network.world import NetworkSimulation, World
from rerack.security.attack_result import AttackCost, AttackPath
from rerack.security.conditions import Conditions, conditions
from rerack.security.holders import UNKNOWN, fewest_above, ranked
from rerack.security.routes import BY_ROUTE, Acquired, Route, seize
from rerack.security.state import Holders, NetworkState
from rerack.security.words import explain
from rerack.security.world_paths import held_along, network_state, world_conditions

#: Routes in the order of tables.
ROUTES: tuple[Route, ...] = ("buy", "build", "rent", "seize", "idle", "mix")
_NOBODY = np.int64(0)


@overload
def attack_cost(
    world: NetworkState | World,
    *,
    route: Route,
    share_frac: float = 0.51,
    within_months: float = 12.0,
    holders: Holders = "region",
    honest_response_frac: float = 0.0,
) -> AttackCost: ...


@overload
def attack_cost(
    world: NetworkSimulation,
    *,
    route: Route,
    share_frac: float = 0.51,
    within_months: float = 12.0,
    holders: Holders = "region",
    honest_response_frac: float = 0.0,
) -> AttackPath: ...


def attack_cost(
    world: NetworkState | World | NetworkSimulation,
    *,
    route: Route,
    share_frac: float = 0.51,
    within_months: float = 12.0,
    holders: Holders = "region",
    honest_response_frac: float = 0.0,
) -> AttackCost | AttackPath:
    """Return what a share of the hashrate costs by one route.

    Parameters
    ----------
    world : NetworkState, World or NetworkSimulation
        The network: as an attacker finds it (`december_2025()`), as cohorts (`world_of`), or as
        cohorts along every scenario (`simulate`).
    route : {"buy", "build", "rent", "seize", "idle", "mix"}
        New rigs from the market, or of one's own make; rented hashrate; hashrate of holders taken
        over; rigs that stand idle; or idle first, then rented, the rest bought.
    share_frac : float
        Share of all hashrate that the attacker wants, above 0 and below 1.
    within_months : float
        Time allowed for buying [month], above 0: the shorter, the steeper the price.
    holders : {"region", "owner", "pool"}
        Who is seized, the largest first. In a world of cohorts an owner is a *kind* of owner.
    honest_response_frac : float
        Change of honest hashrate in answer, as in `conditions`.

    Returns
    -------
    AttackCost or AttackPath
        Costs of the share that the route gives; of a simulation, arrays (scenario, month) for an
        attack that is decided on in that month.

    Raises
    ------
    InputError
        An argument is out of range or unknown.

    Notes
    -----
    Routes that add hashrate (buy, build, idle) need s/(1-s) of the honest H; those that take it
    from the honest (rent, seize) only s of it. New rigs are priced on a supply curve of constant
    elasticity (`clearing_price_usd_per_th`); power is hashrate times J/TH. Resale of the rigs and
    rewards mined are not counted against the cost: see `value_limits`. A pool that is seized or
    that turns keeps its miners only until they notice. How cohorts become a network state:
    `network_state`.

    Examples
    --------
    >>> from rerack.security import december_2025
    >>> cost = attack_cost(december_2025(), route="seize", holders="pool")
    >>> cost.feasible, cost.capex_usd
    (True, 0.0)
    """
    _require_arguments(route, share_frac, within_months)
    if isinstance(world, NetworkSimulation):
        c = world_conditions(world, honest_response_frac=honest_response_frac)
        if route != "seize":
            return _path(c, BY_ROUTE[route](c, share_frac, within_months), route, share_frac)
        held, taken = held_along(world, holders, share_frac)
        acquired = seize(c, held, share_frac, own_power=holders != "pool")
        return _path(c, acquired, route, share_frac, taken)
    state = network_state(world) if isinstance(world, World) else world
    return _once(state, route, share_frac, within_months, holders, honest_response_frac)


def attack_path(
    state: NetworkState,
    *,
    route: Route,
    share_frac: float = 0.51,
    within_months: float = 12.0,
    holders: Holders = "region",
    honest_response_frac: float = 0.0,
    **paths: ArrayLike,
) -> AttackPath:
    """Return what a share of the hashrate costs along paths of one's own making.

    Parameters
    ----------
    state : NetworkState
        Values of all that has no path.
    route, share_frac, within_months, holders, honest_response_frac
        As in `attack_cost`.
    **paths : array_like
        Paths by field of the state, `hashrate_eh_s`, `idle_eh_s`, `efficiency_j_per_th`,
        `hashprice_usd_per_ph_day`, `power_price_usd_per_mwh`, `rig_price_usd_per_th`, or of its
        supply, such as `output_eh_s_per_month`; any shapes that broadcast, such as (scenario,
        month). Shares of holders stay those of the state.

    Returns
    -------
    AttackPath
        Arrays of the broadcast shape. For a simulation of cohorts call `attack_cost`.

    Examples
    --------
    Half of the network leaves and its rigs gather dust: a majority gets cheaper by more than half.

    >>> from rerack.security import december_2025
    >>> state = december_2025()
    >>> left = np.array([0.0, 0.5]) * state.hashrate_eh_s
    >>> path = attack_path(
    ...     state, route="mix", hashrate_eh_s=state.hashrate_eh_s - left, idle_eh_s=left
    ... )
    >>> bool(path.capex_usd[1] < 0.5 * path.capex_usd[0])
    True
    """
    _require_arguments(route, share_frac, within_months)
    c = conditions(state, honest_response_frac=honest_response_frac, **paths)
    a, taken = _acquire(state, c, route, share_frac, within_months, holders)
    return _path(c, a, route, share_frac, np.int64(len(taken)))


def seized(
    state: NetworkState, holders: Holders, share_frac: float
) -> tuple[tuple[str, float], ...]:
    """Return the fewest holders that reach a share, with their shares; all known if they do not.

    Parameters
    ----------
    state : NetworkState
        Shares by holder.
    holders : {"region", "owner", "pool"}
        Kind of holder.
    share_frac : float
        Share to reach.

    Raises
    ------
    InputError
        The state knows no holders of that kind.
    """
    known = {n: s for n, s in state.shares(holders).items() if n != UNKNOWN}
    require(
        bool(known),
        f"state.{holders}_shares",
        given="no shares",
        allowed="a share by holder",
        cure="Give the shares of hashrate that are to be seized.",
    )
    # A hair below, so that holders that meet the share exactly are enough.
    fewest = fewest_above(known, share_frac - 1e-9) or ranked(known)
    return tuple((name, known[name]) for name in fewest)


def _once(
    state: NetworkState,
    route: Route,
    share_frac: float,
    within_months: float,
    holders: Holders,
    honest_response_frac: float,
) -> AttackCost:
    c = conditions(state, honest_response_frac=honest_response_frac)
    a, taken = _acquire(state, c, route, share_frac, within_months, holders)
    return AttackCost(
        route=route,
        share_frac=share_frac,
        reached_frac=float(a.reached_frac),
        hashrate_eh_s=float(a.hashrate_eh_s),
        rigs_usd=float(a.rigs_usd),
        sites_usd=float(a.sites_usd),
        capex_usd=float(a.rigs_usd + a.sites_usd),
        power_mw=float(a.power_mw),
        power_usd_per_hour=float(a.power_mw * c.power_price_usd_per_mwh),
        rent_usd_per_hour=float(a.rent_usd_per_hour),
        months_to_acquire=float(a.months),
        explanation=explain(c, a, route, share_frac, taken),
    )


def _path(
    c: Conditions,
    a: Acquired,
    route: Route,
    share_frac: float,
    taken: IntArray | np.int64 = _NOBODY,
) -> AttackPath:
    shape = c.hashrate_eh_s.shape
    return AttackPath(
        route=route,
        share_frac=share_frac,
        reached_frac=frozen_array(a.reached_frac),
        hashrate_eh_s=frozen_array(a.hashrate_eh_s),
        capex_usd=frozen_array(np.asarray(a.rigs_usd + a.sites_usd)),
        power_mw=frozen_array(a.power_mw),
        power_usd_per_hour=frozen_array(np.asarray(a.power_mw * c.power_price_usd_per_mwh)),
        rent_usd_per_hour=frozen_array(a.rent_usd_per_hour),
        months_to_acquire=frozen_array(a.months),
        holders_taken=np.broadcast_to(taken, shape),
    )


def _acquire(
    state: NetworkState,
    c: Conditions,
    route: Route,
    share_frac: float,
    within_months: float,
    holders: Holders,
) -> tuple[Acquired, tuple[tuple[str, float], ...]]:
    if route != "seize":
        return BY_ROUTE[route](c, share_frac, within_months), ()
    taken = seized(state, holders, share_frac)
    held = np.asarray(sum(share for _, share in taken))
    return seize(c, held, share_frac, own_power=holders != "pool"), taken


def _require_arguments(route: str, share_frac: float, within_months: float) -> None:
    require(
        route in ROUTES,
        "route",
        given=repr(route),
        allowed=", ".join(ROUTES),
        cure="Choose one of these.",
    )
    require(
        0.0 < share_frac < 1.0,
        "share_frac",
        given=share_frac,
        allowed="above 0 and below 1",
        cure="Write 51 % as 0.51.",
    )
    require(
        0.0 < within_months <= 1200.0,
        "within_months",
        given=within_months,
        allowed="above 0, up to 1200",
    )
