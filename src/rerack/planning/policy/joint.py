"""The halls of a site together: crews and AI megawatts are shared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Hall
from rerack.base.checks import FloatArray, IntArray, require, require_between
from rerack.markets import MarketSpec
from rerack.numerics.dual import Bounds, HedgedPaths, mean_and_error, take
from rerack.numerics.dual_shared import SharedProblem, shared_prices, shared_upper
from rerack.numerics.lsm import FittedStopping
from rerack.planning.hosting import NEVER
from rerack.planning.policy.hall_policy import FittedHall, fit_hall, gap_frac, judge_hall
from rerack.planning.policy.hall_problem import PolicyDates, chosen_offers, decision_months
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True)
class SiteLimits:
    """What the halls of a site share.

    Parameters
    ----------
    crews : int or None
        Halls that may be under conversion at once; None for any number.
    ai_mw : float or None
        Utility MW that may ever be converted, as where the interconnect's firm part is limited
        [MW utility]; None for all.
    """

    crews: int | None = None
    ai_mw: float | None = None

    def __post_init__(self) -> None:
        if self.crews is not None:
            require_between(self.crews, 0, 1000, "policy: crews")
        if self.ai_mw is not None:
            require_between(self.ai_mw, 0.0, 1e6, "policy: ai_mw")


@dataclass(frozen=True, kw_only=True, eq=False)
class SitePolicy:
    """A joint policy of several halls, with both bounds.

    Parameters
    ----------
    halls : tuple of str
        Halls, in the order of the columns below.
    offers : tuple of str
        Offers, in the order of `use`.
    lower_usd, lower_se_usd, upper_usd, upper_se_usd : float
        Bounds of the halls' joint value and their standard errors [USD].
    gap_frac : float
        Upper less lower over the larger of their absolute values.
    decide_month : ndarray of int, shape (scenario, hall)
        Decision month; `rerack.planning.NEVER` where the hall mines on.
    use : ndarray of int, shape (scenario, hall)
        Position of the offer; -1 where the hall mines on.
    """

    halls: tuple[str, ...]
    offers: tuple[str, ...]
    lower_usd: float
    lower_se_usd: float
    upper_usd: float
    upper_se_usd: float
    gap_frac: float
    decide_month: IntArray
    use: IntArray


def site_policy(
    world_fit: World,
    world_eval: World,
    *,
    market: MarketSpec,
    halls: tuple[str, ...] = (),
    offers: tuple[str, ...] = (),
    dates: PolicyDates | None = None,
    limits: SiteLimits | None = None,
) -> SitePolicy:
    """Decide several halls under shared limits, and bound what the best joint policy could add.

    Parameters
    ----------
    world_fit, world_eval : World
        Independent scenarios of one study.
    market : MarketSpec
        What both were drawn with.
    halls : tuple of str
        Halls that may be converted; none named means all of the site.
    offers : tuple of str
        Offers; none named means all of the world's.
    dates : PolicyDates or None
        When decisions may be taken; None for every quarter.
    limits : SiteLimits or None
        What is shared; None for no limit.

    Notes
    -----
    Each hall's rule is fitted as if it were alone. At each date the halls that want to convert are
    served in the order of what they gain in dollars, as long as a crew is free and MW are left;
    the others mine on and ask again. That is feasible, so its value is a lower bound, but it is not
    optimal: it never holds a crew back for a better use, and no hall foresees a queue. The upper
    bound prices crews and MW (`rerack.numerics.dual_shared`), so the gap covers that neglect.
    Halls with equal rigs share one fit.
    """
    shared = limits or SiteLimits()
    chosen = tuple(world_fit.site.hall(n) for n in halls) or world_fit.site.halls
    uses = chosen_offers(world_fit, offers)
    months = decision_months(world_fit, uses, dates or PolicyDates())
    fits, judged = _fit_all(world_fit, world_eval, market, chosen, tuple(uses), dates)
    lead = np.array([use.conversion.lead_months for use in uses.values()], dtype=np.int64)
    score = np.stack([j.score for j in judged], axis=3)
    mw = np.array([hall.utility_mw for hall in chosen])
    date, use = assign(score, months=months, lead_months=lead, utility_mw=mw, limits=shared)
    lower = np.zeros(world_eval.shape[0])
    for h, found in enumerate(judged):
        lower += take(found.hedged, date[:, h], use[:, h]) * mw[h]
    usage, capacity = _resources(months, lead, mw, shared)
    price = shared_prices(
        [_shared(f.fitted, m, u) for f, m, u in zip(fits, mw, usage, strict=True)], capacity
    )
    upper = shared_upper(
        [_shared(j.hedged, m, u) for j, m, u in zip(judged, mw, usage, strict=True)],
        capacity,
        price,
    )
    (low, low_se), (high, high_se) = mean_and_error(lower), mean_and_error(upper)
    return SitePolicy(
        halls=tuple(hall.name for hall in chosen),
        offers=tuple(uses),
        lower_usd=low,
        lower_se_usd=low_se,
        upper_usd=high,
        upper_se_usd=high_se,
        gap_frac=gap_frac(low, high),
        decide_month=np.where(date >= 0, months[np.maximum(date, 0)], NEVER),
        use=use,
    )


def _fit_all(
    world_fit: World,
    world_eval: World,
    market: MarketSpec,
    halls: tuple[Hall, ...],
    offers: tuple[str, ...],
    dates: PolicyDates | None,
) -> tuple[list[FittedHall], list[Bounds]]:
    """Fit and judge each hall, once for halls that have the same rigs."""
    require(bool(halls), "policy: halls", given="none", allowed="one or more halls")
    done: dict[object, tuple[FittedHall, Bounds]] = {}
    for hall in halls:
        if hall.rigs not in done:
            fit = fit_hall(world_fit, market, hall, offers, dates)
            done[hall.rigs] = fit, judge_hall(fit, world_eval, market, hall)
    pairs = [done[hall.rigs] for hall in halls]
    return [fit for fit, _ in pairs], [found for _, found in pairs]


def _shared(values: HedgedPaths | FittedStopping, mw: float, usage: FloatArray) -> SharedProblem:
    hedged = HedgedPaths(never=values.never * mw, claim=values.claim * mw)
    return SharedProblem(hedged=hedged, usage=usage)


def _resources(
    months: IntArray, lead_months: IntArray, utility_mw: FloatArray, limits: SiteLimits
) -> tuple[list[FloatArray], FloatArray]:
    """Return each hall's use of crews by date and of MW, and what there is of them."""
    busy = (months[:, None, None] <= months) & (
        months < months[:, None, None] + lead_months[None, :, None]
    )
    shape = (months.size, lead_months.size, 1)
    usage, capacity = [], np.zeros(0)
    for mw in utility_mw:
        parts = [np.zeros((months.size, lead_months.size, 0))]
        if limits.crews is not None:
            parts.append(busy.astype(np.float64))
        if limits.ai_mw is not None:
            parts.append(np.full(shape, mw))
        usage.append(np.concatenate(parts, axis=2))
    if limits.crews is not None:
        capacity = np.append(capacity, np.full(months.size, float(limits.crews)))
    if limits.ai_mw is not None:
        capacity = np.append(capacity, limits.ai_mw)
    return usage, capacity


