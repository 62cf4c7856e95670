"""Tables lose nothing on their way to CSV, JSON and text."""

from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rerack.report import table_text, to_csv, to_json
from rerack.report.format import decimals, number, numbers

NAMES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs"]), max_size=40
)
FLOATS = st.floats(allow_nan=True, allow_infinity=False, width=64)
ROWS = st.lists(st.tuples(NAMES, FLOATS), min_size=1, max_size=8)


@given(ROWS)
def test_csv_gives_every_value_back(rows: list[tuple[str, float]]) -> None:
    names, values = zip(*rows, strict=True)
    text = to_csv({"name": list(names), "value": list(values)})
    head, *body = list(csv.reader(io.StringIO(text, newline="")))
    assert head == ["name", "value"]
    assert len(body) == len(rows)
    for (name, value), (cell, figure) in zip(rows, body, strict=True):
        # NumPy text drops trailing NULs only, which NAMES leaves out.
        assert cell in (name, f"'{name}")
        assert figure == "" if math.isnan(value) else float(figure) == value


@given(ROWS)
def test_json_gives_every_value_back(rows: list[tuple[str, float]]) -> None:
    names, values = zip(*rows, strict=True)
    out = json.loads(to_json({"name": list(names), "value": list(values)}))
    for (name, value), row in zip(rows, out, strict=True):
        assert row["name"] == name
        assert row["value"] is None if math.isnan(value) else row["value"] == value


@given(ROWS, st.integers(min_value=60, max_value=120))
def test_text_keeps_within_its_width(rows: list[tuple[str, float]], width: int) -> None:
    names, _ = zip(*rows, strict=True)
    text = table_text({"name": list(names), "n": list(range(len(rows)))}, width=width)
    assert max(len(line) for line in text.split("\n")) <= width
    assert text.count("\n") >= len(rows)


def test_words_stay_whole_where_the_table_fits_otherwise() -> None:
    columns = {
        "use": ["powered_shell", "colocation"],
        "revenue_usd_per_critical_kwh": [0.142, 0.211],
        "note": [
            "contracted load; power paid by tenant",
            "as of 2026-09-18 in TeraWulf-Fluidstack",
        ],
    }
    lines = table_text(columns, width=52).split("\n")
    assert max(map(len, lines)) <= 52
    words = " ".join(lines).split()
    for whole in ("powered_shell", "contracted", "2026-09-18", "revenue_", "critical_"):
        assert whole in words


def test_words_stay_whole_where_breaking_them_would_not_help() -> None:
    columns = {"status": ["unverified"], **{f"n_{k}": [1_000_000_000.0] for k in range(9)}}
    assert "unverified" in table_text(columns, width=60)


def test_a_missing_number_is_a_dash_in_a_column_of_numbers() -> None:
    text = table_text({"use": ["mining", "AI"], "usd": [300_000.0, None]})
    assert text == "use         usd\nmining  300,000\nAI            –"
    assert json.loads(to_json({"usd": [300_000.0, None]})) == [{"usd": 300_000.0}, {"usd": None}]
    assert to_csv({"usd": [300_000.0, None], "who": ["a", "b"]}) == "usd,who\n300000.0,a\n,b\n"


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_a_number_is_right_to_three_figures(value: float) -> None:
    read = float(number(value).replace(",", ""))
    assert abs(read - value) <= 0.5000001e-2 * value


@given(st.lists(st.one_of(st.floats(), st.floats(0.0, 1e9)), max_size=6), st.integers(1, 6))
def test_a_column_of_numbers_is_written_as_each_number(values: list[float], digits: int) -> None:
    assert numbers(np.array(values), digits) == [number(value, digits) for value in values]


@given(FLOATS, st.integers(min_value=1, max_value=17))
def test_decimals_follow_from_the_exponent_after_rounding(value: float, digits: int) -> None:
    assert decimals(value, digits) == _decimals_read(value, digits)


@given(st.integers(-14, 14), st.integers(1, 9), st.integers(-2, 2))
def test_decimals_are_right_beside_a_tie(exponent: int, digits: int, steps: int) -> None:
    value = float(f"9.{'9' * (digits - 1)}5e{exponent}" if digits > 1 else f"9.5e{exponent}")
    for _ in range(abs(steps)):
        value = math.nextafter(value, math.copysign(math.inf, steps))
    assert decimals(value, digits) == _decimals_read(value, digits)


def _decimals_read(value: float, digits: int) -> int:
    """Return decimals as Python's own rounding to `digits` figures has them."""
    if value == 0.0 or not math.isfinite(value):
        return 0
    exponent = int(f"{value:.{digits - 1}e}".split("e")[1])
    return min(12, max(0, digits - 1 - exponent))


def test_a_formula_is_disarmed_and_a_signed_amount_is_not() -> None:
    cells = ["=1+2", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2 USD/MWh", "+10 %", "plan"]
    body = to_csv({"c": cells}).split("\n")[1:-1]
    assert [cell.startswith(("'", "\"'")) for cell in body] == [True, True, True] + [False] * 3
