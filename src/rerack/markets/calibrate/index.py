"""Calibration of the lease and GPU indices from the catalogue's few dated points."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import require
from rerack.catalog import Row, load
from rerack.markets.parameters import Calibration, Estimate

#: One price of one thing: time [year] and value.
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class WalkFit:
    """A log random walk with drift fitted to several short series that share it.

    Parameters
    ----------
    drift_frac_per_year, drift_se : float
        Mean log change a year, and its standard error.
    volatility_frac, volatility_se : float
        Deviation of the yearly log change, and its standard error.
    steps : int
        Changes observed.
    span_years : float
        Years that they cover, added over series.
    """

    drift_frac_per_year: float
    drift_se: float
    volatility_frac: float
    volatility_se: float
    steps: int
    span_years: float


def pooled_walk(series: list[list[Point]]) -> WalkFit:
    """Fit one drift and one volatility to series seen at irregular dates.

    Parameters
    ----------
    series : list of list of (year, value)
        Each in order of time, with positive values.

    Returns
    -------
    WalkFit
        Maximum likelihood of a Brownian motion with drift: ``mu = sum r / sum dt``,
        ``s^2 = sum (r - mu dt)^2 / dt / (n - 1)``; errors ``s / sqrt(sum dt)`` and
        ``s / sqrt(2 (n - 1))``.

    Examples
    --------
    >>> fit = pooled_walk([[(2020.0, 1.0), (2021.0, np.e), (2022.0, np.e)]])
    >>> fit.drift_frac_per_year, fit.steps
    (0.5, 2)
    """
    gaps: list[float] = []
    moves: list[float] = []
    for points in series:
        times = np.array([t for t, _ in points])
        gaps.extend(np.diff(times))
        moves.extend(np.diff(np.log([v for _, v in points])))
    dt, r = np.array(gaps), np.array(moves)
    require(r.size >= 2, "series", given=f"{r.size} changes", allowed="2 or more")
    require(bool((dt > 0).all()), "series", given="dates out of order", allowed="rising dates")
    span = float(dt.sum())
    drift = float(r.sum()) / span
    variance = float((((r - drift * dt) ** 2) / dt).sum()) / (r.size - 1)
    s = math.sqrt(variance)
    return WalkFit(
        drift_frac_per_year=drift,
        drift_se=s / math.sqrt(span),
        volatility_frac=s,
        volatility_se=s / math.sqrt(2.0 * (r.size - 1)),
        steps=int(r.size),
        span_years=span,
    )


def calibrate_lease() -> Calibration:
    """Estimate growth and volatility of wholesale rents from yearly asking rents.

    Returns
    -------
    found : Calibration
        From the catalogue's yearly rents of the primary US markets; the middle where a range is
        given.

    Notes
    -----
    Asking rents of 250 to 500 kW, averaged over a year and over markets, move less than the rate
    of one large contract: read the volatility as a lower bound.
    """
    rows = [
        row
        for row in load("colocation_rents").rows
        if row.text("market") == "US primary markets" and len(row.text("period")) == 4
    ]
    points = sorted(
        (
            float(row.text("period")),
            _middle(row, "rent_usd_per_kw_month", "rent_high_usd_per_kw_month"),
        )
        for row in rows
    )
    fit = pooled_walk([points])
    growth = math.expm1(fit.drift_frac_per_year)
    return Calibration(
        name="lease",
        date=f"{points[-1][0]:.0f}",
        sample=f"{len(points)} yearly asking rents {points[0][0]:.0f} to {points[-1][0]:.0f}",
        source="CBRE North America data centre trends, relayed; rerack catalogue colocation_rents",
        method="log random walk with drift at irregular dates, maximum likelihood",
        estimates={
            "growth_frac_per_year": Estimate(
                value=growth,
                se=(1.0 + growth) * fit.drift_se,
                unit="1/year",
                note="What was; the default of the model is an assumption of level real rents.",
            ),
            "volatility_frac": Estimate(
                value=fit.volatility_frac,
                se=fit.volatility_se,
                unit="1/sqrt(year), log",
                note="Few and smoothed points: a lower bound for one contract.",
            ),
        },
        diagnostics={"steps": float(fit.steps), "span_years": fit.span_years},
    )


def calibrate_gpu() -> Calibration:
    """Estimate decline and volatility of GPU-hour prices from quoted prices.

    Returns
    -------
    found : Calibration
        From every series of one GPU quoted on one basis in two or more dated months; prices of
        a month are averaged in logarithms.

    Notes
    -----
    Mixed lists, marketplaces and contracts of a handful of dates: the volatility holds quotation
    noise, so the decline is that of the median and is used as that of the expectation.
    """
    grouped: dict[tuple[str, str], dict[float, list[float]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in load("gpu_prices").rows:
        if len(row.as_of) >= 7 and not row.text("basis").startswith("break-even"):
            price = _middle(row, "price_usd_per_gpu_hour", "price_high_usd_per_gpu_hour")
            grouped[row.text("gpu"), row.text("basis")][_year(row.as_of)].append(math.log(price))
    series = [
        [(t, math.exp(float(np.mean(logs)))) for t, logs in sorted(points.items())]
        for points in grouped.values()
        if len(points) >= 2
    ]
    fit = pooled_walk(series)
    kept = math.exp(fit.drift_frac_per_year)
    last = max(t for points in series for t, _ in points)
    return Calibration(
        name="gpu",
        date=f"{int(last):04d}-{int(last % 1 * 12) + 1:02d}",
        sample=f"{fit.steps} changes in {len(series)} series of V100, A100 and H100 prices",
        source="rerack catalogue gpu_prices (secondary sources, named there)",
        method="common log random walk with drift at irregular dates, maximum likelihood",
        estimates={
            "decline_frac_per_year": Estimate(
                value=1.0 - kept, se=kept * fit.drift_se, unit="1/year"
            ),
            "volatility_frac": Estimate(
                value=fit.volatility_frac,
                se=fit.volatility_se,
                unit="1/sqrt(year), log",
                note="Holds the noise of quotations.",
            ),
        },
        diagnostics={
            "series": float(len(series)),
            "steps": float(fit.steps),
            "span_years": fit.span_years,
        },
    )


def _middle(row: Row, low: str, high: str) -> float:
    first = row.number(low)
    return (first + row.number(high)) / 2.0 if row[high] is not None else first


def _year(as_of: str) -> float:
    return int(as_of[:4]) + (int(as_of[5:7]) - 0.5) / 12.0
