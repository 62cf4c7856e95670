"""Section ``world`` to a `World`: the preset, with what the file changes in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rerack.base.errors import InputError
from rerack.network.world.announced import Announced
from rerack.network.world.behaviour import AiDemand, Behaviour
from rerack.network.world.cohort import Cohort, Generation, Region, Relocation
from rerack.network.world.preset import world_of
from rerack.network.world.state import World
from rerack.scenario.build.placed import Placed
from rerack.scenario.network_file.schema import AI_FIELDS, BEHAVIOUR_FIELDS, WorldSection

if TYPE_CHECKING:
    from rerack.scenario.schema.base import Section

_AT = ("world",)


def build_world(section: WorldSection, start: str, placed: Placed) -> tuple[World, frozenset[str]]:
    """Return the world of a section and the names of the cohorts that the file states itself.

    Parameters
    ----------
    section : WorldSection
        A section whose references hold.
    start : str
        Month of a world without a preset.
    placed : Placed
        Collects what domain objects refuse, at its place; raised there and then.
    """
    base = None if section.preset is None else world_of(section.preset, generations=section.coming)
    regions = _regions(section, base, placed)
    generations = _generations(section, base, start)
    cohorts = _changed(section, base)
    stated: dict[tuple[str, str, str], Cohort] = {}
    for name, part in section.cohorts.items():
        with placed.at(*_AT, "cohorts", name):
            one = Cohort(
                region=part.region,
                generation=part.generation,
                owner=part.owner,
                installed_eh_s=part.hashrate,
                arriving_eh_s=part.arriving,
                efficiency_j_per_th=part.efficiency,
                power_usd_per_mwh=part.power,
                spread_frac=part.spread,
                convertible_frac=part.convertible,
                floor_eh_s=part.floor,
            )
            stated[one.region, one.generation, one.owner] = one
    placed.raise_any()
    merged = {(c.region, c.generation, c.owner): c for c in cohorts} | stated
    _add_places(merged, stated.values(), generations, base)
    fixed = {c.name for c in stated.values()}
    fixed |= {c.name for c in merged.values() if _region_stated(section, c.region)}
    with placed.at(*_AT):
        world = World(
            date=start if base is None else base.date,
            height=section.height if base is None else base.height,  # type: ignore[arg-type]
            difficulty=section.difficulty if base is None else base.difficulty,  # type: ignore[arg-type]
            regions=regions,
            generations=generations,
            cohorts=tuple(merged.values()),
            relocations=_relocations(section, base, placed),
            behaviour=_behaviour(section, base, placed),
            ai=_ai(section, base, placed),
            conversions=(),
            assumptions=() if base is None else base.assumptions,
        )
    placed.raise_any()
    return _announce(world, section, placed), frozenset(fixed)


def _region_stated(section: WorldSection, region: str) -> bool:
    return region in section.regions and section.regions[region].hashrate is not None


def _regions(section: WorldSection, base: World | None, placed: Placed) -> tuple[Region, ...]:
    found = {} if base is None else {r.name: r for r in base.regions}
    for name, part in section.regions.items():
        old = found.get(name)
        with placed.at(*_AT, "regions", name):
            found[name] = Region(
                name=name,
                limit_mw=_or(part.limit, 0.0 if old is None else old.limit_mw),
                build_mw_per_month=_or(part.build, 0.0 if old is None else old.build_mw_per_month),
            )
    return tuple(found.values())


def _generations(section: WorldSection, base: World | None, start: str) -> tuple[Generation, ...]:
    found = {} if base is None else {g.name: g for g in base.generations}
    date = start if base is None else base.date
    for name, part in section.generations.items():
        found[name] = Generation(name=name, release_month=_months_between(date, part.release))
    return tuple(sorted(found.values(), key=lambda g: g.release_month))


def _months_between(first: str, second: str) -> int:
    (a, b), (c, d) = (tuple(map(int, text.split("-"))) for text in (first, second))
    return 12 * (c - a) + d - b


def _changed(section: WorldSection, base: World | None) -> list[Cohort]:
    """Return the preset's cohorts with the file's power prices, hashrates, shares and floors."""
    cohorts = [] if base is None else list(base.cohorts)
    for name, part in section.regions.items():
        if part.power is not None:
            cohorts = [_at(c, name, power_usd_per_mwh=part.power) for c in cohorts]
        here = sum(c.installed_eh_s for c in cohorts if c.region == name)
        if part.hashrate is not None and here > 0.0:
            factor = part.hashrate / here
            cohorts = [
                _at(
                    c,
                    name,
                    installed_eh_s=c.installed_eh_s * factor,
                    arriving_eh_s=c.arriving_eh_s * factor,
                    floor_eh_s=c.floor_eh_s * factor,
                )
                for c in cohorts
            ]
    for owner, terms in section.owners.items():
        share = terms.convertible
        cohorts = [replace(c, convertible_frac=share) if c.owner == owner else c for c in cohorts]
    return cohorts


def _at(cohort: Cohort, region: str, **changes: float) -> Cohort:
    return replace(cohort, **changes) if cohort.region == region else cohort  # type: ignore[arg-type]


def _add_places(
    merged: dict[tuple[str, str, str], Cohort],
    stated: Iterable[Cohort],
    generations: tuple[Generation, ...],
    base: World | None,
) -> None:
    """Give owners that the file adds a place for every later generation: they may buy it."""
    efficiency = {c.generation: c.efficiency_j_per_th for c in (base.cohorts if base else ())}
    efficiency |= {c.generation: c.efficiency_j_per_th for c in stated}
    order = [g.name for g in generations]
    for one in list(stated):
        for later in order[order.index(one.generation) + 1 :]:
            spot = (one.region, later, one.owner)
            if spot not in merged and later in efficiency:
                merged[spot] = replace(
                    one,
                    generation=later,
                    installed_eh_s=0.0,
                    arriving_eh_s=0.0,
                    floor_eh_s=0.0,
                    efficiency_j_per_th=efficiency[later],
                )


def _relocations(
    section: WorldSection, base: World | None, placed: Placed
) -> tuple[Relocation, ...]:
    keep = base is not None and section.ways != "listed"
    found = {(w.origin, w.destination): w for w in base.relocations} if base and keep else {}
    for name, part in section.relocations.items():
        with placed.at(*_AT, "relocations", name):
            found[part.origin, part.destination] = Relocation(
                origin=part.origin,
                destination=part.destination,
                cost_usd_per_th=part.cost,
                delay_months=part.delay,
                limit_frac=part.limit,
            )
    return tuple(found.values())


def _behaviour(section: WorldSection, base: World | None, placed: Placed) -> Behaviour:
    old = Behaviour() if base is None else base.behaviour
    made: list[Behaviour] = []
    with placed.at(*_AT, "behaviour"):
        made.append(replace(old, **_given(section.behaviour, BEHAVIOUR_FIELDS)))
    return made[0] if made else old


def _ai(section: WorldSection, base: World | None, placed: Placed) -> AiDemand | None:
    given = _given(section.ai, AI_FIELDS)
    found = None if base is None else base.ai
    with placed.at(*_AT, "ai"):
        if found is None and {"rent_usd_per_mw_year", "capex_usd_per_mw"} <= given.keys():
            found = AiDemand(**given)
        elif found is not None:
            found = replace(found, **given)
        if found is not None and section.ai.rule != "margin":
            found = replace(found, limit_mw_per_month=0.0)
    return found


def _given(section: Section, names: dict[str, str]) -> dict[str, Any]:
    """Return what the file gives, by field of the domain object."""
    given = {field: getattr(section, name) for name, field in names.items()}
    return {field: value for field, value in given.items() if value is not None}


def _announce(world: World, section: WorldSection, placed: Placed) -> World:
    """Add state floors and conversions one by one, so that a refusal has its line."""
    for region, terms in section.states.items():
        with placed.at(*_AT, "states", region):
            world = _with_floor(world, region, terms.floor)
    for name, part in section.conversions.items():
        with placed.at(*_AT, "conversions", name):
            one = Announced(
                name=name,
                region=part.region,
                owner=part.owner,
                utility_mw=part.power,
                month=part.month,
                over_months=part.over,
            )
            world = replace(world, conversions=(*world.conversions, one))
    placed.raise_any()
    return replace(world, conversions=()) if section.ai.rule == "nobody" else world


def _with_floor(world: World, region: str, floor_eh_s: float) -> World:
    """Divide a state's floor over its cohorts in proportion to what is installed."""
    mine = [c for c in world.cohorts if c.region == region and c.owner == "state"]
    have = sum(c.installed_eh_s for c in mine)
    if floor_eh_s > have:
        raise InputError.of(
            "floor",
            given=f"{floor_eh_s:g} EH/s",
            allowed=f"at most {have:g} EH/s, what the state has installed in {region}",
            cure="Lower it, or add a cohort with owner state there.",
        )
    cohorts = tuple(
        replace(c, floor_eh_s=floor_eh_s * c.installed_eh_s / have)
        if c in mine and have > 0.0
        else c
        for c in world.cohorts
    )
    return replace(world, cohorts=cohorts)


def _or(given: float | None, otherwise: float) -> float:
    return otherwise if given is None else given
