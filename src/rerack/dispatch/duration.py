"""The price-duration route: sort each month once, then answer any strike by one binary search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, frozen_array, require
from rerack.dispatch.duration_draw import DrawnDuration
from rerack.dispatch.run_margins import RunMargins
from rerack.numerics.device import Device, require_device


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceDuration:
    """Hourly prices of a library of weather years, sorted and summed by calendar month.

    Build it with `PriceDuration.build`; all arrays are read-only.

    Parameters
    ----------
    years : int
        Library years.
    month_hours : ndarray of int
        Hours of each calendar month, shape (12,).
    shape_sorted_usd_per_mwh : ndarray
        Prices at base level, ascending within (calendar month, library year), flat [USD/MWh].
    shape_sum_usd_per_mwh : ndarray
        Sums of the cheapest 0, 1, 2, ... hours of each segment, one longer than it, flat.
    sorted_start, sum_start : ndarray of int
        Where each calendar month begins in the two flat arrays, shape (12,).
    """

    years: int
    month_hours: IntArray
    shape_sorted_usd_per_mwh: FloatArray
    shape_sum_usd_per_mwh: FloatArray
    sorted_start: IntArray
    sum_start: IntArray

    def __post_init__(self) -> None:
        segments = self.years * self.month_hours
        require(
            self.month_hours.shape == (12,)
            and self.shape_sorted_usd_per_mwh.size == segments.sum()
            and self.shape_sum_usd_per_mwh.size == segments.sum() + 12 * self.years,
            "price duration",
            given="arrays of other sizes",
            allowed="what PriceDuration.build makes",
            cure="Build it with PriceDuration.build.",
        )
        for name in ("shape_sorted_usd_per_mwh", "shape_sum_usd_per_mwh"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))
        for name in ("month_hours", "sorted_start", "sum_start"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @classmethod
    def build(cls, hourly_usd_per_mwh: Sequence[FloatArray]) -> PriceDuration:
        """Sort and sum a price library.

        Parameters
        ----------
        hourly_usd_per_mwh : sequence of 12 ndarray
            Index price at base level by calendar month, January first [USD/MWh], each of shape
            (library_year, hour of that month).

        Returns
        -------
        PriceDuration
            The sorted library.

        Raises
        ------
        InputError
            If a price is NaN or infinite, a month is empty, or library years differ in number.

        Notes
        -----
        Sums run from the cheapest hour up, so that rare spikes of thousands of USD/MWh do not
        cost the digits of the hours below them.
        """
        require(
            len(hourly_usd_per_mwh) == 12,
            "hourly_usd_per_mwh",
            given=f"{len(hourly_usd_per_mwh)} months",
            allowed="12 calendar months",
        )
        months = [
            as_finite(prices, f"hourly_usd_per_mwh[{i}]", ndim=2)
            for i, prices in enumerate(hourly_usd_per_mwh)
        ]
        years = months[0].shape[0]
        for i, prices in enumerate(months):
            require(
                prices.shape[0] == years >= 1 and prices.shape[1] >= 1,
                f"hourly_usd_per_mwh[{i}]",
                given=f"shape {prices.shape}",
                allowed=f"({max(years, 1)} library years, 1 hour or more)",
            )
        hours = np.array([prices.shape[1] for prices in months], dtype=np.int64)
        ordered = [np.sort(prices, axis=1) for prices in months]
        sums = [np.concatenate([np.zeros((years, 1)), np.cumsum(p, axis=1)], 1) for p in ordered]
        return cls(
            years=years,
            month_hours=hours,
            shape_sorted_usd_per_mwh=np.concatenate([p.ravel() for p in ordered]),
            shape_sum_usd_per_mwh=np.concatenate([p.ravel() for p in sums]),
            sorted_start=years * (np.cumsum(hours) - hours),
            sum_start=years * (np.cumsum(hours + 1) - hours - 1),
        )


def margins(
    duration: PriceDuration,
    *,
    month_of_year: IntArray,
    library_year: IntArray,
    level: FloatArray,
    adder_usd_per_mwh: float,
    strike_usd_per_mwh: FloatArray,
    device: Device = "cpu",
) -> RunMargins:
    """Return how often every class runs in every scenario-month, and the cost of that power.

    Parameters
    ----------
    duration : PriceDuration
        The sorted library.
    month_of_year : ndarray of int
        Calendar month 1 to 12, shape (month,).
    library_year : ndarray of int
        Weather year, from 0, shape (scenario, month).
    level : ndarray
        Factor on the library's prices, above 0, shape (scenario, month).
    adder_usd_per_mwh : float
        Added to the index at the meter [USD/MWh].
    strike_usd_per_mwh : ndarray
        Strike prices [USD/MWh], shape (scenario, month, unit).
    device : {"cpu", "gpu"}
        Where the search runs. A GPU may round a multiplication and the addition behind it once
        instead of twice, so that its bits may differ; `rerack.dispatch.duration_gpu` says more.

    Returns
    -------
    RunMargins
        Over the hours whose price ``level * shape + adder`` is below the strike.

    Raises
    ------
    InputError
        If a number is NaN, infinite or out of range, the shapes disagree, or the device is not
        there.

    Notes
    -----
    With n sorted prices q and their sums Q, ``c = #{q < (strike - adder) / level}``,
    ``run_frac = c / n`` and ``run_price = (level * Q_c + adder * c) / n``: exact, at the cost of
    one binary search. A price within rounding of the strike may count as run or as idle; its
    margin is zero either way. The kernel releases the interpreter lock, so a caller may split the
    scenarios over threads. Do not use it where hours are coupled (storage, peaks, start costs).

    Examples
    --------
    >>> library = PriceDuration.build([np.array([[10.0, 30.0, -5.0, 90.0]])] * 12)
    >>> strike = np.array([[[42.0]]])
    >>> found = margins(library, month_of_year=np.array([1]), library_year=np.array([[0]]),
    ...                 level=np.array([[2.0]]), adder_usd_per_mwh=2.0, strike_usd_per_mwh=strike)
    >>> found.run_frac.item(), found.margin_usd_per_mwh(strike).item()
    (0.5, 17.5)
    """
    drawn = DrawnDuration.of(
        duration, month_of_year=month_of_year, library_year=library_year, level=level
    )
    adder = float(as_finite(adder_usd_per_mwh, "adder_usd_per_mwh", ndim=0))
    strike = as_finite(strike_usd_per_mwh, "strike_usd_per_mwh", ndim=3)
    require(
        strike.shape[:2] == drawn.level.shape,
        "strike_usd_per_mwh",
        given=f"shape {strike.shape}",
        allowed=f"({drawn.level.shape[0]} scenarios, {drawn.level.shape[1]} months, units)",
    )
    require_device(device, "device")
    if device == "gpu":
        from rerack.dispatch.duration_gpu import duration_on_gpu  # CUDA: only when it is asked for

        run_frac, run_price = np.empty(strike.shape), np.empty(strike.shape)
        duration_on_gpu(drawn.given(adder, strike), run_frac, run_price)
    else:
        run_frac, run_price = drawn.run(adder, strike)
    return RunMargins(run_frac=run_frac, run_price_usd_per_mwh=run_price)


def mean_price_usd_per_mwh(
    duration: PriceDuration, *, month_of_year: IntArray, library_year: IntArray, level: FloatArray
) -> FloatArray:
    """Return the plain mean of the index over all hours of every scenario-month.

    Parameters
    ----------
    duration : PriceDuration
        The sorted library.
    month_of_year : ndarray of int
        Calendar month 1 to 12, shape (month,).
    library_year : ndarray of int
        Weather year, from 0, shape (scenario, month).
    level : ndarray
        Factor on the library's prices, above 0, shape (scenario, month).

    Returns
    -------
    ndarray
        Mean index price [USD/MWh], without any adder, shape (scenario, month).
    """
    drawn = DrawnDuration.of(
        duration, month_of_year=month_of_year, library_year=library_year, level=level
    )
    return drawn.mean_usd_per_mwh()
