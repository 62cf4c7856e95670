"""Terms of the tariff beyond price and block, valued by `rerack dispatch`."""

from __future__ import annotations

from rerack.scenario.quantities import OmPerMwh, Share, UtilityMw
from rerack.scenario.schema.base import Section, default, key, optional
from rerack.scenario.schema.power_words import (
    ClockHours,
    Days,
    Months,
    PeakUsdPerMwYear,
    RateUsdPerMwh,
    StopHours,
    UsdPerUtilityKwMonth,
)


class PeriodSection(Section):
    """One period of a time-of-use schedule; together they cover every hour once."""

    rate: RateUsdPerMwh = key("Energy rate added to the price at the meter.")
    months: Months | None = optional("Calendar months; all if left out.")
    days: Days | None = optional("Days of the week; all if left out.")
    hours: ClockHours | None = optional(
        "Hours of the local clock, wrapping past midnight if need be; all if left out."
    )


class DemandSection(Section):
    """A charge on the highest hourly import of each month."""

    charge: UsdPerUtilityKwMonth = key("Price of the month's peak.")


class PeakSection(Section):
    """A charge on the load in the hour in which the system peaks (ERCOT: 4CP)."""

    charge: PeakUsdPerMwYear = key("Charge of a year for the mean load at the peaks.")
    months: Months | None = optional("Months that have a peak; Jun-Sep if left out.")
    stop: StopHours = default(
        75.0,
        "Hours of such a month in which rigs stop for the peak; plans only.",
        "estimated: `rerack backtest` on ERCOT, 300 h a summer",
    )
    missed: Share = default(
        0.03125, "Share of peaks missed all the same; plans only.", "estimated: 1 of 32 in it"
    )


class TakeSection(Section):
    """Take or pay: energy of each month that is paid for whether or not it is drawn."""

    contract: UtilityMw = key("Contract demand.")
    share: Share = key("Share of contract demand times hours of the month that must be taken.")
    shortfall: OmPerMwh = key("Price of energy not taken.")


class ExportSection(Section):
    """Selling back at the meter, at the index."""

    limit: UtilityMw = key("Largest export.")
    discount: OmPerMwh = default(0.0, "Taken off the index for energy sold.", "none given")
