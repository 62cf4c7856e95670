"""Hashrate that follows revenue: entry above the free-entry hashprice, slow exit below it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.chain import network_hashrate_eh_s
from rerack.markets import Outlook
from rerack.network.progress import anchor_path, shutdown_path
from rerack.network.spec import NetworkSpec


@dataclass(frozen=True, kw_only=True, eq=False)
class GrowthInputs:
    """What the growth loop needs, in logarithms and per month.

    Parameters
    ----------
    shocks : array, shape (scenario, month)
        Scaled shocks to log hashrate.
    price_usd, fees_btc : array, shape (scenario, month)
        Bitcoin price [USD/BTC] and fees [BTC per block].
    hours : array, shape (month,)
        Length of each month [h].
    log_anchor, log_shutdown : array, shape (month,)
        Logarithms of the anchor and of the power cost of the mean rig [USD/PH/day].
    start_height : float
        Height of the next block.
    start_log_eh_s : float
        Log hashrate of month 0 [EH/s].
    speeds : array, shape (4,)
        Response, entry, exit, shutdown.
    """

    shocks: FloatArray
    price_usd: FloatArray
    fees_btc: FloatArray
    hours: FloatArray
    log_anchor: FloatArray
    log_shutdown: FloatArray
    start_height: float
    start_log_eh_s: float
    speeds: FloatArray


def growth_inputs(spec: NetworkSpec, outlook: Outlook) -> GrowthInputs:
    """Resolve a network description and an outlook to the numbers of the loop.

    Parameters
    ----------
    spec : NetworkSpec
        The network at the start.
    outlook : Outlook
        Prices, fees and shocks.
    """
    half_lives = (
        spec.entry_half_life_months,
        spec.exit_half_life_months,
        spec.shutdown_half_life_months,
    )
    closed = [1.0 - 0.5 ** (1.0 / months) for months in half_lives]
    return GrowthInputs(
        shocks=outlook.network_shock * (spec.volatility_frac / np.sqrt(12.0)),
        price_usd=outlook.btc_price_usd,
        fees_btc=outlook.fees_btc_per_block,
        hours=outlook.grid.hours,
        log_anchor=np.log(anchor_path(spec, outlook.grid)),
        log_shutdown=np.log(shutdown_path(spec, outlook.grid)),
        start_height=float(spec.start_height),
        start_log_eh_s=float(np.log(network_hashrate_eh_s(spec.start_difficulty))),
        speeds=np.array([spec.response_frac, *closed]),
    )


def simulate_hashrate(inputs: GrowthInputs) -> tuple[FloatArray, FloatArray]:
    """Return hashrate along each path, and the height that it was stepped with.

    Parameters
    ----------
    inputs : GrowthInputs
        From `growth_inputs`.

    Returns
    -------
    hashrate_eh_s : array, shape (scenario, month)
        Mean network hashrate [EH/s].
    height : array, shape (scenario, month)
        Approximate height at the start of each month; `run_epochs` gives the exact one.

    Notes
    -----
    With h the log hashprice, a the log anchor, c the log power cost of the mean rig, R the log
    revenue at 144 blocks a day::

        log H' = log H + k_in (h - a)+ + min(-k_out (a - h)+, -k_off (c - h)+)
                 + beta (R' - R) + sigma e

    Revenue per hash so reverts to a falling anchor, as in Bertucci, Bertucci, Lasry and Lions 2024
    (doi:10.1137/22M1544993); entry without exit as in Prat and Walter 2021
    (doi:10.1086/714445). Not for the effect of one's own entry, nor for regions: no cohorts here.
    """
    from rerack.network.growth_kernel import step_growth  # numba: only when it is needed

    log_eh_s = np.empty(inputs.shocks.shape)
    height = np.empty(inputs.shocks.shape)
    step_growth(
        np.ascontiguousarray(inputs.shocks),
        np.ascontiguousarray(inputs.price_usd),
        np.ascontiguousarray(inputs.fees_btc),
        inputs.hours,
        inputs.log_anchor,
        inputs.log_shutdown,
        inputs.start_height,
        inputs.start_log_eh_s,
        inputs.speeds,
        log_eh_s,
        height,
    )
    return np.exp(log_eh_s), height


def simulate_hashrate_plain(inputs: GrowthInputs) -> tuple[FloatArray, FloatArray]:
    """Return what `simulate_hashrate` returns, by NumPy over scenarios: the twin that tests it.

    Parameters
    ----------
    inputs : GrowthInputs
        From `growth_inputs`.
    """
    paths, months = inputs.shocks.shape
    response, entry, leave, off = inputs.speeds
    log_eh_s, heights = np.empty((paths, months)), np.empty((paths, months))
    height = np.full(paths, inputs.start_height)
    level = np.full(paths, inputs.start_log_eh_s)
    climb, before = np.zeros(paths), np.zeros(paths)
    for m in range(months):
        due = 6.0 * inputs.hours[m]
        reward = _mean_subsidy(height, due) + inputs.fees_btc[:, m]
        revenue = np.log(0.144 * reward * inputs.price_usd[:, m])
        if m > 0:
            gap = before - level - inputs.log_anchor[m - 1]
            loss = before - level - inputs.log_shutdown[m - 1]
            climb = entry * np.maximum(gap, 0.0)
            climb += np.minimum(leave * np.minimum(gap, 0.0), off * np.minimum(loss, 0.0))
            climb += response * (revenue - before) + inputs.shocks[:, m]
            level = level + climb
        log_eh_s[:, m], heights[:, m], before = level, height, revenue
        early = 3_024.0 * (1.0 - np.exp(-2.0 * climb / 3.0))
        height = height + np.maximum(due * (2_015.0 / 2_016.0) + early, 0.1 * due)
    return np.exp(log_eh_s), heights


def _mean_subsidy(height: FloatArray, blocks: float) -> FloatArray:
    last = height + blocks
    era = np.floor(height / 210_000.0)
    subsidy = np.where(era < 33, 50.0 * 0.5**era, 0.0)
    after = np.where(era < 32, 25.0 * 0.5**era, 0.0)
    past = np.maximum(last - (era + 1.0) * 210_000.0, 0.0) / blocks
    mixed: FloatArray = subsidy * (1.0 - past) + after * past
    return mixed
