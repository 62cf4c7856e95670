"""The forecasts that a model of hashrate has to beat."""

from __future__ import annotations

from typing import Final

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.history.record import HashrateRecord

#: Monthly changes of three years to the origin (36 levels), of one year, and of two.
DRIFT_CHANGES: Final = 35
GROWTH_CHANGES: Final = 12
REGRESSION_CHANGES: Final = 24


def drift_forecast(
    record: HashrateRecord, origin: int, months: int, changes: int = DRIFT_CHANGES
) -> FloatArray:
    """Return a random walk's mean path: the mean change of the past goes on, shape (month,).

    Parameters
    ----------
    record : HashrateRecord
        Months; nothing after the origin is read.
    origin, months : int
        Last known month; months ahead.
    changes : int
        Monthly changes averaged: 35 is the *random walk with drift*, 12 *constant growth*.
    """
    level = record.log_hashrate
    pace = (level[origin] - level[origin - changes]) / changes
    path: FloatArray = level[origin] + pace * np.arange(1, months + 1)
    return path


def regression_forecast(record: HashrateRecord, origin: int, months: int) -> FloatArray:
    """Return hashrate by a plain regression on revenue, the revenue path given, shape (month,).

    Parameters
    ----------
    record : HashrateRecord
        Months; no hashrate after the origin is read.
    origin, months : int
        As in `drift_forecast`.

    Notes
    -----
    Least squares over the last 24 monthly changes of log hashrate on a constant and the change of
    log revenue (what was paid) in this month and the last.
    """
    moved = np.diff(record.log_hashrate)
    paid = np.diff(record.log_paid)
    x = np.column_stack([np.ones(paid.size - 1), paid[1:], paid[:-1]])
    fitted = np.arange(origin - REGRESSION_CHANGES, origin) - 1
    b = np.linalg.lstsq(x[fitted], moved[fitted + 1], rcond=None)[0]
    ahead = np.arange(origin, origin + months) - 1
    path: FloatArray = record.log_hashrate[origin] + np.cumsum(x[ahead] @ b)
    return path
