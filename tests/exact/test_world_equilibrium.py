"""The equilibrium of one or two cohorts, where a pencil solves it; what it refuses."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rerack.base.errors import InputError, SolverError
from rerack.network.world import (
    Behaviour,
    Cohort,
    Generation,
    Region,
    Relocation,
    World,
    equilibrium,
    world_of,
)
from rerack.numerics.monotone_root import monotone_root

FREE = Behaviour(pool_fee_frac=0.0)


def cohort(**changes: object) -> Cohort:
    basis = Cohort(
        region="A",
        generation="G",
        owner="private",
        installed_eh_s=100.0,
        efficiency_j_per_th=20.0,
        power_usd_per_mwh=50.0,
        spread_frac=0.3,
    )
    return replace(basis, **changes)  # type: ignore[arg-type]


def world(*cohorts: Cohort) -> World:
    return World(
        date="2025-12",
        height=925_940,
        difficulty=1.5e14,
        regions=(
            Region(name="A", limit_mw=1e5, build_mw_per_month=100.0),
            Region(name="B", limit_mw=1e5, build_mw_per_month=100.0),
        ),
        generations=(Generation(name="G", release_month=0),),
        cohorts=cohorts,
        behaviour=FREE,
    )


def price_for(hashprice: float, hashrate_eh_s: float, reward_btc: float) -> float:
    return hashprice * hashrate_eh_s / (0.144 * reward_btc)


@pytest.mark.parametrize("z", [-3.0, -1.0, 0.0, 0.5, 2.0])
def test_one_cohort_runs_the_share_of_its_sites_that_pay(z: float) -> None:
    one = cohort()
    # ln hashprice lies z spreads above the cost at the median price, exp(-s^2/2) times the mean.
    hashprice = 0.024 * 20.0 * 50.0 * math.exp(-0.5 * 0.3**2 + z * 0.3)
    online = 100.0 * NormalDist().cdf(z)
    found = equilibrium(world(one), price_for(hashprice, online, 3.145), 3.145)
    assert found.hashprice_usd_per_ph_day == pytest.approx(hashprice, rel=1e-10)
    assert found.hashrate_eh_s == pytest.approx(online, rel=1e-10)
    assert abs(found.residual_frac) < 1e-12


def test_where_every_site_pays_hashprice_is_revenue_over_what_is_installed() -> None:
    found = equilibrium(world(cohort(spread_frac=0.01)), 85_000.0, 3.0)
    assert found.hashprice_usd_per_ph_day == pytest.approx(0.144 * 3.0 * 85_000.0 / 100.0)
    assert found.hashrate_eh_s == pytest.approx(100.0)


def test_two_cohorts_with_one_at_its_margin_share_the_revenue() -> None:
    cheap = cohort(region="B", power_usd_per_mwh=20.0, spread_frac=1e-3, installed_eh_s=60.0)
    dear = cohort(spread_frac=1e-3)
    break_even = 0.024 * 20.0 * 50.0
    # Revenue between what 60 and what 160 EH/s need: the dear ones run until they earn nothing.
    price = price_for(break_even, 60.0 + 35.0, 3.0)
    found = equilibrium(world(cheap, dear), price, 3.0)
    assert found.hashprice_usd_per_ph_day == pytest.approx(break_even, rel=2e-3)
    assert_allclose(found.online_eh_s, [60.0, 35.0], rtol=5e-3)


def test_a_states_floor_runs_where_nothing_pays() -> None:
    state = cohort(owner="state", region="B", installed_eh_s=10.0, floor_eh_s=4.0)
    found = equilibrium(world(state), 1.0, 3.0)
    assert found.hashrate_eh_s == pytest.approx(4.0)
    assert found.hashprice_usd_per_ph_day == pytest.approx(0.144 * 3.0 * 1.0 / 4.0)


def test_a_dated_world_starts_at_the_hashrate_of_its_difficulty() -> None:
    start = world_of("2024-04")
    fees, price = 1.0, 69_800.0
    found = equilibrium(start, price, 6.25 + fees)
    assert found.hashrate_eh_s == pytest.approx(start.difficulty * 2.0**32 / 600e18, rel=1e-9)


def test_every_assumption_of_a_dated_world_has_status_date_and_source() -> None:
    for date in ("2021-01", "2024-04", "2025-12"):
        listed = world_of(date).assumptions
        assert len(listed) > 40
        assert all(a.status and a.as_of and a.source for a in listed)
        assert any(a.status == "unverified" for a in listed)


@pytest.mark.parametrize("date", ["2021-01", "2024-04", "2025-12"])
def test_shares_of_regions_generations_and_owners_sum_to_one(date: str) -> None:
    listed = world_of(date).assumptions
    for part, metric in (
        ("region", "hashrate_share"),
        ("generation", "installed_share"),
        ("owner", "installed_share"),
    ):
        shares = [a.value for a in listed if a.what.startswith(part) and a.what.endswith(metric)]
        assert sum(shares) == pytest.approx(1.0, abs=1e-9)


def test_a_world_without_hashrate_is_refused() -> None:
    with pytest.raises(InputError, match="no hashrate"):
        world(cohort(installed_eh_s=0.0))


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(InputError, match="convertible_frac"):
        cohort(convertible_frac=1.2)


def test_a_floor_above_what_is_installed_is_refused() -> None:
    with pytest.raises(InputError, match="floor_eh_s"):
        cohort(floor_eh_s=101.0)


def test_a_spread_of_zero_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="not one number"):
        cohort(spread_frac=0.0)


def test_a_relocation_to_an_unknown_region_names_the_known_ones() -> None:
    way = Relocation(origin="A", destination="Atlantis")
    with pytest.raises(InputError, match="one of A, B") as caught:
        replace(world(cohort()), relocations=(way,))
    assert "Atlantis" in str(caught.value)


def test_an_unknown_date_names_the_dates_there_are() -> None:
    with pytest.raises(InputError, match="2021-01 or 2024-04 or 2025-12"):
        world_of("2030-01")


@pytest.mark.parametrize(("price", "reward"), [(0.0, 3.0), (float("nan"), 3.0), (1.0, -1.0)])
def test_a_price_or_reward_not_above_zero_is_refused(price: float, reward: float) -> None:
    with pytest.raises(InputError, match="above 0"):
        equilibrium(world(cohort()), price, reward)


def test_the_root_finder_meets_a_kink_and_a_far_start() -> None:
    def bent(x: float) -> tuple[float, float]:
        return (x + 50.0 * max(x - 2.0, 0.0) - 2.5, 51.0 if x > 2.0 else 1.0)

    for start in (-1e6, 0.0, 1e6):
        found = monotone_root(bent, start)
        assert found.x == pytest.approx(2.0 + 0.5 / 51.0, abs=1e-12)
    with pytest.raises(SolverError, match="no root"):
        monotone_root(lambda x: (np.nan, 1.0), 0.0)


def test_a_step_between_neighbouring_doubles_is_a_root() -> None:
    steep = 1e9

    def function(x: float) -> tuple[float, float]:
        inner = math.tanh(steep * (x - math.pi))
        return x - math.pi + steep * inner, 1.0 + steep * steep * (1.0 - inner * inner)

    found = monotone_root(function, 1.0)
    assert found.x == pytest.approx(math.pi, rel=1e-15)
