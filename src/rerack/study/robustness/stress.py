"""The stress library: every plan under each named blow, on the same scenarios."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, IntArray, require
from rerack.network import NetworkSpec
from rerack.network.cohort_network import as_a_whole
from rerack.planning import Plan, World, evaluate
from rerack.scenario import Scenario
from rerack.study.levers import bitcoin_price, conversion_cost, conversion_delay
from rerack.study.robustness.shocks import (
    STORM_HOURS,
    STORM_USD_PER_MWH,
    failing_tenants,
    halving_gpu_prices,
    lower_hashprice,
    storm,
)
from rerack.study.simulate import Prepared, build_world, fit_policies
from rerack.study.store import Table
from rerack.study.tables.plans import CENT_USD

#: Scenarios on which stresses are measured: differences on common draws need few.
STRESS_SCENARIOS = 128


#: Fewer standard errors than this between two plans is too close to tell.
_CLEAR_ERRORS = 2.0


@dataclass(frozen=True, kw_only=True)
class Stress:
    """One blow.

    Parameters
    ----------
    name : str
        Name shown to people.
    what : str
        What happens, in one sentence.
    inputs : callable or None
        From a scenario to the stressed one.
    paths : callable or None
        From a world and its network to the stressed world.
    """

    name: str
    what: str
    inputs: Callable[[Scenario], Scenario] | None = None
    paths: Callable[[World, NetworkSpec], World] | None = None


STRESSES: tuple[Stress, ...] = (
    Stress(name="as expected", what="Nothing is changed."),
    Stress(
        name="Bitcoin halves",
        what="Bitcoin starts at half its price, at the difficulty of the day.",
        inputs=partial(bitcoin_price, factor=0.5),
    ),
    Stress(
        name="25 USD/PH/day",
        what="Hashprice starts at 25 USD/PH/day and stays lower in proportion.",
        paths=partial(lower_hashprice, usd_per_ph_day=25.0),
    ),
    Stress(
        name="18 months late",
        what="Every conversion opens 18 months late, its hall dark meanwhile.",
        inputs=partial(conversion_delay, months=18),
    ),
    Stress(
        name="tenants fail",
        what="Every tenant of a lease fails, on average three years after signing.",
        inputs=failing_tenants,
    ),
    Stress(
        name="GPU price halves",
        what="The price of a GPU-hour halves each year.",
        inputs=halving_gpu_prices,
    ),
    Stress(
        name="capex +40 %",
        what="Conversions and servers cost 40 % more.",
        inputs=partial(conversion_cost, factor=1.4),
    ),
    Stress(
        name="storm week",
        what=(
            f"{STORM_HOURS} hours at {STORM_USD_PER_MWH:,.0f} USD/MWh in the second February, "
            "as in Texas in 2021."
        ),
        paths=storm,
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Stressed:
    """Every plan under every stress.

    Parameters
    ----------
    stresses : tuple of Stress
        Blows; the first changes nothing.
    plans : tuple of Plan
        Plans; the first keeps mining.
    npv_usd : ndarray, shape (stress, plan, scenario)
        At the study's discount rate [USD].
    worst_dscr : ndarray, shape (stress, plan)
        Lowest debt service cover of any scenario and month; inf without debt service.
    """

    stresses: tuple[Stress, ...]
    plans: tuple[Plan, ...]
    npv_usd: FloatArray
    worst_dscr: FloatArray

    @property
    def best(self) -> IntArray:
        """Plan of largest mean NPV under each stress, shape (stress,)."""
        return np.asarray(self.npv_usd.mean(axis=2).argmax(axis=1))

    @property
    def too_close(self) -> BoolArray:
        """Whether a plan is too close to the best of its stress to tell, shape (stress, plan).

        Its mean shortfall, on the same scenarios, is within two standard errors; False for the best
        itself. Of a single scenario nothing can be told.
        """
        count = self.npv_usd.shape[2]
        if count == 1:
            return np.asarray(np.arange(len(self.plans)) != self.best[:, None])
        best = np.take_along_axis(self.npv_usd, self.best[:, None, None], axis=1)
        short = best - self.npv_usd
        error = short.std(axis=2, ddof=1) / np.sqrt(count)
        others = np.arange(len(self.plans)) != self.best[:, None]
        return np.asarray(others & (short.mean(axis=2) <= _CLEAR_ERRORS * error))


def stress_study(
    prepared: Prepared,
    *,
    stresses: tuple[Stress, ...] = STRESSES,
    scenarios: int = STRESS_SCENARIOS,
) -> Stressed:
    """Value every plan of a study under every stress.

    Parameters
    ----------
    prepared : Prepared
        From `rerack.study.pipeline.prepare`.
    stresses : tuple of Stress
        Blows; the first must change nothing, the others are compared with it.
    scenarios : int
        Number of scenarios, the first of the study's.

    Returns
    -------
    Stressed
        Values on common random numbers: a difference between stresses is not sampling noise.

    Notes
    -----
    The rules of policy plans are fitted to the market as expected: a stress meets them unprepared.
    """
    first = stresses[0]
    require(
        first.inputs is None and first.paths is None,
        "stresses",
        given=f"{first.name!r} first",
        allowed="a first stress that changes nothing",
    )
    plans = prepared.scenario.plans
    runnable = fit_policies(prepared)
    count = min(scenarios, prepared.scenario.scenarios)
    npv = np.empty((len(stresses), len(plans), count))
    dscr = np.empty((len(stresses), len(plans)))
    for i, stress in enumerate(stresses):
        world = stressed_world(prepared, stress, count)
        for j, plan in enumerate(runnable):
            found = evaluate(plan, world)
            npv[i, j] = found.npv_usd
            dscr[i, j] = found.financed.worst_dscr.min()
    return Stressed(stresses=stresses, plans=plans, npv_usd=npv, worst_dscr=dscr)


def stressed_world(prepared: Prepared, stress: Stress, count: int) -> World:
    """Return the first `count` scenarios of a study under a stress."""
    if stress.inputs is not None:
        prepared = replace(prepared, scenario=stress.inputs(prepared.scenario))
    world = build_world(prepared, 0, count)
    if stress.paths is None:
        return world
    return stress.paths(world, as_a_whole(prepared.scenario.network))


def stress_table(found: Stressed) -> Table:
    """Return one row a stress and plan, with what the stress costs the plan [USD].

    ``cost_usd`` is the mean NPV as expected less that under the stress; ``gain_usd`` the mean
    over keeping mining under the same stress, with its standard error; ``too_close`` whether the
    plan falls short of the best under that stress by less than can be told.
    """
    rows = []
    root = np.sqrt(found.npv_usd.shape[2])
    too_close = found.too_close
    for i, stress in enumerate(found.stresses):
        for j, plan in enumerate(found.plans):
            npv = found.npv_usd[i, j]
            gain = npv - found.npv_usd[i, 0]
            rows.append(
                (
                    stress.name,
                    plan.name,
                    float(npv.mean()),
                    float(np.quantile(npv, 0.05)),
                    float((found.npv_usd[0, j] - npv).mean()),
                    float(gain.mean()),
                    float(gain.std(ddof=1) / root) if npv.size > 1 else 0.0,
                    float((gain < -CENT_USD).mean()),
                    float(found.worst_dscr[i, j]),
                    bool(too_close[i, j]),
                )
            )
    money = ("npv_mean_usd", "npv_p5_usd", "cost_usd", "gain_usd", "gain_se_usd")
    names = ("stress", "plan", *money, "p_below_keep_frac", "worst_dscr", "too_close")
    return {name: np.asarray([row[i] for row in rows]) for i, name in enumerate(names)}
