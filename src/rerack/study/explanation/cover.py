"""The worst DSCR down to scenario, month and items; covenants down to their first breach."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.study.explanation.inputs import input_nodes
from rerack.study.explanation.node import Node
from rerack.study.run import Run, rows_of
from rerack.study.store import Table

_SERVICE = "debt service"
_INPUTS = (
    "finance.loan",
    "finance.equipment",
    "finance.convertible",
    "finance.tax",
    "finance.overhead",
)
#: Items of cash that are under this share of debt service, and no further from their mean, are
#: left out of the sentence that says what was worse than usual.
_NOTEWORTHY_FRAC = 0.02


def worst_dscr(run: Run, plan: str) -> Node:
    """Return the lowest DSCR of a plan: which scenario, which month, and the items that made it."""
    return lowest_cover(
        rows_of(run.table("dscr"), plan=plan),
        f"worst DSCR of {plan}",
        (*_cover_path(run, plan), *input_nodes(run, *_INPUTS)),
    )


def lowest_cover(found: Table, label: str, below: tuple[Node, ...]) -> Node:
    """Return a lowest DSCR: which scenario, which month, and the items that made it.

    Parameters
    ----------
    found : Table
        Rows of a table ``dscr`` of one plan or company: scenario, month, dscr, item, usd, mean_usd.
    label : str
        Whose it is.
    below : tuple of Node
        What stands under it besides the items.
    """
    if not len(found["item"]):
        return Node(label=label, value="no debt service to cover")
    scenario, month = int(found["scenario"][0]), str(found["month"][0])
    items = {str(item): i for i, item in enumerate(found["item"])}
    usd, mean = found["usd"], found["mean_usd"]
    cash = [i for item, i in items.items() if item != _SERVICE]
    due = items[_SERVICE]
    return Node(
        label=label,
        value=float(found["dscr"][0]),
        unit=f"in scenario {scenario}, twelve months to {month}",
        formula="smallest over scenarios and months of trailing 12-month (EBITDA − tax + change in "
        f"claims) / (interest paid + scheduled principal); {_what_was_worse(items, usd, mean)}",
        children=(
            Node(
                label="cash available for debt service",
                value=float(usd[cash].sum()),
                unit="USD",
                formula=f"Σ of the items below; mean over scenarios in the same months "
                f"{mean[cash].sum():,.0f} USD",
                children=tuple(_item(item, usd[i], mean[i]) for item, i in _largest(items, usd)),
            ),
            _item(_SERVICE, usd[due], mean[due]),
            *below,
        ),
    )


def covenant(run: Run, plan: str) -> Node:
    """Return a plan's covenants: how likely a breach is, and when the first ones come."""
    table = run.table("covenants")
    mine = table["plan"] == plan
    names = list(dict.fromkeys(map(str, table["covenant"][mine])))
    return Node(
        label=f"covenants of {plan}",
        value=f"{len(names)} tested in every scenario and month" if names else "none to test",
        children=(
            *(_breaches(run, plan, name) for name in names),
            *input_nodes(run, "finance.covenants", "finance.loan"),
        ),
    )


def _breaches(run: Run, plan: str, name: str) -> Node:
    table = run.table("covenants")
    mine = (table["plan"] == plan) & (table["covenant"] == name)
    ever, at = table["ever_breached_frac"][mine], table["breached_frac"][mine]
    months = table["month"][mine]
    level = float(table["level"][mine][0])
    said = f"{name} {level:,.0f} USD" if level >= 1e3 else f"{name} {level:.4g}"
    if ever[-1] == 0.0:
        return Node(label=said, value="kept in every scenario and month")
    first, worst = int(np.argmax(ever > 0.0)), int(np.argmax(at))
    return Node(
        label=said,
        value=float(ever[-1]),
        unit="of scenarios ever in breach",
        formula=f"first breach in any scenario {months[first]}; most at once {at[worst]:.1%} of "
        f"scenarios, {months[worst]}",
    )


def _item(item: str, usd: float, mean_usd: float) -> Node:
    return Node(
        label=item,
        value=float(usd),
        unit="USD",
        formula=f"sum over the twelve months; mean over scenarios in the same months "
        f"{float(mean_usd):,.0f} USD",
    )


def _largest(items: dict[str, int], usd: FloatArray) -> list[tuple[str, int]]:
    """Return the items of cash that are not zero, largest first."""
    found = [(item, i) for item, i in items.items() if item != _SERVICE and usd[i] != 0.0]
    return sorted(found, key=lambda pair: -abs(float(usd[pair[1]])))


def _what_was_worse(items: dict[str, int], usd: FloatArray, mean: FloatArray) -> str:
    """Return which items were furthest below their mean, in words."""
    due = float(usd[items[_SERVICE]])
    gaps = [(item, float(usd[i] - mean[i])) for item, i in items.items() if item != _SERVICE]
    worse = sorted((g for g in gaps if g[1] < -_NOTEWORTHY_FRAC * due), key=lambda g: g[1])[:3]
    if not worse:
        return "no item was much below its mean: the plan is thin by itself"
    said = ", ".join(f"{item} by {-gap:,.0f} USD" for item, gap in worse)
    return f"below their mean over scenarios: {said}"


def _cover_path(run: Run, plan: str) -> tuple[Node, ...]:
    """Return how often the plan's worst DSCR falls below one."""
    table = run.table("scenarios")
    return (below_one(table["worst_dscr"][table["plan"] == plan]),)


def below_one(worst: FloatArray) -> Node:
    """Return how often a worst DSCR falls below one.

    Parameters
    ----------
    worst : ndarray, shape (scenario,)
        Worst DSCR by scenario [-].
    """
    return Node(
        label="scenarios whose worst DSCR is below 1.00",
        value=float((worst < 1.0).mean()),
        unit="of scenarios",
        formula=f"median of the worst DSCR {float(np.median(worst)):.2f}",
    )
