"""Which hashprice and lease rate make a policy convert."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require_between


@dataclass(frozen=True, kw_only=True, eq=False)
class ExerciseRegion:
    """How often a policy converts in a year of the study, by hashprice and lease index.

    Parameters
    ----------
    first_month, last_month : int
        First and last decision month that is counted.
    hashprice_edges_usd_per_ph_day : ndarray, shape (row + 1,)
        Bounds of the rows [USD/PH/day].
    lease_index_edges : ndarray, shape (column + 1,)
        Bounds of the columns, 1 in month 0.
    seen_count, converted_count : ndarray of int, shape (row, column)
        Decisions open (scenario, date and hall still mining), and those that converted. A cell with
        nothing seen says nothing.
    """

    first_month: int
    last_month: int
    hashprice_edges_usd_per_ph_day: FloatArray
    lease_index_edges: FloatArray
    seen_count: IntArray
    converted_count: IntArray


def exercise_regions(
    hashprice_usd_per_ph_day: FloatArray,
    lease_index: FloatArray,
    months: IntArray,
    decide_month: IntArray,
    *,
    cells: int = 5,
) -> tuple[ExerciseRegion, ...]:
    """Count open decisions and conversions by hashprice and lease index, year by year.

    Parameters
    ----------
    hashprice_usd_per_ph_day, lease_index : ndarray, shape (scenario, month)
        The market that the policy ran in.
    months : ndarray of int, shape (date,)
        Decision months.
    decide_month : ndarray of int, shape (scenario, hall)
        When each hall was decided.
    cells : int
        Rows and columns, bounded by quantiles of what was seen.

    Notes
    -----
    Years are kept apart: hashprice falls with time and less rent is left to earn, so that the same
    market means another thing later. Years in which nothing is left to decide are left out.
    """
    return tuple(
        exercise_region(
            hashprice_usd_per_ph_day[:, dates],
            lease_index[:, dates],
            dates,
            decide_month,
            cells=cells,
        )
        for dates in open_years(months, decide_month)
    )


def open_years(months: IntArray, decide_month: IntArray) -> list[IntArray]:
    """Return the decision months of each year that something is left to decide in.

    Parameters
    ----------
    months : ndarray of int, shape (date,)
        Decision months.
    decide_month : ndarray of int, shape (scenario, hall)
        When each hall was decided.
    """
    years = [months[months // 12 == year] for year in np.unique(months // 12)]
    return [dates for dates in years if bool((decide_month >= dates[0]).any())]


def exercise_region(
    hashprice: FloatArray,
    lease: FloatArray,
    months: IntArray,
    decide_month: IntArray,
    *,
    cells: int = 5,
) -> ExerciseRegion:
    """Count one year's open decisions and conversions by hashprice and lease index.

    Parameters
    ----------
    hashprice, lease : ndarray, shape (scenario, date)
        The market at the decision months [USD/PH/day; 1 in month 0].
    months : ndarray of int, shape (date,)
        Decision months of the year.
    decide_month : ndarray of int, shape (scenario, hall)
        When each hall was decided.
    cells : int
        Rows and columns, bounded by quantiles of what was seen.
    """
    require_between(cells, 1, 100, "region: cells")
    still_open = (months[None, :, None] <= decide_month[:, None, :]).sum(axis=2)
    converts = (months[None, :, None] == decide_month[:, None, :]).sum(axis=2)
    seen = still_open > 0
    rows = _edges(hashprice[seen], cells)
    columns = _edges(lease[seen], cells)

    def count(halls: IntArray) -> IntArray:
        found = np.histogram2d(
            hashprice.ravel(), lease.ravel(), bins=(rows, columns), weights=halls.ravel()
        )[0]
        return np.rint(found).astype(np.int64)

    return ExerciseRegion(
        first_month=int(months[0]),
        last_month=int(months[-1]),
        hashprice_edges_usd_per_ph_day=rows,
        lease_index_edges=columns,
        seen_count=count(still_open),
        converted_count=count(converts),
    )


def _edges(values: FloatArray, cells: int) -> FloatArray:
    """Return quantiles, moved apart where they coincide."""
    edges = np.quantile(values, np.linspace(0.0, 1.0, cells + 1))
    distinct = np.unique(edges)
    if distinct.size == 1:
        return np.array([distinct[0] * (1.0 - 1e-9), distinct[0] * (1.0 + 1e-9)])
    return np.asarray(distinct)
