"""Figures of the bundled catalogue that follow from others in the same row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from rerack import catalog
from rerack.base import KINDS

DATA = Path(catalog.__file__).parent / "data"
RANGES = {
    "gpus": [("power_w", "power_high_w")],
    "ai_deals": [("capex_usd_per_mw", "capex_high_usd_per_mw"), ("critical_mw", "gross_mw")],
    "capex": [
        ("cost_usd_per_mw", "cost_high_usd_per_mw"),
        ("item_cost_usd", "item_cost_high_usd"),
        ("share_frac", "share_high_frac"),
    ],
    "build_times": [("duration_months", "duration_high_months")],
    "companies": [("value", "value_high")],
    "ai_metrics": [("value", "value_high")],
    "regions": [("value", "value_high")],
    "tariffs": [("value", "value_high")],
    "gpu_prices": [("price_usd_per_gpu_hour", "price_high_usd_per_gpu_hour")],
    "colocation_rents": [("rent_usd_per_kw_month", "rent_high_usd_per_kw_month")],
}
MONTHS_PER = {"weeks": 7 * 12 / 365.25, "months": 1.0, "year": 12.0, "years": 12.0}


def half_last_digit(printed: str) -> Decimal:
    exponent = Decimal(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent) / 2


def test_efficiency_is_power_over_hashrate_within_the_printed_digit() -> None:
    checked = 0
    for row in catalog.load("rigs"):
        if row["power_w"] is None or row["hashrate_th_s"] is None:
            assert row.text("note"), f"{row.label}: a missing figure needs a note"
            continue
        lines = (DATA / "rigs.csv").read_text(encoding="utf-8").splitlines()
        _, _, hashrate, power, printed, *_ = lines[row.line - 1].split(",")
        gap = abs(Decimal(power) / Decimal(hashrate) - Decimal(printed))
        assert gap <= half_last_digit(printed), row.label
        checked += 1
    assert checked == 51


def test_the_rate_of_a_deal_is_value_over_term_over_megawatts() -> None:
    rated = [row for row in catalog.load("ai_deals") if row["value_usd"] is not None]
    for row in rated:
        mw = row.number(f"{row.text('rate_basis')}_mw")
        rate = row.number("value_usd") / row.number("term_years") / mw
        assert row.number("rate_usd_per_mw_year") == pytest.approx(rate, abs=0.5), row.label
    assert len(rated) == 14


def test_a_deal_rated_on_gross_power_says_so_and_has_no_critical_power() -> None:
    gross = catalog.select(catalog.load("ai_deals"), where={"rate_basis": "gross"})
    assert [r.label for r in gross] == ["Cipher-AWS"]
    assert gross.rows[0]["critical_mw"] is None


def test_build_times_are_the_published_figures_in_months() -> None:
    for row in catalog.load("build_times"):
        words = row.text("published").split()
        numbers = [float(w) for w in words if w.isdigit()]
        months = [round(n * MONTHS_PER[words[-1]], 1) for n in numbers]
        given = [row["duration_months"], row["duration_high_months"]]
        assert [g for g in given if g is not None] == months, row.label


def test_rig_prices_with_a_unit_price_and_a_hashrate_agree() -> None:
    rows = [r for r in catalog.load("rig_prices") if r["item"] == "S9"]
    hashrate = catalog.find("rigs", model="S9").number("hashrate_th_s")
    for row in rows:
        expected = row.number("unit_price_usd") / hashrate
        assert row.number("price_usd_per_th") == pytest.approx(expected, abs=0.005)
    assert len(rows) == 10


@pytest.mark.parametrize("name", RANGES)
def test_the_upper_end_of_a_range_is_not_below_the_lower(name: str) -> None:
    for row in catalog.load(name):
        for low, high in RANGES[name]:
            below, above = row[low], row[high]
            if isinstance(above, float) and isinstance(below, float):
                assert above >= below, (row.label, high)


@pytest.mark.parametrize("table", catalog.tables(), ids=lambda t: t.name)
def test_every_table_states_date_source_and_standing_and_derived_rows_their_formula(
    table: catalog.Table,
) -> None:
    rows = catalog.load(table.name)
    assert len(rows) > 0
    for row in rows:
        assert row.as_of
        assert row.source
        assert row.status in catalog.STATUSES
        if row.status == "verified":
            assert "memory" not in row.source
            assert "relayed" not in row.source
        if row.source == "memory":
            assert row.status == "unverified"


@pytest.mark.parametrize("table", catalog.tables(), ids=lambda t: t.name)
def test_numeric_columns_name_their_quantity_kind(table: catalog.Table) -> None:
    for option, kind in table.numeric_columns.items():
        column = table.column(option)
        assert kind == "" or (kind in KINDS and column.name == f"{option}_{kind}")
        assert kind or column.name in {"value", "value_high", "gpu_count", "memory_gb"}


def test_fractions_lie_between_zero_and_one() -> None:
    checked = 0
    for table in catalog.tables():
        long_table = "unit" in {c.name for c in table.columns}
        for row in catalog.load(table.name):
            in_frac = long_table and row["unit"] == "frac"
            for column in table.columns:
                value = row[column.name]
                if isinstance(value, float) and (column.unit == "frac" or in_frac):
                    assert 0.0 <= value <= 1.0, (table.name, row.label)
                    checked += 1
    assert checked > 40
