"""What a valuation of companies says in the terminal and on its page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from rerack.numerics.quantiles import quantiles
from rerack.planning.company import CASES
from rerack.report.company_statements import distinct_cases, short_statements
from rerack.report.company_table import STARRED, months_text, of_runs, side_by_side
from rerack.report.format import money, money_unit, number, share
from rerack.report.tables import lay_out, written
from rerack.study.company_study import CompanyRun
from rerack.study.deal_yields import exit_cap_rate_frac
from rerack.study.tables.company import (
    companies_inputs_table,
    implied_table,
    liquidity_table,
    per_mw_table,
    value_table,
)
from rerack.study.tables.company_yields import company_yields_table

_WIDTH = 96
_CASE_WORDS = {
    "mining": "mining on",
    "signed": "signed deals",
    "announced": "and announced",
}
_STATUSES = ("verified", "secondary", "derived", "unverified")


def companies_text(runs: Sequence[CompanyRun]) -> str:
    """Return the valuation in words: side by side where there are several companies.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.
    """
    blocks = [] if len(runs) == 1 else [_side_by_side(runs)]
    blocks += [_company(run) for run in runs] if len(runs) == 1 else [_short(runs)]
    return "\n".join([facts(runs), "", *blocks])


def facts(runs: Sequence[CompanyRun]) -> str:
    """Return the line of facts above an answer."""
    first = runs[0].study.market
    who = runs[0].company.name if len(runs) == 1 else f"{len(runs)} companies"
    dated = f" · figures of {runs[0].study.date}" if len(runs) == 1 else ""
    return (
        f"{who}{dated} · {first.scenarios:,} scenarios × {first.grid.months} months from "
        f"{first.grid.labels[0]} · seed {first.seed}"
    )


def headline(runs: Sequence[CompanyRun]) -> str:
    """Return the finding in one sentence."""
    if len(runs) == 1:
        return _finding(runs[0])
    best = max(runs, key=_per_mw_announced)
    gains = [r for r in runs if _gain(r, "announced") > 0.0]
    return (
        f"Conversion adds value at {len(gains)} of {len(runs)} companies; {best.company.name} "
        f"is worth most per MW at the meter, {_per_mw(_per_mw_announced(best))}"
    )


def _finding(run: CompanyRun) -> str:
    company = run.company
    mining = float(run.cases["mining"].operations_usd.mean())
    after = float(run.cases["announced"].operations_usd.mean())
    if not company.convertible_mw:
        return (
            f"{company.name} mines: its operations are worth {money(mining)}, "
            f"{_per_mw(mining / company.utility_mw)} at the meter"
        )
    return (
        f"{company.name}: {_per_mw(after / company.utility_mw)} at the meter with its conversions, "
        f"{_per_mw(mining / company.utility_mw)} mining on"
    )


def _company(run: CompanyRun) -> str:
    lines = [*_wrapped("", _finding(run) + "."), "", _cases(run), "", _parts(run), ""]
    lines += ["  statements with all that is announced, consolidated, mean over scenarios"]
    lines += [short_statements(run), ""]
    for label, text in _reasons(run):
        lines += _wrapped(label, text)
    return "\n".join(lines)


def _cases(run: CompanyRun) -> str:
    table = per_mw_table([run])
    value = value_table([run])
    equity = {
        case: value["mean_usd"][(value["case"] == case) & (value["kind"] == "equity")][0]
        for case in CASES
    }
    shares = run.company.shares_count
    factor, unit = money_unit(float(np.abs(table["mean_usd"]).max()))
    rows: dict[str, Any] = {
        "case": [_CASE_WORDS[c] for c in CASES],
        "critical MW": table["converted_mw"],
        f"value, {unit}": table["mean_usd"] / factor,
        "± s.e.": table["se_usd"] / factor,
        "P5": table["p5_usd"] / factor,
        "P95": table["p95_usd"] / factor,
        "MUSD/MW utility": table["per_utility_mean_usd_per_mw"] / 1e6,
        "MUSD/MW critical": table["per_critical_mean_usd_per_mw"] / 1e6,
        f"equity, {unit}": [equity[c] / factor for c in CASES],
    }
    if shares is not None:
        rows["a share, USD"] = [equity[c] / shares for c in CASES]
    formats = {"± s.e.": lambda v: number(v, 2)}
    return lay_out(written(rows, formats=formats), width=_WIDTH, indent=2)


def _parts(run: CompanyRun) -> str:
    """Return every part of the value by case, means."""
    table = value_table([run])
    parts = list(dict.fromkeys(table["part"].tolist()))
    rows: dict[str, list[str]] = {"part": parts}
    for case in CASES:
        here = table["case"] == case
        rows[_CASE_WORDS[case]] = [
            money(float(table["mean_usd"][here & (table["part"] == part)][0])) for part in parts
        ]
    kept = [i for i in range(len(parts)) if any(rows[_CASE_WORDS[c]][i] != "0 USD" for c in CASES)]
    shown_rows = {name: [cells[i] for i in kept] for name, cells in rows.items()}
    return lay_out(written(shown_rows), width=_WIDTH, indent=2)


def _reasons(run: CompanyRun) -> list[tuple[str, str]]:
    company = run.company
    return [
        ("gain", _gain_words(run)),
        ("runway", "; ".join(_runway(run, case) for case in distinct_cases(run))),
        ("cover", _cover(run)),
        ("implied", _implied(run)),
        ("yields", yield_words(run)),
        ("inputs", inputs_words(run)),
        ("unknown", "; ".join(run.study.unknown) or "nothing that the file names"),
        ("basis", _basis(company.debt_usd > 0.0)),
    ]


def _gain_words(run: CompanyRun) -> str:
    if not run.company.convertible_mw:
        return "no conversion is signed or announced"
    gain = run.cases["announced"].operations_usd - run.cases["mining"].operations_usd
    p5, p95 = quantiles(gain, (0.05, 0.95)).tolist()
    utility = run.company.convertible_utility_mw
    return (
        f"conversions add {money(float(gain.mean()), plus=True)} "
        f"(P5 {money(p5)}, P95 {money(p95)}), "
        f"{_per_mw(float(gain.mean()) / utility)} of the {number(utility)} MW that they reserve; "
        f"they add in {share(float((gain > 0.0).mean()))} of scenarios"
    )


def _runway(run: CompanyRun, case: str) -> str:
    table = liquidity_table([run])
    row = {k: v[list(table["case"]).index(case)] for k, v in table.items()}
    if np.isnan(row["runway_p50_months"]):
        return f"{_CASE_WORDS[case]}: cash is unknown, so the runway is"
    if row["runs_out_frac"] == 0.0:
        return f"{_CASE_WORDS[case]}: cash and coins never run out"
    return (
        f"{_CASE_WORDS[case]}: cash and coins run out in {share(row['runs_out_frac'])} of "
        f"scenarios, after {months_text(row['runway_p5_months'])} at P5 and "
        f"{months_text(row['runway_p50_months'])} at P50; {money(row['need_p50_usd'])} from "
        f"outside at P50, {money(row['need_p95_usd'])} at P95"
    )


def _cover(run: CompanyRun) -> str:
    table = liquidity_table([run])
    p5, p50 = float(table["cover_p5_frac"][-1]), float(table["cover_p50_frac"][-1])
    unknown = float(table["no_maturity_usd"][-1])
    late = f"; {money(unknown)} of debt without a known maturity" if unknown else ""
    if not np.isfinite(p5):
        return f"no interest or scheduled service is known{late}"
    promised = run.company.min_cover_frac
    missed = (
        f"; the promised {promised:.2f} is missed in {share(float(table['breached_frac'][-1]))}"
        if promised is not None
        else ""
    )
    return f"lowest cover of interest and service {p5:.2f} at P5, {p50:.2f} at P50{missed}{late}"


def _implied(run: CompanyRun) -> str:
    table = implied_table([run])
    if not run.company.convertible_mw:
        return "no convertible MW, so a share price implies none"
    analysts = [
        f"{table['whose'][i]} {_per_mw(float(table['usd_per_mw'][i]))}"
        for i in range(table["whose"].size)
        if table["whose"][i] not in ("market", "rerack")
    ]
    said = "analysts: " + ", ".join(analysts)
    found = run.implied
    if found is None:
        return f"share price unknown, so nothing is implied; {said}"
    if np.isnan(found.per_utility_usd_per_mw):
        return f"number of shares unknown, so nothing is implied; {said}"
    return (
        f"at {found.share_price_usd:,.2f} USD a share the market pays "
        f"{_per_mw(found.per_utility_usd_per_mw)} at the meter "
        f"({_per_mw(found.per_critical_usd_per_mw)} critical) for what converts; rerack "
        f"{_per_mw(_gain(run, 'announced') / run.company.convertible_utility_mw)}; {said}"
    )


def yield_words(run: CompanyRun) -> str:
    """Return what the company's deals earn a year, and what that would sell for."""
    table = company_yields_table([run])
    if not len(table["case"]):
        return "nothing is let"
    row = {name: values[-1] for name, values in table.items()}
    if np.isnan(row["noi_usd_per_mw_year"]):
        return "income of what converts is no rent, so no yield or cap rate is given"
    buy, sell = exit_cap_rate_frac()
    paid = row["implied_cap_rate_frac"]
    market = "" if np.isnan(paid) else f"; the share price stands for a cap rate of {share(paid)}"
    own = row["gain_cap_rate_frac"]
    gain = "none" if np.isnan(own) else share(own)
    return (
        f"{number(row['let_mw'])} MW critical earn {money(row['noi_usd_per_year'])} a year, "
        f"{_per_mw(row['noi_usd_per_mw_year'])}; at exit cap rates of {share(buy)} to "
        f"{share(sell)} they would sell for {_per_mw(row['worth_low_usd_per_mw'])} to "
        f"{_per_mw(row['worth_high_usd_per_mw'])} after the cost to come; rerack's gain, after tax "
        f"and against mining, is a cap rate of {gain}{market}"
    )


