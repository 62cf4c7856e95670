"""A bill worked out by hand, to the cent, and what a bill refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rerack.assets import (
    CoincidentPeak,
    DemandCharge,
    ExportTerms,
    FixedBlock,
    MinimumTake,
    Tariff,
    TimeOfUse,
    TimeOfUsePeriod,
)
from rerack.base import InputError
from rerack.dispatch import HourCalendar, HourlyPrices, bill

DAY_RATE = TimeOfUsePeriod(name="day", rate_usd_per_mwh=7.0, first_hour=8, end_hour=20)
NIGHT_RATE = TimeOfUsePeriod(name="night", rate_usd_per_mwh=1.0, first_hour=20, end_hour=8)
TARIFF = Tariff(
    adder_usd_per_mwh=2.0,
    losses_frac=0.04,
    block=FixedBlock(block_mw=10.0, price_usd_per_mwh=25.0, months=12),
    time_of_use=TimeOfUse(periods=(DAY_RATE, NIGHT_RATE)),
    demand_charge=DemandCharge(charge_usd_per_kw_month=4.5),
    coincident_peak=CoincidentPeak(charge_usd_per_mw_year=60_000.0),
    minimum_take=MinimumTake(contract_mw=50.0, take_frac=0.8, shortfall_usd_per_mwh=11.0),
    export=ExportTerms(limit_mw=20.0, discount_usd_per_mwh=1.5),
)
#: Four hours on each side of the end of June; two of them by day.
CALENDAR = HourCalendar(start_utc="2024-06-30T19", hours=8)
INDEX = np.array([30.0, 40.0, -5.0, 20.0, 35.0, 10.0, 10.0, 12.0])
LOAD = np.array([70.0, 71.0, 65.0, 60.0, 50.0, 55.0, 54.0, 53.0])
IMPORT = np.array([20.0, 0.0, 60.0, 30.0, 0.0, 40.0, 40.0, 45.0])
EXPORT = np.array([0.0, 12.0, 0.0, 0.0, 20.0, 0.0, 0.0, 0.0])
PRICES = HourlyPrices(calendar=CALENDAR, index_usd_per_mwh=INDEX, system_load_mw=LOAD)


def test_june_by_hand() -> None:
    # The first five hours; the calendar is UTC, so June ends after 23:00, hour 4.
    june = {
        line.part: line.amount_cents
        for line in bill(IMPORT, TARIFF, PRICES, export_mw=EXPORT).lines
        if line.month == "2024-06"
    }
    index = 20 * 30.0 + 60 * -5.0 + 30 * 20.0
    assert june == {
        "index energy": 90_000,
        "losses": round(100 * index * 0.04 / 0.96),
        "adder": 22_000,
        "time of use: day": 14_000,
        "time of use: night": 9_000,
        "demand charge": 27_000_000,
        "coincident peak": 0,
        "minimum take": 100 * 11 * (5 * 40 - (110 - 32)),
        "export": -round(100 * (12 * 38.5 + 20 * 33.5)),
        "fixed block": round(100 * 10 * (125 - 120.0)),
    }


def test_the_july_peak_is_charged_on_the_load_in_the_system_peak() -> None:
    lines = bill(IMPORT, TARIFF, PRICES, export_mw=EXPORT).lines
    (peak,) = (x for x in lines if x.month == "2024-07" and x.part == "coincident peak")
    assert peak.amount_cents == 40 * 15_000 * 100
    assert "2024-07-01 00:00" in peak.formula


def test_lines_add_up_however_they_are_grouped() -> None:
    found = bill(IMPORT, TARIFF, PRICES, export_mw=EXPORT)
    total = sum(line.amount_cents for line in found.lines)
    assert isinstance(found.total_cents, int)
    assert found.total_cents == total
    assert sum(found.by_month().values()) == total
    assert sum(found.by_part().values()) == total
    assert set(found.by_month()) == {"2024-06", "2024-07"}
    assert round(100 * sum(found.table()["amount_usd"])) == total  # type: ignore[arg-type]


def test_every_line_is_its_quantity_times_its_price() -> None:
    for line in bill(IMPORT, TARIFF, PRICES, export_mw=EXPORT).lines:
        assert abs(100 * line.quantity * line.price_usd - line.amount_cents) <= 0.5 + 1e-6
        assert line.formula
        assert line.part in str(line)


def test_the_text_ends_with_the_total() -> None:
    found = bill(IMPORT, TARIFF, PRICES, export_mw=EXPORT)
    assert found.explain().endswith(f"all months: {found.total_usd:,.2f} USD")


@pytest.mark.parametrize(
    ("drawn", "sold", "where"),
    [
        (IMPORT[:-1], EXPORT, "import_mw"),
        (-IMPORT, EXPORT, "import_mw"),
        (IMPORT, EXPORT[1:], "export_mw"),
        (IMPORT, 2.0 * EXPORT, "up to the tariff's export limit"),
        (IMPORT + 1.0, EXPORT, "both in 2 intervals, first in the hour from 2024-06-30 20:00"),
        (np.full(8, np.nan), EXPORT, "import_mw"),
    ],
)
def test_a_bill_refuses(drawn: Any, sold: Any, where: str) -> None:
    with pytest.raises(InputError, match=where):
        bill(drawn, TARIFF, PRICES, export_mw=sold)
