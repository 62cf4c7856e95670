"""The best policy of one hall and of four, with both bounds: Corsicana, 60 quarters.

Drawing the scenarios is not timed; setting up, fitting, both bounds and the region are. The fit's
scenarios are as many as those that judge it, and lie beyond them. Quality is the duality gap.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from pathlib import Path

from benchmarks.measure import PeakMemory
from benchmarks.spec import Measurement, Spec
from rerack.assets import Hall
from rerack.planning import World
from rerack.planning.policy import PolicyDates, SiteLimits, best_policy, site_policy
from rerack.scenario import Scenario, load
from rerack.study.pipeline import prepare
from rerack.study.simulate import build_world

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "corsicana.yaml"
#: Number of the first scenario of the fit: a multiple of 64 beyond every size.
BEYOND = 64_000
OFFERS = ("shell", "colocation")
QUARTERS = PolicyDates(count=60)
HALLS = ("B", "C", "D", "E")
#: Fleet efficiency of each of the four halls [J/TH]: unlike, so that each needs its own fit.
EFFICIENCIES = (17.5, 20.5, 23.0, 26.0)


def four_fleets(hall: Hall) -> Hall:
    """Give each of the four halls rigs of its own."""
    if hall.rigs is None or hall.name not in HALLS:
        return hall
    efficiency = EFFICIENCIES[HALLS.index(hall.name)]
    return replace(hall, rigs=replace(hall.rigs, efficiency_j_per_th=efficiency))


@cache
def worlds(paths: int) -> tuple[Scenario, World, World]:
    """Return the scenario, the fit's world and the judging world, kernels compiled."""
    scenario = load(EXAMPLE)
    halls = tuple(four_fleets(hall) for hall in scenario.site.halls)
    prepared = prepare(replace(scenario, site=replace(scenario.site, halls=halls)))
    small = build_world(prepared, BEYOND, 512), build_world(prepared, 0, 64)
    market = prepared.scenario.market
    best_policy(*small, market=market, hall=small[0].site.hall("C"), dates=PolicyDates(count=2))
    return prepared.scenario, build_world(prepared, BEYOND, paths), build_world(prepared, 0, paths)


def run_hall(paths: int) -> Measurement:
    """Time one hall's policy."""
    scenario, fit, judge = worlds(paths)
    memory = PeakMemory()
    clock = time.perf_counter()
    found = best_policy(
        fit, judge, market=scenario.market, hall=judge.site.hall("C"), offers=OFFERS, dates=QUARTERS
    )
    spent = time.perf_counter() - clock
    return Measurement(time_s=spent, peak_mb=memory.read_mb(), quality=found.gap_frac)


def run_site(paths: int) -> Measurement:
    """Time four unlike halls that share one crew."""
    scenario, fit, judge = worlds(paths)
    memory = PeakMemory()
    clock = time.perf_counter()
    found = site_policy(
        fit,
        judge,
        market=scenario.market,
        halls=HALLS,
        offers=OFFERS,
        dates=QUARTERS,
        limits=SiteLimits(crews=1),
    )
    spent = time.perf_counter() - clock
    return Measurement(time_s=spent, peak_mb=memory.read_mb(), quality=found.gap_frac)


SPECS = (
    Spec(
        name="policy-hall",
        work="best policy of one hall over 60 quarters and two offers, both bounds",
        size_unit="paths",
        sizes=(2_048, 10_048),
        run=run_hall,
        target="under 5 s for 10,000 paths, gap under 1 %",
        quality="duality gap over the upper bound",
    ),
    Spec(
        name="policy-site",
        work="joint policy of four unlike halls with one crew, both bounds",
        size_unit="paths",
        sizes=(2_048, 10_048),
        run=run_site,
        target="under 60 s for 10,000 paths, gap under 3 %",
        quality="duality gap over the upper bound",
    ),
)
