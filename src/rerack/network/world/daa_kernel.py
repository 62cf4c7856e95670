"""Compiled: blocks one by one under a rule of difficulty adjustment."""

from __future__ import annotations

import math

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel
from rerack.numerics.monotone_root_kernel import next_point

EPOCH = 0
WINDOW = 1
FIRST_BEST = 2


@kernel
def log_supply(reward: float, most: float, centre: float, slope: float) -> tuple[float, float]:
    """Return the log of supply [EH/s] and its elasticity, at a reward [USD/EH].

    Parameters
    ----------
    reward : float
        Expected reward [USD/EH].
    most, centre, slope : float
        ``most / (1 + exp(-slope (reward - centre)))``.
    """
    tail = math.exp(-slope * (reward - centre))
    return math.log(most) - math.log1p(tail), slope * reward * tail / (1.0 + tail)


@kernel
def best_rate(
    price: float, reward_btc: float, target_min: float, start: float, shape: FloatArray
) -> float:
    """Return the winning rate per EH at which a block is expected every `target_min` minutes."""
    x = math.log(start)
    low = -math.inf
    high = math.inf
    for _ in range(100):
        log_eh_s, elasticity = log_supply(
            math.exp(x) * price * reward_btc, shape[0], shape[1], shape[2]
        )
        value = x + log_eh_s + math.log(60.0 * target_min)
        if abs(value) < 1e-12:
            break
        x, low, high = next_point(x, value, 1.0 + elasticity, low, high)
    return math.exp(x)


@kernel
def run_blocks(
    rule: int,
    window: int,
    offset: int,
    past_min: float,
    rate: float,
    price: FloatArray,
    exponential: FloatArray,
    reward_btc: float,
    target_min: float,
    shape: FloatArray,
    price_step: float,
    times: FloatArray,
    inverse: FloatArray,
) -> int:
    """Fill `times` with block times of one path; return their number.

    Parameters
    ----------
    rule : int
        `EPOCH`, `WINDOW` or `FIRST_BEST`.
    window : int
        Blocks of an epoch or of the moving window.
    offset : int
        Blocks of the running epoch found before the first.
    past_min : float
        Time that each block before the first took [min].
    rate : float
        Winning rate per EH at the start.
    price : array, shape (grid,)
        Price every `target_min` minutes; the path ends with it.
    exponential : array, shape (block,)
        Standard exponentials, one a block; enough of them.
    reward_btc, target_min : float
        Reward per block; time aimed at [min].
    shape : array, shape (3,)
        Most, centre and slope of supply.
    price_step : float
        Step to which `FIRST_BEST` rounds the price down before it looks the rate up; 0 for none.
    times, inverse : array, shape (block,)
        Filled with block times [min]; with 1 / rate.
    """
    end_min = (price.size - 2) * target_min
    now = 0.0
    spot = price[0]
    spent = past_min * (offset if rule == EPOCH else window)
    harder = window / rate
    for n in range(times.size):
        if rule == FIRST_BEST:
            known = spot if price_step == 0.0 else math.floor(spot / price_step) * price_step
            rate = best_rate(known, reward_btc, target_min, rate, shape)
        log_eh_s, _ = log_supply(rate * spot * reward_btc, shape[0], shape[1], shape[2])
        taken = exponential[n] / (60.0 * rate * math.exp(log_eh_s))
        now += taken
        if now >= end_min:
            return n
        times[n] = taken
        inverse[n] = 1.0 / rate
        left = int(now / target_min)
        spot = price[left] + (price[left + 1] - price[left]) * (now / target_min - left)
        spent += taken
        if rule == EPOCH and (offset + n + 1) % window == 0:
            rate *= spent / (window * target_min)
            spent = 0.0
        if rule == WINDOW:
            spent -= times[n - window] if n >= window else past_min
            harder += inverse[n] - (inverse[n - window] if n >= window else inverse[0])
            rate = spent / target_min / harder
    return -1
