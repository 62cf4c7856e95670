"""A portfolio's answer in words and tables, the same on the terminal and on a page."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.report.format import money, money_with_error, number, share
from rerack.report.tables import Written, lay_out, written
from rerack.study.portfolio import PortfolioRun
from rerack.study.store import Table

_WIDTH = 92
#: Limits named in a sentence.
_MOST_LIMITS = 4
#: What one more unit of a limit is, and the worth below which it is not named [USD].
_UNITS = {"capital": ("USD", 0.005), "crews": ("crew", 1e3), "offer": ("critical MW", 1e3)}
#: What the table of conversions counts.
HALLS = "halls decided by date, mean over scenarios"
_SITE_HEADS = {
    "company": "company",
    "site": "site",
    "together_tree_usd": "together",
    "alone_tree_usd": "alone",
    "sharing_cost_usd": "sharing costs it",
}
#: Relative gap of the searches, within which two of them found the same.
_GAP_FRAC = 1e-4
_NODE_HEADS = {
    "date": "date",
    "chance_frac": "chance",
    "hashprice_usd_per_ph_day": "hashprice, USD/PH/day",
    "lease_index": "lease index",
    "site": "site",
    "halls": "group of halls",
    "offer": "offer",
    "decided_halls": "halls decided",
}


def portfolio_text(run: PortfolioRun, tables: Mapping[str, Table]) -> str:
    """Return the answer, what is converted when, and what limits and information are worth.

    Parameters
    ----------
    run : PortfolioRun
        What was found.
    tables : mapping of str to Table
        ``conversions``, ``limits``, ``value`` and ``sites``.
    """
    parts = [facts(run), "", *_wrapped("", finding(run)), ""]
    parts += [_conversions(tables["conversions"]), ""]
    for label, text in reasons(run, tables).items():
        parts += _wrapped(label, text)
    return "\n".join(parts)


def facts(run: PortfolioRun) -> str:
    """Return the line of facts above the answer."""
    study = run.study
    return (
        f"{study.name} · {len(study.companies)} companies, {len(study.sites)} sites · "
        f"{study.scenarios:,} scenarios in {run.portfolio.tree.leaves.size} leaves · "
        f"{len(study.stage_months)} dates from {study.grid.labels[0]}"
    )


def finding(run: PortfolioRun) -> str:
    """Say what is decided now, and in how many scenarios something is later."""
    decide, choices = run.found.solution.decide, run.portfolio.choices
    now = [
        f"{int(decide[k, 0])} of {choices[k].count} halls ({choices[k].hall}) of "
        f"{choices[k].site} to {choices[k].offer}"
        for k in np.flatnonzero(decide[:, 0] > 0.0)
    ]
    said = f"Decide today: {'; '.join(now)}." if now else "Decide nothing today."
    used = np.flatnonzero(decide.sum(axis=0) > 0.0)
    later = np.isin(run.node[:, 1:], used).any(axis=1).mean() if run.node.shape[1] > 1 else 0.0
    return f"{said} Later dates convert something in {share(float(later))} of scenarios."


def _conversions(table: Table) -> str:
    sheet = conversions_sheet(table)
    if not sheet.rows:
        return "  Every hall mines on at every date."
    return lay_out(sheet, width=_WIDTH, indent=2) + f"\n  {HALLS}"


def conversions_sheet(table: Table) -> Written:
    """Return one row a group of halls and offer, one column a date; rows without any left out."""
    dates = tuple(dict.fromkeys(table["decided"].tolist()))
    names = ("company", "site", "halls", "offer")
    keys = list(zip(*(table[name].tolist() for name in (*names, "count")), strict=True))
    rows: dict[str, list[Any]] = {name: [] for name in (*names, "of", *dates)}
    for key in dict.fromkeys(keys):
        here = np.array([k == key for k in keys])
        expected = table["expected_halls"][here]
        if expected.sum() == 0.0:
            continue
        for name, value in zip((*names, "of"), key, strict=True):
            rows[name].append(value)
        for date, halls in zip(dates, expected, strict=True):
            rows[date].append(float(halls))
    formats = dict.fromkeys(dates, lambda halls: number(halls, 2) if halls else "–")
    return written(rows, formats=formats)


def nodes_sheet(table: Table, most: int) -> Written:
    """Return what is decided at the first `most` rows of nodes, and the market seen there."""
    shown = {name: table[name][:most] for name in _NODE_HEADS}
    return written(shown, headings=_NODE_HEADS, formats={"chance_frac": share})


def limits_sheet(table: Table) -> Written:
    """Return the limits that are named, dearest first: capital by USD, the others by unit."""
    named = _named_limits(table)
    return written(
        {
            "limit": [str(table["limit"][i]) for i in named],
            "of": [str(table["of"][i]) for i in named],
            "date": [str(table["date"][i]) for i in named],
            "one more": [_UNITS[str(table["limit"][i])][0] for i in named],
            "is worth": [_worth(table, i) for i in named],
        },
        right=("is worth",),
    )


def _named_limits(table: Table) -> list[int]:
    """Return the rows of limits that are worth naming, dearest first."""
    worth = table["worth_usd_per_unit"]
    least = np.array([_UNITS[str(kind)][1] for kind in table["limit"]])
    order = np.argsort(-worth, kind="stable")
    return [int(i) for i in order if worth[i] >= least[i]]


def _worth(table: Table, row: int) -> str:
    worth = float(table["worth_usd_per_unit"][row])
    return f"{worth:.2f} USD" if table["limit"][row] == "capital" else money(worth)


def value_sheet(table: Table) -> Written:
    """Return what the policy gains, by which measure, and what bounds it."""
    value = {name: float(column[0]) for name, column in table.items()}
    gain = money_with_error(value["gain_check_usd"], value["gain_check_se_usd"])
    told = {
        "gain over mining on everywhere, new scenarios": gain,
        "5 % of new scenarios gain less than": money(value["gain_check_p5_usd"], plus=True),
        "5 % of new scenarios gain more than": money(value["gain_check_p95_usd"], plus=True),
        "gain on its own tree": money(value["gain_tree_usd"], plus=True),
        "no policy on the tree exceeds": money(value["bound_tree_usd"], plus=True),
        "gap between the two": share(value["gap_frac"]),
        "gain on the tree with dates fixed today": money(value["static_usd"], plus=True),
        "reacting to the market adds": money(value["stochastic_solution_usd"], plus=True),
        "knowing the market beforehand would add": money(
            value["perfect_information_usd"], plus=True
        ),
    }
    columns = {"figure": list(told), "amount": list(told.values())}
    return written(columns, right=("amount",))


def sites_sheet(table: Table) -> Written:
    """Return each site's gain in the common decision beside that of deciding it alone."""
    amounts = [name for name in _SITE_HEADS if name.endswith("_usd")]
    return written(table, headings=_SITE_HEADS, formats=dict.fromkeys(amounts, money))


