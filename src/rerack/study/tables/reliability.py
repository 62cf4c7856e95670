"""What keeps each offer's load running: availability, outages, causes and the blocks themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rerack.reliability import Block, Component, KofN, Leaf, Standby, Topology
from rerack.reliability.blocks import children_of
from rerack.reliability.causes import largest_causes
from rerack.scenario import OfferTopology, Scenario
from rerack.study.store import Table

_KW_PER_MW = 1e3


def topology_labels(scenario: Scenario) -> dict[str, str]:
    """Return the name of each offer's topology, by offer; equal topologies share one.

    Parameters
    ----------
    scenario : Scenario
        The study. Different topologies of one name are told apart by a number.
    """
    known: list[tuple[str, Topology]] = []
    labels = {}
    for offer, found in scenario.topologies.items():
        topology = found.assessment.topology
        for label, other in known:
            if other == topology:
                labels[offer] = label
                break
        else:
            like = sum(other.name == topology.name for _, other in known)
            label = f"{topology.name} ({like + 1})" if like else topology.name
            known.append((label, topology))
            labels[offer] = label
    return labels


def reliability_makers(scenario: Scenario) -> dict[str, Callable[[], Table]]:
    """Return what makes each table of reliability, by name; none without a topology."""
    if not scenario.topologies:
        return {}
    return {
        "reliability": lambda: reliability_table(scenario),
        "outages": lambda: outages_table(scenario),
        "outage_causes": lambda: outage_causes_table(scenario),
        "blocks": lambda: blocks_table(scenario),
    }


def reliability_table(scenario: Scenario) -> Table:
    """Return a row for every offer that says what keeps its load running."""
    labels = topology_labels(scenario)
    rows = []
    for offer, found in scenario.topologies.items():
        rent = scenario.offers[offer].rent_usd_per_kw_month
        rows.append({"offer": offer, "topology": labels[offer], **_row(found, rent)})
    return _columns(rows)


def _row(found: OfferTopology, rent_usd_per_kw_month: float) -> dict[str, Any]:
    assessed = found.assessment
    topology, long_run, profile = assessed.topology, assessed.found, assessed.outlook.profile
    credit, promised = assessed.credits, assessed.promised
    credit_frac = 0.0 if credit is None else credit.fee_frac
    assert promised is not None
    row = {
        "source": found.source,
        "critical_mw": topology.critical_mw,
        "load_mw_critical": found.load_mw,
        "plants": found.plants,
        "availability_frac": long_run.availability_frac,
        "unavailability_frac": long_run.unavailability,
        "minutes_lost_per_year": long_run.minutes_lost_per_year,
        "outages_per_year": long_run.outages_per_year,
        "mean_outage_hours": long_run.mean_outage_hours,
        "median_outage_hours": profile.quantile_hours(0.5),
        "p95_outage_hours": profile.quantile_hours(0.95),
        "planned_minutes_per_year": profile.planned_minutes_per_year,
        "promised_frac": float(promised.levels_frac[0]),
        "promise_missed_frac": float(promised.miss_frac[0]),
        "schedule": found.schedule,
        "expected_credit_frac": credit_frac,
        "credits_usd_per_mw_year": credit_frac * rent_usd_per_kw_month * _KW_PER_MW * 12.0,
        "exit_frac_per_year": 0.0 if credit is None else credit.exit_frac_per_year,
        "capex_usd_per_mw": long_run.capex_usd / topology.critical_mw,
        "components": len(topology.components),
        "components_unverified": sum("(unverified)" in c.source for c, _ in topology.components),
    }
    for level, miss in zip(assessed.outlook.levels_frac, assessed.outlook.miss_frac, strict=True):
        row[f"miss_{100 * level:.7g}_frac".replace(".", "_")] = float(miss)
    return row


def outages_table(scenario: Scenario) -> Table:
    """Return a row for every kind of outage of each topology; a planned one comes once a year."""
    rows = []
    for label, found in _distinct(scenario):
        profile = found.assessment.outlook.profile
        rows += [
            (label, kind.cause, kind.outages_per_year, kind.mean_hours, False)
            for kind in profile.kinds
        ]
        rows += [(label, "planned work", 1.0, hours, True) for hours in profile.planned_hours]
    return _named_rows(
        {
            "topology": str,
            "cause": str,
            "outages_per_year": np.float64,
            "mean_hours": np.float64,
            "planned": bool,
        },
        rows,
    )


def outage_causes_table(scenario: Scenario) -> Table:
    """Return the largest causes of each topology: what is down together, and for how long."""
    rows = [
        (label, cause.name, cause.minutes_per_year, cause.share_frac)
        for label, found in _distinct(scenario)
        for cause in largest_causes(found.assessment.found.cut_sets)
    ]
    kinds = {"topology": str, "cause": str, "minutes_per_year": np.float64}
    return _named_rows({**kinds, "share_frac": np.float64}, rows)


def blocks_table(scenario: Scenario) -> Table:
    """Return the blocks of each topology, parents first: enough to draw and to check it.

    A row is a block or a component. `parent` is the row within the topology that holds it, -1 for
    the block that the load hangs on; `role` says what it is to a supply with reserve. What does
    not apply is 0; what is not limited is infinite.
    """
    rows = [
        {"topology": label, **row}
        for label, found in _distinct(scenario)
        for row in _block_rows(found.assessment.topology.blocks)
    ]
    return _columns(rows)


def _distinct(scenario: Scenario) -> Iterator[tuple[str, OfferTopology]]:
    """Yield each topology once, with its label."""
    seen = set()
    for offer, label in topology_labels(scenario).items():
        if label not in seen:
            seen.add(label)
            yield label, scenario.topologies[offer]


def _block_rows(root: Block) -> Iterator[dict[str, Any]]:
    waiting: list[tuple[Block | Component, int, str, int]] = [(root, -1, "", 1)]
    position = 0
    while waiting:
        item, parent, role, count = waiting.pop(0)
        yield _block_row(item, parent, role, count)
        if isinstance(item, Standby):
            inside: list[tuple[Block | Component, str, int]] = [(item.primary, "primary", 1)]
            if item.generator is not None:
                inside.append((item.generator, "generator", item.installed))
            if item.battery is not None:
                inside.append((item.battery, "battery", 1))
            waiting += [(child, position, of, n) for child, of, n in inside]
        elif not isinstance(item, Component):
            waiting += [(child, position, "", 1) for child in children_of(item)]
        position += 1


def _block_row(item: Block | Component, parent: int, role: str, count: int) -> dict[str, Any]:
    part = item.component if isinstance(item, Leaf) else item
    row: dict[str, Any] = {
        "parent": parent,
        "role": role,
        "kind": _kind(part),
        "name": part.name,
        "count": count,
        "needed": _needed(part),
        "beta_frac": float(getattr(part, "beta_frac", None) or 0.0),
        "fuel_hours": part.fuel_hours if isinstance(part, Standby) else 0.0,
        "ride_through_hours": part.ride_through_hours if isinstance(part, Standby) else 0.0,
    }
    is_part = isinstance(part, Component)
    for name in ("failure_rate_per_year", "fail_to_run_per_hour", "mttr_hours", "capacity_mw"):
        row[name] = float(getattr(part, name)) if is_part else 0.0
    row["source"] = part.source if isinstance(part, Component) else ""
    return row


def _kind(part: Block | Component) -> str:
    if isinstance(part, Component):
        return "component"
    return "k_of_n" if isinstance(part, KofN) else type(part).__name__.lower()


def _needed(part: Block | Component) -> int:
    if isinstance(part, KofN):
        return part.k
    return part.needed if isinstance(part, Standby) else 0


def _columns(rows: list[dict[str, Any]]) -> Table:
    return {name: np.asarray([row[name] for row in rows]) for name in rows[0]}


def _named_rows(kinds: dict[str, Any], rows: list[tuple[Any, ...]]) -> Table:
    return {
        name: np.asarray([row[i] for row in rows], dtype=kind)
        for i, (name, kind) in enumerate(kinds.items())
    }
