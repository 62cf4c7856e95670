"""What a policy's figures are made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from rerack.study.explanation.inputs import input_nodes
from rerack.study.explanation.node import Node
from rerack.study.run import Run

#: How each value of the table ``policy_values`` is computed, and of which others.
_FORMULAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "rule": (
        "mean over the study's scenarios of Σ cash · weight of its month (discount, tax, shield, "
        "loan), decided by a rule fitted on other scenarios; martingale increments, of mean zero, "
        "are taken off",
        (),
    ),
    "best possible": (
        "mean over scenarios of the largest, over dates and offers, of value less martingale "
        "(Rogers 2002); crews and AI MW at the prices found on the fit's scenarios",
        (),
    ),
    "shortfall": ("best possible − rule, scenario by scenario", ("best possible", "rule")),
    "mining on": ("the same halls if none is ever converted, less martingale increments", ()),
    "converting": ("rule − mining on, scenario by scenario", ("rule", "mining on")),
    "waiting": (
        "rule − each hall at the one date and offer that is best on the fit's scenarios",
        ("rule",),
    ),
    "keeping the choice": ("rule − the better of converting at once and never", ("rule",)),
}
_INPUTS = ("study.discount_rate", "finance", "offers", "market.bitcoin", "market.network")


def policy_builders(run: Run) -> dict[str, Callable[[], Node]]:
    """Return the explainable figures of a run's policies, by name; none of a run without."""
    builders: dict[str, Callable[[], Node]] = {}
    for table, build in (("policy_values", _policy_value), ("option_values", _option_value)):
        if _has(run, table):
            for row in _rows(run, table):
                name = f"{_prefix(table)}:{row['plan']}:{row['value']}"
                builders[name] = partial(build, run, row)
    return builders


def _has(run: Run, table: str) -> bool:
    """Return whether a run holds the table: it has a policy, and valued its rights if need be."""
    if table == "option_values" and not run.meta.get("option_values", False):
        return False
    return bool((run.column("plans", "kind") == "policy").any())


def _prefix(table: str) -> str:
    return "policy" if table == "policy_values" else "right"


def _rows(run: Run, table: str) -> list[dict[str, Any]]:
    columns = run.table(table)
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _policy_value(run: Run, row: dict[str, Any]) -> Node:
    plan, value = str(row["plan"]), str(row["value"])
    formula, parts = _FORMULAS[value]
    others = {str(r["value"]): r for r in _rows(run, "policy_values") if str(r["plan"]) == plan}
    children = tuple(_policy_value(run, others[part]) for part in parts)
    return Node(
        label=f"{value}, {plan}",
        value=float(row["mean_usd"]),
        unit="USD",
        formula=f"{row['meaning']}: {formula}; standard error {float(row['se_usd']):,.0f} USD",
        children=children or input_nodes(run, f"plans.{plan}", *_INPUTS),
    )


def _option_value(run: Run, row: dict[str, Any]) -> Node:
    plan = str(row["plan"])
    return Node(
        label=f"{row['value']}, {plan}",
        value=float(row["mean"]),
        unit=str(row["unit"]),
        formula=f"{row['meaning']}, both rules fitted anew on the same draws; standard error "
        f"{float(row['se']):,.0f} {row['unit']}",
        children=input_nodes(run, f"plans.{plan}", *_INPUTS),
    )
