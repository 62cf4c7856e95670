"""Compound Poisson downtime, credits and outage kinds against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from rerack.base.errors import InputError
from rerack.reliability import (
    Component,
    Leaf,
    Parallel,
    Topology,
    evaluate,
    preset,
    presets,
)
from rerack.reliability.assessment import assess
from rerack.reliability.credits import (
    CREDIT_SCHEDULES,
    ProportionalCredits,
    expected_credits,
    stepped_credits,
)
from rerack.reliability.downtime import exceedance_frac, limited_hours
from rerack.reliability.outages import OutageKind, OutageProfile, outage_profile
from rerack.reliability.sla import sla_outlook


def profile(*kinds: tuple[float, float]) -> OutageProfile:
    return OutageProfile(
        kinds=tuple(
            OutageKind(cause=str(i), outages_per_year=often, mean_hours=mean)
            for i, (often, mean) in enumerate(kinds)
        )
    )


@pytest.mark.parametrize("often", [1e-6, 0.03, 1.3, 40.0])
def test_one_kind_is_a_poisson_mixture_of_gamma_tails(often: float) -> None:
    x = np.array([0.0, 0.1, 1.0, 5.0, 20.0])
    counts = np.arange(1, 150)
    expected = [
        float(stats.poisson.pmf(counts, often) @ stats.gamma.sf(t, counts, scale=2.0)) for t in x
    ]
    np.testing.assert_allclose(exceedance_frac([often], [2.0], x), expected, rtol=1e-9)


def test_kinds_of_one_length_add_up_and_split_kinds_change_nothing() -> None:
    x = [0.5, 3.0]
    whole = exceedance_frac([0.7], [1.5], x)
    np.testing.assert_allclose(exceedance_frac([0.3, 0.4], [1.5, 1.5], x), whole, rtol=1e-12)
    # A kind that never comes but is short makes the stages finer, and nothing else.
    fine = exceedance_frac([0.7, 0.0], [1.5, 0.01], x)
    np.testing.assert_allclose(fine, whole, rtol=1e-10)


def test_two_kinds_have_the_right_mean() -> None:
    """The integral of the tail is the mean: 0.2 x 0.5 h + 0.1 x 8 h."""
    x = np.linspace(0.0, 200.0, 8001)
    tail = exceedance_frac([0.2, 0.1], [0.5, 8.0], x)
    assert np.trapezoid(tail, x) == pytest.approx(0.2 * 0.5 + 0.1 * 8.0, rel=1e-4)


def test_nothing_expected_nothing_lost() -> None:
    assert exceedance_frac([0.0], [1.0], [0.0, 1.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("bad", [([-0.1], [1.0]), ([0.1], [0.0]), ([0.1, 0.2], [1.0])])
def test_bad_kinds_are_refused(bad: tuple[list[float], list[float]]) -> None:
    with pytest.raises(InputError):
        exceedance_frac(*bad, [1.0])


@pytest.mark.parametrize("name", [p.name for p in presets()])
def test_kinds_add_up_to_the_exact_totals(name: str) -> None:
    plant = preset(name, critical_mw=10.0)
    exact, found = evaluate(plant), outage_profile(plant)
    minutes = found.minutes_lost_per_year + found.planned_minutes_per_year
    # Planned minutes in which the load would have been down anyway are in both.
    assert minutes == pytest.approx(exact.minutes_lost_per_year, rel=3e-2)
    if not found.planned_hours:
        assert minutes == pytest.approx(exact.minutes_lost_per_year, rel=1e-9)
        assert found.outages_per_year == pytest.approx(exact.outages_per_year, rel=1e-9)


def test_supply_has_gaps_of_its_start_time_ordinary_outages_and_storms() -> None:
    found = outage_profile(preset("generator", critical_mw=10.0))
    lengths = sorted(k.mean_hours for k in found.kinds if k.cause == "supply")
    assert len(lengths) == 4
    np.testing.assert_allclose(lengths[:2], 1.0 / 60.0, rtol=0.02)
    assert lengths[2] == pytest.approx(1.92, rel=0.02)
    assert lengths[3] == pytest.approx(12.4, rel=0.02)


def test_quantiles_invert_the_distribution() -> None:
    found = profile((1.0, 0.5), (0.1, 20.0))
    for share in (0.1, 0.5, 0.95):
        assert found.longer_than_frac(found.quantile_hours(share)) == pytest.approx(
            1.0 - share, abs=1e-9
        )


def test_planned_outages_miss_every_year_only_where_they_count() -> None:
    plant = preset("tier-1", critical_mw=5.0)
    apart = sla_outlook(plant, levels_frac=[0.95, 0.999])
    counted = sla_outlook(plant, levels_frac=[0.95, 0.999], planned_counts=True)
    assert counted.miss_frac[1] == 1.0
    assert apart.miss_frac[1] < 1.0
    assert apart.miss_frac[0] < counted.miss_frac[0] < 1.0


def test_miss_of_a_single_feed_by_hand() -> None:
    feed = Component(name="feed", failure_rate_per_year=1e-4, mttr_hours=2.0)
    plant = Topology(name="one", blocks=Leaf(component=feed), critical_mw=1.0)
    found = sla_outlook(plant, levels_frac=[0.9999]).miss_frac[0]
    # No second outage in a year: rate times P(longer than 0.876 h), exponential.
    assert found == pytest.approx(1e-4 * math.exp(-0.876 / 2.0), rel=1e-3)


@pytest.mark.parametrize("level", [0.0, 1.0, 1.2, -0.1])
def test_levels_that_nothing_can_promise_are_refused(level: float) -> None:
    with pytest.raises(InputError, match="availability"):
        sla_outlook(profile((0.1, 1.0)), levels_frac=[level])


@pytest.mark.parametrize(
    ("name", "minutes", "credit"),
    [
        ("day per hour", 59.0, 0.0),
        ("day per hour", 125.0, 2 / 30),
        ("day per hour", 5000.0, 1.0),
        ("5 % per half hour", 90.0, 0.15),
        ("5 % per half hour", 700.0, 1.0),
        ("day per quarter hour", 43.2 + 14.9, 0.0),
        ("day per quarter hour", 43.2 + 30.1, 2 / 30),
    ],
)
def test_published_schedules(name: str, minutes: float, credit: float) -> None:
    assert CREDIT_SCHEDULES[name].credit_for_frac(minutes / 60.0) == pytest.approx(credit)


def test_expected_credit_of_rare_outages_by_hand() -> None:
    rare = profile((1.2e-4, 2.0))
    terms = stepped_credits("t", step_hours=1.0, step_frac=0.25, exit_hours=2.0)
    found = expected_credits(rare, terms, fee_usd_per_month=1e6)
    steps = sum(0.25 * math.exp(-h / 2.0) for h in (1.0, 2.0, 3.0, 4.0))
    assert found.credits_usd_per_year == pytest.approx(1.2e-4 * steps * 1e6, rel=1e-4)
    assert found.exit_frac_per_year == pytest.approx(1.2e-4 * math.exp(-1.0), rel=1e-4)


def test_expected_credit_is_the_mean_over_drawn_months() -> None:
    often, mean, months = 6.0, 5.0, 400_000
    terms = CREDIT_SCHEDULES["5 % per half hour"]
    random = np.random.default_rng(5)
    counts = random.poisson(often / 12, months)
    minutes = np.where(counts > 0, random.gamma(np.maximum(counts, 1), mean * 60.0), 0.0)
    steps = np.minimum(np.floor(minutes / 30.0) * 0.05, 1.0)
    found = expected_credits(profile((often, mean)), terms, fee_usd_per_month=1.0).fee_frac
    assert found == pytest.approx(steps.mean(), abs=4.0 * steps.std() / months**0.5)


def test_schedules_that_fall_or_exceed_the_fee_are_refused() -> None:
    with pytest.raises(InputError, match="cap_frac"):
        stepped_credits("t", step_hours=0.5, step_frac=0.05, cap_frac=1.5)
    with pytest.raises(InputError, match="step_hours"):
        stepped_credits("t", step_hours=0.0, step_frac=0.05)


def test_two_units_down_together_last_until_the_first_repair() -> None:
    units = tuple(
        Leaf(component=Component(name=name, failure_rate_per_year=1.0, mttr_hours=mean))
        for name, mean in (("a", 10.0), ("b", 40.0))
    )
    pair = Topology(
        name="pair", blocks=Parallel(children=units, beta_frac=0.0, name="p"), critical_mw=1.0
    )
    (kind,) = outage_profile(pair).kinds
    assert kind.mean_hours == pytest.approx(1.0 / (1.0 / 10.0 + 1.0 / 40.0), rel=1e-9)


def test_kinds_of_different_causes_keep_their_own_lengths() -> None:
    unit = [
        Leaf(component=Component(name=n, failure_rate_per_year=1.0, mttr_hours=10.0)) for n in "ab"
    ]
    pair = Topology(
        name="pair", blocks=Parallel(children=tuple(unit), beta_frac=0.1, name="p"), critical_mw=1.0
    )
    lengths = [kind.mean_hours for kind in outage_profile(pair).kinds]
    np.testing.assert_allclose(lengths, [10.0, 5.0], rtol=1e-3)


def test_limited_hours_are_the_integral_of_the_tail() -> None:
    """E[min(S, x)] = int_0^x P(S > t) dt, by Gauss-Legendre over the tail of `exceedance_frac`."""
    often, means = [0.02, 1.1, 0.3], [0.05, 2.0, 9.0]
    limits = np.array([0.0, 0.5, 3.0, 40.0])
    nodes, weights = np.polynomial.legendre.leggauss(200)
    by_hand = [
        0.5 * x * weights @ exceedance_frac(often, means, 0.5 * x * (nodes + 1.0)) for x in limits
    ]
    np.testing.assert_allclose(limited_hours(often, means, limits), by_hand, rtol=1e-9)
    far = limited_hours(often, means, [2000.0])[0]
    assert far == pytest.approx(0.02 * 0.05 + 1.1 * 2.0 + 0.3 * 9.0, rel=1e-10)


def test_proportional_credits_of_one_kind_follow_the_closed_form() -> None:
    """One outage in a month at most: w m (exp(-a / m) - exp(-b / m)) times the slope."""
    rate, mean = 1e-7, 5.0
    terms = ProportionalCredits(promised_frac=0.999, credit_months_per_pp=0.5, cap_frac=0.6)
    slope, first = 100.0 * 0.5 / 730.0, 0.73
    last = first + 0.6 / slope
    expected = slope * rate / 12.0 * mean * (math.exp(-first / mean) - math.exp(-last / mean))
    found = expected_credits(profile((rate, mean)), terms, fee_usd_per_month=1e6)
    assert found.fee_frac == pytest.approx(expected, rel=1e-6)
    assert found.credits_usd_per_year == pytest.approx(12e6 * expected, rel=1e-6)
    assert found.exit_frac_per_year == 0.0


def test_proportional_credits_are_the_limit_of_fine_steps() -> None:
    kinds = profile((0.8, 3.0), (0.1, 30.0))
    terms = ProportionalCredits(promised_frac=0.9995, credit_months_per_pp=1.0, cap_frac=0.5)
    hours = 0.001 * 730.0 / 100.0
    steps = stepped_credits(
        "fine", step_hours=hours, step_frac=0.001, allowed_hours=0.0005 * 730.0, cap_frac=0.5
    )
    # A step of 1/1000 is credited when full: half a step less on average.
    fine = expected_credits(kinds, steps, fee_usd_per_month=0.0).fee_frac
    assert expected_credits(kinds, terms, fee_usd_per_month=0.0).fee_frac == pytest.approx(
        fine, rel=1.5e-2
    )
    assert terms.credit_for_frac(7.3 + 0.365) == 0.5
    free = ProportionalCredits(promised_frac=0.999, credit_months_per_pp=0.0)
    assert expected_credits(kinds, free, fee_usd_per_month=1.0).fee_frac == 0.0


def test_assessment_is_what_its_parts_say() -> None:
    plant = preset("tier-2", critical_mw=5.0)
    schedule = CREDIT_SCHEDULES["day per hour"]
    found = assess(plant, promised_frac=0.9999, schedule=schedule, fee_usd_per_month=7e5)
    kinds = outage_profile(plant)
    assert found.found.unavailability == evaluate(plant).unavailability
    assert found.credits == expected_credits(kinds, schedule, fee_usd_per_month=7e5)
    assert found.promised is not None
    exact = sla_outlook(plant, levels_frac=[0.9999]).miss_frac
    np.testing.assert_array_equal(found.promised.miss_frac, exact)
    assert assess(plant).credits is None
    with pytest.raises(InputError, match="less than 100 %"):
        assess(plant, promised_frac=1.0)
