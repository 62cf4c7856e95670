"""Rolling forecasts of hashrate, each from what was known, scored against three benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require
from rerack.base.streams import Streams
from rerack.network.history.benchmarks import (
    GROWTH_CHANGES,
    drift_forecast,
    regression_forecast,
)
from rerack.network.history.record import HashrateRecord, hashrate_record
from rerack.network.history.structural import (
    SAMPLE_START,
    SupplyModel,
    fit_supply,
    forecast_hashrate,
)

#: Forecasts in the order of every table.
METHODS: Final = ("structure", "random walk with drift", "constant growth", "regression on revenue")
HORIZONS: Final = (3, 6, 12)
#: Paths of a predictive distribution, months of a block of residuals, and of a block of origins.
PATHS: Final = 400
RESIDUAL_BLOCK: Final = 6
ORIGIN_BLOCK: Final = 12
RESAMPLES: Final = 2_000
_INTERVAL: Final = 0.9


@dataclass(frozen=True, kw_only=True, eq=False)
class HashrateBacktest:
    """Errors of every forecast from every origin; read-only arrays.

    Parameters
    ----------
    origins : tuple of str
        Last month known, first forecast month is the next.
    errors_log : array, shape (method, origin, month)
        ln(actual / forecast) 1 to 12 months ahead; NaN where the actual value is not known yet.
    models : tuple of SupplyModel
        The estimate at each origin.
    crps_log : array, shape (origin, horizon)
        Continuous ranked probability score of the structure's distribution [log], NaN as above.
    drift_crps_log : array, shape (origin, horizon)
        The same for the random walk with drift.
    covered : array of bool, shape (origin, horizon)
        Whether the actual value lay in the structure's central 90 % interval.
    """

    origins: tuple[str, ...]
    errors_log: FloatArray
    models: tuple[SupplyModel, ...]
    crps_log: FloatArray
    drift_crps_log: FloatArray
    covered: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    def __post_init__(self) -> None:
        for name in ("errors_log", "crps_log", "drift_crps_log"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))

    def errors_at(self, horizon: int, method: str) -> FloatArray:
        """Return the errors of one method that are known, shape (origin,) or fewer [log]."""
        found = self.errors_log[METHODS.index(method), :, horizon - 1]
        return found[np.isfinite(found)]

    def rmse_log(self, horizon: int, method: str) -> float:
        """Return the root mean square error of log hashrate."""
        return root_mean_square(self.errors_at(horizon, method))

    def difference_log(self, horizon: int, method: str) -> tuple[float, float]:
        """Return RMSE of the structure less that of a method, and its standard error.

        Parameters
        ----------
        horizon : int
            Months ahead.
        method : str
            One of `METHODS`.

        Notes
        -----
        Circular block bootstrap over origins, blocks of 12 months, both errors of an origin drawn
        together (Politis and Romano 1992). Overlapping forecasts make far fewer independent cases
        than origins.
        """
        ours, theirs = self.errors_at(horizon, "structure"), self.errors_at(horizon, method)
        count = ours.size
        blocks = -(-count // ORIGIN_BLOCK)
        uniforms = Streams(1).uniforms("backtest-origins", paths=RESAMPLES, shape=(blocks,))
        at = (uniforms * count).astype(np.int64)[:, :, None] + np.arange(ORIGIN_BLOCK)
        at = at.reshape(RESAMPLES, -1)[:, :count] % count
        drawn = np.sqrt((ours[at] ** 2).mean(axis=1)) - np.sqrt((theirs[at] ** 2).mean(axis=1))
        return root_mean_square(ours) - root_mean_square(theirs), float(drawn.std(ddof=1))


def root_mean_square(errors: FloatArray) -> float:
    """Return the root of the mean of squares."""
    return float(np.sqrt(np.mean(np.square(errors))))


def backtest_hashrate(
    record: HashrateRecord | None = None,
    *,
    first: str = "2017-12",
    last: str | None = None,
    sample_start: str = SAMPLE_START,
    seed: int = 1,
) -> HashrateBacktest:
    """Forecast hashrate from every month, the actual price path given, and keep the errors.

    Parameters
    ----------
    record : HashrateRecord or None
        Months; None takes the packaged ones.
    first, last : str
        First and last month known to a forecast; `last` None goes as far as one month can be
        checked. 2017-12 makes January 2018 the first month forecast.
    sample_start : str
        First month that the structure is fitted on.
    seed : int
        Of the predictive distributions.

    Returns
    -------
    HashrateBacktest
        Everything that the tables show.

    Raises
    ------
    InputError
        Months out of the record or out of order.

    Notes
    -----
    Every parameter is estimated on months up to the origin, and the frontier of rigs after the
    origin is the past pace carried on. Price and fees ahead are the actual ones for the two that
    use them: this scores the response of hashrate, not a forecast of the price.
    """
    months = record or hashrate_record()
    begin = months.index_of(first)
    end = months.index_of(last) if last is not None else len(months.labels) - 2
    require(begin <= end < len(months.labels) - 1, "last", given=last, allowed=f"{first} or later")
    origins = range(begin, end + 1)
    models = tuple(fit_supply(months, o, sample_start=sample_start) for o in origins)
    errors, scores = _errors_and_scores(months, origins, models, Streams(seed))
    return HashrateBacktest(
        origins=months.labels[begin : end + 1],
        errors_log=errors,
        models=models,
        crps_log=scores[0],
        drift_crps_log=scores[1],
        covered=scores[2] == 1.0,
    )


def _errors_and_scores(
    record: HashrateRecord, origins: range, models: tuple[SupplyModel, ...], streams: Streams
) -> tuple[FloatArray, FloatArray]:
    """Return errors (method, origin, month) and both CRPS and cover (3, origin, horizon)."""
    errors = np.full((len(METHODS), len(origins), max(HORIZONS)), np.nan)
    scores = np.full((3, len(origins), len(HORIZONS)), np.nan)
    for i, (origin, model) in enumerate(zip(origins, models, strict=True)):
        ahead = min(max(HORIZONS), len(record.labels) - 1 - origin)
        actual = record.log_hashrate[origin + 1 : origin + 1 + ahead]
        for m, path in enumerate(_paths(record, model, origin, ahead)):
            errors[m, i, :ahead] = actual - path
        drawn = _drawn(record, model, origin, ahead, streams, i)
        for k, horizon in enumerate(HORIZONS):
            if horizon <= ahead:
                ours, walk = (paths[:, horizon - 1] for paths in drawn)
                scores[:, i, k] = _scores(ours, walk, float(actual[horizon - 1]))
    return errors, scores


def _paths(
    record: HashrateRecord, model: SupplyModel, origin: int, months: int
) -> tuple[FloatArray, ...]:
    return (
        forecast_hashrate(record, model, origin, months)[0],
        drift_forecast(record, origin, months),
        drift_forecast(record, origin, months, GROWTH_CHANGES),
        regression_forecast(record, origin, months),
    )


def _drawn(
    record: HashrateRecord,
    model: SupplyModel,
    origin: int,
    months: int,
    streams: Streams,
    number: int,
) -> tuple[FloatArray, FloatArray]:
    """Return draws of structure and drift, shape (path, month) each, by blocks of residuals."""
    blocks = -(-months // RESIDUAL_BLOCK)
    uniforms = streams.uniforms(f"backtest-{number}", paths=PATHS, shape=(blocks,))

    def shocks(residuals: FloatArray) -> FloatArray:
        centred = residuals - residuals.mean()
        at = (uniforms * centred.size).astype(np.int64)[:, :, None] + np.arange(RESIDUAL_BLOCK)
        found: FloatArray = centred[at.reshape(PATHS, -1)[:, :months] % centred.size]
        return found

    ours = forecast_hashrate(
        record, model, origin, months, shocks=shocks(np.array(model.residuals))
    )
    past = np.diff(record.log_hashrate[origin - len(model.residuals) : origin + 1])
    walk = drift_forecast(record, origin, months) + np.cumsum(shocks(past), axis=1)
    return ours, walk


def _scores(ours: FloatArray, walk: FloatArray, actual: float) -> tuple[float, float, float]:
    low, high = np.quantile(ours, [(1.0 - _INTERVAL) / 2.0, (1.0 + _INTERVAL) / 2.0])
    return crps(ours, actual), crps(walk, actual), float(low <= actual <= high)


def crps(draws: FloatArray, actual: float) -> float:
    """Return the continuous ranked probability score of equally likely draws.

    Parameters
    ----------
    draws : array, shape (path,)
        Draws of a forecast.
    actual : float
        What came.

    Notes
    -----
    ``E|X - y| - E|X - X'| / 2``, the second by order statistics (Gneiting and Raftery 2007,
    doi:10.1198/016214506000001437).
    """
    x = np.sort(draws)
    rank = 2.0 * np.arange(1, x.size + 1) - x.size - 1.0
    return float(np.abs(x - actual).mean() - (rank * x).sum() / x.size**2)
