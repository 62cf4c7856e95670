"""Tables of mining history: months, years, causes, shocks, the score of forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.history.backtest import HORIZONS, METHODS, HashrateBacktest, root_mean_square
from rerack.network.history.facts import MiningHistory
from rerack.network.history.margin import CAUSES, MarginChange, margin_frac
from rerack.network.history.shock import ShockTrace
from rerack.report.format import heading, share
from rerack.report.tables import Written, written

Columns = dict[str, Any]


def month_columns(
    history: MiningHistory, efficiency_j_per_th: float | None, power_usd_per_mwh: float | None
) -> Columns:
    """Return every month of a history.

    Parameters
    ----------
    history : MiningHistory
        Months.
    efficiency_j_per_th, power_usd_per_mwh : float or None
        As in `margin_frac`.
    """
    count = len(history.labels)
    efficiency = _path(efficiency_j_per_th, history.efficiency_j_per_th, count)
    power = _path(power_usd_per_mwh, history.power_usd_per_mwh, count)
    paid = history.hashprice_usd_per_ph_day
    return {
        "month": list(history.labels),
        "price_usd": history.price_usd,
        "hashrate_eh_s": history.hashrate_eh_s,
        "difficulty": history.difficulty,
        "subsidy_btc": history.subsidy_btc,
        "fees_btc_per_block": history.fees_btc_per_block,
        "hashprice_usd_per_ph_day": paid,
        "efficiency_j_per_th": efficiency,
        "power_usd_per_mwh": power,
        "margin_usd_per_mwh": paid / (0.024 * efficiency) - power,
        "margin_frac": margin_frac(
            history, efficiency_j_per_th=efficiency_j_per_th, power_usd_per_mwh=power_usd_per_mwh
        ),
        "status": list(history.status),
    }


def year_columns(months: Mapping[str, Any]) -> Columns:
    """Return means by year of what `month_columns` returns, with the months that are known.

    Parameters
    ----------
    months : mapping
        Columns by month.
    """
    years = np.array([label[:4] for label in months["month"]])
    names = sorted(set(years.tolist()))
    shown = [n for n in months if n not in ("month", "status", "difficulty", "subsidy_btc")]
    means = {n: [float(np.mean(np.asarray(months[n])[years == y])) for y in names] for n in shown}
    counts = [int((years == y).sum()) for y in names]
    return {"year": names, "months": counts, **means}


def cause_columns(change: MarginChange) -> Columns:
    """Return the parts of a change by cause, the whole last.

    Parameters
    ----------
    change : MarginChange
        From `explain_margin`.
    """
    before, after = change.before, change.after
    whole = (
        after.margin_frac - before.margin_frac,
        after.margin_usd_per_mwh - before.margin_usd_per_mwh,
        after.hashprice_usd_per_ph_day - before.hashprice_usd_per_ph_day,
    )
    return {
        "cause": [*CAUSES, "whole change"],
        "margin_frac": [*change.margin_frac, whole[0]],
        "margin_usd_per_mwh": [*change.margin_usd_per_mwh, whole[1]],
        "hashprice_usd_per_ph_day": [*change.hashprice_usd_per_ph_day, whole[2]],
    }


def cause_sheet(change: MarginChange) -> Written:
    """Return the parts of a change as people read them; parameters as in `cause_columns`."""
    return _sheet(cause_columns(change))


def shock_sheet(trace: ShockTrace) -> Written:
    """Return the epochs of a shock as people read them; parameters as in `shock_columns`."""
    return _sheet(shock_columns(trace))


def _sheet(columns: Columns) -> Written:
    shares = {name: share for name in columns if name.endswith("_frac")}
    return written(columns, headings={c: heading(c) for c in columns}, formats=shares)


def shock_columns(trace: ShockTrace) -> Columns:
    """Return the epochs of a shock.

    Parameters
    ----------
    trace : ShockTrace
        From `trace_shock`.
    """
    return {
        "epoch_starts": trace.start_dates(),
        "height": trace.start_height,
        "hashrate_eh_s": trace.hashrate_eh_s,
        "difficulty": trace.difficulty,
        "change_frac": trace.change_frac,
        "block_interval_s": trace.block_interval_s,
        "pay_ratio": trace.pay_ratio,
    }


def score_columns(found: HashrateBacktest) -> Columns:
    """Return the score of every method by horizon, and the structure's difference with error.

    Parameters
    ----------
    found : HashrateBacktest
        From `backtest_hashrate`.
    """
    rows = [(h, m) for h in HORIZONS for m in METHODS if found.errors_at(h, m).size]
    gaps = [found.difference_log(h, m) for h, m in rows]
    return {
        "months_ahead": [h for h, _ in rows],
        "method": [m for _, m in rows],
        "origins": [int(found.errors_at(h, m).size) for h, m in rows],
        "rmse_log": [found.rmse_log(h, m) for h, m in rows],
        "bias_log": [float(found.errors_at(h, m).mean()) for h, m in rows],
        "structure_less_this_log": [g for g, _ in gaps],
        "standard_error_log": [e for _, e in gaps],
    }


def origin_year_columns(found: HashrateBacktest, horizon: int = 12) -> Columns:
    """Return the root mean square error of every method by the year of the origin.

    Parameters
    ----------
    found : HashrateBacktest
        From `backtest_hashrate`.
    horizon : int
        Months ahead.
    """
    known = np.isfinite(found.errors_log[0, :, horizon - 1])
    years = np.array([o[:4] for o in found.origins])
    names = [y for y in sorted(set(years.tolist())) if (known & (years == y)).any()]
    errors = found.errors_log[:, :, horizon - 1]
    return {
        "origin_year": names,
        "origins": [int((known & (years == y)).sum()) for y in names],
        **{
            m: [root_mean_square(errors[i, known & (years == y)]) for y in names]
            for i, m in enumerate(METHODS)
        },
    }


def parameter_columns(found: HashrateBacktest) -> Columns:
    """Return the structure's estimates at the end of every year and at the last origin.

    Parameters
    ----------
    found : HashrateBacktest
        From `backtest_hashrate`.
    """
    last = len(found.origins) - 1
    at = [i for i, o in enumerate(found.origins) if o.endswith("-12") or i == last]
    models = [found.models[i] for i in at]
    return {
        "origin": [found.origins[i] for i in at],
        "entry_per_month": [m.entry_per_month for m in models],
        "barrier_log": [m.barrier_log for m in models],
        "ceiling_ratio": [m.ceiling_ratio for m in models],
        "response_frac": [m.response_frac for m in models],
        "volatility_frac": [m.volatility_frac for m in models],
    }


def _path(given: float | None, path: FloatArray, count: int) -> FloatArray:
    return path if given is None else np.full(count, given)
