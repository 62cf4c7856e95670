"""Sections 7 and 9 of the reference list of papers: every figure is in the catalogue or named."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from rerack import catalog

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "catalog.md"
TOKEN = re.compile(r"\d[\d,]*\d(?:\.\d+)?|\d(?:\.\d+)?|\.\d+")
#: The paragraph below the table of rents, which is no table row.
PARAGRAPH = "All CBRE."


def transcript() -> dict[str, list[tuple[str, str, str]]]:
    """Return where each row's figures went: (table, key, figures) by the row's first cell.

    A table of ``left out`` names a phrase of the reference page, ``beside`` figures that are dates,
    sizes and names.
    """
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    with (Path(__file__).parent / "papers_rows.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["row"]].append((row["table"], row["key"], row["figures"]))
    return found


def figures(text: str) -> Iterator[tuple[str, str, float]]:
    """Yield (column, figure as printed, factor to the catalogue's unit)."""
    for word in text.split():
        column, _, rest = word.rpartition("=")
        printed, _, factor = rest.partition("*")
        yield column, printed, float(factor or 1.0)


def published(reference: Path) -> dict[str, str]:
    """Return the text of each row of sections 7 and 9 by its first cell, headings left out."""
    text = (reference / "papers.md").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for first, last in (("## 7. ", "## 8. "), ("## 9. ", "## 10. ")):
        lines = text.split(first)[1].split(last)[0].splitlines()
        for line, below in zip(lines, [*lines[1:], ""], strict=True):
            if line.startswith(PARAGRAPH):
                found[PARAGRAPH] = line
            heading = line.startswith("|---") or below.startswith("|---")
            if line.startswith("|") and not heading:
                cells = [c.strip() for c in line.strip().strip("|").split("|")]
                # The last cell says how a row was seen, where a table has such a column.
                found[cells[0]] = " | ".join(cells[1:-1] if len(cells) > 2 else cells[1:])
    return found


def test_every_row_of_the_list_is_accounted_for(shared_reference: Path) -> None:
    rows = published(shared_reference)
    assert len(rows) == 48
    assert set(rows) == set(transcript())


def test_every_figure_of_every_row_is_accounted_for(shared_reference: Path) -> None:
    entries = transcript()
    for row, text in published(shared_reference).items():
        wanted = Counter(TOKEN.findall(text))
        found = Counter(p for _, _, words in entries[row] for _, p, _ in figures(words))
        assert found == wanted, row


@pytest.mark.parametrize("row", transcript())
def test_what_is_said_to_be_in_the_catalogue_is(row: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for table, key, words in transcript()[row]:
        if table == "beside":
            continue
        if table == "left out":
            assert key in page, key
            continue
        rows = {r.key: r for r in catalog.load(table)}
        fact = rows[tuple(part.casefold() for part in key.split("|"))]
        for column, printed, factor in figures(words):
            if column in ("note", "item", "published", "source"):
                assert printed in fact.text(column), (key, printed)
            else:
                wanted = float(printed.replace(",", "")) * factor
                assert fact.number(column) == pytest.approx(wanted, rel=1e-9), (key, column)
