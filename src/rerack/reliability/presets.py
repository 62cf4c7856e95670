"""Named topologies, ready to compare: redundancy levels, tier styles, supplies, liquid cooling."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from rerack.base.checks import require_between
from rerack.base.errors import InputError
from rerack.reliability.blocks import Block, KofN, Leaf, Parallel, Series
from rerack.reliability.parts import Parts
from rerack.reliability.plant import UPS_BATTERY_HOURS, Plant
from rerack.reliability.topology import Topology

#: Planned shutdowns of a single path: two of 12 h a year (tier I), three in two years (tier II),
#: by Uptime Institute's derivation of its figures (7x24 Exchange, spring 2015, p. 35).
TIER_1_WORK_HOURS, TIER_2_WORK_HOURS = 24.0, 18.0


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A named topology.

    Parameters
    ----------
    name : str
        Name on the command line.
    description : str
        One sentence.
    build : callable
        Makes the blocks from a plant.
    """

    name: str
    description: str
    build: Callable[[Plant], Block]


def presets() -> tuple[Preset, ...]:
    """Return all presets in the order in which they are listed.

    Examples
    --------
    >>> [p.name for p in presets()][:3]
    ['n', 'n+1', '2n']
    """
    return tuple(_PRESETS.values())


def preset(name: str, *, critical_mw: float, parts: Parts | None = None) -> Topology:
    """Return a named topology for a critical load.

    Parameters
    ----------
    name : str
        Name of a preset.
    critical_mw : float
        Critical load [MW critical], one block of a site: one bus, one plant.
    parts : Parts or None
        Equipment; None is the bundled catalogue.

    Raises
    ------
    InputError
        No such preset.

    Notes
    -----
    The load counts as lost when a rack, wherever it stands, loses power or cooling: distribution
    and coolant units stand for the racks' own, all else serves the whole block. Unit sizes, fuel,
    battery times and costs are choices and estimates of `rerack.reliability.plant`; many rates
    are unverified (see the catalogue). Compare presets; do not quote their figures.

    Examples
    --------
    >>> site = preset("n+1", critical_mw=10.0)
    >>> site.name, site.critical_mw
    ('n+1', 10.0)
    """
    if name not in _PRESETS:
        raise InputError.of(
            "preset",
            given=repr(name),
            allowed=", ".join(_PRESETS),
            cure="Choose one of these.",
        )
    require_between(critical_mw, 1e-3, 1e4, "preset: critical_mw")
    chosen = _PRESETS[name]
    plant = Plant(critical_mw=critical_mw, parts=Parts() if parts is None else parts)
    return Topology(
        name=name,
        blocks=chosen.build(plant),
        critical_mw=critical_mw,
        description=chosen.description,
    )


def _single(plant: Plant, extra: int, work_hours: float = 0.0) -> Block:
    """Return one feed and one train, everything with `extra` units above need."""
    supply = plant.supply(
        feeds=1,
        extra=extra,
        battery=plant.ups_batteries(extra=extra),
        hours=UPS_BATTERY_HOURS,
    )
    train = plant.train("A", extra, work_hours=work_hours)
    return Series(children=(supply, train, plant.air_cooling(extra)), name="site")


def _double(plant: Plant, work_hours: float = 0.0) -> Block:
    """Return two feeds, twice the generators, two full trains, twice the cooling units."""
    supply = plant.supply(
        feeds=2,
        extra=plant.needed("diesel generator"),
        battery=plant.ups_batteries(trains=2),
        hours=UPS_BATTERY_HOURS,
    )
    beta = plant.beta("ups module")
    trains = tuple(plant.train(letter, 0, work_hours=work_hours) for letter in "AB")
    return Series(
        children=(
            supply,
            Parallel(children=trains, beta_frac=beta, name="power trains"),
            plant.air_cooling(None),
        ),
        name="site",
    )


def _tier_3(plant: Plant) -> Block:
    """Return redundant units behind two paths, each of which can be shut for work."""
    paths = tuple(
        Series(children=plant.path(letter, work_hours=TIER_1_WORK_HOURS), name=f"path {letter}")
        for letter in "AB"
    )
    supply = plant.supply(
        feeds=1, extra=1, battery=plant.ups_batteries(extra=1), hours=UPS_BATTERY_HOURS
    )
    return Series(
        children=(
            supply,
            Parallel(children=paths, beta_frac=plant.beta("switchgear"), name="paths"),
            plant.group("ups module", "UPS", 1),
            plant.whole("pdu", "PDU"),
            plant.air_cooling(1),
        ),
        name="site",
    )


def _distributed(plant: Plant) -> Block:
    """Return four trains of a third of the load each, of which three carry it."""
    third = Plant(critical_mw=plant.critical_mw / 3.0, parts=plant.parts)
    trains = tuple(third.train(letter, 0) for letter in "ABCD")
    supply = plant.supply(
        feeds=2, extra=1, battery=plant.ups_batteries(extra=1), hours=UPS_BATTERY_HOURS
    )
    group = KofN(k=3, children=trains, beta_frac=plant.beta("ups module"), name="trains")
    return Series(children=(supply, group, plant.air_cooling(1)), name="site")


