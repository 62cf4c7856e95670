"""The compiled renewal rule against a plain Python twin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rerack.planning import mining_cash
from rerack.planning.renewal_kernel import renew_fleet
from rerack.scenario import load
from rerack.study.pipeline import prepare
from rerack.study.simulate import build_world


def plain_renewal(*args: Any) -> tuple[np.ndarray, np.ndarray]:
    """Follow the rule of `renew_fleet` one scenario at a time."""
    hashprice, rig_price, frontier, power, eff0, first, every, limit, fee, om, up, end = args
    efficiency, cost = np.empty((hashprice.shape[0], end)), np.zeros(hashprice.shape)
    for s, row in enumerate(hashprice[:, :end]):
        now, due = eff0, first
        for m, price in enumerate(row):
            new = frontier[m]
            net = up * (price / 1000 * (1 - fee) * 730 / 24 - new / 1e6 * 730 * (power[s, m] + om))
            time_left = end - m
            wanted = every > 0 and m >= due and limit <= time_left
            if wanted and net > 0 and rig_price[s, m] / net <= limit:
                now, due = new, m + every
                cost[s, m] = rig_price[s, m] * 1e6 / new
            efficiency[s, m] = now
    return efficiency, cost


@pytest.mark.parametrize("end_month", [120, 90])
def test_compiled_rule_equals_its_twin(end_month: int) -> None:
    rng = np.random.default_rng(11)
    shape = (200, 120)
    args = (
        rng.uniform(10, 120, shape),
        rng.uniform(2, 40, shape),
        np.linspace(15, 8, shape[1]),
        rng.uniform(10, 90, shape),
        20.0,
        6,
        48,
        30.0,
        0.01,
        2.0,
        0.95,
        end_month,
    )
    fast, plain = renew_fleet(*args), plain_renewal(*args)
    assert np.array_equal(fast[0], plain[0])
    np.testing.assert_allclose(fast[1], plain[1], rtol=1e-12)
    assert (fast[1] > 0).any()


def test_zero_interval_never_renews() -> None:
    ones = np.ones((3, 24))
    efficiency, cost = renew_fleet(
        100 * ones, ones, ones[0], ones, 20.0, 0, 0, 36.0, 0.0, 0.0, 1.0, 24
    )
    assert (efficiency == 20.0).all()
    assert (cost == 0.0).all()


SITE = """
study: {name: P, start: 2026-01, horizon: 6 years, scenarios: 64, seed: 3}
market:
  bitcoin: {price: "120,000 USD"}
  network: {height: 927360, difficulty: 148.1953 T}
  power: {series: ercot_north, level: 30 USD/MWh}
site:
  name: P
  interconnect: 50 MW utility
  power: {adder: 4 USD/MWh}
  halls:
    A:
      power: 50 MW utility
      rigs: {model: S19 XP, refresh: 2 years, first_refresh: 2027-01, refresh_payback: 18 months}
"""


def test_a_fleet_that_ends_earlier_is_the_one_that_does_not_until_its_rigs_differ(
    tmp_path: Path,
) -> None:
    """Where money is shared it is what the fleet earns by itself, up to its end."""
    (tmp_path / "site.yaml").write_text(SITE)
    prepared = prepare(load(tmp_path / "site.yaml"))
    world = build_world(prepared, 0, 64)
    fleet, months = world.site.halls[0].rigs, world.shape[1]
    assert fleet is not None
    whole, shared = world.mining(fleet, months), 0
    for end in range(2, months, 5):
        cash = world.mining(fleet, end)
        alone = mining_cash(
            fleet,
            world.network,
            world.meter,
            end_month=end,
            inflation_frac_per_year=world.terms.inflation_frac_per_year,
        )
        for got, wanted in (
            (cash.lines_usd_per_mw, alone.lines_usd_per_mw),
            (cash.coins_btc_per_mw, alone.coins_btc_per_mw),
            (cash.energy_mwh_per_mw, alone.energy_mwh_per_mw),
            (cash.step_strike_usd_per_mwh, alone.step_strike_usd_per_mwh),
        ):
            assert np.array_equal(got[..., :end], wanted[..., :end])
            assert not wanted[..., end:].any()
        shared += cash is whole
    assert 0 < shared < len(range(2, months, 5))
    assert whole.rigs_usd_per_mw.any()
