"""What a majority costs by each route: capital, power by the hour, and time, explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, frozen_array, require
from rerack.security.conditions import Conditions, conditions
from rerack.security.holders import UNKNOWN, fewest_above, ranked
from rerack.security.routes import BY_ROUTE, Acquired, Route, seize
from rerack.security.state import Holders, NetworkState
from rerack.security.words import explain

#: Routes in the order of tables.
ROUTES: tuple[Route, ...] = ("buy", "build", "rent", "seize", "idle", "mix")


@dataclass(frozen=True, kw_only=True)
class AttackCost:
    """Cost of a share of the hashrate by one route.

    Parameters
    ----------
    route : str
        How it is got.
    share_frac, reached_frac : float
        Share asked for, and share that the route gives; costs are those of what it gives.
    hashrate_eh_s : float
        Attacker's hashrate [EH/s].
    rigs_usd, sites_usd, capex_usd : float
        Capital cost of rigs, of sites, and of both [USD].
    power_mw : float
        Utility power that the attacker pays for [MW].
    power_usd_per_hour, rent_usd_per_hour : float
        What an hour of attack costs in power and in rent [USD/h], before the rewards it mines.
    months_to_acquire : float
        Time from the decision until the share is held [month].
    explanation : tuple of str
        How the figures came about, one step a line.
    """

    route: Route
    share_frac: float
    reached_frac: float
    hashrate_eh_s: float
    rigs_usd: float
    sites_usd: float
    capex_usd: float
    power_mw: float
    power_usd_per_hour: float
    rent_usd_per_hour: float
    months_to_acquire: float
    explanation: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether the route gives the share asked for."""
        return self.reached_frac >= self.share_frac - 1e-9


@dataclass(frozen=True, kw_only=True)
class AttackPath:
    """Cost of a share of the hashrate through time, in arrays of the shape of the paths.

    Parameters
    ----------
    route : str
        How it is got.
    share_frac : float
        Share asked for.
    reached_frac : array
        Share that the route gives.
    hashrate_eh_s : array
        Attacker's hashrate [EH/s].
    capex_usd : array
        Capital cost of rigs and sites [USD].
    power_mw : array
        Utility power [MW].
    power_usd_per_hour, rent_usd_per_hour : array
        Running cost [USD/h].
    months_to_acquire : array
        Time until the share is held [month].
    """

    route: Route
    share_frac: float
    reached_frac: FloatArray
    hashrate_eh_s: FloatArray
    capex_usd: FloatArray
    power_mw: FloatArray
    power_usd_per_hour: FloatArray
    rent_usd_per_hour: FloatArray
    months_to_acquire: FloatArray


def attack_cost(
    state: NetworkState,
    *,
    route: Route,
    share_frac: float = 0.51,
    within_months: float = 12.0,
    holders: Holders = "region",
    honest_response_frac: float = 0.0,
) -> AttackCost:
    """Return what a share of the hashrate costs by one route.

    Parameters
    ----------
    state : NetworkState
        The network, such as `december_2025()`.
    route : {"buy", "build", "rent", "seize", "idle", "mix"}
        New rigs from the market, or of one's own make; rented hashrate; hashrate of holders taken
        over; rigs that stand idle; or idle first, then rented, the rest bought.
    share_frac : float
        Share of all hashrate that the attacker wants, above 0 and below 1.
    within_months : float
        Time allowed for buying [month], above 0: the shorter, the steeper the price.
    holders : {"region", "owner", "pool"}
        Who is seized, the largest first.
    honest_response_frac : float
        Change of honest hashrate in answer, as in `conditions`.

    Returns
    -------
    AttackCost
        Costs of the share that the route gives; `feasible` says whether it suffices.

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
    that turns keeps its miners only until they notice.

    Examples
    --------
    >>> from rerack.security import december_2025
    >>> cost = attack_cost(december_2025(), route="seize", holders="pool")
    >>> cost.feasible, cost.capex_usd
    (True, 0.0)
    """
    _require_arguments(route, share_frac, within_months)
    c = conditions(state, honest_response_frac=honest_response_frac)
    taken = seized(state, holders, share_frac) if route == "seize" else ()
    a = _acquire(state, c, route, share_frac, within_months, holders)
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
    """Return what a share of the hashrate costs along paths of a scenario.

    Parameters
    ----------
    state : NetworkState
        Values of all that has no path.
    route, share_frac, within_months, holders, honest_response_frac
        As in `attack_cost`.
    **paths : array_like
        Paths by field of the state: `hashrate_eh_s`, `idle_eh_s`, `efficiency_j_per_th`,
        `hashprice_usd_per_ph_day`, `power_price_usd_per_mwh`, `rig_price_usd_per_th`; any shapes
        that broadcast, such as (scenario, month). Supply curve and shares of holders stay those of
        the state.

    Returns
    -------
    AttackPath
        Arrays of the broadcast shape.

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
    a = _acquire(state, c, route, share_frac, within_months, holders)
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
    )


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


def _acquire(
    state: NetworkState,
    c: Conditions,
    route: Route,
    share_frac: float,
    within_months: float,
    holders: Holders,
) -> Acquired:
    if route != "seize":
        return BY_ROUTE[route](c, share_frac, within_months)
    held = sum(share for _, share in seized(state, holders, share_frac))
    return seize(c, held, share_frac, own_power=holders != "pool")


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