def reasons(run: PortfolioRun, tables: Mapping[str, Table]) -> dict[str, str]:
    """Return short texts by heading: value and bound, worth of waiting, sharing and limits."""
    value = {name: float(column[0]) for name, column in tables["value"].items()}
    known = run.information
    gain = (
        f"{money_with_error(value['gain_check_usd'], value['gain_check_se_usd'])} over mining "
        f"on everywhere, in {run.check_gain_usd.size:,} scenarios that the policy was not "
        f"made from; {money(value['gain_tree_usd'], plus=True)} on its own tree"
    )
    bound = (
        f"no policy on this tree exceeds {money(value['bound_tree_usd'])} "
        f"(gap {share(value['gap_frac'])})"
    )
    react = (
        f"reacting to the market instead of fixing dates today is worth "
        f"{money(known.stochastic_solution_usd)} on the tree; knowing the market beforehand a "
        f"further {money(known.perfect_information_usd)}"
    )
    return {
        "value": gain,
        "bound": bound,
        "waiting": react,
        "sharing": _sharing(tables["sites"]),
        "limits": _limits(tables["limits"]),
    }


def _sharing(table: Table) -> str:
    alone, cost = float(table["alone_tree_usd"].sum()), float(table["sharing_cost_usd"].sum())
    beside = f"{money(cost)} more than together"
    if cost <= _GAP_FRAC * abs(alone):
        beside = "no more than together"
    return (
        f"each site decided alone, with its company's limits and the tenants to itself, would "
        f"gain {money(alone)} in all on the tree, {beside}"
    )


def _limits(table: Table) -> str:
    told = []
    for i in _named_limits(table)[:_MOST_LIMITS]:
        kind, owner = str(table["limit"][i]), str(table["of"][i])
        worth, date = _worth(table, i), table["date"][i]
        if kind == "capital":
            told.append(f"a further USD for {owner} in {date} is worth {worth}")
        elif kind == "crews":
            told.append(f"a further crew of {owner} in {date} {worth}")
        else:
            told.append(f"a further critical MW of {owner} by {date} {worth}")
    return "; ".join(told) if told else "none binds"


def _wrapped(label: str, text: str) -> list[str]:
    lead = "  " + label.ljust(9) if label else "  "
    return textwrap.wrap(
        text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
    )
