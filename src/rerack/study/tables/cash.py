"""Tables of money and megawatts through time, as means over scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.base.timegrid import MonthGrid
from rerack.numerics.quantiles import quantiles
from rerack.planning import LINES, SITE_ROW, USES
from rerack.scenario import Scenario
from rerack.study.drivers import month_slices
from rerack.study.merge import Merged
from rerack.study.store import Table

_QUANTILES = {"p5": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}


def cashflow_table(merged: Merged, scenario: Scenario) -> Table:
    """Return mean cash by plan, hall, line and month; lines that are zero throughout are left out.

    Summed over hall and line it is the plan's mean owner cash, whose discounted sum is the mean
    NPV: the table explains the headline figure to the cent.
    """
    labels = np.asarray(scenario.grid.labels)
    found = [np.argwhere(p.line_mean_usd.any(axis=2)) for p in merged.plans]
    places = np.concatenate(found)
    rows = _names([*(h.name for h in scenario.site.halls), SITE_ROW])
    lines, plans = _names(LINES), _names(p.plan.name for p in merged.plans)

    def by_month(names: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(names[:, None], (len(places), len(labels))).ravel()

    return {
        "plan": by_month(np.repeat(plans, [len(at) for at in found])),
        "hall": by_month(rows[places[:, 0]]),
        "line": by_month(lines[places[:, 1]]),
        "month": np.tile(labels, len(places)),
        "mean_usd": np.concatenate(
            [
                plan.line_mean_usd[at[:, 0], at[:, 1]].ravel()
                for plan, at in zip(merged.plans, found, strict=True)
            ]
        ),
    }


def _names(texts: Iterable[str]) -> NDArray[Any]:
    """Return texts as objects, so that each is held once and not once a month."""
    return np.array(list(texts), dtype=object)


def uses_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return mean utility MW by plan, use and month."""
    months = len(grid.labels)
    plans = _names(p.plan.name for p in merged.plans)
    return {
        "plan": np.repeat(plans, len(USES) * months),
        "month": np.tile(_names(grid.labels), len(plans) * len(USES)),
        "use": np.tile(np.repeat(_names(USES), months), len(plans)),
        "mean_mw": np.concatenate([p.use_mw_mean.ravel() for p in merged.plans]),
    }


def outlook_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return mean and quantiles of each driver by month."""
    drivers = merged.drivers
    levels = list(_QUANTILES.values())
    means, fans = [], []
    for name in drivers.names:
        # A few months at a time: paths of many scenarios need not fit into memory.
        for first, stop in month_slices(drivers):
            paths = drivers.months(name, first, stop)
            means.append(paths.mean(axis=0))
            fans.append(quantiles(paths, levels))
    table: Table = {
        "driver": np.repeat(_names(drivers.names), len(grid.labels)),
        "month": np.tile(_names(grid.labels), len(drivers.names)),
        "mean": np.concatenate(means),
    }
    for i, name in enumerate(_QUANTILES):
        table[name] = np.concatenate([fan[i] for fan in fans])
    return table
