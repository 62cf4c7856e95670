"""The world's hashrate: 20 years of cohorts, every owner deciding every month."""

from __future__ import annotations

import os

import numpy as np

from benchmarks.measure import PeakMemory, best_of
from benchmarks.spec import Measurement, Spec
from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.network.world import World, world_of
from rerack.network.world.records import Paths
from rerack.network.world.simulation import run_world

MONTHS = 240
#: Coming generations, so that the world of December 2025 has 308 cohorts: 28 for each of them.
GENERATIONS = 7
WORKERS = min(2, os.cpu_count() or 1)


def scenarios(paths: int) -> Paths:
    """Return invented price paths: a driftless walk of 60 % a year, fees and rents constant."""
    rng = np.random.default_rng(11)
    steps = rng.normal(0.0, 0.6 / np.sqrt(12.0), (paths, MONTHS))
    steps -= 0.5 * 0.6**2 / 12.0
    steps[:, 0] = 0.0
    return Paths(
        price_usd=85_000.0 * np.exp(np.cumsum(steps, axis=1)),
        fees_btc=np.full((paths, MONTHS), 0.05),
        lease=np.ones((paths, MONTHS)),
        power=np.exp(0.1 * rng.standard_normal(paths)),
        foundry=np.exp(0.25 * rng.standard_normal(paths)),
        departing_mw=np.empty((paths, MONTHS, 0)),
    )


def worst_loss(world: World, totals: FloatArray) -> float:
    """Return rigs lost or made from nothing in any month, as a share of all there were."""
    start = sum(c.installed_eh_s + c.arriving_eh_s for c in world.cohorts)
    made = start + totals[:, :, 5]
    return float((np.abs(made - totals[:, :, :5].sum(axis=2)) / made).max())


def run(paths: int) -> Measurement:
    """Time the compiled step, threads and all."""
    world, grid = world_of("2025-12", generations=GENERATIONS), MonthGrid.parse("2025-12", MONTHS)
    drawn = scenarios(paths)
    totals = run_world(world, grid, Paths(*(a[:2] for a in drawn))).totals
    memory = PeakMemory()
    time_s = best_of(2, lambda: run_world(world, grid, drawn, workers=WORKERS))
    return Measurement(time_s=time_s, peak_mb=memory.read_mb(), quality=worst_loss(world, totals))


SPECS = (
    Spec(
        name="world",
        work="the world's hashrate, 308 cohorts over 240 months, prices drawn before",
        size_unit="scenarios",
        sizes=(100, 1_000),
        run=run,
        target="1,000 scenarios under 10 s",
        quality="rigs lost or made from nothing, as a share of all",
    ),
)
