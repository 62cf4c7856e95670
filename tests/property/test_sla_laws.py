"""What holds for any outages: looser promises are missed less, more or longer outages miss more."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.reliability.credits import ProportionalCredits, expected_credits, stepped_credits
from rerack.reliability.outages import OutageKind, OutageProfile
from rerack.reliability.sla import sla_outlook

KINDS = st.lists(st.tuples(st.floats(1e-6, 5.0), st.floats(0.05, 50.0)), min_size=1, max_size=5)


def profile(kinds: list[tuple[float, float]], often: float = 1.0, longer: float = 1.0):  # noqa: ANN201
    return OutageProfile(
        kinds=tuple(
            OutageKind(cause=str(i), outages_per_year=w * often, mean_hours=m * longer)
            for i, (w, m) in enumerate(kinds)
        )
    )


@settings(max_examples=25, deadline=None)
@given(kinds=KINDS)
def test_looser_promises_are_missed_less(kinds: list[tuple[float, float]]) -> None:
    found = sla_outlook(profile(kinds))
    assert (np.diff(found.miss_frac) >= -1e-12).all()
    some = -np.expm1(-sum(w for w, _ in kinds))
    assert (found.miss_frac >= 0.0).all()
    assert (found.miss_frac <= some + 1e-12).all()


@settings(max_examples=25, deadline=None)
@given(kinds=KINDS, factor=st.floats(1.0, 4.0))
def test_more_or_longer_outages_miss_more(kinds: list[tuple[float, float]], factor: float) -> None:
    base = sla_outlook(profile(kinds)).miss_frac
    assert (sla_outlook(profile(kinds, often=factor)).miss_frac >= base - 1e-11).all()
    assert (sla_outlook(profile(kinds, longer=factor)).miss_frac >= base - 1e-11).all()


@settings(max_examples=15, deadline=None)
@given(kinds=KINDS, cap=st.floats(0.1, 0.9))
def test_credits_stay_within_the_cap_and_scale_with_the_fee(
    kinds: list[tuple[float, float]], cap: float
) -> None:
    low = stepped_credits("low", step_hours=0.5, step_frac=0.05, cap_frac=cap)
    high = stepped_credits("high", step_hours=0.5, step_frac=0.05)
    one = expected_credits(profile(kinds), low, fee_usd_per_month=1e6)
    two = expected_credits(profile(kinds), high, fee_usd_per_month=2e6)
    assert 0.0 <= one.fee_frac <= cap + 1e-12
    assert one.fee_frac <= two.fee_frac + 1e-12
    assert two.credits_usd_per_year == two.fee_frac * 2e6 * 12


@settings(max_examples=15, deadline=None)
@given(kinds=KINDS, promise=st.floats(0.95, 0.99999), months=st.floats(0.01, 5.0))
def test_credits_in_proportion_rise_with_promise_and_rate_up_to_the_cap(
    kinds: list[tuple[float, float]], promise: float, months: float
) -> None:
    def frac(promised_frac: float, rate: float, cap: float) -> float:
        terms = ProportionalCredits(
            promised_frac=promised_frac, credit_months_per_pp=rate, cap_frac=cap
        )
        return expected_credits(profile(kinds), terms, fee_usd_per_month=0.0).fee_frac

    base = frac(promise, months, 0.5)
    some = -np.expm1(-sum(w for w, _ in kinds) / 12.0)
    assert 0.0 <= base <= 0.5 * some + 1e-11
    assert frac(0.9 * promise, months, 0.5) <= base + 1e-11
    assert base <= frac(promise, 2.0 * months, 0.5) + 1e-11
    assert base <= frac(promise, months, 1.0) + 1e-11
    # Twice the rate under twice the cap is twice the credit, while the month does not end it.
    assert abs(frac(promise, 2.0 * months, 0.02) - 2.0 * frac(promise, months, 0.01)) < 1e-9
