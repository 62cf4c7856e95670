"""Expected credits against months drawn one by one."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.reliability import outage_profile, preset
from rerack.reliability.credits import (
    CREDIT_SCHEDULES,
    CreditSchedule,
    ProportionalCredits,
    expected_credits,
)

MONTHS = 150_000
SCHEDULES = [
    *CREDIT_SCHEDULES.values(),
    ProportionalCredits(promised_frac=0.9999, credit_months_per_pp=1.0, cap_frac=0.3),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: getattr(s, "name", "in proportion"))
def test_mean_credit_of_drawn_months(schedule: CreditSchedule | ProportionalCredits) -> None:
    profile = outage_profile(preset("n", critical_mw=20.0))
    random = np.random.default_rng(20260101)
    down = np.zeros(MONTHS)
    for kind in profile.kinds:
        count = random.poisson(kind.outages_per_year / 12.0, MONTHS)
        down += random.gamma(count, kind.mean_hours)
    drawn = np.array([schedule.credit_for_frac(hours) for hours in down[down > 0.0]])
    mean = drawn.sum() / MONTHS
    error = np.sqrt((np.square(drawn).sum() / MONTHS - mean**2) / MONTHS)
    exact = expected_credits(profile, schedule, fee_usd_per_month=0.0).fee_frac
    assert abs(mean - exact) < 4.0 * error
    assert error < 0.02 * exact
