"""Availability and expected credits of an offer, down to outages, blocks and inputs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rerack.study.explanation.inputs import input_nodes
from rerack.study.explanation.node import Node
from rerack.study.run import Run

#: Kinds of outage shown; the table ``outages`` has all.
_MOST = 8
#: Keys of an offer that say what was promised and what a miss earns.
_AGREED = ("sla", "sla_credits", "credit_months_per_pp", "credit_cap")


def reliability_builders(run: Run) -> dict[str, Callable[[], Node]]:
    """Return what explains availability and credits of each offer whose topology is known."""
    names: dict[str, Callable[[], Node]] = {}
    for offer in run.meta.get("topologies", ()):
        names[f"availability:{offer}"] = partial(_availability, run, offer)
        names[f"credits:{offer}"] = partial(_credits, run, offer)
    return names


def _availability(run: Run, offer: str) -> Node:
    row = run.row("reliability", offer=offer)
    return Node(
        label=f"availability of {offer}",
        value=float(row["availability_frac"]),
        formula="1 − minutes lost / 525,600, exact for the blocks of the topology",
        children=(
            _outages(run, row["topology"], float(row["minutes_lost_per_year"])),
            *input_nodes(run, f"offers.{offer}.topology"),
        ),
    )


def _outages(run: Run, label: str, minutes: float) -> Node:
    table = run.table("outages")
    rows = [i for i, name in enumerate(table["topology"]) if name == label]
    kinds = tuple(
        Node(
            label=str(table["cause"][i]),
            value=60.0 * float(table["outages_per_year"][i] * table["mean_hours"][i]),
            unit="min/year",
            formula=f"{table['outages_per_year'][i]:.4g} a year · {table['mean_hours'][i]:.4g} h",
        )
        for i in rows
    )
    rest = sum(float(kind.value) for kind in kinds[_MOST:])
    others = () if len(kinds) <= _MOST else (_others(len(kinds) - _MOST, rest),)
    return Node(
        label=f"minutes lost with {label}",
        value=minutes,
        unit="min/year",
        formula="sum over kinds of outage; table outages",
        children=(*kinds[:_MOST], *others),
    )


def _others(count: int, minutes: float) -> Node:
    return Node(label=f"{count} other kinds", value=minutes, unit="min/year")


def _credits(run: Run, offer: str) -> Node:
    row = run.row("reliability", offer=offer)
    agreed = [f"offers.{offer}.{key}" for key in _AGREED]
    return Node(
        label=f"expected SLA credits of {offer}",
        value=float(row["expected_credit_frac"]),
        unit="of rent",
        formula=f"mean over months of the credit for the time down; credits: {row['schedule']}",
        children=(_availability(run, offer), *input_nodes(run, *agreed)),
    )
