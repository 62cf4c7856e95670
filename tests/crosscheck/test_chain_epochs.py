"""The compiled chain clock against the epochs of `trace_epochs`, integrated month by month."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.chain import halving_height, run_epochs, subsidy_sat, trace_epochs
from rerack.chain.epochs_kernel import next_difficulty, step_epochs

HOURS = np.tile([744.0, 672.0, 744.0, 720.0, 744.0, 720.0], 10)


def hashrate_paths(scenarios: int, months: int, seed: int = 3) -> np.ndarray:
    """Random walks with sudden exits and months of silence."""
    random = np.random.default_rng(seed)
    paths = 900.0 * np.exp(np.cumsum(random.normal(0.01, 0.25, (scenarios, months)), axis=1))
    paths[:, months // 2] *= 0.02
    paths[:, months // 3] = 0.0
    return paths


def height_at(hour: float, clock: np.ndarray, heights: np.ndarray) -> float:
    return float(np.interp(hour, clock, heights))


def twin(
    hashrate_eh_s: np.ndarray, fees_btc: np.ndarray, height: int, level: float
) -> dict[str, np.ndarray]:
    """Monthly means of one path by cutting its epochs at months and halvings."""
    trace = trace_epochs(
        hashrate_eh_s=hashrate_eh_s, hours=HOURS, start_height=height, start_difficulty=level
    )
    clock = np.concatenate(([0.0], np.cumsum(HOURS)))
    cuts = np.union1d(clock, trace.start_hour[1:])
    middle = 0.5 * (cuts[1:] + cuts[:-1])
    month = np.searchsorted(clock, middle) - 1
    difficulty = trace.difficulty[np.searchsorted(trace.start_hour, middle) - 1]
    span_s = np.diff(cuts) * 3600.0
    blocks = hashrate_eh_s[month] * 1e18 * span_s / (difficulty * 2.0**32)
    heights = height + np.concatenate(([0.0], np.cumsum(blocks)))
    months = len(HOURS)
    # Coins between two heights by the integer schedule; within a piece income follows blocks.
    coins = np.diff([coins_until(h) for h in heights])
    silent = blocks == 0.0
    subsidy = np.where(silent, coins_rate(heights[:-1]), coins / np.where(silent, 1.0, blocks))
    weight = span_s / difficulty
    inverse = np.bincount(month, weight, months) / (HOURS * 3600.0)
    subsidised = np.bincount(month, weight * subsidy, months) / (HOURS * 3600.0)
    reached = []
    for n in range(height // 210_000 + 1, int(heights[-1]) // 210_000 + 1):
        piece = int(np.searchsorted(heights, halving_height(n))) - 1
        share = (halving_height(n) - heights[piece]) / blocks[piece]
        hour = cuts[piece] + share * (cuts[piece + 1] - cuts[piece])
        m = int(np.searchsorted(clock, hour)) - 1
        reached.append(m + (hour - clock[m]) / HOURS[m])
    return {
        "btc_per_ph_day": 1e15 * 86_400.0 / 2.0**32 * (subsidised + inverse * fees_btc),
        "difficulty_mean": 1.0 / inverse,
        "subsidy_btc_mean": subsidised / inverse,
        "blocks": np.bincount(month, blocks, months),
        "end_height": np.interp(clock[1:], cuts, heights),
        "halving_month": np.asarray(reached),
    }


def coins_until(height: float) -> float:
    """Coins of all blocks below a height, linear between blocks [BTC]."""
    era = int(height) // 210_000
    whole = sum(210_000 * subsidy_sat(210_000 * e) for e in range(era))
    return (whole + (height - 210_000 * era) * subsidy_sat(210_000 * era)) / 1e8


def coins_rate(heights: np.ndarray) -> np.ndarray:
    return np.array([subsidy_sat(int(h)) / 1e8 for h in heights])


@pytest.mark.parametrize("height", [0, 2016 * 416, 839_000, 1_259_500])
def test_kernel_equals_its_plain_twin(height: int) -> None:
    paths = hashrate_paths(12, len(HOURS))
    fees = np.random.default_rng(4).uniform(0.0, 0.5, paths.shape)
    result = run_epochs(
        hashrate_eh_s=paths,
        hours=HOURS,
        fees_btc=fees,
        start_height=height,
        start_difficulty=120e12,
    )
    for row in range(len(paths)):
        plain = twin(paths[row], fees[row], height, 120e12)
        halvings = plain.pop("halving_month")
        np.testing.assert_allclose(result.halving_month[row, : len(halvings)], halvings, rtol=1e-8)
        assert np.isinf(result.halving_month[row, len(halvings) :]).all()
        for name, expected in plain.items():
            # A silent month has no blocks to compare, hence the absolute part.
            np.testing.assert_allclose(
                getattr(result, name)[row], expected, rtol=1e-8, atol=1e-7, err_msg=name
            )


def test_compiled_and_interpreted_loops_agree_to_the_last_bit() -> None:
    scenarios, months = 3, 24
    hashes = hashrate_paths(scenarios, months, seed=8) * 1e18
    results = []
    for loop in (step_epochs, step_epochs.py_func):  # type: ignore[attr-defined]
        outputs = [np.empty((scenarios, months)) for _ in range(4)]
        halvings = np.full((scenarios, 4), np.inf)
        fees = np.full((scenarios, months), 0.03)
        elapsed_s = np.full(scenarios, 3600.0)
        seconds = HOURS[:months] * 3600.0
        loop(hashes, seconds, fees, 1_049_000, 120e12, elapsed_s, *outputs, halvings)
        results.append([*outputs, halvings])
    for compiled, interpreted in zip(*results, strict=True):
        np.testing.assert_array_equal(compiled, interpreted)


def test_next_difficulty_compiled_equals_interpreted() -> None:
    for duration_s in (1e3, 302_400.0, 1.2e6, 4.9e6, 1e9):
        plain = next_difficulty.py_func(5e13, duration_s)  # type: ignore[attr-defined]
        assert next_difficulty(5e13, duration_s) == plain
