"""What a design may choose: feeds, generators, battery, power trains, cooling; each as a module."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rerack.reliability.blocks import Block, KofN, Parallel, Series, Standby
from rerack.reliability.outages import OutageKind, OutageProfile, outage_profile
from rerack.reliability.plant import (
    AIR_COOLING,
    GROSS_PER_CRITICAL,
    UNIT_MW,
    UPS_BATTERY_HOURS,
    Plant,
)
from rerack.reliability.topology import Topology

PowerLevel = Literal["n", "n+1", "dual path", "distributed", "2n", "2(n+1)"]
CoolingLevel = Literal["n", "n+1", "n+2", "2n", "2(n+1)"]
Medium = Literal["air", "liquid"]

POWER_LEVELS: tuple[PowerLevel, ...] = ("n", "n+1", "dual path", "distributed", "2n", "2(n+1)")
COOLING_LEVELS: tuple[CoolingLevel, ...] = ("n", "n+1", "n+2", "2n", "2(n+1)")
_GENERATOR = "diesel generator"


@dataclass(frozen=True, kw_only=True)
class Reserve:
    """What others at the site free for the load when they are shed.

    Parameters
    ----------
    feed : bool
        Whether a second feed is free for the load.
    generators : int
        Generators that are free for it.
    fail_frac : float
        Chance that shedding fails when called; nothing is free then.
    """

    feed: bool = False
    generators: int = 0
    fail_frac: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One design.

    Parameters
    ----------
    feeds : int
        Utility feeds of its own, 1 or 2.
    generators : int
        Generators of its own, 0 for none.
    battery_hours : float
        Time that the battery carries the load [h]; the UPS's own five minutes, or a station's.
    power : PowerLevel
        Redundancy from the bus to the racks.
    cooling : CoolingLevel
        Redundancy of the cooling.
    """

    feeds: int
    generators: int
    battery_hours: float
    power: PowerLevel
    cooling: CoolingLevel

    @property
    def label(self) -> str:
        """The design in a line."""
        feeds = "1 feed" if self.feeds == 1 else f"{self.feeds} feeds"
        minutes = self.battery_hours * 60.0
        ride = f"{minutes:.0f} min" if minutes < 60.0 else f"{self.battery_hours:g} h"
        return (
            f"{feeds}, {self.generators} generators, battery {ride}, power {self.power}, "
            f"cooling {self.cooling}"
        )


@dataclass(frozen=True, kw_only=True)
class Module:
    """A part of a design that shares nothing with the others, evaluated.

    Parameters
    ----------
    block : Block
        Its blocks.
    profile : OutageProfile
        Its outages.
    capex_usd : float
        What it costs [USD].
    """

    block: Block
    profile: OutageProfile
    capex_usd: float


def power_module(plant: Plant, level: PowerLevel) -> Module:
    """Return the power trains of a redundancy level."""
    return _module(plant, _power_block(plant, level))


def cooling_module(plant: Plant, medium: Medium, level: CoolingLevel) -> Module:
    """Return the cooling of a redundancy level."""
    extra = {"n": 0, "n+1": 1, "n+2": 2, "2n": 0, "2(n+1)": 1}[level]
    letters = "AB" if level.startswith("2") else "A"
    make = _air_plant if medium == "air" else _liquid_loop
    loops = tuple(make(plant, letter, extra) for letter in letters)
    if len(loops) == 1:
        return _module(plant, loops[0])
    beta = plant.beta("chiller" if medium == "air" else "dry cooler")
    return _module(plant, Parallel(children=loops, beta_frac=beta, name="cooling plants"))


def supply_module(plant: Plant, choice: Choice, reserve: Reserve) -> Module | None:
    """Return feeds, generators and battery of a choice, or None if its generators do not suffice.

    Notes
    -----
    Where shedding frees a reserve, an outage goes as with it or, with the chance that shedding
    fails, as without: outages are a mixture. What the reserve frees costs a transfer switch.
    """
    without = _supply(plant, choice, Reserve())
    if not (reserve.feed and choice.feeds == 1) and reserve.generators == 0:
        return None if without is None else _module(plant, without)
    aided = _supply(plant, choice, reserve)
    if aided is None:
        return None
    fallback = plant.feeds(choice.feeds) if without is None else without
    good, bad = _module(plant, aided), _module(plant, fallback)
    freed_mw = reserve.generators * UNIT_MW[_GENERATOR] * GROSS_PER_CRITICAL
    freed_usd = reserve.generators * plant.parts.cost_usd(
        _GENERATOR, UNIT_MW[_GENERATOR] * GROSS_PER_CRITICAL
    )
    if reserve.feed and choice.feeds == 1:
        freed_mw += plant.critical_mw * GROSS_PER_CRITICAL
        line_mw = plant.critical_mw * GROSS_PER_CRITICAL
        freed_usd += plant.parts.cost_usd("utility feed", line_mw)
    switch_usd = plant.parts.cost_usd("automatic transfer switch", freed_mw)
    return Module(
        block=aided,
        profile=_mixture(good.profile, bad.profile, reserve.fail_frac),
        capex_usd=good.capex_usd - freed_usd + switch_usd,
    )


