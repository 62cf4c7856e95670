"""From a topology file to a `Topology` and its SLA: read, validate, build; all problems at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rerack.catalog import load
from rerack.reliability import Component, Parts, Topology, preset, resolve
from rerack.reliability.cooling import PueYear, cooling_plant, pue_by_hour
from rerack.reliability.credits import CREDIT_SCHEDULES, CreditSchedule, stepped_credits
from rerack.reliability.sla import require_level
from rerack.scenario.build.placed import Placed
from rerack.scenario.errors import Index
from rerack.scenario.inputs import section_rows
from rerack.scenario.kinds import TOPOLOGY
from rerack.scenario.layers import overrides_of
from rerack.scenario.model import InputRow
from rerack.scenario.problems import Finding, nearest, raise_all
from rerack.scenario.reading import read_file
from rerack.scenario.topology.build import Blocks, build_component
from rerack.scenario.topology.rules import rule_findings
from rerack.scenario.topology.schema import CreditsSection, SlaSection, TopologyFile
from rerack.scenario.topology.weather import read_weather

_KW_PER_MW = 1e3


@dataclass(frozen=True, kw_only=True)
class SlaTerms:
    """What was promised about a topology.

    Parameters
    ----------
    availability_frac : float
        Promised availability.
    confidence_frac : float
        Share of years that have to keep it.
    planned_counts : bool
        Whether planned outages count.
    schedule : CreditSchedule or None
        Credits, if any are agreed.
    fee_usd_per_month : float
        Monthly fee that credits are a share of [USD/month].
    """

    availability_frac: float
    confidence_frac: float
    planned_counts: bool
    schedule: CreditSchedule | None
    fee_usd_per_month: float


@dataclass(frozen=True, kw_only=True)
class TopologyStudy:
    """A topology file, read.

    Parameters
    ----------
    topology : Topology
        What keeps the load running.
    sla : SlaTerms or None
        What was promised.
    cooling : tuple of (str, PueYear) or None
        Type of cooling plant, and its PUE in the weather given.
    path : Path
        The file.
    inputs : tuple of InputRow
        Every value of the file, with source and status.
    sha256 : dict of str to str
        Digest of every file that the topology was read from, by the name used for it.
    """

    topology: Topology
    sla: SlaTerms | None
    cooling: tuple[str, PueYear] | None
    path: Path
    inputs: tuple[InputRow, ...]
    sha256: dict[str, str]


def load_topology(
    path: str | Path, *, overrides: Iterable[str] = (), extend: Iterable[Path] = ()
) -> TopologyStudy:
    """Read a topology file.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values set from outside, each ``path.to.key=value``.
    extend : iterable of Path
        The user's own rows of the catalogue's table ``equipment``.

    Returns
    -------
    TopologyStudy
        Topology and promises.

    Raises
    ------
    ScenarioError
        Every problem found, in file order, each with line, column, YAML path and caret: unknown
        keys, units, negative rates, a cycle, a load or a block that nothing feeds, missing
        common-cause shares, an availability that cannot be promised.
    DataError
        `extend` cannot be read, or a row of it is wrong.

    Examples
    --------
    >>> load_topology("examples/reliability/two-feeds.yaml").topology.name  # doctest: +SKIP
    'Two feeds'
    """
    rows = tuple(extend)
    if rows:
        # What is wrong with them is said once, not at every component.
        load("equipment", extend=rows)
    read = read_file(
        path,
        TopologyFile,
        overrides_of(overrides),
        kind=TOPOLOGY,
        rules=lambda _, index: rule_findings(index),
    )
    file, index = read.file, read.index
    placed = Placed(index)
    topology, sla = build_topology(file, placed, Parts(extend=rows))
    cooling = None
    if file.cooling is not None:
        with placed.at("cooling", "weather"):
            weather = read_weather(Path(path).parent / file.cooling.weather)
            plant = cooling_plant(file.cooling.type)
            year = pue_by_hour(plant, dry_bulb_c=weather.dry_bulb_c, wet_bulb_c=weather.wet_bulb_c)
            cooling = (plant.name, year)
    raise_all(placed.findings)
    assert topology is not None
    return TopologyStudy(
        topology=topology,
        sla=sla,
        cooling=cooling,
        path=Path(path),
        inputs=section_rows(file, index, read.provenance),
        sha256=read.sha256,
    )


def build_topology(
    file: TopologyFile, placed: Placed, parts: Parts
) -> tuple[Topology | None, SlaTerms | None]:
    """Return what a validated file describes; None for a topology that was refused.

    Parameters
    ----------
    file : TopologyFile
        The validated keys.
    placed : Placed
        Collects what is refused, at its place.
    parts : Parts
        Equipment.
    """
    topology = _topology(file, parts, placed)
    sla = None if file.sla is None else _sla(file.sla, file.topology.critical, placed, placed.index)
    return topology, sla


def _topology(file: TopologyFile, parts: Parts, placed: Placed) -> Topology | None:
    top = file.topology
    made: Topology | None = None
    if top.preset is not None:
        with placed.at("topology", "preset"):
            ready = preset(top.preset, critical_mw=top.critical, parts=parts)
            made = replace(ready, name=top.name, description=top.description or ready.description)
    else:
        made = _from_blocks(file, parts, placed)
    return made


def _from_blocks(file: TopologyFile, parts: Parts, placed: Placed) -> Topology | None:
    top = file.topology
    components: dict[str, Component] = {}
    for name, section in file.components.items():
        with placed.at("components", name):
            components[name] = build_component(name, section, parts)
    made: Topology | None = None
    blocks = None if placed.findings else Blocks(file, components, placed).build(top.fed_by or "")
    if blocks is not None and not placed.findings:
        with placed.at("topology", "critical"):
            made = Topology(
                name=top.name,
                blocks=blocks,
                critical_mw=top.critical,
                description=top.description,
            )
            # Refusals that only show when blocks are put together belong to the file as well.
            resolve(made.blocks)
    return made


def _sla(section: SlaSection, critical_mw: float, placed: Placed, index: Index) -> SlaTerms | None:
    with placed.at("sla", "availability"):
        require_level(section.availability, "availability")
    schedule = None
    if section.schedule is not None and section.credits is not None:
        placed.findings.append(_both(index))
    elif section.schedule is not None:
        schedule = CREDIT_SCHEDULES.get(section.schedule)
        if schedule is None:
            placed.findings.append(_no_schedule(section.schedule, index))
    elif section.credits is not None:
        with placed.at("sla", "credits"):
            schedule = own_schedule(section.credits, source="stated in the topology file")
    return SlaTerms(
        availability_frac=section.availability,
        confidence_frac=section.confidence,
        planned_counts=section.planned_counts,
        schedule=schedule,
        fee_usd_per_month=(section.fee or 0.0) * _KW_PER_MW * critical_mw,
    )


def own_schedule(terms: CreditsSection, *, source: str) -> CreditSchedule:
    """Return the schedule of credits of terms that a file states."""
    return stepped_credits(
        "of this file",
        step_hours=terms.step,
        step_frac=terms.credit,
        allowed_hours=terms.allowed,
        cap_frac=terms.cap,
        exit_hours=float("inf") if terms.exit is None else terms.exit,
        source=source,
    )


def _both(index: Index) -> Finding:
    return index.finding(
        ("sla", "credits"),
        "a known schedule and terms of your own",
        "one of them",
        "Remove `schedule` or `credits`.",
        at_key=True,
    )


def _no_schedule(name: str, index: Index) -> Finding:
    return index.finding(
        ("sla", "schedule"),
        repr(name),
        ", ".join(CREDIT_SCHEDULES),
        nearest(name, CREDIT_SCHEDULES),
    )
