"""The halls of a site together: crews and AI megawatts are shared."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from rerack.assets import Hall
from rerack.base.checks import FloatArray, IntArray, require
from rerack.markets import MarketSpec
from rerack.numerics.dual import HedgedPaths, luck, take
from rerack.numerics.dual_shared import SharedProblem, shared_prices, shared_upper
from rerack.numerics.lsm import FittedStopping
from rerack.planning.hosting import NEVER
from rerack.planning.policy.hall_policy import (
    FittedHall,
    at_date,
    fit_hall,
    judge_hall,
    rule_choices,
)
from rerack.planning.policy.hall_problem import PolicyDates, chosen_offers, decision_months
from rerack.planning.policy.limits import SiteLimits, assign, resources
from rerack.planning.policy.offer_value import offer_value
from rerack.planning.policy.weights import value_weights
from rerack.planning.world import World

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedSite:
    """Rules of several halls, what they share, and what a scarce crew or MW is worth.

    Parameters
    ----------
    market : MarketSpec
        What the scenarios are drawn with.
    halls : dict of str to FittedHall
        Fit of each hall, in order; halls of equal rigs that are run alike share one.
    utility_mw : ndarray, shape (hall,)
        Size of each hall [MW utility].
    lead_months : ndarray of int, shape (offer,)
        Months for which a conversion keeps its crew.
    limits : SiteLimits
        What is shared.
    price_usd : ndarray, shape (resource,)
        Price of a crew at each date and of an AI MW, as far as they are limited: they make the
        upper bound small on the fit's scenarios.
    """

    market: MarketSpec
    halls: dict[str, FittedHall]
    utility_mw: FloatArray
    lead_months: IntArray
    limits: SiteLimits
    price_usd: FloatArray

    @property
    def offers(self) -> tuple[str, ...]:
        """Offers in the order of the choices."""
        return next(iter(self.halls.values())).rule.offers

    @property
    def months(self) -> IntArray:
        """Decision months, shape (date,)."""
        return next(iter(self.halls.values())).rule.months


@dataclass(frozen=True, kw_only=True, eq=False)
class JudgedSite:
    """What fitted rules earn in each scenario, and what no rule could exceed on average.

    Parameters
    ----------
    lower_usd, upper_usd : ndarray, shape (scenario,)
        Their means are the bounds of the halls' joint value [USD].
    never_usd, fixed_usd, now_usd : ndarray, shape (scenario,)
        Mining on; each hall at its best fixed date; the better of converting at once and never,
        hall by hall [USD]. The last two know no limits, so that with limits what waiting is worth
        is understated.
    luck_usd : ndarray, shape (scenario,)
        Chance in what the rules earn over mining on, of mean zero: a control variate [USD].
    decide_month, use : ndarray of int, shape (scenario, hall)
        Decision month, `rerack.planning.NEVER` where the hall mines on; position of the offer, -1.
    """

    lower_usd: FloatArray
    upper_usd: FloatArray
    never_usd: FloatArray
    fixed_usd: FloatArray
    now_usd: FloatArray
    luck_usd: FloatArray
    decide_month: IntArray
    use: IntArray


def fit_site(
    world: World,
    *,
    market: MarketSpec,
    halls: tuple[str, ...] = (),
    offers: tuple[str, ...] = (),
    dates: PolicyDates | None = None,
    limits: SiteLimits | None = None,
    threads: int = 1,
) -> FittedSite:
    """Fit a rule for each hall, and prices for what they share.

    Parameters
    ----------
    world : World
        Scenarios to learn from.
    market : MarketSpec
        What they were drawn with.
    halls, offers : tuple of str
        As in `rerack.planning.policy.site_policy`, and so are `dates` and `limits`.
    dates : PolicyDates or None
        When decisions may be taken; None for every quarter.
    limits : SiteLimits or None
        What is shared; None for no limit.
    threads : int
        Halls that are fitted at once; the result does not depend on it.
    """
    shared = limits or SiteLimits()
    chosen = tuple(world.site.hall(name) for name in halls) or world.site.halls
    require(bool(chosen), "policy: halls", given="none", allowed="one or more halls")
    uses = chosen_offers(world, offers)
    months = decision_months(world, uses, dates or PolicyDates())
    fits = _once_a_kind(
        world, chosen, lambda hall: fit_hall(world, market, hall, tuple(uses), dates), threads
    )
    mw = np.array([hall.utility_mw for hall in chosen])
    lead = np.array([use.conversion.lead_months for use in uses.values()], dtype=np.int64)
    usage, capacity = resources(months, lead, mw, shared)
    price = shared_prices(
        [_shared(values, m, u) for (_, values), m, u in zip(fits, mw, usage, strict=True)], capacity
    )
    return FittedSite(
        market=market,
        halls={hall.name: fit for hall, (fit, _) in zip(chosen, fits, strict=True)},
        utility_mw=mw,
        lead_months=lead,
        limits=shared,
        price_usd=price,
    )


def site_decisions(fitted: FittedSite, world: World) -> tuple[IntArray, IntArray]:
    """Return (month, offer) of each hall in each scenario, shape (scenario, hall).

    Parameters
    ----------
    fitted : FittedSite
        Rules and limits.
    world : World
        Any scenarios of the same study; a month depends on its own scenario's past alone.
    """
    halls = [world.site.hall(name) for name in fitted.halls]
    scores = _once_a_kind(
        world, halls, lambda hall: rule_choices(fitted.halls[hall.name].rule, world, hall)
    )
    date, use = _assigned(fitted, scores)
    return _months(date, fitted.months), use


def judge_site(fitted: FittedSite, world: World, *, threads: int = 1) -> JudgedSite:
    """Return what fitted rules earn in each scenario of `world`, and the upper bound.

    Parameters
    ----------
    fitted : FittedSite
        Rules and limits.
    world : World
        Scenarios that nothing was fitted on.
    threads : int
        Halls that are judged at once; the result does not depend on it.
    """
    halls = [world.site.hall(name) for name in fitted.halls]
    judged = _once_a_kind(
        world,
        halls,
        lambda hall: judge_hall(fitted.halls[hall.name], world, fitted.market, hall),
        threads,
    )
    date, use = _assigned(fitted, [found.score for found in judged])
    usage, capacity = resources(fitted.months, fitted.lead_months, fitted.utility_mw, fitted.limits)
    sizes = fitted.utility_mw
    upper = shared_upper(
        [_shared(j.hedged, m, u) for j, m, u in zip(judged, sizes, usage, strict=True)],
        capacity,
        fitted.price_usd,
    )
    renewals = _renewal_luck(fitted, world)
    sums = {name: np.zeros(world.shape[0]) for name in ("lower", "never", "fixed", "now", "luck")}
    for h, (found, fit, mw) in enumerate(zip(judged, fitted.halls.values(), sizes, strict=True)):
        sums["lower"] += take(found.hedged, date[:, h], use[:, h]) * mw
        sums["never"] += found.hedged.never * mw
        sums["fixed"] += at_date(found, fit.best_fixed) * mw
        sums["now"] += at_date(found, fit.best_now) * mw
        chance = luck(found, date[:, h], use[:, h]) + _at(renewals, date[:, h], use[:, h])
        sums["luck"] += chance * mw
    return JudgedSite(
        **{f"{name}_usd": total for name, total in sums.items()},
        upper_usd=upper,
        decide_month=_months(date, fitted.months),
        use=use,
    )


def _renewal_luck(fitted: FittedSite, world: World) -> FloatArray:
    """Return the chance in the rent of renewals, shape (scenario, date, offer) [USD/MW].

    The rule counts a renewal at what is expected of it; the ledger books what it turns out to be.
    """
    weights = value_weights(world.terms, world.meter.grid)
    uses = chosen_offers(world, fitted.offers).values()
    months, market = fitted.months, fitted.market
    values = [offer_value(use, world, market, weights, months) for use in uses]
    return np.stack([value.renewal_luck(world, months) for value in values], axis=2)


def _at(values: FloatArray, date: IntArray, use: IntArray) -> FloatArray:
    """Return the values of one (date, use) in each scenario, 0 where never."""
    chosen = values[np.arange(date.size), np.maximum(date, 0), np.maximum(use, 0)]
    return np.where(date >= 0, chosen, 0.0)


def _once_a_kind(
    world: World, halls: Sequence[Hall], work: Callable[[Hall], T], threads: int = 1
) -> list[T]:
    """Return the work of every hall, done once for halls of equal rigs that are run alike."""
    first: dict[Hashable, Hall] = {}
    kinds = [(hall.rigs, world.operated(hall.name)) for hall in halls]
    for kind, hall in zip(kinds, halls, strict=True):
        first.setdefault(kind, hall)
    if threads == 1:
        done = {kind: work(hall) for kind, hall in first.items()}
        return [done[kind] for kind in kinds]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        done = dict(zip(first, pool.map(work, first.values()), strict=True))
    return [done[kind] for kind in kinds]


def _assigned(fitted: FittedSite, scores: list[FloatArray]) -> tuple[IntArray, IntArray]:
    return assign(
        np.stack(scores, axis=3),
        months=fitted.months,
        lead_months=fitted.lead_months,
        utility_mw=fitted.utility_mw,
        limits=fitted.limits,
    )


def _months(date: IntArray, months: IntArray) -> IntArray:
    return np.where(date >= 0, months[np.maximum(date, 0)], NEVER)


def _shared(values: HedgedPaths | FittedStopping, mw: float, usage: FloatArray) -> SharedProblem:
    hedged = HedgedPaths(never=values.never * mw, claim=values.claim * mw)
    return SharedProblem(hedged=hedged, usage=usage)
