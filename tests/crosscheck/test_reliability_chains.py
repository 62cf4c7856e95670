"""The exact engine against full Markov chains over all states, and against sampled outages."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from rerack.numerics.markov import frequency, steady_state
from rerack.reliability import (
    Component,
    FaultTree,
    KofN,
    Leaf,
    OutageDuration,
    Parallel,
    Series,
    Standby,
    long_run,
    resolve,
    supply_losses,
)
from rerack.reliability.component import HOURS_PER_YEAR


def part(name: str, rate: float, mttr: float, work: float = 0.0) -> Leaf:
    return Leaf(
        component=Component(
            name=name,
            failure_rate_per_year=rate,
            mttr_hours=mttr,
            maintenance_hours_per_year=work,
        )
    )


def is_down(tree: FaultTree, state: tuple[bool, ...]) -> bool:
    down = list(state)
    for gate in tree.gates:
        down.append(sum(down[i] for i in gate.inputs) >= gate.threshold)
    return down[tree.top]


def full_chain(tree: FaultTree) -> tuple[float, float]:
    """Return (unavailability, outages a year) from the chain over events times planned work."""
    events, works = tree.events, tree.maintenance
    modes = range(len(works) + 1)
    states = list(itertools.product(modes, itertools.product((False, True), repeat=len(events))))
    number = {state: i for i, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    idle = 1.0 - sum(w.hours_per_year for w in works) / HOURS_PER_YEAR
    for (mode, state), row in number.items():
        for i, event in enumerate(events):
            other = (*state[:i], not state[i], *state[i + 1 :])
            repair = HOURS_PER_YEAR / event.mean_down_hours
            rates[row, number[mode, other]] += repair if state[i] else event.failure_rate_per_year
        for j, work in enumerate(works, start=1):
            if mode == 0:
                rates[row, number[j, state]] += 1.0 / idle
            elif mode == j:
                rates[row, number[0, state]] += HOURS_PER_YEAR / work.hours_per_year
    rates -= np.diag(rates.sum(axis=1))
    up = []
    for mode, state in states:
        down = list(state)
        if mode > 0:
            down[works[mode - 1].event] = True
        up.append(not is_down(tree, tuple(down)))
    mask = np.array(up)
    return float(steady_state(rates)[~mask].sum()), frequency(rates, mask)


def bridge() -> KofN:
    """Return a group with repeated parts, groups inside groups and planned work."""
    bus = part("bus", 0.4, 90.0)
    left = Series(children=(part("a", 3.0, 40.0, work=100.0), bus))
    right = Series(children=(part("b", 2.0, 60.0, work=50.0), bus))
    pair = Parallel(children=(part("c", 5.0, 30.0), part("d", 4.0, 20.0)), beta_frac=0.1, name="cd")
    return KofN(k=2, children=(left, right, pair), beta_frac=0.2, name="three")


@pytest.mark.parametrize(
    "block",
    [
        bridge(),
        Series(children=(part("a", 1.0, 10.0, work=24.0), part("b", 2.0, 50.0))),
        KofN(
            k=2,
            children=tuple(part(f"u{i}", 1.0 + i, 100.0, work=20.0 * i) for i in range(4)),
            beta_frac=0.05,
        ),
    ],
    ids=["bridge", "series", "2 of 4"],
)
def test_unavailability_and_frequency_equal_those_of_the_full_chain(block: KofN) -> None:
    tree = resolve(block)
    result = long_run(tree)
    unavailability, outages = full_chain(tree)
    assert result.unavailability_frac == pytest.approx(unavailability, rel=1e-11)
    assert result.outages_per_year == pytest.approx(outages, rel=1e-11)
    assert unavailability > 0.0


def test_random_trees_equal_the_full_chain() -> None:
    draw = np.random.default_rng(17)
    for _ in range(25):
        pool = [part(f"p{i}", draw.uniform(0.5, 5.0), draw.uniform(5.0, 200.0)) for i in range(5)]
        blocks: list = list(pool)
        for level in range(3):
            chosen = tuple(blocks[i] for i in draw.choice(len(blocks), 3, replace=False))
            beta = 0.0 if draw.random() < 0.7 else 0.1
            blocks.append(
                Series(children=chosen)
                if draw.random() < 0.4
                else KofN(
                    k=int(draw.integers(1, 3)), children=chosen, beta_frac=beta, name=f"g{level}"
                )
            )
        tree = resolve(Series(children=(blocks[-1], blocks[-2])))
        result = long_run(tree)
        unavailability, outages = full_chain(tree)
        assert result.unavailability_frac == pytest.approx(unavailability, rel=1e-11)
        assert result.outages_per_year == pytest.approx(outages, rel=1e-11)


GENERATOR = Component(
    name="generator",
    failure_rate_per_year=4.0,
    mttr_hours=40.0,
    fail_to_start_frac=0.08,
    fail_to_run_per_hour=0.03,
    maintenance_hours_per_year=150.0,
)
PLANT = Standby(
    name="supply",
    primary=part("utility", 12.0, 30.0),
    beta_frac=0.15,
    generator=GENERATOR,
    installed=4,
    needed=2,
)


def chances_at_start(plant: Standby) -> np.ndarray:
    """Return the chance of 0 .. installed generators started, by listing every outcome."""
    unit, beta, n = plant.generator, plant.beta_frac, plant.installed
    assert unit is not None
    assert beta is not None
    waiting = unit.failure_rate_per_year * unit.mttr_hours / 8760.0
    waiting /= 1.0 + waiting
    share = unit.maintenance_hours_per_year / 8760.0
    chances = np.zeros(n + 1)
    for common_wait, common_start in itertools.product((False, True), repeat=2):
        weight = (beta * waiting if common_wait else 1 - beta * waiting) * (
            beta * unit.fail_to_start_frac if common_start else 1 - beta * unit.fail_to_start_frac
        )
        if common_wait or common_start:
            chances[0] += weight
            continue
        works = (1 - (1 - beta) * waiting) * (1 - (1 - beta) * unit.fail_to_start_frac)
        for in_work in range(n + 1):
            chance = share if in_work < n else 1 - n * share
            free = n - 1 if in_work < n else n
            for outcome in itertools.product((False, True), repeat=free):
                hit = math.prod(works if up else 1 - works for up in outcome)
                chances[sum(outcome)] += weight * chance * hit
    return chances


def test_generators_without_battery_equal_a_chain_with_the_utility_in_it() -> None:
    started = chances_at_start(PLANT)
    assert started.sum() == pytest.approx(1.0, rel=1e-13)
    n, k, beta, fails = 4, 2, 0.15, GENERATOR.fail_to_run_per_hour
    # States: utility up; utility down with k .. n running; load lost.
    states = n - k + 3
    rates = np.zeros((states, states))
    outage_per_hour, back_per_hour = 12.0 / 8760.0, 1.0 / 30.0
    for running in range(k, n + 1):
        row = running - k + 1
        rates[0, row] += outage_per_hour * started[running]
        fewer = row - 1 if running > k else states - 1
        rates[row, fewer] += running * (1 - beta) * fails
        rates[row, states - 1] += beta * fails
        rates[row, 0] += back_per_hour
    rates[0, states - 1] += outage_per_hour * started[:k].sum()
    rates[states - 1, 0] = back_per_hour
    rates -= np.diag(rates.sum(axis=1))
    up = np.array([True] * (states - 1) + [False])
    feed = long_run(resolve(PLANT.primary))
    losses = supply_losses(
        PLANT, outages_per_year=feed.outages_per_year, mean_outage_hours=feed.mean_outage_hours
    )
    assert losses.unavailability_frac == pytest.approx(steady_state(rates)[-1], rel=1e-11)
    assert losses.outages_per_year * losses.losses_per_outage == pytest.approx(
        8760.0 * frequency(rates, up), rel=1e-11
    )
    in_tree = long_run(resolve(PLANT))
    assert in_tree.unavailability_frac == pytest.approx(losses.unavailability_frac, rel=1e-12)


def test_unlimited_fuel_is_the_limit_of_much_fuel() -> None:
    much = replace(PLANT, fuel_hours=2000.0)
    some = replace(PLANT, fuel_hours=20.0)
    results = [
        supply_losses(p, outages_per_year=10.0, mean_outage_hours=30.0).lost_hours
        for p in (PLANT, much, some)
    ]
    assert results[1] == pytest.approx(results[0], rel=1e-9)
    assert results[2] > 1.2 * results[0]


def sampled(plant: Standby, mix: OutageDuration, outages: int) -> tuple[np.ndarray, np.ndarray]:
    """Play the notes of `Standby` outage by outage; return losses and hours lost of each."""
    draw = np.random.default_rng(23)
    unit, battery, beta = plant.generator, plant.battery, plant.beta_frac
    assert unit is not None
    assert battery is not None
    assert beta is not None
    kind = draw.choice(len(mix.means_hours), outages, p=mix.shares_frac)
    lasts = draw.exponential(np.array(mix.means_hours)[kind])
    started = draw.choice(plant.installed + 1, outages, p=chances_at_start(plant))
    own = draw.exponential(
        1.0 / ((1 - beta) * unit.fail_to_run_per_hour), (outages, plant.installed)
    )
    own[np.arange(plant.installed) >= started[:, None]] = -1.0
    ordered = np.sort(own, axis=1)
    falls_short = ordered[:, plant.installed - plant.needed]
    common = draw.exponential(1.0 / (beta * unit.fail_to_run_per_hour), outages)
    runs = np.minimum(np.minimum(falls_short, common), plant.fuel_hours)
    runs = np.where(started >= plant.needed, runs, 0.0)
    ready = draw.random(outages) >= battery.fail_to_start_frac
    ride = np.where(ready, plant.ride_through_hours, 0.0)
    carries = started >= plant.needed
    # First loss: battery empty before generators carry, or for good if they do not start.
    gap_end = np.where(carries, np.minimum(plant.start_hours, lasts), lasts)
    gap = np.clip(gap_end - ride, 0.0, None)
    # Second loss: generators stopped, and what is left of the battery with them.
    left = np.clip(ride - plant.start_hours, 0.0, None)
    late = np.where(carries, np.clip(lasts - (plant.start_hours + runs + left), 0.0, None), 0.0)
    return (gap > 0.0).astype(float) + (late > 0.0), gap + late


@pytest.mark.parametrize(("ride", "start"), [(4.0, 0.5), (0.2, 2.0)], ids=["long", "short"])
def test_battery_start_and_fuel_equal_sampled_outages(ride: float, start: float) -> None:
    mix = OutageDuration(shares_frac=(0.7, 0.3), means_hours=(5.0, 50.0))
    plant = replace(
        PLANT,
        battery=Component(
            name="battery", failure_rate_per_year=0.0, mttr_hours=0.0, fail_to_start_frac=0.25
        ),
        ride_through_hours=ride,
        start_hours=start,
        fuel_hours=30.0,
        duration=mix,
    )
    exact = supply_losses(plant, outages_per_year=1.0, mean_outage_hours=mix.mean_hours)
    losses, hours = sampled(plant, mix, 200_000)
    for sample, value in (
        (losses, exact.losses_per_outage),
        (hours, exact.lost_hours),
    ):
        error = sample.std() / math.sqrt(sample.size)
        assert abs(sample.mean() - value) < 3.5 * error
        assert error < 0.02 * value
