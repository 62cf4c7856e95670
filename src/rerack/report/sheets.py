"""The report's tables as texts: plans, cash flow, rigs, cost of a coin, assumptions."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable
from typing import Any

import numpy as np

from rerack.report.cash import YearlyCash
from rerack.report.format import (
    cover,
    decimals,
    is_rounding,
    money_unit,
    number,
    printable,
    quantity,
    rate,
    rounded,
    share,
    span,
    statement,
)
from rerack.report.source import RunTables, compared_plan, keep_plan, plan_row
from rerack.report.tables import Written, written

#: Standing of an input -> mark and word; anything else counts as unverified.
STANDING = {
    "verified": "● verified",
    "secondary": "◐ secondary",
    "unverified": "○ unverified",
    "derived": "◇ derived",
}


def plans_sheet(run: RunTables, *, full: bool = False) -> tuple[Written, str]:
    """Return the plans side by side and the unit of their money.

    Parameters
    ----------
    run : RunTables
        A finished run.
    full : bool
        Whether to add what only a page has room for.
    """
    plans = run.table("plans")
    sums = ["npv_mean_usd", "npv_p5_usd", "npv_p95_usd"]
    sums += ["capex_usd", "tenant_capex_usd"] if full else []
    factor, unit = money_unit(max(float(np.abs(plans[c]).max()) for c in [*sums, "capex_usd"]))
    # Mean NPVs are what gets compared: the largest shows three figures, whatever capex shows.
    places = max(1, decimals(float(np.abs(plans["npv_mean_usd"]).max()) / factor))

    def amount(value_usd: float) -> str:
        return statement(value_usd / factor, places)

    shown = ["plan", *sums[:3], "irr_frac", "payback_months", "capex_usd", "worst_dscr"]
    if full:
        shown[4:4] = ["delta_mean_usd", "delta_se_usd", "p_below_keep_frac"]
        shown += ["tenant_capex_usd", "moic", "ai_mw_utility", "irr_note"]
    gain, gain_unit = _gain_writer(run)
    formats = dict.fromkeys([*sums, "capex_usd"], amount) | {
        "irr_frac": rate,
        "payback_months": span,
        "worst_dscr": cover,
        "p_below_keep_frac": _share_or_dash,
        "moic": _multiple,
        "delta_mean_usd": gain,
        "delta_se_usd": gain,
    }
    heads = _PLAN_HEADS | {"delta_mean_usd": f"against keeping, {gain_unit}"}
    return written({c: plans[c] for c in shown}, headings=heads, formats=formats), unit


def _gain_writer(run: RunTables) -> tuple[Callable[[float], str], str]:
    """Return how to write gains, and their unit: that of the answer's, its error's first digit.

    In the unit of the NPVs a gain may be nothing but its first digit, and its error nothing.
    """
    compared = compared_plan(run)
    row = (
        {"delta_mean_usd": 0.0, "delta_se_usd": 0.0}
        if compared is None
        else plan_row(run, compared)
    )
    value_usd, error_usd = abs(row["delta_mean_usd"]), row["delta_se_usd"]
    largest = value_usd if math.isnan(error_usd) else max(value_usd, error_usd)
    factor, unit = money_unit(largest)
    places = decimals(largest / factor)
    if not math.isnan(error_usd):
        places = max(places, decimals(error_usd / factor, 1))
    return lambda usd: "–" if math.isnan(usd) else statement(usd / factor, places), unit


def means_note(run: RunTables) -> str:
    """Say whose gain is not the difference of the mean NPVs, and why; empty where none is.

    Parameters
    ----------
    run : RunTables
        A finished run.

    Notes
    -----
    The gain of a policy leaves out the chance that its martingales explain, which is nothing in
    the mean (`rerack.study.merge.MergedPlan.gain_usd`). On few scenarios the means still hold it.
    """
    apart = _gains_without_luck(run)
    if not apart:
        return ""
    told = (
        f"The gain of {' and '.join(apart)} leaves out luck of these "
        f"{int(run.meta['scenarios']):,} scenarios that is nothing on average (a control variate); "
        "NPV, IRR, payback and MOIC keep it."
    )
    pair = _smaller_mean_and_larger_gain(run)
    if pair is None:
        return told
    return (
        f"{told} So “{pair[0]}” has a smaller mean NPV than “{pair[1]}” and yet the larger gain: "
        "more scenarios bring the two together."
    )


def _gains_without_luck(run: RunTables) -> list[str]:
    """Name the plans whose gain is not the difference of the mean NPVs in the table."""
    plans = run.table("plans")
    keep_usd = plan_row(run, keep_plan(run))["npv_mean_usd"]
    columns = (plans[n] for n in ("plan", "npv_mean_usd", "delta_mean_usd"))
    return [
        f"“{printable(plan)}”"
        for plan, npv_usd, gain_usd in zip(*columns, strict=True)
        if not is_rounding(float(gain_usd - (npv_usd - keep_usd)))
    ]


def _smaller_mean_and_larger_gain(run: RunTables) -> tuple[str, str] | None:
    """Return a plan of smaller mean NPV and larger gain than another, and that other."""
    plans = run.table("plans")
    mean, gain = plans["npv_mean_usd"].tolist(), plans["delta_mean_usd"].tolist()
    names = [printable(name) for name in plans["plan"]]
    best = plans["plan"].tolist().index(str(run.meta["answer_plan"]))
    # The answer first: it is what a reader compares.
    for k in sorted(range(len(names)), key=lambda k: k != best):
        for j in range(len(names)):
            less_usd, more_usd = mean[j] - mean[k], gain[k] - gain[j]
            if min(less_usd, more_usd) > 0.0 and not is_rounding(min(less_usd, more_usd)):
                return names[k], names[j]
    return None


_PLAN_HEADS = {
    "npv_mean_usd": "NPV mean",
    "npv_p5_usd": "P5",
    "npv_p95_usd": "P95",
    "irr_frac": "IRR",
    "payback_months": "payback",
    "capex_usd": "capex",
    "worst_dscr": "worst DSCR",
    "delta_se_usd": "± s.e.",
    "p_below_keep_frac": "P(below keeping)",
    "tenant_capex_usd": "tenant's capex",
    "moic": "MOIC",
    "ai_mw_utility": "AI, MW utility",
    "irr_note": "on the IRR",
}


def money_basis(run: RunTables, unit: str) -> str:
    """Return what the money means: unit, prices, discounting."""
    discount = rate(float(run.meta["discount_rate_frac"]))
    return f"{unit}, {run.meta['money_basis']}, {discount} discount rate"


def money_note(run: RunTables, unit: str) -> str:
    """Return what the plan table's money means, and what its spread is."""
    return f"{money_basis(run, unit)}; P5 and P95 over scenarios"


