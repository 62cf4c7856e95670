"""A meter behind which nothing can be switched off: what the right to curtail is measured by."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray
from rerack.planning.meter import Meter


@dataclass(frozen=True, kw_only=True)
class MustRunMeter(Meter):
    """The same prices; a load runs in every hour, whatever its strike price.

    Parameters
    ----------
    grid, tariff, power, duration
        As in `rerack.planning.Meter`.
    """

    def until(self, end_month: int) -> MustRunMeter:
        """Return the meter of the first `end_month` months."""
        shorter = Meter.until(self, end_month)
        return replace(self, grid=shorter.grid, power=shorter.power)

    def run(self, strike_usd_per_mwh: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return a share of one in every month, and the mean price [USD/MWh]."""
        return np.ones_like(strike_usd_per_mwh), self.mean_usd_per_mwh()
