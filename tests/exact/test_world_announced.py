"""Announced conversions by hand: one cohort far from its margin, and who may announce what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import BitcoinSpec, MarketSpec, Outlook, build_outlook
from rerack.network.world import (
    Announced,
    Behaviour,
    Cohort,
    Generation,
    Region,
    Relocation,
    World,
    equilibrium,
    redated,
    scaled_to_difficulty,
    simulate,
    world_of,
)

MONTHS = 12


def still() -> World:
    """Return 1,000 EH/s in two regions; all run, nobody buys, nothing wears."""
    cohorts = [
        Cohort(
            region=region,
            generation="G",
            owner=owner,
            installed_eh_s=installed,
            efficiency_j_per_th=20.0,
            power_usd_per_mwh=1.0,
            spread_frac=0.01,
            convertible_frac=0.5,
        )
        for region, owner, installed in (("A", "listed", 600.0), ("B", "private", 400.0))
    ]
    return World(
        date="2025-12",
        height=925_940,
        difficulty=1.4e14,
        regions=tuple(Region(name=n, limit_mw=1e6, build_mw_per_month=0.0) for n in "AB"),
        generations=(Generation(name="G", release_month=0),),
        cohorts=tuple(cohorts),
        behaviour=Behaviour(
            wear_frac_per_year=0.0, power_error_frac=0.0, foundry_error_frac=0.0,
            foundry_mw_per_month=0.0,
        ),
    )  # fmt: skip


def flat(paths: int = 1) -> Outlook:
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0, volatility_frac=1e-6))
    return build_outlook(spec, MonthGrid.parse("2025-12", MONTHS), Streams(1), paths=paths)


def announced(**changes: object) -> Announced:
    terms = {"name": "x", "region": "A", "owner": "listed", "utility_mw": 2_000.0,
             "month": "2026-02", "over_months": 4} | changes  # fmt: skip
    return Announced(**terms)  # type: ignore[arg-type]


def test_hashrate_falls_by_the_megawatts_over_their_efficiency_in_the_months_announced() -> None:
    world = replace(still(), conversions=(announced(),))
    found = simulate(world, flat(), months=MONTHS, seed=1)
    left_mw = np.clip((np.arange(MONTHS) - 1.0) * 500.0, 0.0, 2_000.0)
    assert_allclose(found.online_eh_s[0], 1_000.0 - left_mw / 20.0, rtol=1e-12)
    assert_allclose(found.converted_mw[0], left_mw, rtol=1e-12)
    assert_allclose(found.region_mw[0, :, 1], 8_000.0, rtol=1e-12)


def test_hashprice_rises_as_the_rest_of_the_hashrate_falls() -> None:
    world = replace(still(), conversions=(announced(),))
    left = simulate(world, flat(), months=MONTHS, seed=1)
    stay = simulate(still(), flat(), months=MONTHS, seed=1)
    ratio = left.equilibrium_usd_per_ph_day / stay.equilibrium_usd_per_ph_day
    assert_allclose(ratio, stay.online_eh_s / left.online_eh_s, rtol=1e-9)


def test_what_a_study_lets_leave_is_taken_from_all_in_proportion_to_what_can() -> None:
    leaving = np.zeros((2, MONTHS))
    leaving[1, 3] = 1_000.0
    found = simulate(still(), flat(2), months=MONTHS, seed=1, leaving_mw=leaving)
    assert_allclose(found.online_eh_s[0], 1_000.0, rtol=1e-12)
    assert_allclose(found.region_eh_s[1, 4], [600.0 - 30.0, 400.0 - 20.0], rtol=1e-12)


def test_no_more_rigs_leave_than_stand_on_convertible_sites() -> None:
    leaving = np.full((1, MONTHS), 1e5)
    found = simulate(still(), flat(), months=MONTHS, seed=1, leaving_mw=leaving)
    assert_allclose(found.online_eh_s[0, 1:], 500.0, rtol=1e-12)
    assert_allclose(found.imbalance_eh_s, 0.0, atol=1e-9)


def test_rigs_put_out_move_where_there_is_room() -> None:
    world = still()
    roomy = replace(world.regions[1], build_mw_per_month=1e5)
    way = Relocation(origin="A", destination="B", cost_usd_per_th=0.1, delay_months=2)
    twin = replace(world.cohorts[1], owner="listed", installed_eh_s=0.0)
    world = replace(
        world,
        regions=(world.regions[0], roomy),
        cohorts=(*world.cohorts, twin),
        relocations=(way,),
        conversions=(announced(over_months=1),),
    )
    found = simulate(world, flat(), months=MONTHS, seed=1)
    assert_allclose(found.online_eh_s[0, [1, 2, 3, 4]], [1_000.0, 900.0, 1_000.0, 1_000.0])
    assert_allclose(found.imbalance_eh_s, 0.0, atol=1e-9)


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same_bits(workers: int) -> None:
    world = world_of("2025-12")
    one = Announced(name="x", region="Russia", owner="hosted", utility_mw=90.0, month="2026-03")
    world = replace(world, conversions=(one,))
    leaving = np.full((5, MONTHS), 20.0)
    runs = [
        simulate(world, flat(5), months=MONTHS, seed=3, workers=n, leaving_mw=leaving)
        for n in (1, workers)
    ]
    for name in ("online_eh_s", "hashprice_usd_per_ph_day", "converted_eh_s", "region_mw"):
        assert_array_equal(getattr(runs[0], name), getattr(runs[1], name))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"month": "2025-12"}, "a month after 2025-12"),
        ({"utility_mw": 6_001.0}, "at most 6,000 MW"),
        ({"region": "C"}, "one of A, B"),
        ({"over_months": 0}, "over_months"),
    ],
)
def test_what_cannot_happen_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        replace(still(), conversions=(announced(**changes),))


def test_leaving_of_another_shape_or_sign_is_refused() -> None:
    for leaving in (np.zeros((2, MONTHS)), np.full((1, MONTHS), -1.0)):
        with pytest.raises(InputError, match="leaving_mw"):
            simulate(still(), flat(), months=MONTHS, seed=1, leaving_mw=leaving)


def test_a_world_carried_on_is_the_same_world_some_months_older() -> None:
    world = world_of("2025-12")
    later = redated(world, date="2026-06", height=952_000, difficulty=1.5e14)
    shift = [a.release_month - b.release_month
             for a, b in zip(world.generations, later.generations, strict=True)]  # fmt: skip
    assert shift == [6] * len(shift)
    assert later.cohorts == world.cohorts
    for date in ("2025-11", "2028-01"):
        with pytest.raises(InputError, match="2025-12 to 24 months later"):
            redated(world, date=date, height=952_000, difficulty=1.5e14)


def test_scaling_meets_difficulty_and_leaves_known_cohorts_alone() -> None:
    world = world_of("2025-12")
    known = world.cohorts[2]
    scaled = scaled_to_difficulty(
        replace(world, difficulty=1.2e14), price_usd=60_000.0, fees_btc=0.02,
        fixed=frozenset({known.name}),
    )  # fmt: skip
    runs = equilibrium(scaled, 60_000.0, 3.125 + 0.02).hashrate_eh_s
    assert_allclose(runs, 1.2e14 * 2**32 / 600.0 / 1e18, rtol=1e-9)
    assert known in scaled.cohorts
    everybody = frozenset(c.name for c in world.cohorts)
    with pytest.raises(InputError, match="less than 7 EH/s"):
        scaled_to_difficulty(
            replace(world, difficulty=1e12), price_usd=6e4, fees_btc=0.02,
            fixed=everybody - {known.name},
        )  # fmt: skip
