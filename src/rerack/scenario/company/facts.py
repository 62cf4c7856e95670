"""A value that names a fact of the catalogue as its source must be that fact."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.base.errors import InputError
from rerack.catalog import find
from rerack.scenario.model import InputRow

#: How a source names a fact: ``catalogue: Riot, btc_held, 2025-Q3``.
PREFIX = "catalogue: "
_CLOSE = 1e-9


def named_fact(row: InputRow) -> tuple[str, str, str] | None:
    """Return company, metric and period that an input's source names; None if it names none."""
    if not row.source.startswith(PREFIX):
        return None
    parts = [part.strip() for part in row.source.removeprefix(PREFIX).split(",")]
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def differences(rows: tuple[InputRow, ...]) -> Iterator[tuple[InputRow, str, str]]:
    """Yield (input, what is allowed, cure) for every input that is not the fact it names."""
    for row in rows:
        if not row.source.startswith(PREFIX):
            continue
        named = named_fact(row)
        if named is None:
            yield row, f"`{PREFIX}company, metric, period`", "Name the fact by its three keys."
            continue
        try:
            fact = find("companies", company=named[0], metric=named[1], period=named[2])
        except InputError as error:
            problem = error.problems[0]
            yield row, problem.allowed, problem.cure
            continue
        value = fact.number("value")
        if row.canonical is None or abs(row.canonical - value) > _CLOSE * abs(value):
            unit = fact.text("unit")
            yield row, f"the fact that it names, {value:,.10g} {unit}", "Correct it or its source."
        elif row.status != fact.status:
            yield row, f"the status of the fact, {fact.status}", "Write that status."
