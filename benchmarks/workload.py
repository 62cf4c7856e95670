"""The shared work: 20 years of hours for many scenarios, from an invented price library.

The prices are made up (log-normal hours, some negative, rare spikes); only their number matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray

YEARS = 20
CLASSES = 10
LIBRARY_YEARS = 64
HOURS_OF_MONTH = np.array([744, 672, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744])
#: Scenarios whose hours are written out at once: 20 x 175,200 prices are 28 MB, and a month of
#: them fits in the second-level cache, which is what the NumPy peer likes best.
CHUNK = 20


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Scenarios x months that point into a library, and the strikes of ten classes."""

    library: tuple[FloatArray, ...]
    library_year: IntArray
    level: FloatArray
    strike: FloatArray

    @property
    def month_of_year(self) -> IntArray:
        """Calendar months, shape (month,)."""
        return np.tile(np.arange(1, 13), YEARS)

    @property
    def month_hours(self) -> IntArray:
        """Hours of each month, shape (month,)."""
        return np.tile(HOURS_OF_MONTH, YEARS)

    def prices(self, first: int, last: int) -> FloatArray:
        """Return every hour of scenarios `first` to `last` - 1, shape (scenario, hour)."""
        end = np.cumsum(self.month_hours)
        out = np.empty((last - first, int(end[-1])))
        for m, calendar in enumerate(self.month_of_year):
            shape = self.library[calendar - 1][self.library_year[first:last, m]]
            level = self.level[first:last, m, np.newaxis]
            out[:, end[m] - self.month_hours[m] : end[m]] = level * shape
        return out


def workload(scenarios: int) -> Workload:
    """Return the work of a number of scenarios, the same at every call."""
    rng = np.random.default_rng(20)
    library = []
    for hours in HOURS_OF_MONTH:
        price = rng.lognormal(3.6, 0.5, (LIBRARY_YEARS, hours)) - 8.0
        spike = rng.random(price.shape) < 0.004
        library.append(np.where(spike, rng.uniform(300.0, 5000.0, price.shape), price))
    months = 12 * YEARS
    efficiency = np.linspace(15.0, 38.0, CLASSES)
    hashprice = rng.lognormal(3.7, 0.3, (scenarios, months, 1))
    return Workload(
        library=tuple(library),
        library_year=rng.integers(0, LIBRARY_YEARS, (scenarios, months)),
        level=rng.lognormal(0.0, 0.2, (scenarios, months)),
        strike=hashprice * 1e3 / (24.0 * efficiency),
    )