def inputs_words(run: CompanyRun) -> str:
    """Return how many inputs stand how, and how many are unknown."""
    table = companies_inputs_table([run])
    counts = [f"{int((table['status'] == s).sum())} {s}" for s in _STATUSES]
    return f"{', '.join(counts)}; {len(run.study.unknown)} unknown"


def _basis(indebted: bool) -> str:
    debt = "; debt at face, its tax shield left out" if indebted else ""
    return (
        "enterprise value is operations after tax at the discount rate, without debt; unknown "
        f"overhead, cash or coins count as zero{debt}; never a price target"
    )


def _side_by_side(runs: Sequence[CompanyRun]) -> str:
    return lay_out(side_by_side(of_runs(runs)), width=_WIDTH, indent=2)


def _short(runs: Sequence[CompanyRun]) -> str:
    """Return what the table cannot say: the finding, and what is unknown of each."""
    lines = [f"  {STARRED}", "", *_wrapped("", headline(runs) + "."), ""]
    for run in runs:
        unknown = ", ".join(text.split(":")[0] for text in run.study.unknown) or "nothing"
        lines += _wrapped(run.company.name, f"{inputs_words(run)}: {unknown}", pad=17)
    lines += ["", *_wrapped("", _basis(True) + ".")]
    return "\n".join(lines)


def _per_mw_announced(run: CompanyRun) -> float:
    return float(run.cases["announced"].operations_usd.mean()) / run.company.utility_mw


def _gain(run: CompanyRun, case: str) -> float:
    return float((run.cases[case].operations_usd - run.cases["mining"].operations_usd).mean())


def _per_mw(usd: float) -> str:
    return f"{number(usd / 1e6)} MUSD/MW"


def _wrapped(label: str, text: str, *, pad: int = 9) -> list[str]:
    lead = "  " + label.ljust(pad) if label else "  "
    return textwrap.wrap(
        text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
    )
