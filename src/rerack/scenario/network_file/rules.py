"""What a network file must not say, beyond the shape of its keys."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.catalog import load
from rerack.scenario.errors import Index
from rerack.scenario.network_file.schema import WorldSection
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding, nearest


def preset_dates() -> tuple[str, ...]:
    """Return the months of the catalogue's worlds."""
    return tuple(dict.fromkeys(r.text("world") for r in load("cohorts")))


def preset_names(date: str | None, part: str) -> tuple[str, ...]:
    """Return the regions, generations or owners that a preset knows."""
    rows = [r for r in load("cohorts") if r.text("world") == date and r.text("part") == part]
    return tuple(dict.fromkeys(r.text("name") for r in rows))


def rule_findings(world: WorldSection, index: Index) -> Iterator[Finding]:
    """Yield what is wrong with references: unknown presets, regions and generations.

    Parameters
    ----------
    world : WorldSection
        The section, valid in shape.
    index : Index
        Places of the file.
    """
    dates = preset_dates()
    if world.preset is not None and world.preset not in dates:
        yield _finding(index, ("world", "preset"), dates, "Name one of these.")
        return
    regions = [*preset_names(world.preset, "region"), *world.regions]
    for path, name in _regions_named(world):
        if name not in regions:
            at_key = path[1] == "states"
            yield _unknown(index, path, regions, "regions", name, at_key=at_key)
    known = [*preset_names(world.preset, "generation"), *world.generations]
    coming = [f"coming {k}" for k in range(1, world.coming + 1)] if world.preset else []
    for name, cohort in world.cohorts.items():
        if cohort.generation not in (*known, *coming):
            path = ("world", "cohorts", name, "generation")
            yield _unknown(index, path, known, "generations", cohort.generation)
    bought = {c.generation for c in world.cohorts.values()}
    for name in world.generations:
        if name not in bought:
            yield index.finding(
                ("world", "generations", name),
                f"no cohort of generation {name!r}",
                "a cohort of every generation, with 0 EH/s where it is still to come",
                "Add one: its efficiency and whom it may be bought by are not known.",
                at_key=True,
            )
    if world.preset is None:
        yield from _own_world(world, index)


def _regions_named(world: WorldSection) -> Iterator[tuple[YamlPath, str]]:
    for name, cohort in world.cohorts.items():
        yield ("world", "cohorts", name, "region"), cohort.region
    for name, way in world.relocations.items():
        yield ("world", "relocations", name, "origin"), way.origin
        yield ("world", "relocations", name, "destination"), way.destination
    for name, one in world.conversions.items():
        yield ("world", "conversions", name, "region"), one.region
    for region in world.states:
        yield ("world", "states", region), region


def _own_world(world: WorldSection, index: Index) -> Iterator[Finding]:
    """Yield what a world without a preset leaves out."""
    for name in ("height", "difficulty", "regions", "generations", "cohorts"):
        if not getattr(world, name):
            yield index.finding(
                ("world",),
                f"neither a preset nor {name}",
                f"`preset`, or a whole world with `{name}`",
                f"Add `preset: 2025-12`, or `{name}`.",
                at_key=True,
            )
    for name, region in world.regions.items():
        for part in ("limit", "build"):
            if getattr(region, part) is None:
                yield index.finding(
                    ("world", "regions", name),
                    f"a new region without {part}",
                    "limit and build",
                    f"Add `{part}`.",
                    at_key=True,
                )


def _unknown(
    index: Index, path: YamlPath, known: list[str], what: str, name: str, *, at_key: bool = False
) -> Finding:
    """Refuse a name that is neither the file's own nor a preset's; there may be none at all."""
    if known:
        return _finding(index, path, known, nearest(name, known), at_key=at_key)
    nobody = (f"a name under `{what}`, where there is none, or one of a preset's",)
    return _finding(index, path, nobody, f"Add `preset: 2025-12`, or `{what}`.", at_key=at_key)


def _finding(
    index: Index, path: YamlPath, known: tuple[str, ...] | list[str], cure: str, *,
    at_key: bool = False,
) -> Finding:  # fmt: skip
    given = repr(str(path[-1])) if at_key else index.text(path)
    return index.finding(path, given, ", ".join(known), cure, at_key=at_key)
