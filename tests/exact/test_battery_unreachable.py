"""A battery that cannot be as full at the month's end as it must is never given a value."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.planning.power.battery_kernel import battery_kernel
from rerack.planning.power.hours import Hours


@pytest.mark.parametrize("price", [40.0, -40.0], ids=["dear", "paid for, so that hours bridge"])
def test_what_it_cannot_keep_is_not_a_number(price: float) -> None:
    hours = Hours(
        shape_usd_per_mwh=np.zeros(24),
        start=np.array([0]),
        hours=np.array([24]),
        library_year=np.array([[0]]),
        level=np.ones((1, 1)),
        index_level=np.ones((1, 1)),
        base_usd_per_mwh=price,
        discount_usd_per_mwh=0.0,
        rate_usd_per_mwh=np.zeros((1, 24)),
        scale=np.ones(1),
    )
    gain = np.zeros((1, 1))
    # It loses a tenth of 60 MWh an hour and takes 1 MW.
    battery_kernel(
        hours, 0.0, np.array([1.0, 1.0, 0.9, 0.9, 0.0]), np.array([60.0, 30.0, 60.0, 0.9]),
        np.full((1, 1), 10.0), np.full((1, 1), 90.0), np.full((1, 1, 1), 70.0),
        np.full((1, 1, 1), 20.0), np.ones((1, 1)), gain,
    )  # fmt: skip
    assert np.isnan(gain).all()
