"""Calibration of the rig market: frontier, fading progress and the price in months of margin."""

from __future__ import annotations

import csv
import math
from importlib.resources import files
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray
from rerack.markets import NetworkHistory
from rerack.markets.parameters import Calibration, Estimate
from rerack.network.rig_market import margin_usd_per_th_month

#: Median electricity price of the miners that CCAF surveyed in mid-2024 [USD/MWh].
SURVEY_POWER_USD_PER_MWH: Final = 45.0
#: Mean efficiency of the same survey [J/TH].
SURVEY_EFFICIENCY_J_PER_TH: Final = 28.2
#: Month to which all level estimates refer, that of the survey.
SURVEY_MONTH: Final = "2024-06"
#: Cheapest current rig on offer, S21+ Hyd, 18 September 2026 [USD/TH].
LEAST_PRICE_USD_PER_TH: Final = 8.0


def calibrate_rigs(history: NetworkHistory) -> Calibration:
    """Estimate the efficiency frontier, its slowing, and the price of a rig.

    Parameters
    ----------
    history : NetworkHistory
        Hashprice of the months in which rigs were priced.

    Returns
    -------
    found : Calibration
        ``frontier_j_per_th`` and ``efficiency_j_per_th`` at mid-2024, ``progress_halving_years``,
        ``rig_margin_months`` and the fixed figures with their sources.
    """
    frontier = fit_frontier(*_frontier_sample())
    multiples = margin_multiples(history)
    logs = np.log(multiples)
    months = math.exp(float(logs.mean()))
    return Calibration(
        name="rigs",
        date=SURVEY_MONTH,
        sample=f"{multiples.size} rig prices 2021-05 to 2025-06; 10 best releases 2017 to 2026",
        source="rerack catalogue rig_prices and rigs (mostly secondary); CCAF Digital Mining "
        "Industry Report, Apr 2025 (survey Jun-Sep 2024)",
        method="frontier: least squares on log J/TH with fading pace; multiple: mean of log "
        "price over monthly margin at 45 USD/MWh",
        estimates={
            **frontier,
            "efficiency_j_per_th": Estimate(
                value=SURVEY_EFFICIENCY_J_PER_TH,
                se=None,
                unit="J/TH",
                note="CCAF survey, 48 % of the network.",
            ),
            "reference_power_usd_per_mwh": Estimate(
                value=SURVEY_POWER_USD_PER_MWH,
                se=None,
                unit="USD/MWh",
                note="CCAF survey, median electricity price.",
            ),
            "rig_margin_months": Estimate(
                value=months,
                se=months * float(logs.std(ddof=1)) / math.sqrt(logs.size),
                unit="month",
                note="Points share months and sources: the error is too small.",
            ),
            "rig_floor_usd_per_th": Estimate(
                value=LEAST_PRICE_USD_PER_TH,
                se=None,
                unit="USD/TH",
                note="Cheapest current rig on offer, 18 Sep 2026; an assumption as a floor.",
            ),
        },
        diagnostics={
            "rig_prices": float(multiples.size),
            "least_multiple_months": float(multiples.min()),
            "largest_multiple_months": float(multiples.max()),
            "multiple_sd_log": float(logs.std(ddof=1)),
        },
    )


def margin_multiples(history: NetworkHistory) -> FloatArray:
    """Return each sampled rig price in months of its margin, shape (price,).

    Parameters
    ----------
    history : NetworkHistory
        Hashprice of the month [USD/PH/day].
    """
    out = []
    for row in _rows("rig_price_sample.csv"):
        hashprice = history.hashprice_usd_per_ph_day[history.labels.index(row["month"])]
        margin = margin_usd_per_th_month(
            hashprice, np.array(float(row["j_per_th"])), np.array(SURVEY_POWER_USD_PER_MWH)
        )
        out.append(float(row["price_usd_per_th"]) / float(margin))
    return np.array(out)


def fit_frontier(year: FloatArray, j_per_th: FloatArray) -> dict[str, Estimate]:
    """Fit ``log e(t) = a - p h / ln 2 (1 - 2^(-t/h))`` by least squares.

    Parameters
    ----------
    year : array, shape (release,)
        Dates.
    j_per_th : array, shape (release,)
        Best efficiency on sale [J/TH].

    Returns
    -------
    dict of Estimate
        ``frontier_j_per_th`` and ``frontier_pace_frac_per_year`` at mid-2024, and
        ``progress_halving_years``, with errors from the Gauss-Newton matrix.
    """
    t = year - 2024.5
    halvings = np.geomspace(1.0, 100.0, 4_001)
    losses = [_frontier_residual(t, np.log(j_per_th), h)[1] for h in halvings]
    h = float(halvings[int(np.argmin(losses))])
    (level, pace), loss = _frontier_residual(t, np.log(j_per_th), h)
    step = 1e-4 * h
    change = (_fading(t, h + step) - _fading(t, h - step)) / (2.0 * step)
    jacobian = np.column_stack([np.ones_like(t), -_fading(t, h), -pace * change])
    cov = np.linalg.inv(jacobian.T @ jacobian) * (loss / (t.size - 3))
    errors = np.sqrt(np.diag(cov))
    best = math.exp(level)
    return {
        "frontier_j_per_th": Estimate(value=best, se=best * float(errors[0]), unit="J/TH"),
        "frontier_pace_frac_per_year": Estimate(
            value=-math.expm1(-pace), se=math.exp(-pace) * float(errors[1]), unit="1/year"
        ),
        "progress_halving_years": Estimate(
            value=h, se=float(errors[2]), unit="year", note="Ten points: hardly known."
        ),
    }


def _fading(t: FloatArray, h: float) -> FloatArray:
    gained: FloatArray = -h / math.log(2.0) * np.expm1(-t / h * math.log(2.0))
    return gained


def _frontier_residual(
    t: FloatArray, log_e: FloatArray, h: float
) -> tuple[tuple[float, float], float]:
    design = np.column_stack([np.ones_like(t), -_fading(t, h)])
    b = np.linalg.lstsq(design, log_e, rcond=None)[0]
    residual = log_e - design @ b
    return (float(b[0]), float(b[1])), float(residual @ residual)


def _frontier_sample() -> tuple[FloatArray, FloatArray]:
    rows = _rows("frontier_sample.csv")
    return (
        np.array([float(r["year"]) for r in rows]),
        np.array([float(r["best_j_per_th"]) for r in rows]),
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files("rerack.network").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
