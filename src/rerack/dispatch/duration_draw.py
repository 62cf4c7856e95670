"""A sorted price library as scenarios draw it: checked once, then asked again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, require

if TYPE_CHECKING:
    from rerack.dispatch.duration import PriceDuration

KernelArguments = tuple[
    FloatArray,
    FloatArray,
    IntArray,
    IntArray,
    IntArray,
    IntArray,
    IntArray,
    FloatArray,
    float,
    FloatArray,
]


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawnDuration:
    """Which month of which weather year each scenario-month replays, and at what level.

    Build it with `DrawnDuration.of`, which refuses what would read outside the library.

    Parameters
    ----------
    duration : PriceDuration
        The sorted library.
    month_of_year : ndarray of int, shape (month,)
        Calendar month 1 to 12.
    library_year : ndarray of int, shape (scenario, month)
        Weather year, from 0.
    level : ndarray, shape (scenario, month)
        Factor on the library's prices, above 0.
    """

    duration: PriceDuration
    month_of_year: IntArray
    library_year: IntArray
    level: FloatArray

    @classmethod
    def of(
        cls,
        duration: PriceDuration,
        *,
        month_of_year: IntArray,
        library_year: IntArray,
        level: FloatArray,
    ) -> DrawnDuration:
        """Return a draw whose numbers and shapes were checked; parameters as of the class.

        Raises
        ------
        InputError
            A number is NaN, infinite or out of range, or the shapes disagree.
        """
        month = np.ascontiguousarray(month_of_year, dtype=np.int64)
        year = np.ascontiguousarray(library_year, dtype=np.int64)
        scale = np.ascontiguousarray(as_finite(level, "level", ndim=2))
        require(
            month.shape == scale.shape[1:] and year.shape == scale.shape,
            "month_of_year, library_year",
            given=f"shapes {month.shape} and {year.shape}",
            allowed=f"{scale.shape[1:]} and {scale.shape}, as level has it",
        )
        low, high = month.min(initial=12), month.max(initial=1)
        require(
            bool(low >= 1 and high <= 12),
            "month_of_year",
            given=f"{low} to {high}",
            allowed="1 to 12",
        )
        first, last = year.min(initial=0), year.max(initial=0)
        require(
            bool(first >= 0 and last < duration.years),
            "library_year",
            given=f"{first} to {last}",
            allowed=f"0 to {duration.years - 1}",
        )
        least = scale.min(initial=np.inf)
        require(bool(least > 0.0), "level", given=f"{least}", allowed="above 0")
        return cls(duration=duration, month_of_year=month, library_year=year, level=scale)

    def given(self, adder_usd_per_mwh: float, strike_usd_per_mwh: FloatArray) -> KernelArguments:
        """Return the arguments of `duration_kernel` but the last two, in its order."""
        library = self.duration
        return (
            library.shape_sorted_usd_per_mwh,
            library.shape_sum_usd_per_mwh,
            library.sorted_start,
            library.sum_start,
            library.month_hours,
            self.month_of_year,
            self.library_year,
            self.level,
            adder_usd_per_mwh,
            np.ascontiguousarray(strike_usd_per_mwh),
        )

    def run(
        self, adder_usd_per_mwh: float, strike_usd_per_mwh: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return share of hours run and their price over all hours, both the strikes' shape.

        Parameters
        ----------
        adder_usd_per_mwh : float
            Added to the index at the meter [USD/MWh].
        strike_usd_per_mwh : ndarray
            Strike prices [USD/MWh], shape (scenario, first months, unit). Taken unchecked: not
            for what a user gives, which `rerack.dispatch.margins` is for.
        """
        from rerack.dispatch.duration_kernel import duration_kernel

        run_frac, run_price = np.empty((2, *strike_usd_per_mwh.shape))
        duration_kernel(*self.given(adder_usd_per_mwh, strike_usd_per_mwh), run_frac, run_price)
        return run_frac, run_price

    def mean_usd_per_mwh(self) -> FloatArray:
        """Return the plain mean of the index over all hours, shape (scenario, month) [USD/MWh]."""
        hours = self.duration.month_hours[self.month_of_year - 1]
        first = self.duration.sum_start[self.month_of_year - 1]
        last = first + self.library_year * (hours + 1) + hours
        return self.level * self.duration.shape_sum_usd_per_mwh[last] / hours
