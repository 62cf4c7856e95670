"""What a policy's rights are worth one by one, on the study's own draws."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from rerack.numerics.dual import mean_and_error
from rerack.planning import PolicyPlan
from rerack.planning.policy import OptionStudy, OptionValue, month_value_usd_per_mw
from rerack.planning.policy.hall_problem import PolicyDates, chosen_offers, decision_months
from rerack.study.simulate import FIT_FIRST_SCENARIO, Prepared, build_world
from rerack.study.store import Table

#: Scenarios on which rights are valued: differences on common draws need few.
VALUED_SCENARIOS = 1024


def option_tables(prepared: Prepared, *, threads: int) -> dict[str, Table]:
    """Return the tables ``option_values``, ``time_to_power`` and ``month_value``.

    Parameters
    ----------
    prepared : Prepared
        The study.
    threads : int
        Worker threads; the result does not depend on it.

    Notes
    -----
    Each right is taken away, or enlarged, and the plan fitted anew on the same scenarios beyond the
    study's: what is compared are two best rules, not one rule in two worlds.
    """
    plans = [plan for plan in prepared.scenario.plans if isinstance(plan, PolicyPlan)]
    count = min(VALUED_SCENARIOS, prepared.scenario.scenarios)
    studies = [
        OptionStudy(
            plan=plan,
            fit=build_world(prepared, FIT_FIRST_SCENARIO, plan.paths),
            judge=build_world(prepared, 0, count),
            market=prepared.scenario.market,
        )
        for plan in plans
    ]
    rows = [(s.plan.name, value) for s in studies for value in _values(s, threads)]
    saved = [(plan, value) for plan, value in rows if value.months_saved]
    months = np.asarray([v.months_saved for _, v in saved], dtype=np.int64)
    mean, error = (np.asarray([getattr(v, of) for _, v in saved]) for of in ("mean", "se"))
    return {
        "option_values": {
            "plan": np.asarray([plan for plan, _ in rows], dtype=str),
            "value": np.asarray([v.value for _, v in rows], dtype=str),
            "unit": np.asarray([v.unit for _, v in rows], dtype=str),
            "mean": np.asarray([v.mean for _, v in rows], dtype=np.float64),
            "se": np.asarray([v.se for _, v in rows], dtype=np.float64),
            "meaning": np.asarray([v.meaning for _, v in rows], dtype=str),
        },
        "time_to_power": {
            "plan": np.asarray([plan for plan, _ in saved], dtype=str),
            "sooner": np.asarray([v.value for _, v in saved], dtype=str),
            "months": months,
            "mean_usd": mean,
            "se_usd": error,
            "mean_usd_per_month": mean / months,
            "se_usd_per_month": error / months,
        },
        "month_value": _month_values(studies),
    }


def _values(study: OptionStudy, threads: int) -> list[OptionValue]:
    """Run the jobs of one plan; each is a pure function, so their order is of no consequence."""
    base = study.earned()
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return list(pool.map(lambda job: job(base), study.jobs()))


def _month_values(studies: list[OptionStudy]) -> Table:
    """Return what one month of shorter lead time adds to a decision, by offer and date."""
    rows: list[tuple[str, str, str, str, float, float]] = []
    for study in studies:
        world, plan = study.judge, study.plan
        uses = chosen_offers(world, plan.uses)
        months = decision_months(world, uses, PolicyDates(every_months=plan.every_months))
        halls = {hall.rigs: hall for hall in map(world.site.hall, plan.halls)}
        for hall in halls.values():
            found = month_value_usd_per_mw(world, study.market, hall, uses, months)
            rows += [
                (plan.name, hall.name, use, world.meter.grid.labels[int(month)], *at)
                for use, values in found.items()
                for month, at in zip(months, map(mean_and_error, values.T), strict=True)
            ]
    names = ("plan", "hall", "use", "decided", "mean_usd_per_mw", "se_usd_per_mw")
    kinds = (str, str, str, str, np.float64, np.float64)
    return {
        name: np.asarray([row[i] for row in rows], dtype=kind)
        for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
    }
