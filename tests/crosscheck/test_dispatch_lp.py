"""The fast route against HiGHS, on random sites and on real prices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.assets import FixedBlock, Hall, RigFleet, Site, Tariff
from rerack.base.checks import FloatArray
from rerack.dispatch import Dispatch, LpOracle, rig_capacity_mw, solve

RELATIVE = 1e-9


def random_site(rng: np.random.Generator) -> Site:
    halls = []
    for k in range(rng.integers(0, 7)):
        rigs = RigFleet(
            model=f"rig {k}",
            efficiency_j_per_th=rng.uniform(12.0, 100.0),
            pool_fee_frac=rng.uniform(0.0, 0.04),
            variable_om_usd_per_mwh=rng.uniform(0.0, 10.0),
            uptime_frac=rng.uniform(0.5, 1.0),
        )
        size_mw = rng.choice([0.0, rng.uniform(1.0, 400.0)], p=[0.15, 0.85])
        halls.append(
            Hall(name=f"hall {k}", utility_mw=size_mw, rigs=rigs if rng.random() < 0.85 else None)
        )
    installed = sum(h.utility_mw for h in halls)
    interconnect = rng.choice([0.0, rng.uniform(0.2, 1.3) * (installed + 1.0)], p=[0.05, 0.95])
    block = FixedBlock(
        block_mw=rng.uniform(0.0, 300.0), price_usd_per_mwh=rng.uniform(-20.0, 60.0), months=12
    )
    return Site(
        name="random",
        interconnect_mw=interconnect,
        halls=tuple(halls),
        tariff=Tariff(
            adder_usd_per_mwh=rng.uniform(-10.0, 20.0),
            fixed_price_usd_per_mwh=rng.uniform(20.0, 90.0) if rng.random() < 0.1 else None,
            block=block if rng.random() < 0.4 else None,
        ),
        firm_load_mw=interconnect
        * rng.choice([0.0, rng.uniform(0.0, 0.6), 1.0], p=[0.3, 0.6, 0.1]),
    )


def random_prices(rng: np.random.Generator, hours: int) -> FloatArray:
    price = rng.lognormal(3.6, 0.6, hours)
    price = np.where(rng.random(hours) < 0.1, -rng.exponential(30.0, hours), price)
    return np.where(rng.random(hours) < 0.03, rng.uniform(500.0, 9000.0, hours), price)


def assert_same(fast: Dispatch, lp: Dispatch) -> None:
    for ours, theirs in (
        (fast.objective_usd, lp.objective_usd),
        (fast.margin_usd.values.sum(), lp.margin_usd.values.sum()),
    ):
        scale = fast.margin_usd.values.sum() + abs(fast.firm_cost_usd)
        scale += abs(fast.block_settlement_usd)
        assert abs(ours - theirs) <= RELATIVE * max(scale, 1.0)


@pytest.mark.parametrize("seed", range(250))
def test_fast_equals_lp_on_random_sites(seed: int) -> None:
    rng = np.random.default_rng(seed)
    site, price = random_site(rng), random_prices(rng, 36)
    hashprice = rng.uniform(10.0, 120.0, 36) if seed % 2 else rng.uniform(10.0, 120.0)
    assert_same(solve(site, price, hashprice), solve(site, price, hashprice, method="lp"))


def test_random_sites_cover_what_they_claim() -> None:
    sites = [random_site(np.random.default_rng(seed)) for seed in range(250)]
    over = sum(rig_capacity_mw(s).sum() > s.interconnect_mw - s.firm_load_mw for s in sites)
    assert over > 50
    assert sum(s.tariff.block is not None for s in sites) > 50
    assert sum(any(h.utility_mw == 0.0 for h in s.halls) for s in sites) > 20
    assert sum(not s.halls for s in sites) > 5
    prices = random_prices(np.random.default_rng(0), 5_000)
    assert prices.min() < -50.0
    assert prices.max() > 8_500.0


def test_warm_solves_equal_cold_ones() -> None:
    rng = np.random.default_rng(11)
    capacity = rng.uniform(10.0, 100.0, 4)
    oracle = LpOracle(capacity, limit_mw=0.6 * capacity.sum(), hours=48)
    for _ in range(5):
        margin = rng.normal(0.0, 40.0, (48, 4))
        cold = LpOracle(capacity, limit_mw=0.6 * capacity.sum(), hours=48)
        assert oracle.maximise(margin) == pytest.approx(cold.maximise(margin), rel=RELATIVE)
        assert (oracle.run_mw * margin).sum() == pytest.approx(cold.maximise(margin), rel=RELATIVE)


REAL = Site(
    name="real",
    interconnect_mw=700.0,
    halls=tuple(
        Hall(
            name=f"hall {i}",
            utility_mw=100.0,
            rigs=RigFleet(model="m", efficiency_j_per_th=e, pool_fee_frac=0.01, uptime_frac=0.95),
        )
        for i, e in enumerate((15.0, 17.5, 21.5, 25.0, 29.5, 34.0, 38.0))
    ),
    tariff=Tariff(
        adder_usd_per_mwh=4.0,
        block=FixedBlock(block_mw=345.0, price_usd_per_mwh=25.0, months=108),
    ),
    firm_load_mw=150.0,
)


@pytest.mark.parametrize("month", ["2021-02", "2022-07", "2023-08"])
def test_fast_equals_lp_on_real_ercot_months(shared_data: Path, month: str) -> None:
    import polars as pl

    frame = pl.read_parquet(shared_data / "ercot_dam_spp_2021_2023.parquet")
    rows = frame.filter(pl.col("ts_utc").dt.strftime("%Y-%m") == month)
    price = rows["HB_NORTH"].to_numpy().astype(np.float64)
    assert price.size in (672, 744)
    fast = solve(REAL, price, 45.0)
    assert_same(fast, solve(REAL, price, 45.0, method="lp"))
    if month == "2021-02":
        assert price.max() > 8_000.0
        # The storm week: rigs stand still and the block pays.
        assert (fast.run_mw.values[price > 1_000.0] == 0.0).all()
        assert fast.block_settlement_usd > 100e6
