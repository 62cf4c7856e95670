"""Tables of a valuation of companies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.catalog import load
from rerack.planning.company import CASES, net_holdings_usd, share_price_at
from rerack.study.company_study import CaseValue, CompanyRun
from rerack.study.store import Table
from rerack.study.tables.company_accounts import (
    company_cash_table,
    company_debt_table,
    company_dscr_table,
    company_statements_table,
)
from rerack.study.tables.company_known import known_table
from rerack.study.tables.company_yields import company_yields_table
from rerack.study.tables.plans import standard_error

#: Units of analysts' values that are values of a megawatt.
_PER_MW = "usd_per_mw"


def value_table(runs: Sequence[CompanyRun]) -> Table:
    """Return every part of every company's value by case.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.

    Returns
    -------
    Table
        company, case, part, kind (site, overhead, operations, cash, coins, debt, conversion of
        notes or equity), mean, standard error, P5, P50, P95 [USD]. Means of parts add up to
        operations, and these with cash, coins and debt to equity.
    """
    return _columns(
        {"company": run.company.name, "case": case, "part": part, "kind": kind} | _spread(usd)
        for run in runs
        for case in CASES
        for part, kind, usd in _parts(run, run.cases[case])
    )


def _parts(run: CompanyRun, value: CaseValue) -> Iterator[tuple[str, str, FloatArray]]:
    company = run.company
    like = np.ones_like(value.operations_usd)
    for one, usd in zip(company.sites, value.site_usd, strict=True):
        yield one.site.name, "site", usd
    yield "overhead, tax as one", "overhead", value.overhead_usd
    yield "enterprise value", "operations", value.operations_usd
    yield "cash", "cash", company.cash_usd * like
    yield "coins at market", "coins", company.coins_btc * run.coin_price_usd * like
    for debt in company.debt:
        yield debt.name, "debt", -debt.face_usd * like
    undiluted = value.operations_usd + net_holdings_usd(company, run.coin_price_usd)
    yield "conversion of notes", "dilution", value.equity_usd - undiluted
    yield "equity", "equity", value.equity_usd


def per_mw_table(runs: Sequence[CompanyRun]) -> Table:
    """Return the enterprise value by megawatt, with and without conversion.

    Returns
    -------
    Table
        company, case, utility MW, critical MW in the case, enterprise value [USD], and per MW of
        all utility power and of the critical MW that could be converted: mean, standard error, P5,
        P50, P95 [USD/MW]; NaN per critical MW where none are known. The denominators are the same
        in all cases, so that cases compare.
    """
    return _columns(_per_mw(run, case) for run in runs for case in CASES)


def _per_mw(run: CompanyRun, case: str) -> dict[str, Any]:
    company, value = run.company, run.cases[case].operations_usd
    converted = {
        "mining": 0.0,
        "signed": sum(s.signed_mw for s in company.sites),
        "announced": company.convertible_mw,
    }
    row: dict[str, Any] = {
        "company": company.name,
        "case": case,
        "utility_mw": company.utility_mw,
        "convertible_mw": company.convertible_mw,
        "converted_mw": converted[case],
    } | _spread(value)
    row |= {
        f"per_utility_{k.removesuffix('_usd')}_usd_per_mw": v
        for k, v in _spread(value / company.utility_mw).items()
    }
    critical = company.convertible_mw or np.nan
    row |= {
        f"per_critical_{k.removesuffix('_usd')}_usd_per_mw": v
        for k, v in _spread(value / critical).items()
    }
    gain = value - run.cases["mining"].operations_usd
    utility = company.convertible_utility_mw or np.nan
    row |= {f"gain_{k}": v for k, v in _spread(gain).items()}
    row["gain_per_converted_utility_usd_per_mw"] = float(gain.mean()) / utility
    return row


def liquidity_table(runs: Sequence[CompanyRun]) -> Table:
    """Return runway, need for outside money and cover of debt service by case.

    Returns
    -------
    Table
        company, case, cash, coins at market, debt, debt of unknown maturity [USD], capex [USD];
        months until cash and coins run out at P5 and P50 (infinite where they do not within the
        study), chance that they do; money needed from outside at P50 and P95 [USD]; these are NaN
        where cash is unknown; lowest cover at P5 and P50; chance that the promised cover is missed.
    """
    return _columns(_liquidity(run, case) for run in runs for case in CASES)


def _liquidity(run: CompanyRun, case: str) -> dict[str, Any]:
    company, value = run.company, run.cases[case]
    found: dict[str, Any] = {
        "company": company.name,
        "case": case,
        "cash_usd": company.cash_usd,
        "coins_usd": company.coins_btc * run.coin_price_usd,
        "debt_usd": company.debt_usd,
        "no_maturity_usd": sum(d.face_usd for d in company.debt if d.maturity_month is None),
        "capex_usd": float(value.capex_usd.mean()),
        "runway_p5_months": _lower(value.runway_months, 0.05),
        "runway_p50_months": _lower(value.runway_months, 0.5),
        "runs_out_frac": float(np.isfinite(value.runway_months).mean()),
        "need_p50_usd": float(np.quantile(value.need_usd, 0.5)),
        "need_p95_usd": float(np.quantile(value.need_usd, 0.95)),
        "cover_p5_frac": _lower(value.worst_cover_frac, 0.05),
        "cover_p50_frac": _lower(value.worst_cover_frac, 0.5),
        "breached_frac": float(value.breached.mean()),
    }
    if not run.study.knows("cash"):
        needs_cash = ("cash_usd", *(k for k in found if k.startswith(("runway", "runs", "need"))))
        found |= dict.fromkeys(needs_cash, float("nan"))
    return found


def implied_table(runs: Sequence[CompanyRun]) -> Table:
    """Return what share prices imply for a megawatt, beside analysts' values, and the inverse.

    Returns
    -------
    Table
        company, whose value (market, rerack, or an analyst of the catalogue), item, value per MW at
        the meter [USD/MW], share price that it corresponds to [USD], status, source. Analysts do
        not say which MW they mean; they are taken as utility MW. NaN is not known.
    """
    return _columns(row for run in runs for row in _implied(run))


def _implied(run: CompanyRun) -> Iterator[dict[str, Any]]:
    company, price = run.company, run.coin_price_usd
    mining = run.cases["mining"].operations_usd
    utility = company.convertible_utility_mw or np.nan
    found = run.implied

    def row(whose: str, item: str, per_mw: float, share: float, status: str, source: str) -> Any:
        return {
            "company": company.name,
            "whose": whose,
            "item": item,
            "usd_per_mw": per_mw,
            "share_price_usd": share,
            "status": status,
            "source": source,
        }

    if found is not None:
        yield row(
            "market", "implied by the share price", found.per_utility_usd_per_mw,
            found.share_price_usd, "derived", "this file",
        )  # fmt: skip
    for case, name in (("signed", "signed deals"), ("announced", "signed and announced")):
        gain = float((run.cases[case].operations_usd - mining).mean()) / utility
        at = share_price_at(company, float(mining.mean()), price, gain)
        yield row("rerack", f"gain over mining, {name}", gain, at, "derived", "this study")
    for fact in load("analyst_values"):
        if fact.text("unit") == _PER_MW:
            value = fact.number("value")
            at = share_price_at(company, float(mining.mean()), price, value)
            item = f"{fact.text('item')} ({fact.text('company')})"
            yield row(fact.text("analyst"), item, value, at, fact.status, fact.source)


def companies_inputs_table(runs: Sequence[CompanyRun]) -> Table:
    """Return every input of every company, and what is unknown, with source and status."""
    names = ("path", "value", "unit", "status", "as_of", "source", "where")
    return _columns(
        row
        for run in runs
        for row in (
            *(
                {"company": run.company.name} | {n: getattr(r, n) for n in names}
                for r in run.study.inputs
                if not r.path.startswith("unknown")
            ),
            *(_unknown(run, text) for text in run.study.unknown),
        )
    )


def _unknown(run: CompanyRun, text: str) -> dict[str, Any]:
    key, _, why = text.partition(":")
    return {
        "company": run.company.name,
        "path": key.strip(),
        "value": "unknown",
        "unit": "",
        "status": "unknown",
        "as_of": "",
        "source": why.strip(),
        "where": str(run.study.path),
    }


def _spread(usd: FloatArray) -> dict[str, float]:
    return {
        "mean_usd": float(usd.mean()),
        "se_usd": standard_error(usd),
        **{f"p{q}_usd": float(np.quantile(usd, q / 100.0)) for q in (5, 50, 95)},
    }


def _lower(values: FloatArray, share: float) -> float:
    """Return a quantile that is one of the values, so that infinities stay infinite."""
    return float(np.quantile(values, share, method="inverted_cdf"))


def _columns(rows: Iterator[dict[str, Any]]) -> Table:
    listed = list(rows)
    return {key: np.asarray([row[key] for row in listed]) for key in listed[0]}


#: Every table of a valuation by name.
COMPANY_TABLES: dict[str, Callable[[Sequence[CompanyRun]], Table]] = {
    "value": value_table,
    "per_mw": per_mw_table,
    "implied": implied_table,
    "liquidity": liquidity_table,
    "inputs": companies_inputs_table,
    "known": known_table,
    "yields": company_yields_table,
    "statements": company_statements_table,
    "cash": company_cash_table,
    "debt": company_debt_table,
    "dscr": company_dscr_table,
}
