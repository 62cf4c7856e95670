"""What dispatch refuses, and that the message says how to mend it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rerack.assets import Hall, RigFleet, Site, Tariff
from rerack.base import InputError
from rerack.dispatch import (
    LpOracle,
    PriceDuration,
    hour_margins,
    margins,
    merit_capacity_mw,
    solve,
)

SITE = Site(
    name="S",
    interconnect_mw=10.0,
    halls=(Hall(name="A", utility_mw=5.0, rigs=RigFleet(model="m", efficiency_j_per_th=20.0)),),
    tariff=Tariff(),
)
LIBRARY = PriceDuration.build([np.arange(8.0).reshape(2, 4)] * 12)
QUERY: dict[str, Any] = {
    "month_of_year": np.array([1, 12]),
    "library_year": np.array([[0, 1]]),
    "level": np.ones((1, 2)),
    "adder_usd_per_mwh": 0.0,
    "strike_usd_per_mwh": np.ones((1, 2, 3)),
}


@pytest.mark.parametrize(
    ("price", "hashprice", "where"),
    [
        ([], 40.0, "price_usd_per_mwh"),
        ([1.0, np.nan], 40.0, r"price_usd_per_mwh\[1\]"),
        ([1.0, np.inf], 40.0, r"price_usd_per_mwh\[1\]"),
        ([[1.0]], 40.0, "price_usd_per_mwh"),
        ([1.0], np.nan, "hashprice"),
        ([1.0], -1.0, "hashprice"),
        ([1.0, 2.0], [40.0], "hashprice"),
        ([1.0], [[40.0]], "hashprice"),
    ],
)
def test_solve_refuses(price: Any, hashprice: Any, where: str) -> None:
    with pytest.raises(InputError, match=where):
        solve(SITE, np.asarray(price), np.asarray(hashprice))


def test_solve_refuses_an_unknown_method() -> None:
    with pytest.raises(InputError, match="'fast' or 'lp'"):
        solve(SITE, np.ones(2), 40.0, method="milp")  # type: ignore[arg-type]


def test_firm_load_above_the_interconnect_is_refused() -> None:
    with pytest.raises(InputError, match="firm_load_mw"):
        Site(name="S", interconnect_mw=10.0, halls=(), tariff=Tariff(), firm_load_mw=11.0)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"month_of_year": np.array([0, 1])}, "month_of_year"),
        ({"month_of_year": np.array([1, 13])}, "month_of_year"),
        ({"month_of_year": np.array([1])}, "month_of_year"),
        ({"library_year": np.array([[0, 2]])}, "library_year"),
        ({"library_year": np.array([[-1, 0]])}, "library_year"),
        ({"level": np.array([[1.0, 0.0]])}, "level"),
        ({"level": np.array([[1.0, np.nan]])}, "level"),
        ({"adder_usd_per_mwh": np.nan}, "adder_usd_per_mwh"),
        ({"strike_usd_per_mwh": np.ones((2, 2, 3))}, "strike_usd_per_mwh"),
        ({"strike_usd_per_mwh": np.full((1, 2, 3), np.nan)}, "strike_usd_per_mwh"),
    ],
)
def test_margins_refuses(change: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError, match=where):
        margins(LIBRARY, **{**QUERY, **change})


@pytest.mark.parametrize(
    "hourly",
    [
        [np.ones((2, 4))] * 11,
        [np.ones((2, 4))] * 11 + [np.ones((1, 4))],
        [np.ones((2, 4))] * 11 + [np.ones((2, 0))],
        [np.ones((2, 4))] * 11 + [np.full((2, 4), np.nan)],
    ],
)
def test_a_broken_library_is_refused(hourly: list[Any]) -> None:
    with pytest.raises(InputError, match="hourly_usd_per_mwh"):
        PriceDuration.build(hourly)


def test_the_library_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        LIBRARY.shape_sorted_usd_per_mwh[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        LIBRARY.month_hours[0] = 1


@pytest.mark.parametrize(
    ("month_hours", "strike"),
    [
        (np.array([3]), np.ones((1, 1, 1))),
        (np.array([4, 0]), np.ones((1, 2, 1))),
        (np.array([4]), np.ones((1, 2, 1))),
        (np.array([4]), np.ones((2, 1, 1))),
    ],
)
def test_hour_loop_refuses(month_hours: Any, strike: Any) -> None:
    with pytest.raises(InputError):
        hour_margins(np.ones((1, 4)), month_hours=month_hours, strike_usd_per_mwh=strike)


def test_negative_power_is_refused() -> None:
    with pytest.raises(InputError, match="capacity_mw"):
        merit_capacity_mw(np.array([-1.0]), np.array([1.0]), 1.0)
    with pytest.raises(InputError, match="limit_mw"):
        merit_capacity_mw(np.array([1.0]), np.array([1.0]), -1.0)
    with pytest.raises(InputError, match="capacity_mw"):
        LpOracle(np.array([1.0]), limit_mw=-1.0, hours=1)


def test_the_oracle_refuses_margins_of_another_shape() -> None:
    with pytest.raises(InputError, match="shape"):
        LpOracle(np.array([1.0]), limit_mw=1.0, hours=2).maximise(np.ones((1, 1)))


def test_terms_that_this_route_does_not_know_are_refused() -> None:
    fleet = RigFleet(model="x", efficiency_j_per_th=20.0)
    site = Site(
        name="s",
        interconnect_mw=10.0,
        halls=(Hall(name="A", utility_mw=10.0, rigs=fleet),),
        tariff=Tariff(losses_frac=0.02),
    )
    with pytest.raises(InputError, match="solve_programmes"):
        solve(site, [10.0], 40.0)
