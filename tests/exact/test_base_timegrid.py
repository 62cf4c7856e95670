"""Months as people write them."""

from __future__ import annotations

import pytest

from rerack.base import InputError
from rerack.base.timegrid import parse_month


@pytest.mark.parametrize(
    ("label", "found"),
    [("2026-01", (2026, 1)), ("2026-01-31", (2026, 1)), ("2028-02-29", (2028, 2))],
)
def test_a_month_or_a_day_in_it(label: str, found: tuple[int, int]) -> None:
    assert parse_month(label, "start") == found


@pytest.mark.parametrize(
    "label",
    ["2026", "2026-13", "2026-00", "26-01", "2026-01-", "2026-01-99", "2027-02-29", "2026-0\u00b2"],
)
def test_what_is_no_month_is_refused_by_name(label: str) -> None:
    with pytest.raises(InputError, match=r"start: given .*Write YYYY-MM"):
        parse_month(label, "start")
