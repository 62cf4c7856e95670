"""The figures of a valuation of companies that can explain themselves, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from rerack.study.explanation.company_cash import company_value, site_value
from rerack.study.explanation.company_inputs import company_inputs, market_inputs
from rerack.study.explanation.company_statements import statement_line, statement_lines
from rerack.study.explanation.cover import below_one, lowest_cover
from rerack.study.explanation.node import Node
from rerack.study.run import Run, rows_of


def company_builders(run: Run) -> dict[str, Callable[[], Node]]:
    """Return every explainable figure of a valuation, by name.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    """
    names: dict[str, Callable[[], Node]] = {}
    for company in run.meta["companies"]:
        names[f"implied:{company}"] = partial(_implied, run, company)
        for case in run.meta["cases"]:
            for word, make in _BY_CASE.items():
                names[f"{word}:{company}:{case}"] = partial(make, run, company, case)
            for site in _sites(run, company, case):
                names[f"site:{company}:{site}:{case}"] = partial(
                    site_value, run, company, site, case
                )
            for line in statement_lines(run, company, case):
                names[f"statement:{company}:{case}:{line}"] = partial(
                    statement_line, run, company, case, line
                )
    return names


def company_names(run: Run, figure: str) -> tuple[str, ...]:
    """Return the names that a short one may stand for: the first company, all that is announced.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    figure : str
        Such as ``value`` or ``value:Riot``.
    """
    first, last = str(run.meta["companies"][0]), str(run.meta["cases"][-1])
    word, _, rest = figure.partition(":")
    return (
        f"{figure}:{last}",
        f"{figure}:{first}:{last}",
        f"{word}:{first}:{last}:{rest}",
        f"{word}:{first}:{rest}:{last}",
        f"{word}:{first}:{rest}",
        f"{figure}:{first}",
    )


def _sites(run: Run, company: str, case: str) -> list[str]:
    rows = rows_of(run.table("value"), company=company, case=case, kind="site")
    return [str(part) for part in rows["part"]]


def _equity(run: Run, company: str, case: str) -> Node:
    rows = rows_of(run.table("value"), company=company, case=case)
    value = dict(zip(rows["part"].tolist(), rows["mean_usd"].tolist(), strict=True))
    kinds = dict(zip(rows["part"].tolist(), rows["kind"].tolist(), strict=True))
    debts = [part for part, kind in kinds.items() if kind == "debt"]
    return Node(
        label=f"equity of {company}, {case}",
        value=value["equity"],
        unit="USD",
        formula="enterprise value + cash + coins · price − debt at face, before notes convert; "
        "never a price target",
        children=(
            company_value(run, company, case),
            _held(run, company, "cash", value["cash"], "USD held"),
            _held(
                run,
                company,
                "coins",
                value["coins at market"],
                f"coins · {run.meta['coin_price_usd']:,.0f} USD",
            ),
            *(_held(run, company, f"debt.{d}", value[d], "less its face") for d in debts),
            Node(
                label="conversion of notes",
                value=value["conversion of notes"],
                unit="USD",
                formula="min(E, N (E + F) / (N + F / K)) − E, note by note from the lowest K",
                children=company_inputs(run, company, "shares", "debt"),
            ),
        ),
    )


def _held(run: Run, company: str, path: str, value: float, formula: str) -> Node:
    found = company_inputs(run, company, path)
    market = market_inputs(run, "market.bitcoin.price") if path == "coins" else ()
    return Node(label=path, value=value, unit="USD", formula=formula, children=(*found, *market))


def _gain(run: Run, company: str, case: str) -> Node:
    one, other = company_value(run, company, case), company_value(run, company, "mining")
    return Node(
        label=f"gain of {company}, {case} over mining on",
        value=float(run.row("per_mw", company=company, case=case)["gain_mean_usd"]),
        unit="USD",
        formula="difference of the enterprise values, scenario by scenario on the same draws",
        children=(one, other),
    )


def _per_mw(run: Run, company: str, case: str) -> Node:
    row = run.row("per_mw", company=company, case=case)
    return Node(
        label=f"value per MW at the meter of {company}, {case}",
        value=float(row["per_utility_mean_usd_per_mw"]),
        unit="USD/MW utility",
        formula=f"enterprise value / {float(row['utility_mw']):,.1f} MW utility of all sites",
        children=(
            company_value(run, company, case),
            *company_inputs(run, company, *(f"sites.{s}" for s in _sites(run, company, case))),
        ),
    )


def _implied(run: Run, company: str) -> Node:
    held = run.row("holdings", company=company)
    market = rows_of(run.table("implied"), company=company, whose="market")
    inputs = company_inputs(
        run, company, "share_price", "shares", "debt", "cash", "coins", "signed", "announced"
    )
    label = f"what the share price of {company} implies for a convertible MW"
    if not len(market["usd_per_mw"]) or np.isnan(market["usd_per_mw"][0]):
        why = "share price unknown" if np.isnan(held["share_price_usd"]) else "shares or MW unknown"
        return Node(label=label, value=f"nothing: {why}", children=inputs)
    return Node(
        label=label,
        value=float(market["usd_per_mw"][0]),
        unit="USD/MW utility",
        formula="(shares · price + debt − cash − coins · coin price − value mining on) / "
        f"{float(held['convertible_utility_mw']):,.1f} MW utility that conversions reserve",
        children=(*inputs, company_value(run, company, "mining")),
    )


def _runway(run: Run, company: str, case: str) -> Node:
    row = run.row("liquidity", company=company, case=case)
    paths = rows_of(run.table("scenarios"), company=company, case=case)
    short = int(paths["runway_months"].argmin())
    runs_out = np.isfinite(paths["runway_months"][short])
    shortest = (
        f"shortest in scenario {short}, after {paths['runway_months'][short]:.0f} months, "
        f"{paths['need_usd'][short]:,.0f} USD from outside in all"
        if runs_out
        else "never in any scenario"
    )
    p5 = float(row["runway_p5_months"])
    never = "unknown, as cash is" if np.isnan(p5) else "never within the study"
    return Node(
        label=f"runway of {company}, {case}, P5",
        value=p5 if np.isfinite(p5) else never,
        unit="months" if np.isfinite(p5) else "",
        formula="months until cash and coins are gone: cash after tax, coupons, redemptions and "
        f"the loan on new conversions, through the treasury; {shortest}",
        children=(
            *company_inputs(run, company, "cash", "coins", "hold", "debt", "loan"),
            lowest_line(run, company, case),
        ),
    )


def lowest_line(run: Run, company: str, case: str) -> Node:
    """Return what is paid in from outside by year, on the mean, as the statements show it.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    company, case : str
        Which.
    """
    return statement_line(run, company, case, "cash flow, paid in by the owner")


def _worst_dscr(run: Run, company: str, case: str) -> Node:
    found = {
        "item": np.empty(0), "scenario": np.empty(0), "month": np.empty(0), "dscr": np.empty(0),
        "usd": np.empty(0), "mean_usd": np.empty(0),
    }  # fmt: skip
    if "dscr" in run.names():
        found = rows_of(run.table("dscr"), company=company, case=case)
    paths = rows_of(run.table("scenarios"), company=company, case=case)
    return lowest_cover(
        found,
        f"worst DSCR of {company}, {case}",
        (
            below_one(paths["worst_cover_frac"]),
            *company_inputs(run, company, "debt", "loan", "min_cover", "overhead"),
            *market_inputs(run, "finance.tax"),
        ),
    )


def _cap_rate(run: Run, company: str, case: str) -> Node:
    label = f"cap rate of what {company} lets, {case}"
    table = run.table("yields") if "yields" in run.names() else {}
    found = rows_of(table, company=company, case=case) if table else {}
    if not found or not len(found["case"]) or np.isnan(found["gain_cap_rate_frac"][0]):
        return Node(label=label, value="none: nothing is let, or its income is no rent")
    row = {k: v[0] for k, v in found.items()}
    return Node(
        label=label,
        value=float(row["gain_cap_rate_frac"]),
        unit="of income a year over value",
        formula="net operating income / (gain over mining + cost to come), per critical MW; the "
        f"share price stands for {_or_unknown(float(row['implied_cap_rate_frac']))}",
        children=(
            Node(label="net operating income", value=float(row["noi_usd_per_mw_year"]),
                 unit="USD/MW-year critical", formula="rate − operating cost, at signing"),
            Node(label="cost to come", value=float(row["to_come_usd_per_mw"]),
                 unit="USD/MW critical", formula="owner's cost less what is spent"),
            *company_inputs(run, company, "signed", "announced"),
            _gain(run, company, case),
        ),
    )  # fmt: skip


def _or_unknown(value: float) -> str:
    return "none that is known" if np.isnan(value) else f"{value:.4g}"


_BY_CASE: dict[str, Callable[[Run, str, str], Node]] = {
    "value": company_value,
    "equity": _equity,
    "gain": _gain,
    "per_mw": _per_mw,
    "runway": _runway,
    "worst_dscr": _worst_dscr,
    "dscr": _worst_dscr,
    "cap_rate": _cap_rate,
}
