"""From a network file to a world, its market and its assumptions; all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from rerack.base.checks import require
from rerack.base.timegrid import MonthGrid
from rerack.markets import FeesSpec, MarketSpec
from rerack.network.world.dated import redated, scaled_to_difficulty
from rerack.network.world.state import World
from rerack.scenario.build.market import build_bitcoin, build_lease
from rerack.scenario.build.placed import Placed
from rerack.scenario.errors import Index
from rerack.scenario.inputs import section_rows
from rerack.scenario.kinds import NETWORK
from rerack.scenario.layers import overrides_of, read_layers
from rerack.scenario.model import InputRow
from rerack.scenario.network_file.build import build_world
from rerack.scenario.network_file.rules import preset_dates, rule_findings
from rerack.scenario.network_file.schema import NetworkFile, WorldFile, WorldSection
from rerack.scenario.nodes import Mapping as Tree
from rerack.scenario.places import Place
from rerack.scenario.problems import Finding
from rerack.scenario.reading import read_file
from rerack.scenario.schema.base import Section


@dataclass(frozen=True, kw_only=True)
class NetworkStudy:
    """A network file, read.

    Parameters
    ----------
    name : str
        Name of the study.
    path : Path
        The file.
    grid : MonthGrid
        Months.
    seed, scenarios : int
        Seed of all random streams; number of scenarios.
    market : MarketSpec
        Bitcoin, fees and rents.
    world : World
        The world at the first month.
    inputs : tuple of InputRow
        Every number of the file, then every number of the preset that it does not replace.
    """

    name: str
    path: Path
    grid: MonthGrid
    seed: int
    scenarios: int
    market: MarketSpec
    world: World
    inputs: tuple[InputRow, ...]


def load_network(
    path: str | Path,
    *,
    overrides: Iterable[str] = (),
    scenarios: int | None = None,
    seed: int | None = None,
) -> NetworkStudy:
    """Read a network file.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values set from outside, each ``path.to.key=value``.
    scenarios, seed : int or None
        In place of the file's.

    Returns
    -------
    NetworkStudy
        The world, scaled so that what pays at the file's price is what its difficulty stands for;
        cohorts and regions whose hashrate the file states are not scaled.

    Raises
    ------
    ScenarioError
        Every problem found, in file order, each with line, column, YAML path and caret: unknown
        keys and units, shares above one, no hashrate, regions or generations that do not exist, a
        conversion of more than there is, a floor above what is installed.

    Examples
    --------
    >>> load_network("examples/network/exodus.yaml").world.date  # doctest: +SKIP
    '2025-12'
    """
    given = overrides_of(overrides, scenarios, seed)
    read = read_file(path, NetworkFile, given, kind=NETWORK, rules=_world_findings)
    file, index = read.file, read.index
    start = file.study.start or file.world.preset
    placed = Placed(index)
    with placed.at("study", "start"):
        grid = MonthGrid.parse(start or "", file.study.horizon)
    placed.raise_any()
    with placed.at("market", "bitcoin"):
        bitcoin = build_bitcoin(file.market.bitcoin)
    with placed.at("market", "fees"):
        market = MarketSpec(
            bitcoin=bitcoin,
            fees=FeesSpec(level_btc_per_block=file.market.fees.level),
            lease=build_lease(file.market.lease),
        )
    placed.raise_any()
    world, _ = place_world(
        file.world,
        placed,
        date=grid.labels[0],
        height=file.world.height,
        difficulty=file.world.difficulty,
        price_usd=file.market.bitcoin.price,
        fees_btc=file.market.fees.level,
    )
    return NetworkStudy(
        name=file.study.name,
        path=Path(path),
        grid=grid,
        seed=file.study.seed,
        scenarios=file.study.scenarios,
        market=market,
        world=world,
        inputs=(*section_rows(file, index, read.provenance), *_preset_rows(file.world, world)),
    )


def world_at(
    named: str,
    file: Path | None,
    *,
    date: str,
    height: int,
    difficulty: float,
    price_usd: float,
    fees_btc: float,
) -> tuple[World, frozenset[str], tuple[InputRow, ...]]:
    """Return the world that a site file names, the cohorts it states, and its assumptions.

    Parameters
    ----------
    named : str
        Month of a preset, where `file` is None.
    file : Path or None
        A file with the section ``world``, with or without a study beside it.
    date : str
        First month of the study.
    height, difficulty : int, float
        The chain's then.
    price_usd, fees_btc : float
        Bitcoin price and fees then.

    Raises
    ------
    InputError, ScenarioError
        An unknown preset, one that lies after the study or too long before it; whatever is wrong
        with the file, in its own lines.
    """
    rows: tuple[InputRow, ...] = ()
    placed: Placed | None = None
    if file is None:
        known = preset_dates()
        require(named in known, "world", given=repr(named), allowed=f"a file, {', '.join(known)}")
        section = WorldSection(preset=named)
    else:
        section, placed, rows = _section_of(file)
    world, fixed = place_world(
        section,
        placed,
        date=date,
        height=height,
        difficulty=difficulty,
        price_usd=price_usd,
        fees_btc=fees_btc,
    )
    return world, fixed, (*rows, *_preset_rows(section, world))


def newest_world(
    *,
    date: str,
    height: int,
    difficulty: float,
    price_usd: float,
    fees_btc: float,
    inflation_frac_per_year: float,
) -> World:
    """Return the newest world of the catalogue, carried to a study that names none.

    Parameters
    ----------
    date, height, difficulty, price_usd, fees_btc
        As in `world_at`.
    inflation_frac_per_year : float
        Growth of all miners' costs.
    """
    world, _, _ = world_at(
        preset_dates()[-1],
        None,
        date=date,
        height=height,
        difficulty=difficulty,
        price_usd=price_usd,
        fees_btc=fees_btc,
    )
    behaviour = replace(world.behaviour, inflation_frac_per_year=inflation_frac_per_year)
    return replace(world, behaviour=behaviour)


def _section_of(path: Path) -> tuple[WorldSection, Placed, tuple[InputRow, ...]]:
    """Return section ``world`` of a file, where refusals go, and its rows."""
    layers = read_layers(path, kind=NETWORK)
    root: type[NetworkFile | WorldFile] = NetworkFile
    if "study" not in layers.tree.entries:
        root = WorldFile
    read = read_file(path, root, kind=NETWORK, rules=_world_findings)
    rows = section_rows(read.file, read.index, read.provenance)
    return (
        read.file.world,
        Placed(read.index),
        tuple(r for r in rows if r.path.startswith("world.")),
    )


def place_world(
    section: WorldSection,
    placed: Placed | None,
    *,
    date: str,
    height: int | None,
    difficulty: float | None,
    price_usd: float,
    fees_btc: float,
) -> tuple[World, frozenset[str]]:
    """Build a world, carry it to a month, and scale what is not stated to the difficulty there.

    Parameters
    ----------
    section : WorldSection
        A section whose references hold.
    placed : Placed or None
        Gives refusals their place; without a file they are raised as they are.
    date : str
        First month of the study.
    height, difficulty : int, float or None
        The chain's then; None where the world's own hold.
    price_usd, fees_btc : float
        Bitcoin price and fees of that month.
    """
    world, fixed = build_world(section, date, placed or Placed(Index(_NOWHERE)))
    with nullcontext() if placed is None else placed.at("world"):
        world = redated(
            world,
            date=date,
            height=world.height if height is None else height,
            difficulty=world.difficulty if difficulty is None else difficulty,
        )
        world = scaled_to_difficulty(world, price_usd=price_usd, fees_btc=fees_btc, fixed=fixed)
    if placed is not None:
        placed.raise_any()
    return world, fixed


#: Stands for the file where a world is a preset as it is, which nothing can be refused of.
_NOWHERE = Tree(entries={}, place=Place(file="preset", line=0, column=0))


def _world_findings(file: Section | None, index: Index) -> Iterator[Finding]:
    world = getattr(file, "world", None)
    if isinstance(world, WorldSection):
        yield from rule_findings(world, index)


#: Key of a region in the file, and the metric of the preset that it replaces.
_REPLACES = {
    "limit": "mining_load_limit",
    "build": "build_per_month",
    "power": "power_price",
    "hashrate": "hashrate_share",
}


def _preset_rows(section: WorldSection, world: World) -> tuple[InputRow, ...]:
    """Return the assumptions of the preset that the file does not replace."""
    gone = {
        f"region {name}, {metric}"
        for name, part in section.regions.items()
        for key, metric in _REPLACES.items()
        if getattr(part, key) is not None
    }
    gone |= {f"owner {owner}, convertible_share" for owner in section.owners}
    return tuple(
        InputRow(
            path=f"preset {section.preset}: {a.what}",
            value=f"{a.value:,.6g}",
            canonical=a.value,
            unit=a.unit,
            source=a.source,
            status=a.status,
            as_of=a.as_of,
            where="catalogue",
        )
        for a in world.assumptions
        if a.what not in gone
    )
