"""The best policy of one hall, with both bounds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from rerack.assets import Hall
from rerack.base.checks import FloatArray, IntArray, require, require_between
from rerack.markets import MarketSpec
from rerack.numerics.dual import Bounds, bounds, mean_and_error, take
from rerack.numerics.lsm import FittedStopping, fit_stopping
from rerack.planning.hosting import NEVER
from rerack.planning.plans import LEAST_PATHS
from rerack.planning.policy.features import Basis, market_state
from rerack.planning.policy.hall_problem import (
    HallSample,
    PolicyDates,
    chosen_offers,
    decision_months,
    hall_sample,
)
from rerack.planning.policy.region import exercise_regions
from rerack.planning.policy.result import Estimate, HallRule, PolicyResult
from rerack.planning.world import World

#: Steps over which hedges are pooled; measured on the Corsicana example, see docs.
_MEMORY_STEPS = 1.1


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedHall:
    """A hall's rule, and what was best without one on the scenarios that it was fitted on.

    Parameters
    ----------
    rule : HallRule
        The rule.
    best_fixed : tuple of int
        (date, choice) of highest mean there; (-1, -1) if never converting is best.
    best_now : tuple of int
        The same among deciding at the first date and never.
    """

    rule: HallRule
    best_fixed: tuple[int, int]
    best_now: tuple[int, int]


def fit_hall(
    world: World,
    market: MarketSpec,
    hall: Hall,
    offers: tuple[str, ...] = (),
    dates: PolicyDates | None = None,
) -> tuple[FittedHall, FittedStopping]:
    """Fit the rule by which a hall leaves mining; return it and what it makes of those scenarios.

    Parameters
    ----------
    world : World
        Scenarios to learn from, `LEAST_PATHS` or more.
    market : MarketSpec
        What they were drawn with.
    hall : Hall
        The hall.
    offers : tuple of str
        Offers that it may go to; none named means all.
    dates : PolicyDates or None
        When it may be decided; None for every quarter.
    """
    require_between(
        world.shape[0], LEAST_PATHS, float("inf"), "policy: paths", cure="Fit on more scenarios."
    )
    uses = chosen_offers(world, offers)
    months = decision_months(world, uses, dates or PolicyDates())
    sample = hall_sample(world, market, hall, uses, months)
    basis = Basis.of(sample.state)
    fitted = fit_stopping(sample.stopping(basis), memory_steps=_MEMORY_STEPS)
    found = FittedHall(
        rule=HallRule(
            hall=hall.name, offers=tuple(uses), months=months, rule=fitted.rule, basis=basis
        ),
        best_fixed=_best_fixed(fitted.never, fitted.claim),
        best_now=_best_fixed(fitted.never, fitted.claim[:, :1]),
    )
    return found, fitted


def _best_fixed(never: FloatArray, claim: FloatArray) -> tuple[int, int]:
    means = claim.mean(axis=0)
    date, choice = np.unravel_index(int(means.argmax()), means.shape)
    if means[date, choice] <= never.mean():
        return -1, -1
    return int(date), int(choice)


def judge_hall(fitted: FittedHall, world: World, market: MarketSpec, hall: Hall) -> Bounds:
    """Return both bounds of a fitted rule on other scenarios, per utility MW [USD/MW]."""
    rule = fitted.rule
    uses = chosen_offers(world, rule.offers)
    return judge_sample(fitted, hall_sample(world, market, hall, uses, rule.months))


def judge_sample(fitted: FittedHall, sample: HallSample) -> Bounds:
    """Return both bounds of a fitted rule on a sample of the same hall [USD/MW]."""
    return bounds(fitted.rule.rule, sample.stopping(fitted.rule.basis))


def rule_choices(rule: HallRule, world: World, hall: Hall) -> FloatArray:
    """Return the fitted gain of each choice over waiting, shape (scenario, date, offer) [USD/MW].

    It looks at the state of the market alone: no claims, no hedges.
    """
    state = market_state(world, hall)
    gains: FloatArray = np.matmul(rule.basis.rules(state, rule.months), rule.rule.gain)
    return gains.transpose(1, 0, 2)


def best_policy(
    world_fit: World,
    world_eval: World,
    *,
    market: MarketSpec,
    hall: Hall,
    offers: tuple[str, ...] = (),
    dates: PolicyDates | None = None,
) -> PolicyResult:
    r"""Find when a hall should leave mining, and for which offer, with both bounds.

    Parameters
    ----------
    world_fit, world_eval : World
        Independent scenarios of one study: the first to learn the rule and its hedges, the second
        to judge them.
    market : MarketSpec
        What both were drawn with.
    hall : Hall
        The hall; until decided it mines, and earns until its dark months.
    offers : tuple of str
        Offers that it may go to; none named means all of the world's.
    dates : PolicyDates or None
        When decisions may be taken; None for every quarter.

    Returns
    -------
    PolicyResult
        Bounds with standard errors, decision months, probabilities, region, values of waiting.

    Raises
    ------
    InputError
        An unknown offer, too few scenarios, worlds that share scenarios or were not drawn with
        `market`.

    Notes
    -----
    The value of a hall is the sum of its cash times `value_weights`: after tax, debt and
    depreciation, with tax taken as linear. The lower bound is the mean over `world_eval` of a rule
    that looks only at the market of the month; the upper bound is dual, see
    `rerack.numerics.dual.bounds`. Both are bounds for *this* model: parameters are taken as known,
    and the market as unmoved by the hall. Under ``bootstrap`` prices the upper bound is loose.
    The judging scenarios are set up in a thread of their own while the rule is fitted.
    """
    _require_independent(world_fit, world_eval)
    uses = chosen_offers(world_eval, offers)
    months = decision_months(world_eval, uses, dates or PolicyDates())
    with ThreadPoolExecutor(max_workers=1) as beside:
        sample = beside.submit(hall_sample, world_eval, market, hall, uses, months)
        fitted, _ = fit_hall(world_fit, market, hall, offers, dates)
        judged = judge_sample(fitted, sample.result())
    rule, mw = fitted.rule, hall.utility_mw
    lower, upper = judged.lower * mw, judged.upper * mw
    (low, low_se), (high, high_se) = mean_and_error(lower), mean_and_error(upper)
    month = np.where(judged.date >= 0, rule.months[np.maximum(judged.date, 0)], NEVER)
    fixed, now = (at_date(judged, at) * mw for at in (fitted.best_fixed, fitted.best_now))
    never = judged.hedged.never * mw
    date, choice = fitted.best_fixed
    return PolicyResult(
        rule=rule,
        utility_mw=mw,
        lower_usd=low,
        lower_se_usd=low_se,
        upper_usd=high,
        upper_se_usd=high_se,
        gap_frac=gap_frac(low, high),
        decide_month=month,
        use=judged.choice,
        chance_frac=chances(judged.date, judged.choice, judged.score.shape[1:]),
        mining_on=estimate(never),
        best_fixed=estimate(fixed),
        best_fixed_month=int(rule.months[date]) if date >= 0 else NEVER,
        best_fixed_use=rule.offers[choice] if date >= 0 else "mining",
        value_of_waiting=estimate(lower - fixed),
        value_of_flexibility=estimate(lower - now),
        value_of_converting=estimate(lower - never),
        regions=exercise_regions(
            world_eval.network.hashprice_usd_per_ph_day,
            world_eval.outlook.lease_index,
            rule.months,
            month[:, None],
        ),
    )


def _require_independent(world_fit: World, world_eval: World) -> None:
    fit, judge = world_fit.outlook, world_eval.outlook
    apart = (
        fit.seed != judge.seed
        or fit.first_path + fit.paths <= judge.first_path
        or judge.first_path + judge.paths <= fit.first_path
    )
    require(
        apart,
        "policy: world_eval",
        given="scenarios that the rule is fitted on",
        allowed="other scenarios of the study",
        cure="Draw the fit's scenarios beyond those of the study.",
    )


def at_date(judged: Bounds, at: tuple[int, int]) -> FloatArray:
    """Return hedged values of one (date, choice) in every scenario; (-1, -1) is never [USD/MW]."""
    size = judged.hedged.never.size
    return take(judged.hedged, np.full(size, at[0]), np.full(size, at[1]))


def estimate(values_usd: FloatArray) -> Estimate:
    """Return mean and standard error of values by scenario [USD]."""
    mean, error = mean_and_error(values_usd)
    return Estimate(mean_usd=mean, se_usd=error)


def gap_frac(lower_usd: float, upper_usd: float) -> float:
    """Return the gap between two bounds over the larger of their absolute values.

    Examples
    --------
    >>> gap_frac(99.0, 100.0)
    0.01
    """
    scale = max(abs(lower_usd), abs(upper_usd))
    return (upper_usd - lower_usd) / scale if scale > 0.0 else 0.0


def chances(date: IntArray, choice: IntArray, shape: tuple[int, ...]) -> FloatArray:
    """Return the share of scenarios that stop by date and choice, shape (date, choice)."""
    count = np.zeros(shape)
    stops = date >= 0
    np.add.at(count, (date[stops], choice[stops]), 1.0)
    return count / date.size
