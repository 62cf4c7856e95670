"""Topologies of a run, put together again from the table of their blocks."""

from __future__ import annotations

from typing import Any

from rerack.base.checks import require
from rerack.reliability import (
    Block,
    Component,
    KofN,
    Leaf,
    OutageKind,
    OutageProfile,
    Parallel,
    Series,
    Standby,
    Topology,
)
from rerack.report.source import RunTables, rows, select


def topology_of(run: RunTables, label: str, *, critical_mw: float) -> Topology:
    """Return a topology of a run as blocks: enough to draw, costs and start failures apart.

    Parameters
    ----------
    run : RunTables
        A finished run.
    label : str
        Name of the topology in the table ``blocks``.
    critical_mw : float
        Critical load [MW critical].
    """
    items = rows(select(run.table("blocks"), topology=label))
    require(bool(items), f"run.blocks[{label}]", given="no rows", allowed="a row for each block")
    inside: dict[int, list[int]] = {}
    for position, item in enumerate(items):
        inside.setdefault(int(item["parent"]), []).append(position)
    # Children stand below their parents, so that going upwards finds them made.
    made: dict[int, Block] = {}
    for position in reversed(range(len(items))):
        children = inside.get(position, [])
        if items[position]["kind"] == "standby":
            made[position] = _standby(items, position, children, made)
        else:
            made[position] = _block(items[position], tuple(made[i] for i in children))
    return Topology(name=label, blocks=made[0], critical_mw=critical_mw)


def profile_of(run: RunTables, label: str) -> OutageProfile:
    """Return the outages of a topology of a run by kind."""
    found = rows(select(run.table("outages"), topology=label))
    return OutageProfile(
        kinds=tuple(
            OutageKind(
                cause=row["cause"],
                outages_per_year=row["outages_per_year"],
                mean_hours=row["mean_hours"],
            )
            for row in found
            if not row["planned"]
        ),
        planned_hours=tuple(row["mean_hours"] for row in found if row["planned"]),
    )


def _component(item: dict[str, Any]) -> Component:
    return Component(
        name=item["name"],
        failure_rate_per_year=item["failure_rate_per_year"],
        fail_to_run_per_hour=item["fail_to_run_per_hour"],
        mttr_hours=item["mttr_hours"],
        capacity_mw=item["capacity_mw"],
        source=item["source"],
    )


def _block(item: dict[str, Any], children: tuple[Block, ...]) -> Block:
    kind, name, beta = item["kind"], item["name"], item["beta_frac"]
    if kind == "component":
        return Leaf(component=_component(item))
    if kind == "series":
        return Series(children=children, name=name)
    if kind == "parallel":
        return Parallel(children=children, beta_frac=beta, name=name)
    return KofN(k=int(item["needed"]), children=children, beta_frac=beta, name=name)


def _standby(
    items: list[dict[str, Any]], position: int, children: list[int], made: dict[int, Block]
) -> Standby:
    item = items[position]
    by_role = {items[i]["role"]: i for i in children}
    generator, battery = (by_role.get(role) for role in ("generator", "battery"))
    return Standby(
        name=item["name"],
        primary=made[by_role["primary"]],
        beta_frac=item["beta_frac"],
        generator=None if generator is None else _component(items[generator]),
        installed=0 if generator is None else int(items[generator]["count"]),
        needed=int(item["needed"]),
        fuel_hours=item["fuel_hours"],
        battery=None if battery is None else _component(items[battery]),
        ride_through_hours=item["ride_through_hours"],
    )
