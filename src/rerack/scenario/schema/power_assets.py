"""What stands behind the meter beside rigs: battery, generation, AI load; how rigs can be run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerack.scenario.quantities import Name, OmPerMwh, Share, Text, UtilityMw
from rerack.scenario.schema.base import Section, default, key, optional
from rerack.scenario.schema.cooling import CooledMw, CoolingSection
from rerack.scenario.schema.power_words import (
    Celsius,
    Efficiency,
    FuelPrice,
    HashShare,
    HeatRate,
    IdleShare,
    NoticeHours,
    PowerShare,
    RateUsdPerMwh,
    RunHours,
    Seconds,
    SelfDischarge,
    StoredMwh,
    UsdOnce,
    UsdPerUtilityMw,
    WholeHours,
)


class BatterySection(Section):
    """A battery behind the meter."""

    power: UtilityMw = key("Largest power drawn and given.")
    energy: StoredMwh = key("Usable energy.")
    efficiency: Efficiency = default(
        0.86, "Round trip; losses are shared by both ways.", "estimated: lithium, at the meter"
    )
    initial: Share = default(0.5, "State at the start, share of the energy.", "half full")
    final: Share | None = optional("Least state at the end; as at the start if left out.")
    wear: OmPerMwh = default(0.0, "Cost of a MWh discharged.", "none given")
    self_discharge: SelfDischarge = default(0.0, "Share lost in a month of rest.", "none given")
    response: Seconds | None = optional(
        "Time from an order to full output; without it the battery carries no reserve."
    )


class FlexibleSection(Section):
    """What the tenant of the AI load has agreed to give up."""

    depth: Share = key("Largest share of the load that may be curtailed.")
    limit: WholeHours = key("Hours of full depth allowed in the hours dispatched.")
    compensation: RateUsdPerMwh = default(0.0, "Paid to the tenant per MWh.", "none agreed")
    notice: NoticeHours = default(0.0, "Time from the call to the curtailment.", "none agreed")


class AiSection(Section):
    """AI load that is served first in every hour dispatched."""

    load: UtilityMw | None = optional("Firm load at the meter, cooling included, if constant.")
    critical: CooledMw | None = optional("Firm critical load, cooled as `cooling` says.")
    cooling: CoolingSection | None = optional(
        "PUE by hour from weather: the load at the meter is `critical` times it."
    )
    flexible: FlexibleSection | None = optional("Agreed curtailment; none if left out.")


class EngineSection(Section):
    """A diesel or gas set, dispatched as one unit."""

    kind: Literal["diesel", "gas"] = key("Kind of generation.")
    capacity: UtilityMw = key("Largest output.")
    fuel: FuelPrice = key("Price of the fuel, per energy of its heat.")
    heat_rate: HeatRate = key("Heat used per energy given.")
    variable_om: OmPerMwh = default(0.0, "Operating cost per MWh given.", "none given")
    permit: WholeHours | None = optional("Hours that the permit allows; no limit if left out.")
    min_load: Share = default(0.0, "Least output while it runs, share of capacity.", "none given")
    start_cost: UsdOnce = default(0.0, "Cost of a start.", "none given")
    min_run: RunHours = default(1, "Hours that it runs at least.", "none given")


class RenewableSection(Section):
    """Sun or wind; its output by hour is a year's, or comes with ``--series NAME=FILE``."""

    kind: Literal["solar", "wind"] = key("Kind of generation.")
    capacity: UtilityMw = key("Installed power.")
    profile: Text | None = optional(
        "CSV or Parquet of one whole year by hour, UTC: output over capacity. Plans need it."
    )


Generation = Annotated[EngineSection | RenewableSection, Field(discriminator="kind")]


class PointSection(Section):
    """One setting of the rigs, relative to the rated one."""

    power: PowerShare = key("Power over rated power.")
    hashrate: HashShare = key("Hashrate over rated hashrate.")


class OperationSection(Section):
    """What the rigs of a hall can do beyond running at rated power."""

    points: dict[Name, PointSection] = Field(
        default_factory=dict, description="Settings by name, beside the rated one."
    )
    idle: IdleShare = default(0.0, "Draw of an idling hall, share of rated power.", "none given")
    start_cost: UsdPerUtilityMw = default(0.0, "Wear per rated MW started.", "none given")
    stop_cost: UsdPerUtilityMw = default(0.0, "Wear per rated MW stopped.", "none given")
    restore: UtilityMw | None = optional(
        "Most power that comes back from one hour to the next; all at once if left out."
    )
    min_run: RunHours = default(1, "Hours that a started rig runs at least.", "none given")
    inlet_limit: Celsius | None = optional(
        "Inlet temperature above which the hall idles; needs `rerack dispatch --inlet FILE`."
    )
    response: Seconds | None = optional(
        "Time from an order to reduced load; without it the hall carries no reserve."
    )