def assign(
    score: FloatArray,
    *,
    months: IntArray,
    lead_months: IntArray,
    utility_mw: FloatArray,
    limits: SiteLimits,
) -> tuple[IntArray, IntArray]:
    """Serve halls by gain, date by date, within the limits.

    Parameters
    ----------
    score : ndarray, shape (scenario, date, offer, hall)
        Fitted gain over waiting [USD/MW].
    months : ndarray of int, shape (date,)
        Decision months.
    lead_months : ndarray of int, shape (offer,)
        Months for which a conversion keeps its crew.
    utility_mw : ndarray, shape (hall,)
        Size of each hall [MW utility].
    limits : SiteLimits
        What is shared.

    Returns
    -------
    tuple of ndarray of int, shape (scenario, hall)
        Date and offer; -1 where the hall mines on.
    """
    scenarios, dates, _, halls = score.shape
    date = np.full((scenarios, halls), -1, dtype=np.int64)
    use = np.full((scenarios, halls), -1, dtype=np.int64)
    busy_until = np.zeros((scenarios, halls), dtype=np.int64)
    left_mw = np.full(scenarios, np.inf if limits.ai_mw is None else limits.ai_mw)
    rows = np.arange(scenarios)
    crews = halls if limits.crews is None else limits.crews
    for d in range(dates):
        offer = score[:, d].argmax(axis=1)
        gain = np.take_along_axis(score[:, d], offer[:, None, :], axis=1)[:, 0] * utility_mw
        order = np.argsort(-gain, axis=1, kind="stable")
        for rank in range(halls):
            h = order[:, rank]
            free = crews - (busy_until > months[d]).sum(axis=1)
            may = (date[rows, h] < 0) & (gain[rows, h] > 0.0) & (free > 0)
            act = np.flatnonzero(may & (utility_mw[h] <= left_mw))
            date[act, h[act]] = d
            use[act, h[act]] = offer[act, h[act]]
            busy_until[act, h[act]] = months[d] + lead_months[offer[act, h[act]]]
            left_mw[act] -= utility_mw[h[act]]
    return date, use
