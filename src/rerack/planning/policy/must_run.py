"""A meter behind which nothing can be switched off: what the right to curtail is measured by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.planning.meter import Meter


@dataclass(frozen=True, kw_only=True)
class MustRunMeter(Meter):
    """The same prices; a load runs in every hour, whatever its strike price.

    Parameters
    ----------
    grid, tariff, power, duration, rated
        As in `rerack.planning.Meter`.
    """

    @property
    def may_stop(self) -> bool:
        """Never: peaks are paid for, and no readiness to stop is sold."""
        return False

    def run(self, strike_usd_per_mwh: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return a share of one in every month, and the mean price [USD/MWh]."""
        months = strike_usd_per_mwh.shape[1]
        return np.ones_like(strike_usd_per_mwh), self.mean_usd_per_mwh()[:, :months]
