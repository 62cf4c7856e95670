"""Operating points: the hull by hand, idle draw, and the bad ones refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rerack.assets import HallOperation, OperatingPoint, RigFleet, RigModel, points_of
from rerack.base import InputError
from rerack.dispatch.flexible_hull import hull_of, hull_vertices
from rerack.dispatch.flexible_reserve import best_offers_frac
from rerack.dispatch.peaks import best_peaks

FULL = OperatingPoint(power_frac=1.0, hashrate_frac=1.0)
LOW = OperatingPoint(power_frac=0.6, hashrate_frac=0.7)
FLEET = RigFleet(model="S21", efficiency_j_per_th=17.5, variable_om_usd_per_mwh=2.0)


def test_strikes_of_underclocking_by_hand() -> None:
    hull = hull_of(FLEET, (FULL, LOW), 0.0, 42.0)
    # 100 USD/MWh at rated power: 70 % of it on 60 % of the power, then 30 % on 40 %.
    assert hull.width_frac == pytest.approx([0.6, 0.4])
    assert hull.strike_usd_per_mwh[0] == pytest.approx([100 * 7 / 6 - 2, 75.0 - 2])


def test_idle_draw_raises_the_first_strike() -> None:
    hull = hull_of(FLEET, (FULL,), 0.05, 42.0)
    assert hull.width_frac == pytest.approx([0.95])
    assert hull.strike_usd_per_mwh[0] == pytest.approx([100 / 0.95 - 2])


def test_a_setting_under_the_hull_is_never_used() -> None:
    bad = OperatingPoint(power_frac=0.8, hashrate_frac=0.8)
    power, _ = hull_vertices((FULL, bad, LOW), 0.0)
    assert power.tolist() == [0.0, 0.6, 1.0]


def test_power_that_loses_hashes_strikes_below_zero() -> None:
    best = OperatingPoint(power_frac=0.9, hashrate_frac=1.1)
    hull = hull_of(FLEET, (FULL, best), 0.0, 42.0)
    assert hull.strike_usd_per_mwh[0, 1] == pytest.approx(-100.0 - 2.0)


def test_the_best_setting_at_any_price_is_the_marginal_one() -> None:
    points = (FULL, LOW, OperatingPoint(power_frac=0.8, hashrate_frac=0.88))
    fleet = RigFleet(model="S21", efficiency_j_per_th=17.5)
    hull = hull_of(fleet, points, 0.02, 42.0)
    for price in np.linspace(-20.0, 160.0, 91):
        run = hull.strike_usd_per_mwh[0] > price
        earned = (hull.width_frac * (hull.strike_usd_per_mwh[0] - price))[run].sum()
        best = max(0.0, *(100.0 * p.hashrate_frac - price * (p.power_frac - 0.02) for p in points))
        assert earned == pytest.approx(best, abs=1e-9)


def test_points_of_a_model_are_relative_to_its_rating() -> None:
    model = RigModel(name="M", hashrate_th_s=200.0, power_w=4_000.0)
    assert points_of(model, [(150.0, 2_600.0)]) == (
        FULL,
        OperatingPoint(power_frac=0.65, hashrate_frac=0.75),
    )


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"points": ()}, "points"),
        ({"points": (LOW,)}, "points"),
        ({"idle_frac": 0.7}, "idle_frac"),
        ({"idle_frac": 0.5, "points": (FULL, OperatingPoint(power_frac=0.4, hashrate_frac=0.5))},
         "idle_frac"),
        ({"start_usd_per_mw": -1.0}, "start_usd_per_mw"),
        ({"restore_mw_per_hour": 0.0}, "restore_mw_per_hour"),
        ({"min_up_hours": 0}, "min_up_hours"),
        ({"inlet_limit_c": 400.0}, "inlet_limit_c"),
        ({"response_s": -1.0}, "response_s"),
    ],
)  # fmt: skip
def test_a_broken_operation_is_refused(change: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError, match=f"operation of hall A: {where}"):
        HallOperation(**{"hall": "A", **change})


def test_offers_go_to_the_dearest_service_first() -> None:
    share = np.array([[0.5, 0.8]])
    worth = np.array([[[9.0, 4.0]], [[2.0, 4.0]], [[-1.0, -2.0]]])
    assert best_offers_frac(share, worth)[:, 0].tolist() == [
        [0.5, 0.5],
        [pytest.approx(0.2), 0.8],
        [0, 0],
    ]


def test_the_best_peak_by_hand() -> None:
    # Two hours: 30 USD/MWh for the first 10 MW and 12 for the next 10 in both; a charge of 20
    # USD/MW is above 12 + ... of one hour but below 24 of both.
    level = np.array([[10.0, 20.0], [10.0, 20.0]])
    drop = np.array([[18.0, 12.0], [18.0, 12.0]])
    month = np.zeros(2, dtype=np.int64)
    for charge, peak in ((20.0, 20.0), (25.0, 10.0), (59.0, 10.0), (61.0, 0.0)):
        found = best_peaks(level, drop, least_mw=np.zeros(2), month=month, charge_usd_per_mw=charge)
        assert found.peak_mw[0] == peak
        assert found.surcharge_usd_per_mwh.sum() == pytest.approx(min(charge, 60.0))
    forced = best_peaks(
        level, drop, least_mw=np.array([0.0, 15.0]), month=month, charge_usd_per_mw=61.0
    )
    assert forced.peak_mw[0] == 15.0