def ups_redundancy(power: PowerLevel) -> tuple[int, int]:
    """Return (spare UPS modules in a train, trains) of a redundancy level."""
    spare = power in ("n+1", "dual path", "distributed", "2(n+1)")
    return (1 if spare else 0), (2 if power.startswith("2") else 1)


def choices(
    plant: Plant, *, batteries_hours: tuple[float, ...], most_spare_generators: int, free: int
) -> list[Choice]:
    """Return every combination of feeds, generators, battery and power; cooling is left at n."""
    needed = plant.needed(_GENERATOR)
    owned = sorted({0, *(max(0, needed - free + e) for e in range(most_spare_generators + 1))})
    return [
        Choice(feeds=feeds, generators=count, battery_hours=hours, power=power, cooling="n")
        for feeds in (1, 2)
        for count in owned
        for hours in batteries_hours
        for power in POWER_LEVELS
    ]


def _supply(plant: Plant, choice: Choice, reserve: Reserve) -> Standby | None:
    total = choice.generators + reserve.generators
    needed = plant.needed(_GENERATOR)
    if 0 < total < needed:
        return None
    if choice.battery_hours > UPS_BATTERY_HOURS:
        battery = plant.station_battery(choice.battery_hours)
    else:
        extra, trains = ups_redundancy(choice.power)
        battery = plant.ups_batteries(extra=extra, trains=trains)
    return plant.supply(
        feeds=2 if reserve.feed else choice.feeds,
        extra=total - needed if total > 0 else None,
        battery=battery,
        hours=choice.battery_hours,
    )


def _module(plant: Plant, block: Block) -> Module:
    topology = Topology(name="module", blocks=block, critical_mw=plant.critical_mw)
    return Module(block=block, profile=outage_profile(topology), capex_usd=topology.capex_usd)


def _mixture(good: OutageProfile, bad: OutageProfile, bad_frac: float) -> OutageProfile:
    def weighed(profile: OutageProfile, share: float) -> tuple[OutageKind, ...]:
        return tuple(
            replace(kind, outages_per_year=kind.outages_per_year * share) for kind in profile.kinds
        )

    return OutageProfile(kinds=weighed(good, 1.0 - bad_frac) + weighed(bad, bad_frac))


def _power_block(plant: Plant, level: PowerLevel) -> Block:
    beta = plant.beta("ups module")
    if level in ("n", "n+1"):
        return plant.train("A", 0 if level == "n" else 1)
    if level == "dual path":
        paths = tuple(Series(children=plant.path(x), name=f"path {x}") for x in "AB")
        both = Parallel(children=paths, beta_frac=plant.beta("switchgear"), name="paths")
        ups = plant.group("ups module", "UPS", 1)
        return Series(children=(both, ups, plant.whole("pdu", "PDU")), name="power")
    if level == "distributed":
        third = Plant(critical_mw=plant.critical_mw / 3.0, parts=plant.parts)
        trains = tuple(third.train(x, 0) for x in "ABCD")
        return KofN(k=3, children=trains, beta_frac=beta, name="trains")
    trains = tuple(plant.train(x, 0 if level == "2n" else 1) for x in "AB")
    return Parallel(children=trains, beta_frac=beta, name="power trains")


def _air_plant(plant: Plant, letter: str, extra: int) -> Series:
    groups = (plant.group(kind, f"{name} {letter}", extra) for kind, name in AIR_COOLING.items())
    return Series(children=tuple(groups), name=f"air cooling {letter}")


def _liquid_loop(plant: Plant, letter: str, extra: int) -> Series:
    pumps = tuple(plant.whole("cdu pump", f"CDU pump {letter}{i}") for i in (1, 2))
    return Series(
        children=(
            plant.group("dry cooler", f"dry cooler {letter}", extra),
            plant.group("motor pump", f"facility pump {letter}", extra),
            Parallel(children=pumps, beta_frac=plant.beta("cdu pump"), name=f"CDU pumps {letter}"),
        ),
        name=f"liquid loop {letter}",
    )
