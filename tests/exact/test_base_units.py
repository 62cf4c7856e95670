"""Quantities as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerack.base import KINDS, InputError, parse_quantity


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("4.2 c/kWh", "usd_per_mwh", 42.0),
        ("35 USD/PH/day", "usd_per_ph_day", 35.0),
        ("35 USD/PH/s/day", "usd_per_ph_day", 35.0),
        ("0.035 USD/TH/day", "usd_per_ph_day", 35.0),
        ("1.46 MUSD/MW-year", "usd_per_kw_month", 1.46e6 / 12e3),
        ("1.46 MUSD/MW-year critical", "usd_per_mw_year", 1.46e6),
        ("9 MUSD/MW critical", "usd_per_mw", 9e6),
        ("1 GW utility", "mw", 1000.0),
        ("18 months", "months", 18.0),
        ("20 years", "months", 240.0),
        ("9 %/year", "frac_per_year", 0.09),
        ("0.09", "frac", 0.09),
        ("1.09 ZH/s", "eh_s", 1090.0),
        ("17.5 J/TH", "j_per_th", 17.5),
        ("16 USD/TH", "usd_per_th", 16.0),
        ("-3 USD/MWh", "usd_per_mwh", -3.0),
        ("85,000 USD", "usd", 85_000.0),
        ("2 sat", "btc", 2e-8),
        ("1,234,567.5 USD", "usd", 1_234_567.5),
        ("1_234_567 USD", "usd", 1_234_567.0),
    ],
)
def test_known_texts(text: str, kind: str, value: float) -> None:
    assert parse_quantity(text, kind).value == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("42", "usd_per_mwh", "unit is missing"),
        ("42 USD/MW", "usd_per_mwh", "another dimension"),
        ("42 EUR/MWh", "usd_per_mwh", "EUR is not converted"),
        ("42 USD/MWhh", "usd_per_mwh", "unknown unit"),
        ("fourty USD/MWh", "usd_per_mwh", "not a number"),
        ("nan MW", "mw", "not a number"),
        ("35 USD/MW/day", "usd_per_ph_day", "another dimension"),
        # Decimal commas: read as nothing, they made power ten times as dear.
        ("4,2 c/kWh", "usd_per_mwh", "write decimals with a point"),
        ("38,5 MW", "mw", "write decimals with a point"),
        ("12,3456 USD", "usd", "write decimals with a point"),
        ("1,00,000 USD", "usd", "write decimals with a point"),
        ("1,,000 USD", "usd", "write decimals with a point"),
        ("0,09", "frac", "write decimals with a point"),
    ],
)
def test_refusals_name_the_cure(text: str, kind: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        parse_quantity(text, kind)
    assert KINDS[kind].example in str(caught.value)


@given(
    number=st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: float(f"{x:.6g}")),
    kind=st.sampled_from(sorted(KINDS)),
)
def test_a_number_in_its_own_unit_is_itself(number: float, kind: str) -> None:
    unit = "" if KINDS[kind].unit == "%" else KINDS[kind].unit
    if kind == "frac_per_year":
        unit, number = "%/year", number
        assert parse_quantity(f"{number} {unit}", kind).value == pytest.approx(number / 100)
        return
    assert parse_quantity(f"{number} {unit}", kind).value == pytest.approx(number, rel=1e-14)
