"""Mining history in words: the finding, what a terminal shows, what figures stand on."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.network.history.backtest import HORIZONS, METHODS, HashrateBacktest
from rerack.network.history.margin import CAUSES, MarginChange
from rerack.network.history.shock import ShockTrace
from rerack.report.format import fixed, quantity, share
from rerack.report.history_tables import (
    cause_columns,
    origin_year_columns,
    score_columns,
    shock_columns,
    year_columns,
)
from rerack.report.tables import table_text

_WIDTH = 100

#: What a decomposition is not.
CAVEAT = (
    "Parts by logarithmic mean (LMDI); they sum to the whole exactly. Arithmetic, not economics:"
    " difficulty rose because price rose."
)


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
