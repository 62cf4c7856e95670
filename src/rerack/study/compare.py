"""Two runs side by side: what changed in the inputs, what that did to the plans."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.study.run import Run
from rerack.study.store import Table


def compare_plans(first: Run, second: Run) -> Table:
    """Return each plan's headline figures in both runs, for the plans that either has."""
    names = list(dict.fromkeys([*first.column("plans", "plan"), *second.column("plans", "plan")]))
    table: Table = {"plan": np.asarray(names, dtype=str)}
    for column in ("npv_mean_usd", "npv_se_usd", "delta_mean_usd", "capex_usd"):
        a, b = _by_plan(first, column), _by_plan(second, column)
        table[f"first_{column}"] = np.asarray([a.get(n, np.nan) for n in names])
        table[f"second_{column}"] = np.asarray([b.get(n, np.nan) for n in names])
    table["change_npv_mean_usd"] = table["second_npv_mean_usd"] - table["first_npv_mean_usd"]
    return table


def compare_inputs(first: Run, second: Run) -> Table:
    """Return the inputs whose value differs, or that only one of the runs has."""
    a, b = _inputs(first), _inputs(second)
    paths = [p for p in dict.fromkeys([*a, *b]) if a.get(p) != b.get(p)]
    return {
        "input": np.asarray(paths, dtype=str),
        "first": np.asarray([a.get(p, "not given") for p in paths], dtype=str),
        "second": np.asarray([b.get(p, "not given") for p in paths], dtype=str),
    }


def _by_plan(run: Run, column: str) -> dict[str, Any]:
    return dict(zip(run.column("plans", "plan"), run.column("plans", column), strict=True))


def _inputs(run: Run) -> dict[str, str]:
    return dict(zip(run.column("inputs", "path"), run.column("inputs", "value"), strict=True))
