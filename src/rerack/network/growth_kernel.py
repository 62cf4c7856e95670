"""Compiled loop of the hashrate model; `growth.simulate_hashrate_plain` is its twin in NumPy."""

from __future__ import annotations

import math

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def mean_subsidy(height: float, blocks: float) -> float:
    """Return the subsidy [BTC per block], mean over `blocks` blocks from `height` on.

    Parameters
    ----------
    height : float
        Height of the next block.
    blocks : float
        Blocks of the month, fewer than an era has.
    """
    era = math.floor(height / 210_000.0)
    subsidy = 50.0 * 0.5**era if era < 33.0 else 0.0
    before = (era + 1.0) * 210_000.0 - height
    if before >= blocks:
        return subsidy
    after = 0.5 * subsidy if era < 32.0 else 0.0
    return subsidy + (after - subsidy) * (1.0 - before / blocks)


@kernel
def month_blocks(due: float, climb: float) -> float:
    """Return the blocks of a month whose hashrate stepped up by a factor exp(climb).

    Parameters
    ----------
    due : float
        Blocks at one in ten minutes.
    climb : float
        Log step of hashrate at the start of the month.

    Returns
    -------
    float
        Difficulty follows the step through two epochs, in which ``2016 (x - x^2/3 + ...)`` blocks
        come early, the mean over where in an epoch the step falls; here with the series closed as
        ``3024 (1 - exp(-2x/3))``. Consensus counts 2015 of 2016 intervals. A collapse cannot stop
        the chain: at least a tenth of the blocks come.
    """
    early = 3_024.0 * (1.0 - math.exp(-2.0 * climb / 3.0))
    return max(due * (2_015.0 / 2_016.0) + early, 0.1 * due)


@kernel
def step_growth(
    shocks: FloatArray,
    price_usd: FloatArray,
    fees_btc: FloatArray,
    hours: FloatArray,
    log_anchor: FloatArray,
    log_shutdown: FloatArray,
    start_height: float,
    start_log_eh_s: float,
    speeds: FloatArray,
    log_eh_s_out: FloatArray,
    height_out: FloatArray,
) -> None:
    """Step every scenario from month to month.

    Parameters
    ----------
    shocks : array, shape (scenario, month)
        Shocks to log hashrate, already scaled; column 0 is unused.
    price_usd, fees_btc : array, shape (scenario, month)
        Bitcoin price [USD/BTC] and fees [BTC per block].
    hours : array, shape (month,)
        Length of each month [h].
    log_anchor, log_shutdown : array, shape (month,)
        Logarithms of the two hashprices [USD/PH/day].
    start_height, start_log_eh_s : float
        Height of the next block and log hashrate [EH/s] in month 0.
    speeds : array, shape (4,)
        Response to revenue, then the share of a gap closed in a month by entry, exit, shutdown.
    log_eh_s_out, height_out : array, shape (scenario, month)
        Filled with log hashrate and with the height at the start of the month.
    """
    months = shocks.shape[1]
    for s in range(shocks.shape[0]):
        height = start_height
        level = start_log_eh_s
        climb = 0.0
        revenue_before = 0.0
        for m in range(months):
            due = 6.0 * hours[m]
            reward = mean_subsidy(height, due) + fees_btc[s, m]
            # 144 blocks a day; EH/s to PH/s: log revenue of the network [kUSD/day].
            revenue = math.log(0.144 * reward * price_usd[s, m])
            if m > 0:
                hashprice = revenue_before - level
                gap = hashprice - log_anchor[m - 1]
                loss = hashprice - log_shutdown[m - 1]
                pull = speeds[1] * max(gap, 0.0)
                pull += min(speeds[2] * min(gap, 0.0), speeds[3] * min(loss, 0.0))
                climb = pull + speeds[0] * (revenue - revenue_before) + shocks[s, m]
                level += climb
            log_eh_s_out[s, m] = level
            height_out[s, m] = height
            revenue_before = revenue
            height += month_blocks(due, climb)
