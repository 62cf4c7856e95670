"""When halvings come: a date that follows from the hashrate path, not from a calendar."""

from __future__ import annotations

import calendar
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.base.timegrid import MonthGrid, parse_month
from rerack.chain import halving_height, subsidy_sat
from rerack.chain.subsidy import HALVING_BLOCKS, SATOSHI_PER_BTC
from rerack.network.world.result import NetworkSimulation

_QUANTILES = (("p5", 0.05), ("p50", 0.5), ("p95", 0.95))
#: What stands for a date that the simulation does not reach.
LATER = "later"


def halving_table(simulation: NetworkSimulation) -> dict[str, NDArray[Any]]:
    """Return each halving that some scenario reaches: height, new subsidy, and when.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation.

    Returns
    -------
    dict of str to array, shape (halving,)
        Height of the first block that is paid less; its subsidy [BTC/block]; share of scenarios in
        which it is found by the end; days of P5, P50 and P95 over all scenarios (UTC), ``later``
        where that is after the end.

    Notes
    -----
    Hashrate that rises finds blocks faster than every ten minutes until the next retarget, so a
    halving comes earlier than ``(height - start height) * 600 s``; hashrate that leaves delays it.
    """
    when = simulation.halving_month
    first = simulation.world.height // HALVING_BLOCKS + 1
    reached = [j for j in range(when.shape[1]) if np.isfinite(when[:, j]).any()]
    heights = [halving_height(first + j) for j in reached]
    out: dict[str, NDArray[Any]] = {
        "height": np.array(heights, dtype=np.int64),
        "subsidy_btc": np.array([subsidy_sat(h) / SATOSHI_PER_BTC for h in heights]),
        "reached_frac": np.array([np.isfinite(when[:, j]).mean() for j in reached]),
    }
    for name, level in _QUANTILES:
        # A scenario's own month: between one that is reached and one that is not nothing lies.
        at = [float(np.quantile(when[:, j], level, method="inverted_cdf")) for j in reached]
        out[f"day_{name}"] = np.array([_day(simulation.grid, month) for month in at], dtype=str)
    return out


def _day(grid: MonthGrid, month: float) -> str:
    """Return the day of a fractional month from the start."""
    if not np.isfinite(month) or month >= grid.months:
        return LATER
    label = grid.labels[int(month)]
    days = calendar.monthrange(*parse_month(label, "month"))[1]
    return f"{label}-{1 + int((month % 1.0) * days):02d}"
