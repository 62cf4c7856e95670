"""Laws that hold for every topology: bounds, monotonicity, conservation, scale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.reliability import (
    Component,
    KofN,
    Leaf,
    Parallel,
    Series,
    Standby,
    k_of_n_outages_per_year,
    k_of_n_unavailability_frac,
    long_run,
    resolve,
    supply_losses,
)

rates = st.floats(1e-3, 5.0)
hours = st.floats(0.5, 200.0)
betas = st.floats(0.0, 0.3)
LAWS = settings(max_examples=40, deadline=None)


def part(name: str, rate: float, mttr: float) -> Leaf:
    return Leaf(component=Component(name=name, failure_rate_per_year=rate, mttr_hours=mttr))


def group(k: int, n: int, rate: float, mttr: float, beta: float) -> KofN:
    units = tuple(part(f"u{i}", rate, mttr) for i in range(n))
    return KofN(k=k, children=units, beta_frac=beta, name="group")


@LAWS
@given(k=st.integers(1, 5), spare=st.integers(0, 4), rate=rates, mttr=hours)
def test_k_of_n_without_common_cause_is_the_closed_form(
    k: int, spare: int, rate: float, mttr: float
) -> None:
    n = max(2, k + spare)
    result = long_run(resolve(group(k, n, rate, mttr, 0.0)))
    unit = part("u", rate, mttr).component.unavailability_frac
    assert result.unavailability_frac == pytest.approx(
        k_of_n_unavailability_frac(k, n, unit), rel=1e-10
    )
    assert result.outages_per_year == pytest.approx(
        k_of_n_outages_per_year(k, n, failure_rate_per_year=rate, mttr_hours=mttr), rel=1e-9
    )


@LAWS
@given(k=st.integers(1, 5), spare=st.integers(1, 4), rate=rates, mttr=hours, beta=betas)
def test_another_unit_never_lowers_availability(
    k: int, spare: int, rate: float, mttr: float, beta: float
) -> None:
    fewer = long_run(resolve(group(k, k + spare, rate, mttr, beta)))
    more = long_run(resolve(group(k, k + spare + 1, rate, mttr, beta)))
    assert more.unavailability_frac <= fewer.unavailability_frac * (1 + 1e-12)


@LAWS
@given(k=st.integers(1, 4), spare=st.integers(1, 3), rate=rates, mttr=hours, beta=betas)
def test_redundancy_beats_none_and_common_cause_bounds_it(
    k: int, spare: int, rate: float, mttr: float, beta: float
) -> None:
    redundant = long_run(resolve(group(k, k + spare, rate, mttr, beta))).unavailability_frac
    bare = Series(children=tuple(part(f"u{i}", rate, mttr) for i in range(k)))
    assert redundant <= long_run(resolve(bare)).unavailability_frac * (1 + 1e-9)
    common = part("c", max(beta * rate, 1e-30), mttr).component.unavailability_frac
    assert redundant >= common * (1 - 1e-12)


@LAWS
@given(
    rate=st.lists(rates, min_size=4, max_size=4),
    mttr=st.lists(hours, min_size=4, max_size=4),
    beta=betas,
    which=st.integers(0, 3),
    factor=st.floats(1.01, 5.0),
)
def test_a_worse_component_never_helps(
    rate: list[float], mttr: list[float], beta: float, which: int, factor: float
) -> None:
    """Exactly so without common cause, and with it where repairs are alike.

    Between units of unlike repair the group's event has the least rate and the least load of two
    different children, and what is taken off the others may outweigh a worse
    one by a little: docs/explanation/reliability.md.
    """

    def unavailability(values: list[float], repair: list[float], shared: float) -> float:
        both = zip(values, repair, strict=True)
        parts = [part(f"p{i}", r, m) for i, (r, m) in enumerate(both)]
        pair = Parallel(children=(parts[0], parts[1]), beta_frac=shared, name="pair")
        site = Series(children=(Parallel(children=(pair, parts[2]), beta_frac=shared), parts[3]))
        return long_run(resolve(site)).unavailability_frac

    worse = [r * factor if i == which else r for i, r in enumerate(rate)]
    for repair, shared in ((mttr, 0.0), ([mttr[0]] * 4, beta)):
        least = unavailability(rate, repair, shared) * (1 - 1e-9)
        assert unavailability(worse, repair, shared) >= least


@LAWS
@given(rate=rates, mttr=hours, low=betas, more=st.floats(0.01, 0.5))
def test_more_common_cause_never_helps_a_pair(
    rate: float, mttr: float, low: float, more: float
) -> None:
    weak = long_run(resolve(group(1, 2, rate, mttr, low))).unavailability_frac
    strong = long_run(resolve(group(1, 2, rate, mttr, low + more))).unavailability_frac
    assert strong >= weak * (1 - 1e-12)


@LAWS
@given(rate=st.lists(rates, min_size=4, max_size=4), mttr=hours, inner=betas, outer=betas)
def test_splitting_common_causes_keeps_every_units_failures(
    rate: list[float], mttr: float, inner: float, outer: float
) -> None:
    left = Parallel(
        children=(part("a", rate[0], mttr), part("b", rate[0], mttr)), beta_frac=inner, name="in"
    )
    right = Series(children=(part("c", rate[1], mttr), part("d", rate[2], mttr)))
    tree = resolve(Parallel(children=(left, right), beta_frac=outer, name="out"))
    by_name = {e.name: e.failure_rate_per_year for e in tree.events}
    of_in = by_name.get("common cause: in", 0.0)
    of_out = by_name.get("common cause: out", 0.0)
    assert by_name["a"] + of_in + of_out == pytest.approx(rate[0], rel=1e-12)
    assert by_name["c"] + by_name["d"] + of_out == pytest.approx(rate[1] + rate[2], rel=1e-12)


@LAWS
@given(rate=st.lists(rates, min_size=3, max_size=3), mttr=hours, beta=betas)
def test_outages_times_their_length_is_the_time_lost(
    rate: list[float], mttr: float, beta: float
) -> None:
    units = tuple(part(f"u{i}", r, mttr * (1 + i)) for i, r in enumerate(rate))
    result = long_run(resolve(KofN(k=2, children=units, beta_frac=beta)))
    assert result.outages_per_year * result.mean_outage_hours / 8760.0 == pytest.approx(
        result.unavailability_frac, rel=1e-12
    )
    assert 0.0 < result.unavailability_frac < 1.0


@LAWS
@given(
    installed=st.integers(1, 5),
    start_fails=st.floats(0.0, 0.5),
    run_fails=st.floats(1e-5, 0.1),
    beta=betas,
    ride=st.floats(0.01, 10.0),
    fuel=st.floats(1.0, 200.0),
)
def test_more_reserve_never_loses_more_hours(
    installed: int, start_fails: float, run_fails: float, beta: float, ride: float, fuel: float
) -> None:
    generator = Component(
        name="g",
        failure_rate_per_year=0.0,
        mttr_hours=0.0,
        fail_to_start_frac=start_fails,
        fail_to_run_per_hour=run_fails,
    )
    plant = Standby(
        name="s",
        primary=part("utility", 1.4, 4.3),
        beta_frac=beta,
        generator=generator,
        installed=installed,
        needed=1,
        start_hours=0.1,
        fuel_hours=fuel,
        battery=Component(
            name="b", failure_rate_per_year=0.0, mttr_hours=0.0, fail_to_start_frac=0.03
        ),
        ride_through_hours=ride,
    )

    def lost(one: Standby) -> float:
        return supply_losses(one, outages_per_year=1.4, mean_outage_hours=4.3).lost_hours

    base = lost(plant)
    assert lost(replace(plant, installed=installed + 1)) <= base * (1 + 1e-9)
    assert lost(replace(plant, ride_through_hours=2.0 * ride)) <= base * (1 + 1e-9)
    assert lost(replace(plant, fuel_hours=2.0 * fuel)) <= base * (1 + 1e-9)
    assert base <= 4.3 * (1 + 1e-12)
