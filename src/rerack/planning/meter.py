"""The price at the meter as the planner asks for it: hours worth running, and their cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.assets import Tariff
from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.dispatch import PriceDuration, margins, mean_price_usd_per_mwh
from rerack.markets import PowerOutlook


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
    """

    grid: MonthGrid
    tariff: Tariff
    power: PowerOutlook
    duration: PriceDuration

    def until(self, end_month: int) -> Meter:
        """Return the meter of the first `end_month` months."""
        return Meter(
            grid=replace(self.grid, months=end_month),
            tariff=self.tariff,
            power=replace(
                self.power,
                library_year=self.power.library_year[:, :end_month],
                level=self.power.level[:, :end_month],
            ),
            duration=self.duration,
        )

    def run(self, strike_usd_per_mwh: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return (share of hours run, their price summed over all hours' count).

        Parameters
        ----------
        strike_usd_per_mwh : ndarray, shape (scenario, month)
            Price below which the load runs [USD/MWh].

        Returns
        -------
        tuple of ndarray, shape (scenario, month)
            Share of hours [-], and mean over all hours of price times running [USD/MWh].
        """
        fixed = self.tariff.fixed_price_usd_per_mwh
        if fixed is not None:
            running = np.where(strike_usd_per_mwh > fixed, 1.0, 0.0)
            return running, running * fixed
        answer = margins(
            self.duration,
            month_of_year=self.grid.month_of_year,
            library_year=self.power.library_year,
            level=self.power.level,
            adder_usd_per_mwh=self.tariff.adder_usd_per_mwh,
            strike_usd_per_mwh=strike_usd_per_mwh[:, :, None],
        )
        return answer.run_frac[:, :, 0], answer.run_price_usd_per_mwh[:, :, 0]

    def index_mean_usd_per_mwh(self) -> FloatArray:
        """Return the mean index price, shape (scenario, month) [USD/MWh]."""
        return mean_price_usd_per_mwh(
            self.duration,
            month_of_year=self.grid.month_of_year,
            library_year=self.power.library_year,
            level=self.power.level,
        )

    def mean_usd_per_mwh(self) -> FloatArray:
        """Return the mean price at the meter, shape (scenario, month) [USD/MWh]."""
        fixed = self.tariff.fixed_price_usd_per_mwh
        if fixed is not None:
            return np.full(self.power.level.shape, fixed)
        return self.index_mean_usd_per_mwh() + self.tariff.adder_usd_per_mwh