def _catcher(plant: Plant) -> Block:
    """Return UPS blocks that each feed their own load, and one that catches any of them."""
    needed = plant.needed("ups module")
    block = Plant(critical_mw=plant.critical_mw / needed, parts=plant.parts)
    labels = [*(str(i) for i in range(1, needed + 1)), "catcher"]
    blocks = tuple(
        Series(
            children=(*block.path(label), block.group("ups module", f"UPS {label}", 0)),
            name=f"block {label}",
        )
        for label in labels
    )
    supply = plant.supply(
        feeds=1, extra=1, battery=plant.ups_batteries(extra=1), hours=UPS_BATTERY_HOURS
    )
    return Series(
        children=(
            supply,
            KofN(k=needed, children=blocks, beta_frac=plant.beta("ups module"), name="blocks"),
            plant.whole("static transfer switch", "static switch"),
            plant.whole("pdu", "PDU"),
            plant.air_cooling(1),
        ),
        name="site",
    )


def _liquid(plant: Plant) -> Block:
    """Return two power trains and a liquid loop with one unit above need."""
    supply = plant.supply(
        feeds=2,
        extra=1 + math.ceil(0.1 * plant.needed("diesel generator")),
        battery=plant.ups_batteries(trains=2),
        hours=UPS_BATTERY_HOURS,
    )
    trains = tuple(plant.train(letter, 0) for letter in "AB")
    power = Parallel(children=trains, beta_frac=plant.beta("ups module"), name="power trains")
    return Series(children=(supply, power, plant.liquid_cooling(1)), name="site")


def _bus(plant: Plant, supply: Block) -> Block:
    """Return a supply up to the critical bus."""
    bus: Leaf = plant.whole("switchgear", "switchgear")
    return Series(children=(supply, bus), name="bus")


def _backed(plant: Plant, extra: int | None, hours: float | None) -> Block:
    battery = plant.ups_batteries(extra=1) if hours is None else plant.station_battery(hours)
    ride = UPS_BATTERY_HOURS if hours is None else hours
    return _bus(plant, plant.supply(feeds=1, extra=extra, battery=battery, hours=ride))


_PRESETS = {
    p.name: p
    for p in (
        Preset(
            name="n",
            description="One feed, one train, air cooling; no spare unit anywhere.",
            build=lambda plant: _single(plant, 0),
        ),
        Preset(
            name="n+1",
            description="One feed, one train, air cooling; one spare unit in every group.",
            build=lambda plant: _single(plant, 1),
        ),
        Preset(
            name="2n",
            description="Two feeds, two full trains; twice the generators and cooling units.",
            build=_double,
        ),
        Preset(
            name="distributed",
            description="Four trains of a third of the load each, three needed; N+1 air cooling.",
            build=_distributed,
        ),
        Preset(
            name="block",
            description="UPS blocks with their own load and one catcher; N+1 air cooling.",
            build=_catcher,
        ),
        Preset(
            name="tier-1",
            description="Tier I style: N, shut down for work 24 h a year.",
            build=lambda plant: _single(plant, 0, TIER_1_WORK_HOURS),
        ),
        Preset(
            name="tier-2",
            description="Tier II style: N+1 units on one path, shut down for work 18 h a year.",
            build=lambda plant: _single(plant, 1, TIER_2_WORK_HOURS),
        ),
        Preset(
            name="tier-3",
            description="Tier III style: N+1 units behind two paths, work without shutdown.",
            build=_tier_3,
        ),
        Preset(
            name="tier-4",
            description="Tier IV style: 2N with both trains active, work without shutdown.",
            build=lambda plant: _double(plant, TIER_1_WORK_HOURS),
        ),
        Preset(
            name="single-utility",
            description="Supply to the bus only: one utility feed without backup.",
            build=lambda plant: _bus(plant, plant.feeds(1)),
        ),
        Preset(
            name="dual-utility",
            description="Supply to the bus only: two utility feeds without backup.",
            build=lambda plant: _bus(plant, plant.feeds(2)),
        ),
        Preset(
            name="generator",
            description="Supply to the bus only: one feed, N+1 generators, UPS batteries.",
            build=lambda plant: _backed(plant, 1, None),
        ),
        Preset(
            name="battery",
            description="Supply to the bus only: one feed and a battery of four hours.",
            build=lambda plant: _backed(plant, None, 4.0),
        ),
        Preset(
            name="mixed",
            description="Supply to the bus only: one feed, N+1 generators, battery of two hours.",
            build=lambda plant: _backed(plant, 1, 2.0),
        ),
        Preset(
            name="liquid",
            description="Two feeds, two trains, spare generators, liquid loop N+1 with CDU.",
            build=_liquid,
        ),
    )
}
