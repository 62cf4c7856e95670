"""The price at the meter as the planner asks for it: hours worth running, and their cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rerack.assets import Tariff
from rerack.base.checks import FloatArray, frozen_array
from rerack.base.timegrid import MonthGrid
from rerack.dispatch import PriceDuration, mean_price_usd_per_mwh
from rerack.dispatch.duration_draw import DrawnDuration
from rerack.markets import PowerOutlook
from rerack.planning.power.rates import RatedDuration


@dataclass(frozen=True, kw_only=True)
class Meter:
    """Hourly prices of every scenario-month at one meter.

    Parameters
    ----------
    grid : MonthGrid
        Months.
    tariff : Tariff
        Adder, or one fixed price.
    power : PowerOutlook
        Which library year each scenario-month replays, and its level.
    duration : PriceDuration
        The library, sorted and prefix-summed once a study.
    rated : RatedDuration or None
        The same cut by time-of-use rate, where the tariff has such rates.
    """

    grid: MonthGrid
    tariff: Tariff
    power: PowerOutlook
    duration: PriceDuration
    rated: RatedDuration | None = None

    @property
    def may_stop(self) -> bool:
        """Whether a load may be switched off when its price is too high."""
        return True

    @property
    def charges_peaks(self) -> bool:
        """Whether a MW that runs is charged for a peak."""
        return self.tariff.demand_charge is not None or self.tariff.coincident_peak is not None

    @property
    def gross_level(self) -> FloatArray:
        """Factor on the library's prices before the adder, losses included, (scenario, month)."""
        return self.power.level / (1.0 - self.tariff.losses_frac)

    def run(self, strike_usd_per_mwh: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return (share of hours run, their price summed over all hours' count).

        Parameters
        ----------
        strike_usd_per_mwh : ndarray, shape (scenario, month)
            Price below which the load runs in all months or the first few [USD/MWh].

        Returns
        -------
        tuple of ndarray, shape of the strikes
            Share of hours [-], and mean over all hours of price times running [USD/MWh].
        """
        fixed = self.tariff.fixed_price_usd_per_mwh
        if fixed is not None:
            return self._run_fixed(strike_usd_per_mwh, fixed)
        if self.rated is not None:
            return self.rated.run(
                self.power.library_year,
                self.gross_level,
                self.tariff.adder_usd_per_mwh,
                strike_usd_per_mwh,
            )
        frac, price = self._drawn.run(self.tariff.adder_usd_per_mwh, strike_usd_per_mwh[:, :, None])
        return frac[:, :, 0], price[:, :, 0]

    @cached_property
    def _drawn(self) -> DrawnDuration:
        """The library at the meter, losses included."""
        return DrawnDuration.of(
            self.duration,
            month_of_year=self.grid.month_of_year,
            library_year=self.power.library_year,
            level=self.gross_level,
        )

    def _run_fixed(self, strike: FloatArray, fixed: float) -> tuple[FloatArray, FloatArray]:
        """Return what `run` returns at one price, plus a rate by time of use."""
        if self.rated is None:
            running = np.where(strike > fixed, 1.0, 0.0)
            return running, running * fixed
        price = fixed + self.rated.rate_usd_per_mwh
        share = self.rated.share_frac()[: strike.shape[1]]
        running = (strike[:, :, None] > price) * share
        return running.sum(axis=2), running @ price

    def index_mean_usd_per_mwh(self) -> FloatArray:
        """Return the mean index price, shape (scenario, month) [USD/MWh]."""
        return self._index_mean

    @cached_property
    def _index_mean(self) -> FloatArray:
        return mean_price_usd_per_mwh(
            self.duration,
            month_of_year=self.grid.month_of_year,
            library_year=self.power.library_year,
            level=self.power.level,
        )

    def mean_usd_per_mwh(self) -> FloatArray:
        """Return the mean price at the meter, shape (scenario, month) [USD/MWh], read-only."""
        return self._mean

    @cached_property
    def _mean(self) -> FloatArray:
        rate = 0.0 if self.rated is None else self.rated.mean_rate_usd_per_mwh()
        fixed = self.tariff.fixed_price_usd_per_mwh
        if fixed is not None:
            return frozen_array(np.full(self.power.level.shape, fixed) + rate)
        bought = self.index_mean_usd_per_mwh() / (1.0 - self.tariff.losses_frac)
        return frozen_array(bought + self.tariff.adder_usd_per_mwh + rate)

    def demand_usd_per_mw(self) -> FloatArray:
        """Return the demand charge of a MW in the month's peak, shape (month,) [USD/MW]."""
        term = self.tariff.demand_charge
        charge = 0.0 if term is None else term.charge_usd_per_kw_month * 1e3
        return np.full(self.grid.months, charge)

    def coincident_usd_per_mw(self) -> FloatArray:
        """Return the charge of a MW in the month's coincident peak, shape (month,) [USD/MW]."""
        term = self.tariff.coincident_peak
        if term is None:
            return np.zeros(self.grid.months)
        listed = np.isin(self.grid.month_of_year, term.months)
        return np.where(listed, term.usd_per_mw, 0.0)
