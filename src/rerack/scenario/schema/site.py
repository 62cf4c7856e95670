"""Section ``site``: the interconnect, its tariff and its halls."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rerack.scenario.quantities import (
    JoulePerTh,
    Month,
    MonthsOrNever,
    Name,
    OmPerMwh,
    PositiveMonths,
    Share,
    Text,
    ThPerSecond,
    UsdPerMwh,
    UsdPerUtilityMwYear,
    UtilityMw,
    Watt,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional, section
from rerack.scenario.schema.power import (
    DemandSection,
    ExportSection,
    PeakSection,
    PeriodSection,
    TakeSection,
)
from rerack.scenario.schema.power_assets import (
    AiSection,
    BatterySection,
    Generation,
    OperationSection,
)
from rerack.scenario.schema.power_programmes import Programme
from rerack.scenario.schema.power_words import LossShare

PoolFee = Annotated[float, quantity("frac", low=0.0, high=0.5, example="0.5 %")]


class BlockSection(Section):
    """A fixed-price block of power, settled financially whatever runs."""

    size: UtilityMw = key("Size of the block.")
    price: UsdPerMwh = key("Contract price.")
    until: Month = key("Last month of the contract.")


class TariffSection(Section):
    """What power costs at the meter."""

    adder: UsdPerMwh | None = optional("Delivery, losses and retail margin on top of the index.")
    fixed: UsdPerMwh | None = optional("One all-in price instead of the index and the adder.")
    block: BlockSection | None = optional("Fixed-price block, a financial position.")
    losses: LossShare | None = optional("Share of the energy bought that is lost on the way.")
    time_of_use: dict[Name, PeriodSection] | None = optional("Energy rates by period, by name.")
    demand_charge: DemandSection | None = optional("Charge on the peak of each month.")
    coincident_peak: PeakSection | None = optional("Charge on the load in the system's peaks.")
    minimum_take: TakeSection | None = optional("Take or pay.")
    export: ExportSection | None = optional("Selling back; not allowed if left out.")


class RigsSection(Section):
    """The rigs that fill a hall."""

    model: Name = key("Catalogue model (`rerack catalog rigs`), or a name of your own.")
    efficiency: JoulePerTh | None = optional("Energy per hash at the meter, cooling included.")
    hashrate: ThPerSecond | None = optional("Hashrate of one rig, instead of the catalogue's.")
    power: Watt | None = optional("Power of one rig, instead of the catalogue's.")
    pool_fee: PoolFee = default(0.005, "Share of revenue kept by the pool.", "estimated: FPPS")
    variable_om: OmPerMwh = default(
        2.0, "Operating cost that stops when the rigs stop.", "estimated"
    )
    fixed_om: UsdPerUtilityMwYear = default(
        40_000.0, "Operating cost of the hall whether or not the rigs run.", "estimated"
    )
    uptime: Share = default(0.96, "Share of wanted hours in which the rigs hash.", "estimated")
    refresh: MonthsOrNever = default(
        60, "Age at which the fleet is replaced, or never.", "estimated: five years"
    )
    first_refresh: Month | None = optional(
        "Month of the first replacement; one refresh period after the start if left out."
    )
    refresh_payback: PositiveMonths = default(
        36, "Longest simple payback at which new rigs are bought.", "estimated"
    )
    operation: OperationSection | None = optional("How the rigs can be run beside fully.")


class HallSection(Section):
    """A building, or part of one, that is converted as a whole."""

    power: UtilityMw = key("Power that the hall may draw at the meter.")
    rigs: RigsSection | None = optional("Rigs that fill it; a hall without rigs stands empty.")


class SiteSection(Section):
    """One interconnect and what hangs on it."""

    name: Name = key("Name of the site.")
    interconnect: UtilityMw = key("Limit at the meter.")
    power: TariffSection = section(TariffSection, "What power costs at the meter.")
    clock: Text | None = optional(
        "Time zone of periods, months and programmes, such as America/Chicago; UTC if left out."
    )
    halls: dict[Name, HallSection] = Field(min_length=1, description="Halls by name.")
    ai: AiSection | None = optional("AI load that is served first in the hours dispatched.")
    battery: BatterySection | None = optional("Battery behind the meter.")
    generation: dict[Name, Generation] | None = optional("Generation behind the meter, by name.")
    programmes: dict[Name, Programme] | None = optional("Promises to the grid, by name.")
