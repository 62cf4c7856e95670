"""Loading with the user's files over the bundled ones, selecting, finding."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rerack import catalog
from rerack.base import InputError, parse_quantity

HEADER = "model,maker,hashrate_th_s,power_w,efficiency_j_per_th,cooling,as_of,source,status\n"


def rigs(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_an_own_row_is_added_after_the_bundled_ones(tmp_path: Path) -> None:
    path = rigs(tmp_path, "a.csv", "X1,Acme,100,1500,15,air,2026-01,me,verified")
    bundled, extended = catalog.load("rigs"), catalog.load("rigs", extend=[path])
    assert extended.rows[:-1] == bundled.rows
    row = extended.rows[-1]
    assert (row.label, row.origin, row.line, row.replaced) == ("X1", str(path), 2, "")


def test_an_own_row_takes_the_place_of_the_bundled_one_and_says_so(tmp_path: Path) -> None:
    path = rigs(tmp_path, "a.csv", "s21 PRO,Bitmain,231,3500,15.2,air,2026-01,me,verified")
    before = [r.key for r in catalog.load("rigs")]
    after = catalog.load("rigs", extend=[path])
    assert [r.key for r in after] == before
    row = catalog.find("rigs", extend=[path], model="S21 Pro")
    assert row.number("power") == 3500.0
    assert (row.origin, row.replaced) == (str(path), catalog.BUNDLED)
    assert catalog.find("rigs", model="S21 Pro").number("power") == 3510.0


def test_the_later_of_two_files_wins(tmp_path: Path) -> None:
    first = rigs(tmp_path, "a.csv", "X1,Acme,1,15,15,air,2026,me,verified")
    second = rigs(tmp_path, "b.csv", "X1,Acme,2,30,15,air,2026,me,verified")
    row = catalog.find("rigs", extend=[first, second], model="X1")
    assert (row.number("hashrate"), row.origin, row.replaced) == (2.0, str(second), str(first))


def test_select_as_the_command_line_does() -> None:
    table = catalog.load("rigs").table
    kind = table.numeric_columns["efficiency"]
    bound = parse_quantity("13.5 J/TH", kind).value
    found = catalog.select(
        catalog.load("rigs"),
        where={"maker": "bitmain", "cooling": "AIR"},
        maximum={"efficiency": bound},
    )
    assert [r.label for r in found] == ["S21 XP", "S23"]


def test_bounds_are_inclusive_and_leave_out_what_is_not_known() -> None:
    rows = catalog.load("rigs")
    mid = catalog.select(rows, minimum={"power_w": 3498}, maximum={"power_w": 3510})
    assert [r.label for r in mid] == ["S21", "S21 Pro", "S23"]
    known = catalog.select(rows, minimum={"power": 0})
    assert {r.label for r in rows} - {r.label for r in known} == {"M70S"}


@pytest.mark.parametrize(
    ("kwargs", "says"),
    [
        ({"where": {"makr": "Bitmain"}}, "Did you mean maker"),
        ({"where": {"power": "3500"}}, "an equality on a number"),
        ({"minimum": {"maker": 1.0}}, "a number, on one of hashrate"),
        ({"maximum": {"power": float("nan")}}, "the bound nan"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(
    kwargs: dict[str, dict[str, float | str]], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        catalog.select(catalog.load("rigs"), **kwargs)  # type: ignore[arg-type]


def test_an_unknown_table_offers_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean rigs"):
        catalog.load("rig")


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(InputError, match=r"Did you mean S21 Pro"):
        catalog.find("rigs", model="S21 Prop")


def test_find_needs_a_key_that_leaves_one_row() -> None:
    with pytest.raises(InputError, match="Give more of company, metric, period"):
        catalog.find("companies", company="Riot", metric="btc_mined")
    row = catalog.find("companies", company="riot", metric="btc_mined", period="2025-Q3")
    assert row.number("value") == 1406.0
    with pytest.raises(InputError, match="no key"):
        catalog.find("companies")


def test_find_offers_only_what_exists_beside_the_rest_of_the_key() -> None:
    with pytest.raises(InputError, match="catalogue regions, period") as caught:
        catalog.find("regions", region="Bhutan", metric="btc_reserve", period="2024-10")
    assert "2024-09" in str(caught.value)


def test_an_empty_figure_is_not_made_up() -> None:
    row = catalog.find("rigs", model="M70S")
    assert row["power_w"] is None
    with pytest.raises(InputError, match="extend the table"):
        row.number("power_w")
    with pytest.raises(InputError, match="given 'MicroBT'"):
        row.number("maker")


def test_a_description_that_contradicts_itself_is_refused() -> None:
    power = catalog.Column(name="power_w", kind="float", unit="w", doc="")
    with pytest.raises(InputError, match="key columns that do not exist"):
        catalog.Table(name="t", description="", columns=(power,), key=("model",))
    twin = catalog.Column(name="power_mw", kind="float", unit="mw", doc="")
    with pytest.raises(InputError, match=r"repeated names \['power'\]"):
        catalog.Table(name="t", description="", columns=(power, twin), key=("power_w",))
    with pytest.raises(InputError, match="a name that ends in its unit"):
        catalog.Column(name="power", kind="float", unit="w", doc="")


def test_origin_is_the_path_as_given(tmp_path: Path) -> None:
    path = rigs(tmp_path, "a.csv", "X1,Acme,100,1500,15,air,2026-01,me,verified")
    relative = Path(os.path.relpath(path))
    assert catalog.find("rigs", extend=[relative], model="X1").origin == str(relative)
