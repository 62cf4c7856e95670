"""A study from scenario to tables, bit-identical for any number of threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.dispatch import PriceDuration
from rerack.markets import PriceLibrary
from rerack.numerics.device import Device
from rerack.planning import Plan, World
from rerack.planning.policy import FittedPlan
from rerack.scenario import Scenario
from rerack.study.checks import lp_gap
from rerack.study.device import check_device
from rerack.study.merge import Merged
from rerack.study.option_values import option_tables
from rerack.study.own_prices import price_library
from rerack.study.plan_power import prepared_power
from rerack.study.run import Run
from rerack.study.sensitivity import Gain, flips_table, tornado_table
from rerack.study.simulate import Prepared, build_world, fit_policies
from rerack.study.store import Table
from rerack.study.tables.cash import cashflow_table, outlook_table, uses_table
from rerack.study.tables.coins import coin_cost_table
from rerack.study.tables.finance import (
    covenants_table,
    debt_table,
    dscr_table,
    statements_table,
    treasury_table,
)
from rerack.study.tables.inputs import inputs_table
from rerack.study.tables.plans import (
    decisions_table,
    plans_table,
    scenarios_table,
    standard_error,
)
from rerack.study.tables.policy import (
    exercise_region_table,
    left_out_rows,
    policy_values_table,
)
from rerack.study.tables.reliability import reliability_makers
from rerack.study.tables.rigs import rigs_table, spot_hashprice_usd_per_ph_day
from rerack.study.tables.uses import (
    capex_table,
    duration_curve_usd_per_mwh,
    duration_table,
    per_kwh_table,
    strikes_table,
)
from rerack.study.work import Progress, Runnable, merged_in_memory

#: Standard errors by which a plan must beat mining on to be the answer.
SURE_ERRORS = 2.0
#: Scenarios of the world that first-month tables and the check against the LP look at.
REFERENCE_SCENARIOS = 64

#: Evaluates the plans on all scenarios, saying how far it is, and merges them.
Work = Callable[[Prepared, Runnable, Progress], Merged]


def in_memory(threads: int) -> Work:
    """Return work on threads of this process, nothing written.

    Parameters
    ----------
    threads : int
        Worker threads.
    """
    return lambda prepared, plans, progress: merged_in_memory(
        prepared, plans, threads=threads, progress=progress
    )


def prepare(
    scenario: Scenario,
    device: Device = "cpu",
    *,
    library: PriceLibrary | None = None,
    curve_usd_per_mwh: FloatArray | None = None,
) -> Prepared:
    """Build what every block shares: streams and the sorted library of hourly prices.

    Parameters
    ----------
    scenario : Scenario
        The study.
    device : {"cpu", "gpu"}
        Where what couples halls is valued; see `rerack.study.device.check_device`.
    library : PriceLibrary or None
        Its hourly prices, where they are known already.
    curve_usd_per_mwh : ndarray or None
        Their duration curve, where it is known already.
    """
    streams = Streams(scenario.seed)
    if library is None:
        library = price_library(scenario, streams)
    if curve_usd_per_mwh is None:
        curve_usd_per_mwh = duration_curve_usd_per_mwh(library.hourly_usd_per_mwh)
    scenario = with_level(scenario, library)
    return Prepared(
        scenario=scenario,
        streams=streams,
        library=library,
        duration=PriceDuration.build(library.hourly_usd_per_mwh),
        curve_usd_per_mwh=curve_usd_per_mwh,
        device=device,
        **prepared_power(scenario, library),
    )


def with_level(scenario: Scenario, library: PriceLibrary) -> Scenario:
    """Return a scenario whose power level is written out: that of the library if none is given.

    Sensitivities scale it.
    """
    if scenario.market.power.level_usd_per_mwh is not None:
        return scenario
    power = replace(scenario.market.power, level_usd_per_mwh=library.mean_usd_per_mwh)
    return replace(scenario, market=replace(scenario.market, power=power))


def run_study(
    scenario: Scenario,
    *,
    threads: int = 2,
    progress: Progress | None = None,
    closed_loop: bool = False,
    option_values: bool = False,
    work: Work | None = None,
    device: Device = "cpu",
) -> Run:
    """Evaluate every plan on every scenario and return the run, in memory.

    Parameters
    ----------
    scenario : Scenario
        A built scenario; see `rerack.scenario.load`.
    threads : int
        Worker threads; the result does not depend on it.
    progress : callable or None
        Called with (share done, what is being done).
    closed_loop : bool
        Whether sites that are alike react too; adds the tables of `rerack.study.loop`.
    option_values : bool
        Whether to value each policy's rights one by one: some ten fits more a policy.
    work : callable or None
        How the blocks of scenarios are worked out and merged; None for threads, in memory.
    device : {"cpu", "gpu"}
        Where battery, generation and demand response are valued. Only ``cpu`` gives the same bits
        everywhere; see docs/scaling.md.

    Raises
    ------
    InputError
        A GPU was asked for and is not there, or nothing in the study would run on it.
    """
    check_device(scenario, device)
    began = time.perf_counter()
    tell = progress or (lambda share, what: None)
    tell(0.0, "power prices")
    prepared = prepare(scenario, device)
    scenario = prepared.scenario
    tell(0.02, "policies")
    runnable = fit_policies(prepared, threads=threads)
    merged = (work or in_memory(threads))(
        prepared, runnable, lambda share, what: tell(0.1 + 0.6 * share, what)
    )
    world = build_world(prepared, 0, min(REFERENCE_SCENARIOS, scenario.scenarios))
    tables = tables_of(merged, prepared, world, runnable)
    answer = answer_plan(tables["plans"], scenario.plans)
    tell(0.75, "what moves the answer")
    tables.update(_sensitivities(prepared, merged, runnable, scenario.plans.index(answer)))
    if closed_loop:
        # The world's cohorts are loaded only for those who close the loop.
        from rerack.study.tables.loop import loop_tables

        tell(0.9, "closing the loop")
        tables.update(loop_tables(prepared, runnable, threads=threads))
    if option_values:
        tell(0.92, "what each right is worth")
        tables.update(option_tables(prepared, threads=threads))
    tell(0.95, "checks")
    gap = lp_gap(world)
    meta = describe(scenario, tables, answer, gap=gap)
    meta["closed_loop"] = closed_loop
    meta["option_values"] = option_values
    meta["policy_leaves_out"] = left_out_rows(world, scenario.plans)
    meta["wall_s"] = time.perf_counter() - began
    tell(1.0, "done")
    return Run(meta=meta, tables=tables)


def answer_plan(plans: Table, choices: tuple[Plan, ...]) -> Plan:
    """Return the plan of largest gain among those that surely beat the first plan, else the first.

    Surely means by more than `SURE_ERRORS` standard errors of the difference: a conversion cannot
    be undone, mining on can.
    """
    gain, error = plans["delta_mean_usd"], plans["delta_se_usd"]
    sure = np.where(gain > SURE_ERRORS * error, gain, 0.0)
    return choices[int(np.argmax(sure))]


def tables_of(
    merged: Merged, prepared: Prepared, world: World, plans: tuple[Plan | FittedPlan, ...]
) -> dict[str, Table]:
    """Return every table of a study but its sensitivities; parameters as in `table_makers`."""
    makers = table_makers(merged, prepared, world, plans)
    return {name: make() for name, make in makers.items()}


def table_makers(
    merged: Merged, prepared: Prepared, world: World, plans: tuple[Plan | FittedPlan, ...]
) -> dict[str, Callable[[], Table]]:
    """Return what makes each table of a study but its sensitivities, by name.

    Parameters
    ----------
    merged : Merged
        All scenarios, every plan.
    prepared : Prepared
        The study.
    world : World
        Its first scenarios, for tables about the first months.
    plans : tuple of Plan or FittedPlan
        Plans as they were evaluated.
    """
    scenario, grid = prepared.scenario, prepared.scenario.grid
    level = world.meter.power.level
    return {
        "plans": lambda: plans_table(merged, scenario),
        "scenarios": lambda: scenarios_table(merged),
        "decisions": lambda: decisions_table(merged, grid),
        "cashflow": lambda: cashflow_table(merged, scenario),
        "uses": lambda: uses_table(merged, grid),
        "outlook": lambda: outlook_table(merged, grid),
        "per_kwh": lambda: per_kwh_table(merged, scenario, world),
        "capex": lambda: capex_table(scenario),
        "duration": lambda: duration_table(
            prepared.curve_usd_per_mwh, world.meter.tariff, float(level[:, :12].mean())
        ),
        "strikes": lambda: strikes_table(merged, scenario, world),
        "coin_cost": lambda: coin_cost_table(merged, scenario, world),
        "rigs": lambda: rigs_table(spot_hashprice_usd_per_ph_day(scenario)),
        "statements": lambda: statements_table(merged, grid),
        "debt": lambda: debt_table(merged, grid),
        "covenants": lambda: covenants_table(merged, grid),
        "treasury": lambda: treasury_table(merged, grid),
        "dscr": lambda: dscr_table(merged, grid),
        "inputs": lambda: inputs_table(scenario.inputs),
        "policy_values": lambda: policy_values_table(merged),
        "exercise_region": lambda: exercise_region_table(merged, plans, grid),
        **reliability_makers(scenario),
    }


def _sensitivities(
    prepared: Prepared, merged: Merged, plans: tuple[Plan | FittedPlan, ...], answer: int
) -> dict[str, Table]:
    """Return tornado and flips of the answer, or of the runner-up where the answer is to keep."""
    if len(plans) == 1:
        return {}
    gains = [float(p.gain_usd(merged.plans[0]).mean()) for p in merged.plans[1:]]
    compared = answer or 1 + int(np.argmax(gains))
    difference = merged.plans[compared].gain_usd(merged.plans[0])
    # What couples halls takes hours of every month: it is held as it is while one input moves.
    gain = Gain.of(
        replace(prepared, flat_usd_per_mwh=None),
        plans[0],
        plans[compared],
        full_gain_usd=float(difference.mean()),
    )
    hurdle_usd = SURE_ERRORS * standard_error(difference)
    return {"tornado": tornado_table(gain), "flips": flips_table(gain, hurdle_usd=hurdle_usd)}


@cache
def _version() -> str:
    return version("rerack")


def describe(
    scenario: Scenario, tables: dict[str, Table], answer: Plan, *, gap: float
) -> dict[str, Any]:
    """Return the description of a run: name, dates, seed, halls and headline facts.

    Parameters
    ----------
    scenario : Scenario
        The study.
    tables : dict of str to Table
        Its tables.
    answer : Plan
        The plan that it recommends.
    gap : float
        Largest relative difference to the LP on sampled months; NaN where none was solved.
    """
    halls = [
        {
            "name": h.name,
            "utility_mw": h.utility_mw,
            "rigs": "empty" if h.rigs is None else h.rigs.model,
        }
        for h in scenario.site.halls
    ]
    start = scenario.grid.labels[0]
    return {
        "name": scenario.name,
        "run_id": "in memory",
        "run_path": "",
        "created": "",
        "site": scenario.site.name,
        "interconnect_mw": scenario.site.interconnect_mw,
        "scenarios": scenario.scenarios,
        "months": scenario.grid.months,
        "hours": float(scenario.grid.hours.sum()),
        "start": start,
        "seed": scenario.seed,
        "discount_rate_frac": scenario.finance.discount_rate_frac_per_year,
        "spot_hashprice_usd_per_ph_day": spot_hashprice_usd_per_ph_day(scenario),
        "money_basis": f"nominal USD, discounted to {start}",
        "answer_plan": answer.name,
        "version": _version(),
        "inputs_unverified": int((tables["inputs"]["status"] == "unverified").sum()),
        "lp_gap": gap,
        "power_terms": list(scenario.desk.keys),
        "topologies": list(scenario.topologies),
        "halls": halls,
        "accounts": True,
        "input_sha256": dict(scenario.sha256),
    }
