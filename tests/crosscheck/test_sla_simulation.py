"""Rare-event simulation against the exact engine, on every preset; compiled against interpreted."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from rerack.reliability import Leaf, Standby, Topology, evaluate, preset, presets
from rerack.reliability.blocks import KofN, Parallel
from rerack.reliability.component import Component
from rerack.reliability.outages import outage_profile
from rerack.reliability.simulation import LENGTH_EDGES_HOURS, simulate

NAMES = [p.name for p in presets()]
SUMS = """
import numpy as np
from rerack.reliability import preset, resolve, Standby, walk
from rerack.reliability.simulation import LENGTH_EDGES_HOURS, _net, _reserves
from rerack.reliability.simulate_kernel import cycles
plant = preset("tier-3", critical_mw=10.0)
tree = resolve(plant.blocks)
supplies = {b.name: b for b in walk(plant.blocks) if isinstance(b, Standby)}
net, reserves = _net(tree, supplies), _reserves(list(supplies.values()))
for forced in (True, False):
    for first in range(0, net.hazard.size + net.work_hazard.size, 5):
        sums, lengths = np.zeros(6), np.zeros(LENGTH_EDGES_HOURS.size + 1)
        random = np.random.default_rng(first)
        cycles(net, reserves, first, 40, forced, random, LENGTH_EDGES_HOURS, sums, lengths)
        print(*(float(x).hex() for x in [*sums, lengths.sum()]))
"""


@pytest.mark.parametrize("name", NAMES)
def test_simulation_agrees_with_the_exact_engine(name: str) -> None:
    plant = preset(name, critical_mw=10.0)
    exact, found = evaluate(plant), simulate(plant, cycles=300_000)
    apart = abs(found.unavailability_frac - exact.unavailability)
    assert apart < 3.0 * found.unavailability_error_frac
    often = abs(found.outages_per_year - exact.outages_per_year)
    # A single feed's outages have no variance but that of the cycle's length.
    assert often < max(3.0 * found.outages_error_per_year, 1e-3 * exact.outages_per_year)
    assert found.half_width_frac < 0.10


@pytest.mark.parametrize("name", ["generator", "liquid", "tier-2"])
def test_lengths_of_outages_agree(name: str) -> None:
    plant = preset(name, critical_mw=10.0)
    profile, found = outage_profile(plant), simulate(plant, cycles=300_000)
    planned = len(profile.planned_hours)
    if planned:
        # Planned outages are counted among the simulated ones; they are all of one length.
        share = planned / (planned + profile.outages_per_year)
        longest = max(profile.planned_hours)
    else:
        share, longest = 0.0, 0.0
    for row in (20, 30, 40, 45):
        hours = float(LENGTH_EDGES_HOURS[row])
        expected = (1.0 - share) * profile.longer_than_frac(hours) + share * (hours < longest)
        assert found.longer_than_frac[row] == pytest.approx(expected, abs=0.05)


def test_seed_replays_and_another_differs() -> None:
    plant = preset("n+1", critical_mw=5.0)
    first, again = simulate(plant, cycles=10_000), simulate(plant, cycles=10_000)
    other = simulate(plant, cycles=10_000, seed=2)
    assert first.unavailability_frac == again.unavailability_frac
    assert first.unavailability_frac != other.unavailability_frac


def test_two_supplies_and_a_gap_before_the_generators() -> None:
    def supply(letter: str) -> Standby:
        return Standby(
            name=f"supply {letter}",
            primary=Leaf(
                component=Component(
                    name=f"feed {letter}", failure_rate_per_year=5.0, mttr_hours=6.0
                )
            ),
            beta_frac=0.1,
            generator=Component(
                name=f"engine {letter}",
                failure_rate_per_year=0.2,
                mttr_hours=30.0,
                fail_to_start_frac=0.05,
                fail_to_run_per_hour=0.01,
            ),
            installed=3,
            needed=2,
            start_hours=0.5,
            fuel_hours=10.0,
            battery=Component(
                name=f"battery {letter}",
                failure_rate_per_year=0.0,
                mttr_hours=0.0,
                fail_to_start_frac=0.02,
            ),
            ride_through_hours=0.25,
        )

    both = Parallel(children=(supply("A"), supply("B")), beta_frac=0.05, name="supplies")
    plant = Topology(name="two", blocks=both, critical_mw=1.0)
    exact, found = evaluate(plant), simulate(plant, cycles=400_000)
    assert found.unavailability_frac == pytest.approx(
        exact.unavailability, abs=3.5 * found.unavailability_error_frac
    )
    assert found.half_width_frac < 0.10


def test_third_order_losses_without_common_cause() -> None:
    units = tuple(
        Leaf(component=Component(name=f"u{i}", failure_rate_per_year=0.1, mttr_hours=20.0))
        for i in range(6)
    )
    plant = Topology(
        name="4 of 6", blocks=KofN(k=4, children=units, beta_frac=0.0), critical_mw=1.0
    )
    exact, found = evaluate(plant), simulate(plant, cycles=200_000)
    assert exact.unavailability < 1e-9
    assert found.unavailability_frac == pytest.approx(
        exact.unavailability, abs=3.0 * found.unavailability_error_frac
    )
    assert found.half_width_frac < 0.10


def test_compiled_cycles_equal_interpreted_ones() -> None:
    def run(interpreted: bool) -> np.ndarray:
        switch = {"NUMBA_DISABLE_JIT": "1"} if interpreted else {}
        done = subprocess.run(
            [sys.executable, "-c", SUMS],
            env={**os.environ, **switch},
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        rows = [[float.fromhex(x) for x in line.split()] for line in done.stdout.splitlines()]
        return np.array(rows)

    compiled, interpreted = run(False), run(True)
    assert compiled.shape == interpreted.shape
    assert (compiled[:, 4] > 0.0).all()
    np.testing.assert_allclose(compiled, interpreted, rtol=1e-9, atol=1e-12)
