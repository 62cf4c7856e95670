"""A site file solved the fast way and as one program for HiGHS: what is printed as gap is true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.assets.generation import Renewable
from rerack.base.checks import FloatArray
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_power import dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_power_series import DeskSeries
from rerack.dispatch.programme_dispatch import solve_programmes
from rerack.dispatch.tariff_calendar import HourCalendar
from rerack.dispatch.tariff_price import HourlyPrices
from rerack.markets.files import HourlySeries
from rerack.scenario import load

SITE = Path(__file__).resolve().parents[2] / "examples" / "desk" / "full-tariff.yaml"
START = np.datetime64("2024-06-03T05", "h")
HOURS = 72


def series(values: FloatArray) -> HourlySeries:
    return HourlySeries(name="s", start=START, prices_usd_per_mwh=values)


@pytest.mark.parametrize("seed", range(3))
def test_the_gap_covers_the_distance_to_the_milp(seed: int) -> None:
    rng = np.random.default_rng(seed)
    index = rng.normal(50.0, 30.0, HOURS)
    index[rng.integers(HOURS)] = 3000.0
    sun, system = rng.uniform(0.0, 1.0, HOURS), rng.uniform(4e4, 8e4, HOURS)
    scenario = load(SITE)
    found = dispatch_site(
        scenario.site,
        scenario.desk,
        series(index),
        60.0,
        beside=DeskSeries(
            by_name={"solar": series(sun)},
            load=SystemLoad(name="l", start=START, system_mw=system),
        ),
    )
    assert isinstance(found, PowerSchedule)
    exact = solve_programmes(
        scenario.desk.site(scenario.site),
        HourlyPrices(
            calendar=HourCalendar(start_utc=str(START), hours=HOURS, zone="America/Chicago"),
            index_usd_per_mwh=index,
            capacity_usd_per_mwh={"reserve": np.full(HOURS, 5.0)},
            system_load_mw=system,
        ),
        60.0,
        battery=scenario.desk.battery,
        programmes=replace(
            scenario.desk.programmes,
            renewables=(Renewable(name="solar", capacity_mw=10.0, profile_frac=sun),),
        ),
        method="lp",
        limit_s=60.0,
    )
    scale = abs(exact.objective_usd) + 1.0
    assert found.total_usd <= exact.bound_usd + 1e-6 * scale
    assert found.bound_usd >= exact.objective_usd - 1e-6 * scale
    distance = (exact.objective_usd - found.total_usd) / max(abs(found.bound_usd), 1.0)
    assert distance <= found.gap_frac + 1e-6
    assert found.gap_frac < 0.05