def run_title(run: RunTables) -> str:
    """Return site, size, scenarios and span in one phrase."""
    meta = run.meta
    return " · ".join(
        (
            str(meta["site"]),
            quantity(float(meta["interconnect_mw"]), "mw", "utility"),
            f"{int(meta['scenarios']):,} scenarios × {span(int(meta['months']))} of hours",
            f"from {meta['start']}",
            f"seed {meta['seed']}",
        )
    )


def explain_command(run: RunTables, what: str) -> str:
    """Return the command that shows how a figure of `run` was computed; RUN if it has no folder."""
    path = printable(run.meta["run_path"])
    what = shlex.quote(printable(what))
    return f"rerack explain {shlex.quote(path) if path else 'RUN'} {what}"


def cash_sheet(cash: YearlyCash) -> Written:
    """Return the mean yearly cash flow by line [MUSD], negative in parentheses, with its sum."""
    million = np.vstack([cash.mean_usd, cash.mean_usd.sum(axis=0)]) / 1e6
    columns = {y: million[:, k] for k, y in enumerate(cash.years)}
    return written(
        {"MUSD": [*cash.lines, "net"], **columns, "sum": million.sum(axis=1)},
        formats=dict.fromkeys([*cash.years, "sum"], statement),
    )


def rigs_sheet(run: RunTables) -> Written:
    """Return the rigs with their strike price and the power prices at which they earn."""
    rigs = run.table("rigs")
    heads = {
        "model": "rig",
        "efficiency_j_per_th": "J/TH",
        "strike_usd_per_mwh": "strike, USD/MWh",
        **{f"earns_at_{p}": f"earns at {p // 10} c/kWh" for p in (40, 50, 60, 80)},
        "status": "standing",
    }
    formats = {f"earns_at_{p}": _yes for p in (40, 50, 60, 80)} | {"status": standing}
    return written({c: rigs[c] for c in heads}, headings=heads, formats=formats)


def coin_sheet(run: RunTables) -> Written:
    """Return the cost of a coin by definition."""
    heads = {
        "definition": "definition",
        "usd_per_btc": "USD/BTC",
        "formula": "formula",
    }
    table = run.table("coin_cost")
    columns = {c: table[c] for c in heads}
    return written(columns, headings=heads, formats=_COIN_FORMATS)


_COIN_FORMATS: dict[str, Callable[[Any], str]] = {
    "usd_per_btc": lambda v: "none" if math.isnan(v) else rounded(v),
    "definition": lambda d: d.replace("_", " "),
}


def inputs_sheet(run: RunTables) -> Written:
    """Return every assumption with unit, source, date and standing."""
    heads = {
        "path": "assumption",
        "value": "value",
        "unit": "unit",
        "status": "standing",
        "as_of": "as of",
        "source": "source",
        "where": "where",
    }
    table = run.table("inputs")
    return written(
        {c: table[c] for c in heads},
        headings=heads,
        formats={"status": standing, "value": _value},
    )


def standing(status: str) -> str:
    """Return mark and word of an input's standing; what is not known counts as unverified.

    Examples
    --------
    >>> standing("verified"), standing("a friend")
    ('● verified', '○ a friend')
    """
    return STANDING.get(status, f"○ {status}" if status else STANDING["unverified"])


def _share_or_dash(value_frac: float) -> str:
    return "–" if math.isnan(value_frac) else share(value_frac)


def _multiple(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f} ×"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(float(value), 6) if isinstance(value, int | float) else str(value)


def _yes(earns: bool) -> str:
    return "✓ yes" if earns else "✗ no"
