"""A portfolio's answer in words for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.report.format import money, number, share
from rerack.report.tables import lay_out, written
from rerack.study.portfolio import PortfolioRun
from rerack.study.store import Table

_WIDTH = 92
#: Limits named, and the worth below which none is.
_MOST_LIMITS = 4
_LEAST_USD_PER_USD = 0.005
_LEAST_USD = 1e3


def portfolio_text(run: PortfolioRun, tables: Mapping[str, Table]) -> str:
    """Return the answer, what is converted when, and what limits and information are worth.

    Parameters
    ----------
    run : PortfolioRun
        What was found.
    tables : mapping of str to Table
        ``conversions``, ``nodes``, ``limits`` and ``value``.
    """
    study = run.study
    first = (
        f"{study.name} · {len(study.companies)} companies, {len(study.sites)} sites · "
        f"{study.scenarios:,} scenarios in {run.portfolio.tree.leaves.size} leaves · "
        f"{len(study.stage_months)} dates from {study.grid.labels[0]}"
    )
    parts = [first, "", *_wrapped("", _today(run)), "", _conversions(tables["conversions"]), ""]
    for label, text in _reasons(run, tables):
        parts += _wrapped(label, text)
    return "\n".join(parts)


def _today(run: PortfolioRun) -> str:
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
    if not rows["company"]:
        return "  Every hall mines on at every date."
    formats = dict.fromkeys(dates, lambda halls: number(halls, 2) if halls else "–")
    return (
        lay_out(written(rows, formats=formats), width=_WIDTH, indent=2)
        + "\n  halls decided by date, mean over scenarios"
    )


def _reasons(run: PortfolioRun, tables: Mapping[str, Table]) -> list[tuple[str, str]]:
    value = {name: float(column[0]) for name, column in tables["value"].items()}
    known = run.information
    gain = (
        f"{money(value['gain_check_usd'], plus=True)} ± {money(value['gain_check_se_usd'])} over "
        f"mining on everywhere, in {run.check_gain_usd.size:,} scenarios that the policy was not "
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
    return [("value", gain), ("bound", bound), ("waiting", react), ("limits", _limits(tables))]


def _limits(tables: Mapping[str, Table]) -> str:
    table = tables["limits"]
    told = []
    for i in np.argsort(-table["worth_usd_per_unit"], kind="stable"):
        kind, owner = str(table["limit"][i]), str(table["of"][i])
        worth, date = float(table["worth_usd_per_unit"][i]), table["date"][i]
        if kind == "capital" and worth >= _LEAST_USD_PER_USD:
            told.append(f"a further USD for {owner} in {date} is worth {worth:.2f} USD")
        elif kind == "crews" and worth >= _LEAST_USD:
            told.append(f"a further crew of {owner} in {date} {money(worth)}")
        elif kind == "offer" and worth >= _LEAST_USD:
            told.append(f"a further critical MW of {owner} by {date} {money(worth)}")
    return "; ".join(told[:_MOST_LIMITS]) if told else "none binds"


def _wrapped(label: str, text: str) -> list[str]:
    lead = "  " + label.ljust(9) if label else "  "
    return textwrap.wrap(
        text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
    )
