"""Whatever is written is read back; filters split a table without loss."""

from __future__ import annotations

import csv
import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack import catalog
from rerack.catalog.read import is_date, parse_number

names = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1
)
powers = st.floats(min_value=0, allow_nan=False, allow_infinity=False)


@given(st.floats())
def test_a_number_reads_back_or_is_refused(number: float) -> None:
    assert parse_number(repr(number)) == (number if math.isfinite(number) else None)


@given(st.dates())
def test_every_calendar_date_is_a_date(day: object) -> None:
    text = str(day)
    assert is_date(text)
    assert is_date(text[:7])
    assert is_date(text[:4])
    assert not is_date(f"{text}T00:00")


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(names.map(str.casefold), powers, min_size=1, max_size=8))
def test_own_rows_read_back_as_written(rigs: dict[str, float]) -> None:
    header = [c.name for c in catalog.load("rigs").table.columns]
    rest = {
        "maker": 'A, "b"',
        "cooling": "air",
        "as_of": "2026",
        "source": "s",
        "status": "derived",
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=header, restval="")
            writer.writeheader()
            writer.writerows({"model": m, "power_w": p, **rest} for m, p in rigs.items())
        rows = catalog.load("rigs", extend=[path])
    own = {r.label: r["power_w"] for r in rows if r.origin == str(path)}
    by_key = {m.casefold(): p for m, p in rigs.items()}
    assert {m.casefold(): p for m, p in own.items()} == by_key
    assert all(r["maker"] == 'A, "b"' for r in rows if r.origin == str(path))


@settings(max_examples=50)
@given(bound=st.floats(0, 20_000, exclude_min=True), name=st.sampled_from(["rigs", "gpus"]))
def test_a_bound_splits_the_known_rows(bound: float, name: str) -> None:
    rows = catalog.load(name)
    below = catalog.select(rows, maximum={"power": math.nextafter(bound, 0)})
    above = catalog.select(rows, minimum={"power": bound})
    unknown = [r for r in rows if r["power"] is None]
    assert len(below) + len(above) + len(unknown) == len(rows)
    assert all(r.number("power") < bound for r in below)


@pytest.mark.parametrize("table", catalog.tables(), ids=lambda t: t.name)
def test_every_row_is_found_by_its_own_key(table: catalog.Table) -> None:
    rows = catalog.load(table.name)
    for row in (*rows.rows[::7], rows.rows[-1]):
        key = {name: row.text(name) for name in table.key}
        assert catalog.find(table.name, **key) == row
