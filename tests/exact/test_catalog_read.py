"""The reader refuses every broken cell, names the place, and reports all faults at once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rerack import catalog
from rerack.base import DataError

DATA = Path(catalog.__file__).parent / "data"
TABLES = [t.name for t in catalog.tables()]
HEADER = "model,maker,hashrate_th_s,power_w,efficiency_j_per_th,cooling,as_of,source,status"
GOOD = "X1,Acme,100,1500,15,air,2026-01-31,own measurement,verified"


def rig_file(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def faults(path: Path, name: str = "rigs") -> list[str]:
    with pytest.raises(DataError) as caught:
        catalog.load(name, extend=[path])
    return [str(problem) for problem in caught.value.problems]


def with_first_row(folder: Path, name: str, column: str, text: str) -> Path:
    """Copy a bundled table with one cell of its first row changed."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = text
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


CASES = [
    (t.name, column)
    for t in catalog.tables()
    for column in ("as_of", "source", "status", "unit")
    if column in {c.name for c in t.columns}
]


@pytest.mark.parametrize(("name", "column"), CASES)
def test_a_row_without_date_source_standing_or_unit_is_refused(
    tmp_path: Path, name: str, column: str
) -> None:
    path = with_first_row(tmp_path, name, column, "")
    (fault,) = faults(path, name)
    assert fault.startswith(f"{path}:2, column {column}: given ''; allowed: not empty")


@pytest.mark.parametrize("name", ["companies", "regions", "tariffs"])
def test_every_long_table_has_a_unit_column(name: str) -> None:
    assert (name, "unit") in CASES


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-inf", "1,000", "1_000", "15 W", "1e999"])
@pytest.mark.parametrize("name", TABLES)
def test_what_is_not_a_plain_finite_number_is_refused(tmp_path: Path, name: str, text: str) -> None:
    table = next(t for t in catalog.tables() if t.name == name)
    column = next(c.name for c in table.columns if c.kind == "float")
    path = with_first_row(tmp_path, name, column, text)
    (fault,) = faults(path, name)
    assert f"{path}:2, column {column}: given {text!r}" in fault


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("X1,Acme,-100,1500,15,air,2026-01,me,verified", "0 or more"),
        ("X1,Acme,100,1500,15,oil,2026-01,me,verified", "one of air, hydro, immersion"),
        ("X1,Acme,100,1500,15,air,Q1 2026,me,verified", "YYYY, YYYY-MM or YYYY-MM-DD"),
        ("X1,Acme,100,1500,15,air,2026-02-30,me,verified", "YYYY, YYYY-MM or YYYY-MM-DD"),
        ("X1,Acme,100,1500,15,air,2026-01,me,certain", "one of verified, secondary"),
        ("X1,Acme,,,,air,2026-01,me,verified", "at least one figure"),
        ("X1,Acme,100,1500,15,air,2026-01,me", "9 cells"),
        ("X1,Acme,100,1500,15,air,2026-01,me,verified,more", "9 cells"),
    ],
)
def test_a_bad_cell_is_refused_by_line(tmp_path: Path, bad: str, says: str) -> None:
    path = rig_file(tmp_path, GOOD.replace("X1", "X0"), bad)
    (fault,) = faults(path)
    assert f"{path}:3" in fault
    assert says in fault


def test_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    (fault,) = faults(with_first_row(tmp_path, "tariffs", "unit", "EUR/MWh"), "tariffs")
    assert "usd_per_mwh" in fault


def test_all_faults_are_reported_together(tmp_path: Path) -> None:
    path = rig_file(
        tmp_path,
        "A,Acme,nan,1500,15,air,2026-01,,verified",
        GOOD,
        "B,Acme,1,2,x,air,2026-01,me,",
        GOOD.replace("X1", "x1"),
    )
    found = faults(path)
    assert [f.split(": given")[0] for f in found] == [
        f"{path}:2, column hashrate_th_s",
        f"{path}:2, column source",
        f"{path}:4, column efficiency_j_per_th",
        f"{path}:4, column status",
        f"{path}:5",
    ]
    assert "first on line 3" in found[-1]


def test_the_header_must_match(tmp_path: Path) -> None:
    header = HEADER.replace("maker", "brand").replace("power_w", "model")
    found = faults(rig_file(tmp_path, GOOD, header=header))
    assert ["unknown column 'brand'" in found[0], "no column 'maker'" in found[1]] == [True, True]
    assert "'model' more than once" in found[2]


def test_an_optional_column_may_be_left_out(tmp_path: Path) -> None:
    row = catalog.find("rigs", extend=[rig_file(tmp_path, GOOD)], model="X1")
    assert row["note"] is None
    assert row.text("release") == ""


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'model,maker\n"open', b""])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    assert str(path) in faults(path)[0]


def test_a_quote_left_open_is_refused(tmp_path: Path) -> None:
    path = rig_file(tmp_path, GOOD, 'X2,"Acme,1,1,1,air,2026,me,verified')
    assert "quotes closed" in faults(path)[0]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "absent.csv"
    assert "cannot be read" in faults(path)[0]
    assert "cannot be read" in faults(tmp_path)[0]


def test_zero_is_a_number_and_not_an_empty_cell(tmp_path: Path) -> None:
    path = rig_file(tmp_path, "X1,Acme,0,1500,,air,2026-01,me,verified")
    row = catalog.find("rigs", extend=[path], model="X1")
    assert row["hashrate_th_s"] == 0.0
    assert row["efficiency_j_per_th"] is None
