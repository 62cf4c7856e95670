"""Mining history in words and tables: margin by year, causes, shocks, the score of forecasts."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.history.backtest import HORIZONS, METHODS, HashrateBacktest, root_mean_square
from rerack.network.history.facts import MiningHistory
from rerack.network.history.margin import CAUSES, MarginChange, margin_frac
from rerack.network.history.shock import ShockTrace
from rerack.report.format import fixed, quantity, share
from rerack.report.tables import table_text

_WIDTH = 100
Columns = dict[str, Any]

#: What a decomposition is not.
CAVEAT = (
    "Parts by logarithmic mean (LMDI); they sum to the whole exactly. Arithmetic, not economics:"
    " difficulty rose because price rose."
)


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


def history_headline(change: MarginChange, first: str, last: str) -> str:
    """Return the finding of a decomposition in one sentence.

    Parameters
    ----------
    change : MarginChange
        From `explain_margin`.
    first, last : str
        The two months.
    """
    worst = int(np.argmin(change.margin_frac))
    best = int(np.argmax(change.margin_frac))
    moved = "fell" if change.after.margin_frac < change.before.margin_frac else "rose"
    return (
        f"Mining margin {moved} from {share(change.before.margin_frac)} in {first} to"
        f" {share(change.after.margin_frac)} in {last}: {CAUSES[worst]} took"
        f" {_points(-change.margin_frac[worst])}, {CAUSES[best]} gave"
        f" {_points(change.margin_frac[best])}"
    )


def history_text(
    months: Mapping[str, Any], change: MarginChange, first: str, last: str, basis: str
) -> str:
    """Return what a terminal shows: finding, years, causes.

    Parameters
    ----------
    months : mapping
        From `month_columns`.
    change : MarginChange
        From `explain_margin`.
    first, last : str
        Its months.
    basis : str
        Rig and power price in words.
    """
    years = table_text(
        year_columns(months),
        headings={
            "price_usd": "USD/BTC",
            "hashrate_eh_s": "EH/s",
            "fees_btc_per_block": "fees, BTC/block",
            "hashprice_usd_per_ph_day": "USD/PH/day",
            "efficiency_j_per_th": "J/TH",
            "power_usd_per_mwh": "power, USD/MWh",
            "margin_usd_per_mwh": "margin, USD/MWh",
            "margin_frac": "margin",
        },
        formats={"margin_frac": share},
        width=_WIDTH,
        indent=2,
    )
    causes = table_text(
        cause_columns(change),
        headings={
            "margin_frac": "points of margin",
            "margin_usd_per_mwh": "USD/MWh",
            "hashprice_usd_per_ph_day": "USD/PH/day of hashprice",
        },
        formats={"margin_frac": lambda v: fixed(100.0 * v, 1)},
        width=_WIDTH,
        indent=2,
    )
    assumed = [m for m, s in zip(months["month"], months["status"], strict=True) if "assum" in s]
    notes = [CAVEAT, "After June 2025 only months with a published price; --prices adds others."]
    if assumed:
        notes.append(f"Fees of 0.02 BTC per block are assumed in {', '.join(assumed)}.")
    return "\n".join(
        [
            textwrap.fill(history_headline(change, first, last), _WIDTH),
            textwrap.fill(basis, _WIDTH),
            "",
            years,
            "",
            f"  {first} to {last}",
            causes,
            "",
            *(textwrap.fill(n, _WIDTH, initial_indent="  ", subsequent_indent="  ") for n in notes),
        ]
    )


def shock_text(trace: ShockTrace) -> str:
    """Return what a terminal shows of a shock.

    Parameters
    ----------
    trace : ShockTrace
        From `trace_shock`.
    """
    low = int(np.argmin(trace.shock.hashrate_eh_s))
    first = float(trace.shock.hashrate_eh_s[0])
    left = 1.0 - float(trace.shock.hashrate_eh_s[low]) / first
    table = table_text(
        shock_columns(trace),
        headings={
            "epoch_starts": "epoch starts",
            "hashrate_eh_s": "EH/s",
            "change_frac": "retarget",
            "block_interval_s": "s per block",
            "pay_ratio": "coins per PH/s, first = 1",
        },
        formats={
            "difficulty": lambda v: f"{v / 1e12:.2f} T",
            "height": lambda v: f"{v:,}",
            "change_frac": lambda v: "" if np.isnan(v) else f"{round(100 * v, 2) + 0.0:+.2f} %",
            "block_interval_s": lambda v: "" if np.isnan(v) else f"{v:.0f}",
            "pay_ratio": lambda v: fixed(v, 2),
        },
        width=_WIDTH,
        indent=2,
    )
    return "\n".join(
        [
            f"{trace.shock.name}: at its lowest, {trace.shock.dates[low]}, {share(left)} of the"
            f" first days' hashrate is gone",
            "Blocks slow down at once; those who stay are paid more per PH/s from the retarget on.",
            "",
            table,
        ]
    )


def score_text(found: HashrateBacktest) -> str:
    """Return what a terminal shows of a backtest.

    Parameters
    ----------
    found : HashrateBacktest
        From `backtest_hashrate`.
    """
    logs = ("rmse_log", "bias_log", "structure_less_this_log", "standard_error_log", *METHODS)
    three = {name: lambda v: fixed(v, 3) for name in logs}
    scores = table_text(
        score_columns(found),
        headings={
            "months_ahead": "months ahead",
            "rmse_log": "RMSE, log",
            "bias_log": "bias, log",
            "structure_less_this_log": "structure less this",
            "standard_error_log": "standard error",
        },
        formats=three,
        width=_WIDTH,
        indent=2,
    )
    years = table_text(
        origin_year_columns(found),
        headings={"origin_year": "origins in"},
        formats=three,
        width=_WIDTH,
        indent=2,
    )
    return "\n".join(
        [
            f"Hashrate ahead from {len(found.origins)} origins, {found.origins[0]} to"
            f" {found.origins[-1]}",
            "Bitcoin's price and fees given; all else as known at the origin.",
            "",
            scores,
            "",
            "  RMSE 12 months ahead, by year of origin",
            years,
            "",
            *(f"  {line}" for line in spread_lines(found)),
        ]
    )


def spread_lines(found: HashrateBacktest) -> list[str]:
    """Return one line a horizon on the predictive distribution.

    Parameters
    ----------
    found : HashrateBacktest
        From `backtest_hashrate`.
    """
    lines = []
    for k, horizon in enumerate(HORIZONS):
        known = np.isfinite(found.crps_log[:, k])
        if known.any():
            lines.append(
                f"{horizon} months: CRPS {found.crps_log[known, k].mean():.3f}, random walk with"
                f" drift {found.drift_crps_log[known, k].mean():.3f}; 90 % interval held"
                f" {share(float(found.covered[known, k].mean()))} of outcomes"
            )
    return lines


def basis_words(efficiency_j_per_th: float | None, power_usd_per_mwh: float | None) -> str:
    """Return which rig and which power price a margin stands for.

    Parameters
    ----------
    efficiency_j_per_th, power_usd_per_mwh : float or None
        As in `margin_frac`.
    """
    rig = "the network's mean rig, improving"
    if efficiency_j_per_th is not None:
        rig = f"a rig of {quantity(efficiency_j_per_th, 'j_per_th')} throughout"
    power = "power as miners paid"
    if power_usd_per_mwh is not None:
        power = f"power at {quantity(power_usd_per_mwh, 'usd_per_mwh')}"
    return f"{rig}, {power}; after power, before pool fee, people and capital; monthly means"


def _points(value_frac: float) -> str:
    return f"{fixed(100.0 * value_frac, 0)} points"


def _path(given: float | None, path: FloatArray, count: int) -> FloatArray:
    return path if given is None else np.full(count, given)
