"""Calibration of the fee model from monthly fees."""

from __future__ import annotations

import math

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require
from rerack.markets.parameters import Calibration, Estimate


def calibrate_fees(
    labels: tuple[str, ...],
    fees_btc_per_block: FloatArray,
    price_usd: FloatArray,
    *,
    source: str,
) -> Calibration:
    """Estimate reversion and volatility of log fees by a first-order autoregression.

    Parameters
    ----------
    labels : tuple of str
        Consecutive months.
    fees_btc_per_block : array, shape (month,)
        Mean fees [BTC per block], above 0.
    price_usd : array, shape (month,)
        Mean price [USD/BTC], for the correlation that the diagnostics report.
    source : str
        Where the figures come from.

    Returns
    -------
    found : Calibration
        ``half_life_months`` and ``volatility_frac``; the long-run mean and the correlation of fee
        shocks with the month's log return are diagnostics.

    Notes
    -----
    ``log F_t = a + phi log F_{t-1} + s e_t``; half life ``-ln 2 / ln phi``, its error by the delta
    method. Least squares pulls phi down by about (1 + 3 phi)/n (Kendall 1954), here 3 %.
    """
    fees = as_finite(fees_btc_per_block, "fees_btc_per_block", ndim=1)
    prices = as_finite(price_usd, "price_usd", ndim=1)
    require(bool((fees > 0).all()), "fees_btc_per_block", given=fees.min(), allowed="above 0")
    x = np.log(fees)
    design = np.column_stack([np.ones(x.size - 1), x[:-1]])
    coefficients = np.linalg.solve(design.T @ design, design.T @ x[1:])
    residuals = x[1:] - design @ coefficients
    n = residuals.size
    variance = float(residuals @ residuals) / (n - 2)
    phi = float(coefficients[1])
    require(
        0.0 < phi < 1.0,
        "fees_btc_per_block",
        given=f"phi {phi:.3f}",
        allowed="a sample that reverts",
    )
    phi_se = math.sqrt(variance * float(np.linalg.inv(design.T @ design)[1, 1]))
    half_life = -math.log(2.0) / math.log(phi)
    step = math.sqrt(variance)
    returns = np.diff(np.log(prices))
    correlation = float(np.corrcoef(residuals, returns)[0, 1])
    log_mean = float(coefficients[0]) / (1.0 - phi)
    return Calibration(
        name="fees",
        date=labels[-1],
        sample=f"{x.size} months {labels[0]} to {labels[-1]}",
        source=source,
        method="least squares on log fees of consecutive months; half life by the delta method",
        estimates={
            "half_life_months": Estimate(
                value=half_life,
                se=half_life * phi_se / (phi * abs(math.log(phi))),
                unit="month",
            ),
            "volatility_frac": Estimate(
                value=step * math.sqrt(12.0),
                se=step * math.sqrt(12.0) / math.sqrt(2.0 * (n - 2)),
                unit="1/sqrt(year), log",
            ),
        },
        diagnostics={
            "phi": phi,
            "long_run_btc_per_block": math.exp(log_mean + variance / (1 - phi**2) / 2.0),
            "long_run_median_btc_per_block": math.exp(log_mean),
            "correlation_with_bitcoin": correlation,
            "correlation_with_bitcoin_se": (1.0 - correlation**2) / math.sqrt(n),
        },
    )
