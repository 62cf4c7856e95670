"""Parts of a tariff that look at more than one hour: peaks, minimum take; and terms of export."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require, require_between


@dataclass(frozen=True, kw_only=True)
class DemandCharge:
    """A charge on the highest hourly import of each calendar month.

    Parameters
    ----------
    charge_usd_per_kw_month : float
        Price of the month's peak [USD/kW-month].

    Notes
    -----
    A month that is given in part is charged in full on the peak of the hours given. Ratchets,
    which carry a peak into later months, are not modelled.
    """

    charge_usd_per_kw_month: float

    def __post_init__(self) -> None:
        require_between(
            self.charge_usd_per_kw_month, 0.0, 1e3, "demand charge: charge_usd_per_kw_month"
        )


@dataclass(frozen=True, kw_only=True)
class CoincidentPeak:
    """A charge on the load in the one interval of each listed month when the *system* peaks.

    Parameters
    ----------
    charge_usd_per_mw_year : float
        Charge for a year per MW of the mean load at the peaks [USD/MW-year]; 60 USD/kW-year is
        60,000.
    months : tuple of int
        Calendar months that have a peak; June to September is ERCOT's 4CP.
    stop_hours : float
        Hours of a listed month in which a desk that does not know the peak stops for it; only
        plans use it, as they have prices but no system load. Estimated: `rerack backtest` on
        ERCOT stops about 300 hours a summer.
    missed_frac : float
        Share of peaks missed all the same; only plans use it. Estimated: 1 of 32 in the backtest.

    Notes
    -----
    ``next year's charge = charge * mean over months of load at that month's system peak``. It is
    booked here in the month whose load causes it, one share for each month; the utility collects
    it in the following year.

    Reference: 16 Texas Administrative Code § 25.192, transmission rates by 4CP.
    """

    charge_usd_per_mw_year: float
    months: tuple[int, ...] = (6, 7, 8, 9)
    stop_hours: float = 75.0
    missed_frac: float = 1.0 / 32.0

    def __post_init__(self) -> None:
        require_between(self.stop_hours, 0.0, 744.0, "coincident peak: stop_hours")
        require_between(self.missed_frac, 0.0, 1.0, "coincident peak: missed_frac")
        require_between(
            self.charge_usd_per_mw_year, 0.0, 1e7, "coincident peak: charge_usd_per_mw_year"
        )
        require(
            len(self.months) > 0
            and set(self.months) <= set(range(1, 13))
            and len(set(self.months)) == len(self.months),
            "coincident peak: months",
            given=self.months,
            allowed="distinct months from 1 to 12, at least one",
        )

    @property
    def usd_per_mw(self) -> float:
        """Cost of one MW drawn in one month's system peak [USD/MW]."""
        return self.charge_usd_per_mw_year / len(self.months)


@dataclass(frozen=True, kw_only=True)
class MinimumTake:
    """Take or pay: energy that is paid for every calendar month whether or not it is drawn.

    Parameters
    ----------
    contract_mw : float
        Contract demand [MW utility].
    take_frac : float
        Share of contract demand times the hours of the month that must be taken.
    shortfall_usd_per_mwh : float
        Price of every MWh not taken [USD/MWh].

    Notes
    -----
    Energy taken is net of exports. A month that is given in part owes its share by hours.
    """

    contract_mw: float
    take_frac: float
    shortfall_usd_per_mwh: float

    def __post_init__(self) -> None:
        require_between(self.contract_mw, 0.0, 1e6, "minimum take: contract_mw")
        require_between(self.take_frac, 0.0, 1.0, "minimum take: take_frac")
        require_between(self.shortfall_usd_per_mwh, 0.0, 1e4, "minimum take: shortfall_usd_per_mwh")


@dataclass(frozen=True, kw_only=True)
class ExportTerms:
    """What the site may sell back at the meter, and for how much.

    Parameters
    ----------
    limit_mw : float
        Largest export [MW utility].
    discount_usd_per_mwh : float
        Taken off the index for every exported MWh [USD/MWh].

    Notes
    -----
    Nothing is exported in hours in which that would cost money.
    """

    limit_mw: float
    discount_usd_per_mwh: float = 0.0

    def __post_init__(self) -> None:
        require_between(self.limit_mw, 0.0, 1e6, "export: limit_mw")
        require_between(self.discount_usd_per_mwh, 0.0, 1e4, "export: discount_usd_per_mwh")
