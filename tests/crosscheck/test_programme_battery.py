"""A battery beside everything that couples hours, against a program written independently."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.crosscheck.programme_battery_model import best_usd
from tests.crosscheck.test_programme_lp import random_case

from rerack.assets import Battery, Site, SiteProgrammes
from rerack.dispatch import (
    HourlyPrices,
    ProgrammeDispatch,
    programme_battery,
    solve_programmes,
)
from rerack.dispatch.programme_lp import solve_program

Case = tuple[Site, HourlyPrices, float, SiteProgrammes, Battery]


def random_battery(rng: np.random.Generator) -> Battery:
    lossless = rng.random() < 0.2
    power = rng.uniform(5.0, 80.0)
    return Battery(
        charge_mw=power * rng.uniform(0.5, 1.0),
        discharge_mw=power,
        energy_mwh=power * rng.uniform(0.5, 6.0),
        charge_efficiency_frac=1.0 if lossless else rng.uniform(0.8, 1.0),
        discharge_efficiency_frac=1.0 if lossless else rng.uniform(0.8, 1.0),
        initial_frac=rng.uniform(0.0, 1.0),
        final_frac=None if rng.random() < 0.5 else 0.0,
        throughput_cost_usd_per_mwh=rng.choice([0.0, 12.0]),
        self_discharge_frac_per_month=rng.choice([0.0, 0.05]),
        response_s=None if rng.random() < 0.3 else 1.0,
    )


def battery_case(seed: int, hours: int, *, switched: bool) -> Case:
    """Return a random case; halls that carry reserve have one setting, no ties but starts."""
    site, prices, hashprice, programmes = random_case(seed, hours, switched=switched, coupled=False)
    rng = np.random.default_rng(10_000 + seed)
    tied = not switched and rng.random() < 0.3
    operations = tuple(
        replace(
            o,
            points=o.points[:1] if programmes.ancillary else o.points,
            start_usd_per_mw=10.0 if tied and not programmes.ancillary else 0.0,
        )
        for o in programmes.operations
    )
    generators = tuple(replace(g, start_usd=0.0, min_up_hours=1) for g in programmes.generators)
    programmes = replace(programmes, operations=operations, generators=generators)
    return site, prices, hashprice, programmes, random_battery(rng)


def solved(case: Case, **options: Any) -> tuple[ProgrammeDispatch, float]:
    site, prices, hashprice, programmes, battery = case
    found = solve_programmes(
        site, prices, hashprice, programmes=programmes, battery=battery, **options
    )
    return found, float(np.abs(found.revenue_usd.values).sum())


@pytest.mark.parametrize("seed", range(20))
def test_without_switches_it_is_exact(seed: int) -> None:
    case = battery_case(seed, 96, switched=False)
    found, scale = solved(case)
    theirs, bound = best_usd(*case)
    assert abs(found.objective_usd - theirs) <= 1e-9 * scale
    assert found.bound_usd >= theirs - 1e-9 * scale
    assert found.bound_usd - found.objective_usd <= max(1e-9 * scale, bound - theirs + 1e-9 * scale)


@pytest.mark.parametrize("seed", [4, 6, 8, 12, 16, 23, 34, 39])
def test_where_wasting_power_would_pay_one_direction_an_hour_is_exact(seed: int) -> None:
    site, prices, hashprice, programmes, battery = battery_case(seed, 30, switched=False)
    burden = replace(prices, index_usd_per_mwh=prices.index_usd_per_mwh - 80.0)
    lossy = replace(
        battery,
        charge_efficiency_frac=0.85,
        discharge_efficiency_frac=0.85,
        throughput_cost_usd_per_mwh=0.0,
    )
    case = (site, burden, hashprice, programmes, lossy)
    found, scale = solved(case)
    theirs, bound = best_usd(*case)
    relaxed, _ = solve_program(found.problem)
    assert np.minimum(relaxed.charge_mw, relaxed.discharge_mw).max() > 1e-3
    assert np.minimum(found.schedule.charge_mw, found.schedule.discharge_mw).max() <= 1e-9
    assert abs(found.objective_usd - theirs) <= 1e-9 * scale + (bound - theirs)
    assert found.bound_usd - found.objective_usd <= 1e-9 * scale


@pytest.mark.parametrize("seed", range(8))
def test_with_switches_the_program_is_exact(seed: int) -> None:
    case = battery_case(seed, 60, switched=True)
    found, scale = solved(case)
    theirs, bound = best_usd(*case)
    assert found.objective_usd <= bound + 1e-9 * scale
    assert theirs <= found.bound_usd + 1e-9 * scale
    assert abs(found.objective_usd - theirs) <= 1e-9 * scale + (bound - theirs)


@pytest.mark.parametrize("seed", range(4))
def test_windows_with_a_battery_show_a_gap_that_covers_the_gap_there_is(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programme_battery, "_WHOLE_HOURS", 0)
    case = battery_case(seed, 240, switched=True)
    found, scale = solved(case, limit_s=30.0)
    assert found.method == "windows"
    theirs, bound = best_usd(*case, limit_s=20.0)
    assert found.objective_usd <= bound + 1e-7 * scale
    assert theirs <= found.bound_usd + 1e-7 * scale
    assert found.gap_frac <= 0.05
    assert bound - found.objective_usd <= 5e-3 * scale
