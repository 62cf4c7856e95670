"""Inputs of every kernel that has a GPU route, and both answers.

``python -m tests.crosscheck.gpu_cases FILE`` writes the GPU's answers, one thread an item and two
threads in all, for those who must set numba's environment first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.dispatch import PriceDuration, margins
from rerack.numerics.device import Device
from rerack.planning.power.battery_kernel import battery_kernel
from rerack.planning.power.generation_kernel import generation_kernel
from rerack.planning.power.hours import Hours
from rerack.planning.power.response_kernel import response_kernel
from rerack.planning.power.state_kernel import merge_kernel

#: What a GPU may differ by, as a share of the largest figure of a case.
TOLERANCE = 1e-12
SCENARIOS, CLASSES, YEARS = 3, 4, 3
MONTH_HOURS = np.array([96, 72])
#: A study whose one plan values a battery.
SITE = """
study: {name: P, start: 2026-01, horizon: 1 year, scenarios: 2, seed: 3}
market:
  bitcoin: {price: "85,000 USD"}
  network: {height: 927360, difficulty: 148.1953 T}
  power: {series: ercot_north, level: 38 USD/MWh}
site:
  name: P
  interconnect: 100 MW utility
  power: {adder: 4 USD/MWh}
  halls:
    old: {power: 50 MW utility, rigs: {model: S19 Pro, refresh: never}}
  battery: {power: 10 MW utility, energy: 20 MWh}
"""
ON_CPU: dict[str, Callable[..., None]] = {
    "battery": battery_kernel,
    "generation": generation_kernel,
    "response": response_kernel,
}


def site_cases() -> dict[str, tuple[str, tuple[Any, ...]]]:
    """Return kernel and arguments by case: equal and empty classes, exports, rest, permits."""
    rng = np.random.default_rng(1)
    shape = (SCENARIOS, MONTH_HOURS.size)
    level = rng.uniform(0.5, 2.0, shape)
    hours = Hours(
        shape_usd_per_mwh=np.concatenate([rng.normal(30.0, 60.0, YEARS * n) for n in MONTH_HOURS]),
        start=np.array([0, YEARS * 96]),
        hours=MONTH_HOURS,
        library_year=rng.integers(0, YEARS, shape),
        level=level,
        index_level=0.9 * level,
        base_usd_per_mwh=5.0,
        discount_usd_per_mwh=2.0,
        rate_usd_per_mwh=rng.uniform(0.0, 9.0, (MONTH_HOURS.size, 96)),
        scale=np.array([1.0, 29.0 / 28.0]),
    )
    strike = -np.sort(-rng.uniform(20.0, 90.0, (*shape, CLASSES)), axis=2)
    strike[0, 0, 1] = strike[0, 0, 2]
    capacity = rng.uniform(0.0, 40.0, strike.shape)
    capacity[1, 1, 2] = 0.0
    ai, wanted = rng.uniform(0.0, 70.0, shape), np.ones(shape)
    wanted[2, 0] = 0.0
    # A plan's loads come so: equal strikes one class, empty classes last.
    merge_kernel(strike, capacity)
    classes = (strike, capacity, wanted)
    loads, stored = (ai, *classes), (ai, 100.0 - ai, *classes)
    power = np.array([20.0, 25.0, 0.93, 0.95, 3.0])
    rests, lasts = np.array([60.0, 30.0, 30.0, 1.0 - 1e-4]), np.array([60.0, 30.0, 30.0, 1.0])
    cost = np.array([0.0, 30.0, 60.0])
    sun = rng.uniform(0.0, 30.0, (1, MONTH_HOURS.size, 96))
    available = np.concatenate([sun, np.full_like(sun, 20.0), np.full_like(sun, 10.0)])
    permit = np.array([[np.inf, np.inf], [np.inf, np.inf], [40.0, 0.0]])
    open_hours = (rng.random((MONTH_HOURS.size, 96)) < 0.5) * 1.0
    calls = (hours, open_hours, 60.0, 1e4, np.array([1e4, 2e4]), np.array([20.0, 8.0]))
    return {
        "battery": ("battery", (hours, 0.0, power, lasts, *stored)),
        "battery that exports and rests": ("battery", (hours, 25.0, power, rests, *stored)),
        "generation": ("generation", (hours, 25.0, cost, available, permit, *loads)),
        "response": ("response", (*calls, *loads)),
    }


def duration_case(device: Device) -> FloatArray:
    """Return run shares and prices, shape (2, scenario, month, unit)."""
    rng = np.random.default_rng(2)
    library = [rng.normal(30.0, 40.0, (YEARS, n)) for n in (96, 72) * 6]
    shape = (4, 3)
    found = margins(
        PriceDuration.build(library),
        month_of_year=np.array([1, 2, 12]),
        library_year=rng.integers(0, YEARS, shape),
        level=rng.uniform(0.5, 2.0, shape),
        adder_usd_per_mwh=3.0,
        strike_usd_per_mwh=rng.uniform(-60.0, 120.0, (*shape, 5)),
        device=device,
    )
    return np.stack([found.run_frac, found.run_price_usd_per_mwh])


def answers(kernels: dict[str, Callable[..., None]], device: Device) -> dict[str, FloatArray]:
    """Return the answer to every case."""
    found = {"duration": duration_case(device)}
    for name, (kernel, given) in site_cases().items():
        gain = np.zeros(given[-1].shape)
        kernels[kernel](*given, gain)
        found[name] = gain
    return found


def gpu_answers() -> dict[str, FloatArray]:
    """Return the GPU's answers; those of two threads in all under ``NAME by 2``."""
    from rerack.dispatch import duration_gpu
    from rerack.planning.power import site_power_gpu

    found = answers(site_power_gpu.ON_GPU, "gpu")
    with pytest.MonkeyPatch.context() as patch:
        for module in (duration_gpu, site_power_gpu):
            patch.setattr(module, "threads_for", lambda work, scratch_bytes=0: 2)
        by_two = answers(site_power_gpu.ON_GPU, "gpu")
    return found | {f"{name} by 2": values for name, values in by_two.items()}


if __name__ == "__main__":
    np.savez(sys.argv[1], **gpu_answers())
