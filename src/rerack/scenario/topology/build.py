"""Sections of a topology file to components and blocks."""

from __future__ import annotations

import math
from dataclasses import replace

from rerack.base.errors import InputError
from rerack.reliability import (
    Block,
    Component,
    KofN,
    Leaf,
    OutageDuration,
    Parallel,
    Parts,
    Series,
    Standby,
    long_run,
    resolve,
)
from rerack.scenario.build.placed import Placed
from rerack.scenario.topology.schema import (
    BlockSection,
    ComponentSection,
    KofNSection,
    ParallelSection,
    SeriesSection,
    StandbySection,
    TopologyFile,
)

_HOURS_PER_YEAR = 8760.0


def build_component(name: str, section: ComponentSection, parts: Parts) -> Component:
    """Return the component of a section, with the catalogue's figures where the file gives none.

    Raises
    ------
    InputError
        No equipment of the catalogue is named and a figure is missing, or the catalogue is silent.
    """
    capacity = section.capacity or math.inf
    if section.equipment is None:
        rate, repair = section.failure_rate, section.repair
        if rate is None or (repair is None and rate > 0.0):
            raise InputError.of(
                name,
                given="no equipment of the catalogue, and no failure_rate and repair",
                allowed="failure_rate and repair, or equipment",
                cure="Add the missing key.",
            )
        base = Component(name=name, failure_rate_per_year=0.0, mttr_hours=0.0)
    else:
        chosen = {} if section.estimate is None else {section.equipment: section.estimate}
        base = _from_catalogue(name, section, Parts(extend=parts.extend, estimates=chosen))
    run = None if section.fail_to_run is None else section.fail_to_run / _HOURS_PER_YEAR
    return replace(
        base,
        name=name,
        failure_rate_per_year=_or(section.failure_rate, base.failure_rate_per_year),
        mttr_hours=_or(section.repair, base.mttr_hours),
        fail_to_start_frac=_or(section.fail_to_start, base.fail_to_start_frac),
        fail_to_run_per_hour=_or(run, base.fail_to_run_per_hour),
        maintenance_hours_per_year=section.maintenance,
        capex_usd=_or(section.cost, base.capex_usd),
        capacity_mw=capacity,
        source=base.source or "stated in the topology file",
    )


def _from_catalogue(name: str, section: ComponentSection, parts: Parts) -> Component:
    """Return the catalogue's component; what the file states itself need not be known there."""
    equipment = section.equipment or ""
    capacity = section.capacity or math.inf
    if section.failure_rate is None or section.repair is None:
        return parts.component(equipment, name=name, capacity_mw=capacity)
    row = parts.reliability_row(equipment)
    known = row["fail_to_start_frac"] is not None
    return Component(
        name=name,
        failure_rate_per_year=0.0,
        mttr_hours=0.0,
        fail_to_start_frac=row.number("fail_to_start_frac") if known else 0.0,
        capex_usd=0.0 if section.cost is not None else parts.cost_usd(equipment, capacity),
        source=f"stated in the topology file; other figures of {row.label}",
        kind=equipment,
    )


def _or(given: float | None, otherwise: float) -> float:
    return otherwise if given is None else given


class Blocks:
    """Builds blocks by name, one object for one name, copies with names of their own.

    Parameters
    ----------
    file : TopologyFile
        A file whose references hold and do not run in circles.
    components : dict of str to Component
        Components by name.
    placed : Placed
        Collects what blocks refuse, at its place.
    """

    def __init__(
        self, file: TopologyFile, components: dict[str, Component], placed: Placed
    ) -> None:
        self._sections = file.blocks
        self._components = components
        self._placed = placed
        self._made: dict[tuple[str, str], Block | None] = {}

    def build(self, name: str, suffix: str = "") -> Block | None:
        """Return the block or component `name`, or None if something in it was refused."""
        if (name, suffix) not in self._made:
            self._made[name, suffix] = self._new(name, suffix)
        return self._made[name, suffix]

    def _new(self, name: str, suffix: str) -> Block | None:
        if name in self._components or name not in self._sections:
            component = self._component(name, suffix)
            return None if component is None else Leaf(component=component)
        section = self._sections[name]
        made: Block | None = None
        with self._placed.at("blocks", name):
            if isinstance(section, StandbySection):
                made = self._standby(name, section, suffix)
            else:
                made = self._group(name, section, suffix)
        return made

    def _component(self, name: str | None, suffix: str) -> Component | None:
        found = self._components.get(name or "")
        return None if found is None else replace(found, name=f"{found.name}{suffix}")

    def _group(self, name: str, section: BlockSection, suffix: str) -> Block | None:
        assert not isinstance(section, StandbySection)
        copies = None if isinstance(section, SeriesSection) else section.copies
        if copies is not None and len(section.of) != 1:
            raise InputError.of(
                "copies",
                given=f"copies of {len(section.of)} blocks",
                allowed="copies of one",
                cure="Put them in a series and copy that.",
            )
        if copies is None:
            made = [self.build(child, suffix) for child in section.of]
        else:
            made = [self.build(section.of[0], f"{suffix} {i}") for i in range(1, copies + 1)]
        children = tuple(child for child in made if child is not None)
        if len(children) < len(made):
            return None
        label = f"{name}{suffix}"
        if isinstance(section, KofNSection):
            return KofN(k=section.need, children=children, beta_frac=section.beta, name=label)
        if isinstance(section, ParallelSection):
            return Parallel(children=children, beta_frac=section.beta, name=label)
        return Series(children=children, name=label)

    def _standby(self, name: str, section: StandbySection, suffix: str) -> Block | None:
        primary = self.build(section.primary, suffix)
        generator = self._component(section.generator, suffix)
        battery = self._component(section.battery, suffix)
        refused = (section.generator and generator is None) or (section.battery and battery is None)
        if primary is None or refused:
            return None
        return Standby(
            name=f"{name}{suffix}",
            primary=primary,
            beta_frac=section.beta,
            generator=generator,
            installed=section.installed or 0,
            needed=section.needed or 0,
            start_hours=section.start,
            fuel_hours=_or(section.fuel, math.inf),
            battery=battery,
            ride_through_hours=section.ride_through or 0.0,
            duration=_duration(section, primary),
        )


def _duration(section: StandbySection, primary: Block) -> OutageDuration | None:
    if section.outages is None:
        return None
    stated = OutageDuration(
        shares_frac=tuple(kind.share for kind in section.outages),
        means_hours=tuple(kind.mean for kind in section.outages),
    )
    # Mean lengths as stated have to fit the primary's; `supply_losses` checks it to 0.1 %.
    mean = long_run(resolve(primary)).mean_outage_hours
    if mean > 0.0 and not math.isclose(stated.mean_hours, mean, rel_tol=1e-3):
        raise InputError.of(
            "outages",
            given=f"kinds of outage with a mean of {stated.mean_hours:.3g} h",
            allowed=f"{mean:.3g} h, the mean outage of the primary",
            cure="Make the repair of the primary and the mean of the kinds equal.",
        )
    return stated
