"""Loads cut to what a battery can tell of them: nothing is lost, and more plans are alike."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import Battery
from rerack.dispatch.storage_inputs import energy_of
from rerack.planning.power.battery_kernel import battery_kernel
from rerack.planning.power.hours import Hours
from rerack.planning.power.site_state import SiteState, near_battery
from rerack.planning.power.state_kernel import merge_kernel

HOURS, SCENARIOS = 96, 16


def battery(rng: np.random.Generator) -> Battery:
    return Battery(
        charge_mw=float(rng.uniform(5.0, 60.0)),
        discharge_mw=float(rng.uniform(5.0, 60.0)),
        energy_mwh=float(rng.uniform(10.0, 200.0)),
        throughput_cost_usd_per_mwh=float(rng.uniform(0.0, 10.0)),
    )


def prices(rng: np.random.Generator) -> Hours:
    """Return months of 96 hours with negative prices and spikes, one path a scenario."""
    shape = rng.normal(40.0, 35.0, (SCENARIOS, HOURS))
    shape = np.where(rng.random(shape.shape) < 0.04, rng.uniform(200.0, 4000.0, shape.shape), shape)
    ones = np.ones((SCENARIOS, 1))
    return Hours(
        shape_usd_per_mwh=shape.ravel(),
        start=np.zeros(1, dtype=np.int64),
        hours=np.array([HOURS]),
        library_year=np.arange(SCENARIOS)[:, np.newaxis],
        level=ones,
        index_level=ones,
        base_usd_per_mwh=3.0,
        discount_usd_per_mwh=0.0,
        rate_usd_per_mwh=np.zeros((1, HOURS)),
        scale=np.ones(1),
    )


def loads(rng: np.random.Generator, limit: float = 150.0) -> SiteState:
    """Return sites from empty to full, classes of rigs among them that are empty or alike."""
    strike = -np.sort(-rng.choice([20.0, 45.0, 60.0, 90.0, 140.0], (SCENARIOS, 1, 4)), axis=2)
    mw = np.where(rng.random((SCENARIOS, 1, 4)) < 0.4, 0.0, rng.uniform(0.0, 40.0, strike.shape))
    ai = np.where(rng.random((SCENARIOS, 1)) < 0.3, 0.0, rng.uniform(0.0, limit, (SCENARIOS, 1)))
    merge_kernel(strike, mw)
    return SiteState(ai_mw=ai, room_mw=limit - ai, strike_usd_per_mwh=strike, capacity_mw=mw)


def gain_usd(hours: Hours, store: Battery, state: SiteState) -> np.ndarray:
    energy = energy_of(store)
    energy[2] = max(energy[1], energy[2])
    power = np.array(
        [
            store.charge_mw,
            store.discharge_mw,
            store.charge_efficiency_frac,
            store.discharge_efficiency_frac,
            store.throughput_cost_usd_per_mwh,
        ]
    )
    gain = np.zeros(state.ai_mw.shape)
    battery_kernel(
        hours, 0.0, power, energy, state.ai_mw, state.room_mw, state.strike_usd_per_mwh,
        state.capacity_mw, np.ones(gain.shape), gain,
    )  # fmt: skip
    return gain


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_a_battery_earns_the_same_on_loads_cut_to_what_it_sees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    store, hours, state = battery(rng), prices(rng), loads(rng)
    cut = near_battery(state, store)
    whole = gain_usd(hours, store, state)
    assert gain_usd(hours, store, cut) == pytest.approx(whole, rel=1e-9, abs=1e-6)
    assert (cut.ai_mw <= state.ai_mw).all()
    assert (cut.capacity_mw.sum(axis=2) <= state.capacity_mw.sum(axis=2) + 1e-9).all()


def test_sites_beyond_the_reach_of_the_battery_are_alike() -> None:
    store = Battery(charge_mw=10.0, discharge_mw=10.0, energy_mwh=40.0)
    states = [
        SiteState(
            ai_mw=np.array([[ai]]),
            room_mw=np.array([[100.0 - ai]]),
            strike_usd_per_mwh=np.full((1, 1, 1), strike),
            capacity_mw=np.full((1, 1, 1), mw),
        )
        for ai, strike, mw in ((20.0, 90.0, 50.0), (60.0, 50.0, 30.0), (60.0, 50.0, 30.5))
    ]
    seen = [near_battery(state, store) for state in states]
    # The third has 100 - 60 - 30.5 MW to charge from: less than 10, so rigs would give way.
    assert [bool(a.same(b)[0, 0]) for a, b in pairwise(seen)] == [True, False]
    assert not states[0].same(states[1])[0, 0]


def test_equal_strikes_are_one_class_and_empty_ones_none() -> None:
    strike = np.array([[[90.0, 90.0, 60.0, 45.0], [80.0, 70.0, 60.0, 50.0]]])
    mw = np.array([[[0.0, 5.0, 0.0, 7.0], [0.0, 0.0, 0.0, 0.0]]])
    assert merge_kernel(strike, mw) == 2
    assert strike.tolist() == [[[90.0, 45.0, 0.0, 0.0], [0.0] * 4]]
    assert mw.tolist() == [[[5.0, 7.0, 0.0, 0.0], [0.0] * 4]]
    both = np.array([[[90.0, 90.0, 60.0]]]), np.array([[[3.0, 5.0, 2.0]]])
    assert merge_kernel(*both) == 2
    assert both[1].tolist() == [[[8.0, 2.0, 0.0]]]


def test_plans_with_more_classes_compare_with_plans_of_fewer() -> None:
    def of(*classes: tuple[float, float]) -> SiteState:
        table = np.array(classes, dtype=float).reshape(1, 1, -1, 2)
        return SiteState(
            ai_mw=np.zeros((1, 1)),
            room_mw=np.full((1, 1), 9.0),
            strike_usd_per_mwh=table[..., 0],
            capacity_mw=table[..., 1],
        )

    one, padded, two = of((90.0, 5.0)), of((90.0, 5.0), (0.0, 0.0)), of((90.0, 5.0), (60.0, 1.0))
    assert one.same(padded).all()
    assert padded.same(one).all()
    assert not one.same(two).any()
    assert not two.same(padded).any()
