"""What the right to decide later is worth, how sure that is, and which market makes a rule act."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.timegrid import MonthGrid
from rerack.numerics.dual import mean_and_error
from rerack.planning import Plan, PolicyPlan, World
from rerack.planning.policy import ExerciseRegion, FittedPlan, JudgedSite
from rerack.planning.policy.hall_problem import chosen_offers
from rerack.planning.policy.left_out import left_out
from rerack.planning.policy.region import exercise_region, open_years
from rerack.study.drivers import Drivers
from rerack.study.merge import Merged
from rerack.study.store import Table

#: What each row of the values table means, in the order of the rows.
MEANINGS = {
    "rule": "what the rule earns from its halls, after tax and debt (lower bound)",
    "best possible": "what no rule that does not see the future can exceed (upper bound)",
    "shortfall": "upper less lower bound: what a better rule could add at most",
    "mining on": "the same halls if none is ever converted",
    "converting": "the rule less mining on",
    "waiting": "the rule less the best fixed dates, hall by hall",
    "keeping the choice": "the rule less the better of converting at once and never",
}


def policy_values_table(merged: Merged) -> Table:
    """Return what each policy plan is worth, with standard errors on common draws [USD]."""
    rows = [
        (plan.plan.name, value, *_mean_and_error(plan.judged, value), meaning)
        for plan in merged.plans
        if plan.judged is not None
        for value, meaning in MEANINGS.items()
    ]
    return {
        "plan": np.asarray([r[0] for r in rows], dtype=str),
        "value": np.asarray([r[1] for r in rows], dtype=str),
        "mean_usd": np.asarray([r[2] for r in rows], dtype=np.float64),
        "se_usd": np.asarray([r[3] for r in rows], dtype=np.float64),
        "meaning": np.asarray([r[4] for r in rows], dtype=str),
    }


def _mean_and_error(judged: JudgedSite, value: str) -> tuple[float, float]:
    by_scenario = {
        "rule": judged.lower_usd,
        "best possible": judged.upper_usd,
        "shortfall": judged.upper_usd - judged.lower_usd,
        "mining on": judged.never_usd,
        "converting": judged.lower_usd - judged.never_usd,
        "waiting": judged.lower_usd - judged.fixed_usd,
        "keeping the choice": judged.lower_usd - judged.now_usd,
    }
    mean, error = mean_and_error(by_scenario[value])
    return mean, error if np.isfinite(error) else float("nan")


def exercise_region_table(merged: Merged, runnable: tuple[object, ...], grid: MonthGrid) -> Table:
    """Return how often each policy converts, by year, hashprice and lease index.

    Parameters
    ----------
    merged : Merged
        All scenarios.
    runnable : tuple
        The plans as they were run; those fitted give the decision months.
    grid : MonthGrid
        Months of the study.
    """
    rows: list[tuple[str, str, float, float, float, float, int, int]] = []
    for plan, run in zip(merged.plans, runnable, strict=True):
        if plan.judged is not None and isinstance(run, FittedPlan):
            decided = plan.judged.decide_month
            for dates in open_years(run.site.months, decided):
                region = exercise_region(
                    _at(merged.drivers, "hashprice_usd_per_ph_day", dates),
                    _at(merged.drivers, "lease_rate_index", dates),
                    dates,
                    decided,
                )
                year = grid.labels[region.first_month]
                rows += [(plan.plan.name, year, *cell) for cell in _cells(region)]
    names = (
        "plan",
        "from_month",
        "hashprice_low_usd_per_ph_day",
        "hashprice_high_usd_per_ph_day",
        "lease_index_low",
        "lease_index_high",
        "seen_count",
        "converted_count",
    )
    kinds = (str, str, *[np.float64] * 4, np.int64, np.int64)
    return {
        name: np.asarray([row[i] for row in rows], dtype=kind)
        for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
    }


def left_out_rows(world: World, plans: tuple[Plan, ...]) -> list[dict[str, str]]:
    """Return what each policy plan's rule does not see, a row for each key of the site file.

    Parameters
    ----------
    world : World
        Any scenarios of the study.
    plans : tuple of Plan
        All plans.
    """
    return [
        {"plan": plan.name, "key": key, "how": how}
        for plan in plans
        if isinstance(plan, PolicyPlan)
        for key, how in left_out(world, chosen_offers(world, plan.uses)).items()
    ]


def _at(drivers: Drivers, name: str, dates: IntArray) -> FloatArray:
    """Return a driver in some months of one year, shape (scenario, date)."""
    first = int(dates[0])
    return drivers.months(name, first, int(dates[-1]) + 1)[:, dates - first]


def _cells(region: ExerciseRegion) -> list[tuple[float, float, float, float, int, int]]:
    hashprice, lease = region.hashprice_edges_usd_per_ph_day, region.lease_index_edges
    return [
        (
            float(hashprice[i]),
            float(hashprice[i + 1]),
            float(lease[j]),
            float(lease[j + 1]),
            int(region.seen_count[i, j]),
            int(region.converted_count[i, j]),
        )
        for i in range(hashprice.size - 1)
        for j in range(lease.size - 1)
    ]
