"""Sub-systems that the presets are put together from: supply, power train, cooling."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rerack.reliability.blocks import Block, KofN, Leaf, Parallel, Series, Standby
from rerack.reliability.closed_forms import too_few_frac
from rerack.reliability.component import Component
from rerack.reliability.duration import OutageDuration
from rerack.reliability.long_run import long_run
from rerack.reliability.parts import Parts
from rerack.reliability.resolve import resolve

#: Sizes of one unit [MW critical]: choices of design, not data.
UNIT_MW = {
    "ups module": 2.5,
    "diesel generator": 2.5,
    "chiller": 4.0,
    "cooling tower": 4.0,
    "crac": 2.0,
    "motor pump": 5.0,
    "dry cooler": 2.5,
}
#: Groups of an air-cooled plant and what their units are called.
AIR_COOLING = {
    "chiller": "chiller",
    "cooling tower": "tower",
    "motor pump": "pump",
    "crac": "CRAC",
}
#: Common-cause estimate of a kind of equipment; all others take the generic pair.
BETA_ESTIMATES = {
    "diesel generator": "INL 2020 diesel pair, run",
    "motor pump": "INL 2020 pumps, start",
    "cdu pump": "INL 2020 pumps, start",
}
#: Gross power, cooling and losses included, that a critical MW draws at the supply: estimated.
GROSS_PER_CRITICAL = 1.25
#: 0.5 % of the year, REopt's operational availability of 0.995 for a generator.
GENERATOR_WORK_HOURS = 43.8
#: From loss of the utility to generators carrying the load [h]: estimated, one minute.
START_HOURS = 1.0 / 60.0
#: Time that UPS batteries carry the load [h]: five minutes, a usual design.
UPS_BATTERY_HOURS = 5.0 / 60.0
#: Fuel on site [h]: a choice of design.
FUEL_HOURS = 72.0


@dataclass(frozen=True, kw_only=True)
class Plant:
    """Builds sub-systems for one critical load.

    Parameters
    ----------
    critical_mw : float
        Critical load [MW critical].
    parts : Parts
        Equipment.
    """

    critical_mw: float
    parts: Parts

    def needed(self, equipment: str) -> int:
        """Return how many units of a kind carry the load."""
        return max(1, math.ceil(self.critical_mw / UNIT_MW[equipment] - 1e-9))

    def group(self, equipment: str, label: str, extra: int, *, work_hours: float = 0.0) -> Block:
        """Return as many units as are needed and `extra` more."""
        k = self.needed(equipment)
        units = tuple(
            Leaf(
                component=self.parts.component(
                    equipment,
                    name=f"{label} {i}",
                    capacity_mw=UNIT_MW[equipment],
                    maintenance_hours_per_year=work_hours,
                )
            )
            for i in range(1, k + extra + 1)
        )
        if len(units) == 1:
            return units[0]
        return KofN(k=k, children=units, beta_frac=self.beta(equipment), name=label)

    def beta(self, equipment: str) -> float:
        """Return the common-cause share of a kind of equipment."""
        if equipment == "utility feed":
            row = self.parts.row("utility feed", "loss of bulk supply only, 2023")
            return row.number("beta_frac")
        return self.parts.beta_frac(BETA_ESTIMATES.get(equipment, "generic pair"))

    def whole(self, equipment: str, label: str, *, work_hours: float = 0.0) -> Leaf:
        """Return one component that carries the whole load."""
        gross = equipment in ("utility feed", "transformer")
        return Leaf(
            component=self.parts.component(
                equipment,
                name=label,
                capacity_mw=self.critical_mw,
                paid_mw=self.critical_mw * (GROSS_PER_CRITICAL if gross else 1.0),
                maintenance_hours_per_year=work_hours,
            )
        )

    def feeds(self, count: int) -> Block:
        """Return one or two utility feeds, each with its transformer."""
        lines = tuple(
            Series(
                children=(
                    self.whole("utility feed", f"utility {letter}"),
                    self.whole("transformer", f"transformer {letter}"),
                ),
                name=f"feed {letter}",
            )
            for letter in "AB"[:count]
        )
        if count == 1:
            return lines[0]
        return Parallel(children=lines, beta_frac=self.beta("utility feed"), name="utility feeds")

    def supply(self, *, feeds: int, extra: int | None, battery: Component, hours: float) -> Standby:
        """Return utility feeds with generators (`extra` above need; None is none) and battery."""
        primary = self.feeds(feeds)
        kind = "diesel generator"
        needed = 0 if extra is None else self.needed(kind)
        generator = None
        if extra is not None:
            generator = self.parts.component(
                kind,
                name="generator",
                capacity_mw=UNIT_MW[kind],
                paid_mw=UNIT_MW[kind] * GROSS_PER_CRITICAL,
                maintenance_hours_per_year=GENERATOR_WORK_HOURS,
            )
        return Standby(
            name="supply",
            primary=primary,
            beta_frac=self.beta(kind),
            generator=generator,
            installed=needed + (extra or 0),
            needed=needed,
            start_hours=START_HOURS,
            fuel_hours=FUEL_HOURS,
            battery=battery,
            ride_through_hours=hours,
            duration=self.outage_duration(primary),
        )

    def outage_duration(self, primary: Block) -> OutageDuration:
        """Return how long outages last: ordinary days and storms, at the mean of the feeds."""
        ordinary = self.parts.row("utility feed", "US average 2014-2023, without major event days")
        storms = self.parts.row("utility feed", "US average 2014-2023, major event days only")
        rates = [row.number("failure_rate_per_year") for row in (ordinary, storms)]
        shape = OutageDuration(
            shares_frac=(rates[0] / sum(rates), rates[1] / sum(rates)),
            means_hours=(ordinary.number("mttr_hours"), storms.number("mttr_hours")),
        )
        return shape.scaled(long_run(resolve(primary)).mean_outage_hours)

    def ups_batteries(self, *, extra: int = 0, trains: int = 1) -> Component:
        """Return the batteries of all UPS modules as one; their cost is in that of the UPS."""
        beta = self.beta("ups module")
        one = self.parts.component("battery", name="UPS batteries").fail_to_start_frac
        needed = self.needed("ups module")
        train = too_few_frac(needed, needed + extra, [(one, beta)])
        return Component(
            name="UPS batteries",
            failure_rate_per_year=0.0,
            mttr_hours=0.0,
            fail_to_start_frac=too_few_frac(1, trains, [(train, beta if trains > 1 else 0.0)]),
            capacity_mw=self.critical_mw,
            source=self.parts.reliability_row("battery").label,
        )

    def station_battery(self, hours: float) -> Component:
        """Return a battery that carries the load for `hours`."""
        return self.parts.component(
            "battery",
            name="battery",
            capacity_mw=self.critical_mw,
            energy_mwh=hours * self.critical_mw,
        )

    def train(self, letter: str, extra: int, *, work_hours: float = 0.0) -> Series:
        """Return a power train from the supply to the racks: bus, transfer switch, UPS, PDU."""
        return Series(
            children=(
                *self.path(letter, work_hours=work_hours),
                self.group("ups module", f"UPS {letter}", extra),
                self.whole("pdu", f"PDU {letter}"),
            ),
            name=f"train {letter}",
        )

    def path(self, letter: str, *, work_hours: float = 0.0) -> tuple[Leaf, Leaf]:
        """Return the switchgear and the transfer switch of a path."""
        return (
            self.whole("switchgear", f"switchgear {letter}", work_hours=work_hours),
            self.whole("automatic transfer switch", f"transfer switch {letter}"),
        )

    def air_cooling(self, extra: int | None) -> Series:
        """Return chillers, towers, pumps and air handlers on one ring (`extra` None: twice)."""
        return Series(
            children=tuple(
                self.group(kind, label, self.needed(kind) if extra is None else extra)
                for kind, label in AIR_COOLING.items()
            ),
            name="cooling",
        )

    def liquid_cooling(self, extra: int) -> Series:
        """Return dry coolers, facility pumps and a coolant distribution unit with two pumps.

        The unit stands for those of all racks: each rack hangs on one.
        """
        pumps = tuple(self.whole("cdu pump", f"CDU pump {i}") for i in (1, 2))
        return Series(
            children=(
                self.group("dry cooler", "dry cooler", extra),
                self.group("motor pump", "facility pump", extra),
                Parallel(children=pumps, beta_frac=self.beta("cdu pump"), name="CDU pumps"),
            ),
            name="liquid loop",
        )
