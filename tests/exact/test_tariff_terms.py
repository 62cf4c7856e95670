"""Terms of a tariff: what they say, what they cost by hand, what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rerack.assets import (
    CoincidentPeak,
    DemandCharge,
    ExportTerms,
    MinimumTake,
    Tariff,
    TimeOfUse,
    TimeOfUsePeriod,
)
from rerack.base import InputError
from rerack.dispatch import (
    HourCalendar,
    HourlyPrices,
    coincident_weight_frac,
    meter_price_usd_per_mwh,
)

PEAK = TimeOfUsePeriod(
    name="peak", rate_usd_per_mwh=50.0, months=(6, 7), weekdays=(0, 1, 2, 3, 4), first_hour=16,
    end_hour=20,
)  # fmt: skip
REST_OF_DAY = TimeOfUsePeriod(
    name="rest of day", rate_usd_per_mwh=5.0, months=(6, 7), weekdays=(0, 1, 2, 3, 4),
    first_hour=20, end_hour=16,
)  # fmt: skip
WEEKEND = TimeOfUsePeriod(name="weekend", rate_usd_per_mwh=1.0, months=(6, 7), weekdays=(5, 6))
WINTER = TimeOfUsePeriod(
    name="winter", rate_usd_per_mwh=0.0, months=(1, 2, 3, 4, 5, 8, 9, 10, 11, 12)
)
PERIODS = (PEAK, REST_OF_DAY, WEEKEND, WINTER)


def test_every_hour_has_its_period() -> None:
    table = TimeOfUse(periods=PERIODS).table
    assert table[6, 2, 15:21].tolist() == [1, 0, 0, 0, 0, 1]
    assert table[6, 2, 3] == 1
    assert (table[5, 5] == 2).all()
    assert (table[0] == 3).all()
    assert (table == 0).sum() == 2 * 5 * 4


def test_overlap_is_refused_by_name_and_hour() -> None:
    clash = TimeOfUsePeriod(name="extra", rate_usd_per_mwh=9.0, months=(7,), first_hour=19)
    with pytest.raises(InputError, match=r"'peak' and 'extra'.*July Monday 19:00 and 4 hours"):
        TimeOfUse(periods=(*PERIODS, clash))


def test_gap_is_refused_by_hour() -> None:
    with pytest.raises(InputError, match="no period on June Saturday 00:00 and 95 hours more"):
        TimeOfUse(periods=(PEAK, REST_OF_DAY, WINTER))


@pytest.mark.parametrize(
    "change",
    [
        {"months": (0,)},
        {"months": ()},
        {"months": (1, 1)},
        {"weekdays": (7,)},
        {"first_hour": 24},
        {"end_hour": 25},
        {"first_hour": 5, "end_hour": 5},
        {"rate_usd_per_mwh": float("nan")},
    ],
)
def test_a_broken_period_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="time-of-use period 'x'"):
        TimeOfUsePeriod(**{"name": "x", "rate_usd_per_mwh": 1.0, **change})


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: DemandCharge(charge_usd_per_kw_month=-1.0), "demand charge"),
        (lambda: CoincidentPeak(charge_usd_per_mw_year=-1.0), "coincident peak"),
        (lambda: CoincidentPeak(charge_usd_per_mw_year=1.0, months=(13,)), "months"),
        (
            lambda: MinimumTake(contract_mw=1.0, take_frac=1.5, shortfall_usd_per_mwh=1.0),
            "take_frac",
        ),
        (lambda: ExportTerms(limit_mw=-1.0), "export"),
        (lambda: Tariff(losses_frac=0.6), "losses_frac"),
        (lambda: Tariff(fixed_price_usd_per_mwh=50.0, losses_frac=0.02), "losses_frac"),
        (lambda: Tariff(fixed_price_usd_per_mwh=5.0, export=ExportTerms(limit_mw=1.0)), "export"),
        (lambda: Tariff(adder_usd_per_mwh=-3.0, export=ExportTerms(limit_mw=1.0)), "export"),
    ],
)
def test_broken_terms_are_refused(make: Any, where: str) -> None:
    with pytest.raises(InputError, match=where):
        make()


def test_the_local_clock_knows_daylight_saving() -> None:
    # On 10 March 2024 at 08:00 UTC, 02:00 in Texas became 03:00.
    calendar = HourCalendar(start_utc="2024-03-10T06", hours=4, zone="America/Chicago")
    assert calendar.hour_of_day.tolist() == [0, 1, 3, 4]
    assert calendar.label(2) == "2024-03-10 03:00"
    autumn = HourCalendar(start_utc="2024-11-03T05", hours=4, zone="America/Chicago")
    assert autumn.hour_of_day.tolist() == [0, 1, 1, 2]
    assert autumn.weekday.tolist() == [6, 6, 6, 6]


def test_months_are_local() -> None:
    calendar = HourCalendar(start_utc="2024-01-01T00", hours=8784, zone="America/Chicago")
    assert calendar.month_labels[:2] == ("2023-12", "2024-01")
    assert calendar.month_hours[:3].tolist() == [6, 744, 696]
    assert calendar.month_hours[3] == 743
    assert calendar.month_hours.sum() == 8784


def test_months_know_how_long_they_are_on_their_clock() -> None:
    # Clocks go forward in March and back in November; the first and last month are given in part.
    year = HourCalendar(start_utc="2023-12-31T20", hours=8784, zone="America/Chicago")
    lengths = [744, 744, 696, 743, 720, 744, 720, 744, 744, 720, 744, 721, 744]
    assert year.whole_month_hours.tolist() == lengths
    assert year.month_hours[[0, 1, -2, -1]].tolist() == [10, 744, 721, 734]
    late = HourCalendar(start_utc="2024-12-31T23", hours=2)
    assert late.whole_month_hours.tolist() == [744, 744]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"start_utc": "2024-13-01T00", "hours": 1}, "start_utc"),
        ({"start_utc": "2024-01-01", "hours": 1}, "start_utc"),
        ({"start_utc": "2024-01-01T00", "hours": 0}, "hours"),
        ({"start_utc": "2024-01-01T00", "hours": 8785}, "year at a time"),
        ({"start_utc": "2024-01-01T00", "hours": 1, "zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_a_broken_calendar_is_refused(given: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError, match=where):
        HourCalendar(**given)


DAY = HourCalendar(start_utc="2024-07-03T00", hours=24)


def test_price_at_the_meter_by_hand() -> None:
    tariff = Tariff(adder_usd_per_mwh=3.0, losses_frac=0.2, time_of_use=TimeOfUse(periods=PERIODS))
    prices = HourlyPrices(calendar=DAY, index_usd_per_mwh=np.full(24, 40.0))
    found = meter_price_usd_per_mwh(tariff, prices)
    assert found[16:20] == pytest.approx([103.0] * 4)
    assert found[:16] == pytest.approx([58.0] * 16)
    fixed = Tariff(fixed_price_usd_per_mwh=0.0, time_of_use=TimeOfUse(periods=PERIODS))
    assert meter_price_usd_per_mwh(fixed, prices)[15:17].tolist() == [5.0, 50.0]


def test_the_peak_is_that_of_the_quarter_hour() -> None:
    calendar = HourCalendar(start_utc="2024-06-30T00", hours=48)
    load = np.full(192, 50.0)
    load[33] = 90.0  # 30 June, hour 8: one quarter, so a lower hourly mean than hour 10
    load[40:44] = 80.0
    load[4 * 24 + 7] = 60.0  # 1 July, hour 1
    prices = HourlyPrices(calendar=calendar, index_usd_per_mwh=np.zeros(48), system_load_mw=load)
    term = CoincidentPeak(charge_usd_per_mw_year=6e4)
    assert np.flatnonzero(coincident_weight_frac(term, prices)).tolist() == [8, 25]
    only_july = CoincidentPeak(charge_usd_per_mw_year=6e4, months=(7,))
    assert np.flatnonzero(coincident_weight_frac(only_july, prices)).tolist() == [25]
    assert term.usd_per_mw == 15_000.0


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"index_usd_per_mwh": np.zeros(23)}, "23 values; allowed: 24"),
        ({"index_usd_per_mwh": np.full(24, np.nan)}, r"index_usd_per_mwh\[0\]"),
        ({"system_load_mw": np.ones(25)}, "allowed: 24 or 96"),
        ({"inlet_c": np.ones(1)}, "inlet_c"),
        ({"capacity_usd_per_mwh": {"ECRS": np.ones(2)}}, "ECRS"),
        ({"peak_probability_frac": np.full(24, 0.5)}, "at most 1 in each month"),
        ({"peak_probability_frac": np.full(24, -0.1)}, "0 or more"),
        (
            {"peak_probability_frac": np.zeros(24), "system_load_mw": np.ones(24)},
            "one of the two",
        ),
    ],
)
def test_prices_that_do_not_fit_are_refused(change: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError, match=where):
        HourlyPrices(**{"calendar": DAY, "index_usd_per_mwh": np.zeros(24), **change})


def test_a_peak_charge_needs_the_system_load() -> None:
    prices = HourlyPrices(calendar=DAY, index_usd_per_mwh=np.zeros(24))
    with pytest.raises(InputError, match="system_load_mw"):
        coincident_weight_frac(CoincidentPeak(charge_usd_per_mw_year=6e4), prices)
