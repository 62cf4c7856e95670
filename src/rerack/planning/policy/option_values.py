"""What parts of the right to choose are worth: switching off, months saved, an interconnect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from rerack.assets import AiUse, Hall
from rerack.base.checks import FloatArray, IntArray
from rerack.markets import MarketSpec
from rerack.numerics.dual import mean_and_error
from rerack.planning.plans import PolicyPlan
from rerack.planning.policy.hall_policy import fit_hall, judge_hall
from rerack.planning.policy.hall_problem import PolicyDates, chosen_offers, mined_usd_per_mw
from rerack.planning.policy.joint import JudgedSite, judge_site
from rerack.planning.policy.must_run import MustRunMeter
from rerack.planning.policy.offer_value import offer_value
from rerack.planning.policy.policy_plan import fit_plan
from rerack.planning.policy.time_saved import BOTH, QUEUE, Way, sooner, with_offers
from rerack.planning.policy.weights import value_weights
from rerack.planning.world import World

#: Months by which the way to power is shortened.
MONTHS_SAVED = (1, 3, 6, 12)
#: Months from the study's start to the date of the interconnect.
QUEUE_MONTHS = (0, 12, 24, 36, 60)


@dataclass(frozen=True, kw_only=True)
class OptionValue:
    """One right's value, with its standard error on common draws.

    Parameters
    ----------
    value : str
        Short name.
    unit : str
        ``USD`` of all the plan's halls, or ``USD/MW`` utility.
    mean, se : float
        In `unit`.
    meaning : str
        What is compared with what.
    months_saved : int
        Months by which power comes sooner; 0 where the right is another [months].
    """

    value: str
    unit: str
    mean: float
    se: float
    meaning: str
    months_saved: int = 0

    @classmethod
    def of(
        cls, value: str, unit: str, by_scenario: FloatArray, meaning: str, months_saved: int = 0
    ) -> OptionValue:
        """Take the mean and its error over scenarios."""
        mean, error = mean_and_error(by_scenario)
        return cls(
            value=value,
            unit=unit,
            mean=mean,
            se=error,
            meaning=meaning,
            months_saved=months_saved,
        )


#: A job: it returns values, and needs nothing of another job but the unchanged plan's result.
Job = Callable[[JudgedSite], OptionValue]


@dataclass(frozen=True, kw_only=True, eq=False)
class OptionStudy:
    """A policy plan on two sets of scenarios that all variants share.

    Parameters
    ----------
    plan : PolicyPlan
        The plan.
    fit, judge : World
        Scenarios to fit on, and others to value on.
    market : MarketSpec
        What both were drawn with.
    """

    plan: PolicyPlan
    fit: World
    judge: World
    market: MarketSpec

    def earned(self, change: Callable[[World], World] = lambda world: world) -> JudgedSite:
        """Return what the plan earns, fitted and judged in changed worlds on the same draws."""
        fitted = fit_plan(self.plan, change(self.fit), self.market)
        return judge_site(fitted.site, change(self.judge))

    def jobs(self) -> tuple[Job, ...]:
        """Return the values as independent jobs, to be run in any order."""
        uses = chosen_offers(self.fit, self.plan.uses).values()
        ways = [BOTH] if all(use.queue is None for use in uses) else [BOTH, QUEUE]
        saved = tuple(self._months_saved(way, months) for way in ways for months in MONTHS_SAVED)
        queue = tuple(self._interconnect(months) for months in QUEUE_MONTHS)
        return (self._switching_off, *saved, *queue)

    def _switching_off(self, base: JudgedSite) -> OptionValue:
        flat = self.earned(must_run)
        return OptionValue.of(
            "switching rigs off",
            "USD",
            base.lower_usd - flat.lower_usd,
            "the rule less the best rule of rigs that run in every hour",
        )

    def _months_saved(self, way: Way, months: int) -> Job:
        def job(base: JudgedSite) -> OptionValue:
            sooner = self.earned(
                lambda world: with_offers(world, partial(way.change, months=months))
            )
            return OptionValue.of(
                f"{months} {'month' if months == 1 else 'months'} {way.name}",
                "USD",
                sooner.lower_usd - base.lower_usd,
                f"the rule with {way.meaning}, less the rule",
                months_saved=months,
            )

        return job

    def _interconnect(self, months: int) -> Job:
        def job(base: JudgedSite) -> OptionValue:
            del base
            return OptionValue.of(
                f"interconnect in month {months}",
                "USD/MW",
                interconnect_usd_per_mw(
                    self.fit, self.judge, self.market, self.plan, queue_months=months
                ),
                "one more MW without rigs, energised then, under its own best rule",
            )

        return job


def must_run(world: World) -> World:
    """Return the world in which rigs cannot be switched off."""
    meter = world.meter
    flat = MustRunMeter(
        grid=meter.grid,
        tariff=meter.tariff,
        power=meter.power,
        duration=meter.duration,
        rated=meter.rated,
    )
    return replace(world, meter=flat, _mining={}, _hosting={})


def interconnect_usd_per_mw(
    fit: World, judge: World, market: MarketSpec, plan: PolicyPlan, *, queue_months: int
) -> FloatArray:
    """Return what one more MW is worth that is energised in a month, shape (scenario,) [USD/MW].

    Parameters
    ----------
    fit, judge : World
        Scenarios to fit on, and to value on.
    market : MarketSpec
        What both were drawn with.
    plan : PolicyPlan
        Whose offers the MW may go to, each at its own capital cost.
    queue_months : int
        Months until the MW is energised. Building starts before, so that the offer of the shortest
        lead time opens then, at the earliest.

    Notes
    -----
    The MW has no rigs, so mining on it is not counted; whoever would buy rigs for it values it
    higher, never lower.
    """
    # The MW waits in the queue that is asked about, not in the offers' own.
    fit, judge = (with_offers(world, partial(replace, queue=None)) for world in (fit, judge))
    uses = chosen_offers(fit, plan.uses)
    shortest = min(use.conversion.lead_months for use in uses.values())
    dates = PolicyDates(first_month=max(queue_months - shortest, 0), every_months=plan.every_months)
    hall = Hall(name="one more MW", utility_mw=1.0, rigs=None)
    fitted, _ = fit_hall(fit, market, hall, plan.uses, dates)
    return judge_hall(fitted, judge, market, hall).lower


def month_value_usd_per_mw(
    world: World, market: MarketSpec, hall: Hall, offers: Mapping[str, AiUse], months: IntArray
) -> Mapping[str, FloatArray]:
    """Return what a month of shorter lead time adds to a decision, by offer, (scenario, date).

    Parameters
    ----------
    world : World
        The scenarios.
    market : MarketSpec
        What they were drawn with.
    hall : Hall
        Which stops mining a month sooner.
    offers : mapping of str to AiUse
        Offers.
    months : ndarray of int, shape (date,)
        Decision months.
    """
    mined = mined_usd_per_mw(world, hall)
    weights = value_weights(world.terms, world.meter.grid)

    def claim(use: AiUse) -> FloatArray:
        ends = months + use.conversion.lead_months - use.conversion.dark_months
        hosted = offer_value(use, world, market, weights, months).on(world)
        return np.asarray(mined[:, np.minimum(ends, world.shape[1])] + hosted)

    return {name: claim(sooner(use, 1)) - claim(use) for name, use in offers.items()}
