"""Compiled money of halls against NumPy: mining, leases, months of use, draws that are kept."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base import Streams
from rerack.chain import breakeven_usd_per_mwh
from rerack.markets.paths_kernel import revert, revert_plain
from rerack.planning.deal_rent_kernel import LeaseNumbers, walk_tenancies, walk_tenancies_plain
from rerack.planning.halls_kernel import use_months, use_months_plain
from rerack.planning.hosting_kernel import hosting_costs, let_hall
from rerack.planning.mining_kernel import monthly_amounts, step_strikes

ROWS, MONTHS = 12, 60
MONTH = np.arange(MONTHS)[None, :]


def uniform(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(1.0, 100.0, shape)


def test_strikes_are_break_even_prices() -> None:
    hashprice, coins = uniform(1, ROWS, MONTHS), uniform(2, ROWS, MONTHS) * 1e-6
    efficiency, gains = uniform(3, ROWS, 40), np.array([1.2, 0.6])
    earned, strikes = np.empty((2, ROWS, 40)), np.zeros((2, ROWS, MONTHS))
    step_strikes(hashprice, coins, efficiency, 0.02, 3.0, gains, earned, strikes)
    for filled, per_ph_day in zip(earned, (hashprice, coins), strict=True):
        assert np.array_equal(filled, breakeven_usd_per_mwh(per_ph_day[:, :40], efficiency, 0.02))
    for strike, gain in zip(strikes, gains, strict=True):
        assert np.array_equal(strike[:, :40], gain * earned[0] - 3.0)
    assert not strikes[:, :, 40:].any()


def test_mining_amounts_are_sums_over_steps() -> None:
    run_frac, run_price = uniform(4, 2, ROWS, 40) / 100.0, uniform(5, 2, ROWS, 40)
    earned, mean = uniform(6, 2, ROWS, 40), uniform(7, ROWS, MONTHS)
    hours, idle, fixed = uniform(8, 3, MONTHS)
    widths, gains = np.array([0.7, 0.3]), np.array([1.2, 0.6])
    money, produced = np.zeros((3, ROWS, MONTHS)), np.zeros((2, ROWS, MONTHS))
    monthly_amounts(
        run_frac, run_price, earned, mean, widths, gains, hours, idle, fixed, 2.5, money, produced
    )
    drawn = widths[:, None, None] * run_frac * hours[:40]
    rated = (gains[:, None, None] * drawn).sum(axis=0)
    price = (widths[:, None, None] * run_price).sum(axis=0)
    np.testing.assert_allclose(money[0, :, :40], rated * earned[0], rtol=1e-14)
    np.testing.assert_allclose(
        money[1, :, :40], price * hours[:40] + (idle * mean)[:, :40], rtol=1e-14
    )
    np.testing.assert_allclose(money[2, :, :40], drawn.sum(axis=0) * 2.5 + fixed[:40], rtol=1e-14)
    np.testing.assert_allclose(produced[0, :, :40], rated * earned[1], rtol=1e-14)
    np.testing.assert_allclose(produced[1, :, :40], drawn.sum(axis=0) + idle[:40], rtol=1e-14)
    assert not money[:, :, 40:].any()
    assert not produced[:, :, 40:].any()


@pytest.mark.parametrize("chance", [None, 0.6])
def test_tenancies_are_their_plain_twin(chance: float | None) -> None:
    """First tenants that fail early, stay, leave, never come; renewals by chance or always."""
    rng = np.random.default_rng(21)
    opens = rng.integers(0, 90, ROWS)
    opens[0] = 10_000
    cut = rng.integers(-12, 30, ROWS)  # negative: it walks away before service
    ends = np.maximum(opens + np.where(rng.random(ROWS) < 0.5, 18, cut), 0)
    index = uniform(22, ROWS, MONTHS) / 50.0
    drawn = rng.random((ROWS, MONTHS)) if chance is not None else np.ones((0, 0))
    grown = 1.03 ** (np.arange(MONTHS) // 12)
    lease = LeaseNumbers(120.0, 18, 5, chance or 1.0, 0.9, 0.8)
    rent = np.zeros((ROWS, MONTHS))
    vacant, priced = np.zeros((ROWS, MONTHS), dtype=np.bool_), np.full((ROWS, MONTHS), -1)
    walk_tenancies(opens, ends, index, drawn, grown, lease, rent, vacant, priced)
    plain = walk_tenancies_plain(opens, ends, index, drawn, grown, lease)
    for got, wanted in zip((rent, vacant, priced), plain, strict=True):
        assert np.array_equal(got, wanted)
    assert vacant.any()
    assert (priced >= 0).any()


@pytest.mark.parametrize("vacancies", [False, True])
def test_a_let_hall_is_numpys(vacancies: bool) -> None:
    rng = np.random.default_rng(31)
    opens, rent = rng.integers(0, 80, ROWS), uniform(32, ROWS, MONTHS)
    rent *= rng.random((ROWS, MONTHS)) < 0.7
    vacant = (rent == 0.0) & (rng.random((ROWS, MONTHS)) < 0.5)
    ramp = np.minimum((np.arange(MONTHS) + 1.0) / 6.0, 1.0)
    served, staffed, revenue, credits = np.empty((4, ROWS, MONTHS))
    given = vacant if vacancies else np.zeros((0, MONTHS), dtype=np.bool_)
    let_hall(rent, given, opens, ramp, 740.0, 0.9, 0.05, served, staffed, revenue, credits)
    age = MONTH - opens[:, None]
    share = np.where(age < 0, 0.0, ramp[np.clip(age, 0, MONTHS - 1)])
    let = share * (rent > 0.0)
    assert np.array_equal(served, let)
    assert np.array_equal(staffed, np.where(vacant, share, let) if vacancies else let)
    assert np.array_equal(revenue, rent * 740.0 * let * 0.9)
    assert np.array_equal(credits, revenue * 0.05)


@pytest.mark.parametrize("tenant_capex", [0.0, 2e6])
def test_hosting_costs_are_numpys(tenant_capex: float) -> None:
    rng = np.random.default_rng(41)
    due, price = rng.integers(0, 80, ROWS), uniform(42, ROWS, MONTHS)
    served, staffed = rng.random((2, ROWS, MONTHS))
    energy, operations, growth = uniform(43, 3, MONTHS)
    lines = np.full((6, ROWS, MONTHS), np.nan)
    tenant = np.empty((ROWS if tenant_capex else 0, MONTHS))
    hosting_costs(
        served, staffed, due, 14, price, energy, operations, growth, 0.74, 3e6, tenant_capex,
        lines, tenant,
    )  # fmt: skip
    building = (due[:, None] > MONTH) & (due[:, None] - 14 <= MONTH)
    paid = building / 14 * growth * 0.74
    assert np.array_equal(lines[1], price * energy * served)
    assert np.array_equal(lines[2], operations * staffed)
    assert np.array_equal(lines[4], paid * 3e6)
    assert np.array_equal(tenant, (paid * tenant_capex)[: len(tenant)])
    assert np.isnan(lines[[0, 3, 5]]).all()


@pytest.mark.parametrize("has_rigs", [True, False])
@pytest.mark.parametrize("hosts", [True, False])
def test_months_of_use_are_their_plain_twin(has_rigs: bool, hosts: bool) -> None:
    rng = np.random.default_rng(51)
    ends = np.minimum(rng.integers(0, 80, ROWS), MONTHS)
    opens = np.minimum(ends + rng.integers(0, 20, ROWS), MONTHS)
    served = np.where(opens[:, None] <= MONTH, 0.5, 0.0) if hosts else np.zeros((1, 0))
    still, shares = np.empty((ROWS, MONTHS)), np.empty((4, MONTHS))
    use_months(ends, opens, served, has_rigs, still, shares)
    plain_still, plain_shares = use_months_plain(ends, opens, served, has_rigs, MONTHS)
    assert np.array_equal(still, plain_still)
    assert np.array_equal(shares, plain_shares)
    assert (shares.sum(axis=0) == ROWS).all()


def test_reversion_is_its_plain_twin() -> None:
    shocks, path = np.random.default_rng(61).normal(size=(ROWS, MONTHS)), np.empty((ROWS, MONTHS))
    revert(shocks, 0.93, 0.2, path)
    assert np.array_equal(path, revert_plain(shocks, 0.93, 0.2))


def test_kept_draws_are_nobodys_to_change() -> None:
    first = Streams(5).normals("kept", paths=70, shape=(4,))
    wanted = first.copy()
    first[:] = 0.0
    assert np.array_equal(Streams(5).normals("kept", paths=70, shape=(4,)), wanted)
    assert np.array_equal(Streams(5).normals("kept", paths=65, shape=(4,)), wanted[:65])
    large = Streams(5).normals("kept", paths=70, shape=(4_000,))  # too large to keep
    assert np.array_equal(large, Streams(5).normals("kept", paths=70, shape=(4_000,)))
