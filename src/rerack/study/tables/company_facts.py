"""What a company's inputs rest on: the market's inputs, and the catalogue's rows they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rerack.catalog import Row, load
from rerack.scenario.company.facts import named_fact
from rerack.scenario.model import InputRow
from rerack.study.company_study import CompanyRun
from rerack.study.store import Table
from rerack.study.tables.inputs import inputs_table

#: How a source names a deal of the catalogue, before its name and a colon.
_DEAL = "catalogue ai_deals, "
#: Columns of a deal that a reader wants beside it.
_TERMS = (
    ("value_usd", "USD"),
    ("term_years", "years"),
    ("critical_mw", "MW critical"),
    ("gross_mw", "MW gross"),
    ("noi_usd_per_year", "USD/year NOI"),
)


def market_inputs_table(runs: Sequence[CompanyRun]) -> Table:
    """Return the inputs of the market that all companies are valued on.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.
    """
    return inputs_table(runs[0].study.market.inputs)


def facts_table(runs: Sequence[CompanyRun]) -> Table:
    """Return the catalogue's rows that inputs name, as they stood in this run.

    Returns
    -------
    Table
        company, path (of the input), table, row (its key), value, status, as_of, source, note.
    """
    names = ("company", "path", "table", "row", "value", "status", "as_of", "source", "note")
    rows = [
        (run.company.name, one.path, *found)
        for run in runs
        for one in run.study.inputs
        for found in _found(one)
    ]
    return {n: np.asarray([row[i] for row in rows], dtype=str) for i, n in enumerate(names)}


def _found(one: InputRow) -> Iterator[tuple[str, ...]]:
    key = named_fact(one)
    if key is not None:
        wanted = tuple(part.casefold() for part in key)
        for row in load("companies"):
            if row.key == wanted:
                yield _cells(row, f"{row.number('value'):,.10g} {row.text('unit')}")
    elif one.source.startswith(_DEAL):
        name = one.source.removeprefix(_DEAL).split(":")[0].strip().casefold()
        for row in load("ai_deals"):
            if row.text("name").casefold() == name:
                yield _cells(row, _terms(row))


def _terms(row: Row) -> str:
    said = [f"{row.number(c):,.10g} {unit}" for c, unit in _TERMS if row[c] is not None]
    return ", ".join(said) or "no figures"


def _cells(row: Row, value: str) -> tuple[str, ...]:
    return (
        row.table.name, row.label, value, row.status, row.as_of, row.source, row.text("note"),
    )  # fmt: skip
