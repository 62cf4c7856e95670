"""The reference page of the catalogue: its examples run, its tables are the catalogue's."""

from __future__ import annotations

import doctest
from pathlib import Path

from rerack import catalog
from rerack.catalog import query, read, rows, schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "catalog.md"


def test_examples_on_the_page_and_in_the_docstrings_run() -> None:
    page = doctest.testfile(str(PAGE), module_relative=False)
    modules = [doctest.testmod(m) for m in (catalog, query, read, rows, schema)]
    assert page.attempted == 7
    assert sum(m.attempted for m in modules) >= 10
    assert page.failed + sum(m.failed for m in modules) == 0


def test_every_table_and_column_is_described_as_the_code_has_it() -> None:
    sections = PAGE.read_text(encoding="utf-8").split("\n### ")[1:]
    assert [s.splitlines()[0] for s in sections] == [t.name for t in catalog.tables()]
    for section, table in zip(sections, catalog.tables(), strict=True):
        assert table.description in section
        listed = [ln.split("`")[1] for ln in section.splitlines() if ln.startswith("| `")]
        shared = {"as_of", "source", "status", "note"}
        assert listed == [c.name for c in table.columns if c.name not in shared]


def test_every_standing_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{status}` |" in text for status in schema.STATUSES)
