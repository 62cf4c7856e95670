"""Numbers look as the design says they look."""

from __future__ import annotations

import pytest

from rerack.base.errors import InputError
from rerack.report.format import (
    availability,
    cents,
    cover,
    hashrate,
    money,
    money_with_error,
    number,
    printable,
    quantity,
    quarter,
    rate,
    rounded,
    share,
    span,
    statement,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (quantity(35.06, "usd_per_ph_day"), "35.1 USD/PH/day"),
        (quantity(83.46, "usd_per_mwh"), "83.5 USD/MWh"),
        (cents(42.0), "4.2 c/kWh"),
        (quantity(1.4604e6, "usd_per_mw_year", "critical"), "1.46 MUSD/MW-year (critical)"),
        (quantity(600.0, "mw", "utility"), "600 MW utility"),
        (hashrate(1090.0), "1.09 ZH/s"),
        (hashrate(999.6), "1.00 ZH/s"),
        (quantity(17.5, "j_per_th"), "17.5 J/TH"),
        (availability(0.99999), "99.999 % (5.3 min/year)"),
        (rounded(46317.0), "46,300"),
        (number(1234567.0), "1,234,567"),
        (number(0.00042), "0.000420"),
        (number(-0.0), "0"),
        (money(999.6e6), "1.00 bn USD"),
        (money(-1.9e9), "−1.90 bn USD"),
        (money_with_error(1.904e9, 0.003e9), "+1.904 ± 0.003 bn USD"),
        (money_with_error(-2e7, 3.1e8), "−20 ± 310 MUSD"),
        (money_with_error(0.0, 0.0), "0 ± 0 USD"),
        (statement(-1234.56), "(1,234.6)"),
        (statement(-0.04), "–"),
        (share(0.0), "0 %"),
        (share(0.00001), "< 0.1 %"),
        (share(0.9999), "> 99.9 %"),
        (share(0.996), "99.6 %"),
        (share(0.0995), "10 %"),
        (rate(-0.031), "−3.1 %"),
        (span(11), "11 months"),
        (span(12), "1 year"),
        (span(50), "4.2 years"),
        (span(float("nan")), "never"),
        (cover(float("inf")), "no debt"),
        (quarter("2026-12"), "2026 Q4"),
        (quarter("2026-01"), "2026 Q1"),
    ],
)
def test_written_form(written: str, expected: str) -> None:
    assert written == expected


def test_a_power_never_goes_without_its_basis() -> None:
    with pytest.raises(InputError, match="utility or gross or critical"):
        quantity(600.0, "mw")
    with pytest.raises(InputError, match="no basis"):
        quantity(35.0, "usd_per_ph_day", "utility")


def test_control_characters_cannot_reach_a_terminal() -> None:
    assert "\x1b" not in printable("\x1b]0;owned\x07")
    assert printable("Höhe 1\n2") == "Höhe 1�2"
