"""Worked examples: DC-Resilience, REopt's own tests, NREL, INL, Gold Book, golden values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rerack.reliability import (
    Block,
    Component,
    GeneratorFleet,
    KofN,
    Leaf,
    OutageBattery,
    Parallel,
    Series,
    Topology,
    evaluate,
    k_of_n_unavailability_frac,
    start_states,
    survival_frac,
    too_few_frac,
)

PRINTED_GENERATOR, COUNTED_GENERATOR = 0.58, 115 / 266


def leaves(count: int, label: str, rate: float, mttr: float) -> tuple[Leaf, ...]:
    return tuple(
        Leaf(component=Component(name=f"{label} {i}", failure_rate_per_year=rate, mttr_hours=mttr))
        for i in range(count)
    )


def dc_resilience(case: str, generator_rate: float) -> Block:
    """Return the 10 MW study: rate /yr, MTTR h, units needed; one more in N+1 (two ATS)."""
    power = (
        ("UPS", 0.010, 2.0, 4),
        ("gen", generator_rate, 25.74, 2),
        ("PDU", 0.020, 3.0, 4),
        ("ATS", 0.030, 1.64, 1),
    )
    crac = ("CRAC", 0.055, 5.5, 5)
    if case == "N":
        return Series(
            children=tuple(x for w, r, m, n in (*power, crac) for x in leaves(n, w, r, m))
        )
    if case == "N+1":
        return Series(
            children=tuple(
                KofN(k=n, children=leaves(n + 1, w, r, m), beta_frac=0.0, name=w)
                for w, r, m, n in (*power, crac)
            )
        )
    trains = [
        Series(children=tuple(x for w, r, m, n in power for x in leaves(n, w + side, r, m)))
        for side in "AB"
    ]
    cooling = [Series(children=leaves(5, "CRAC" + side, 0.055, 5.5)) for side in "AB"]
    return Series(
        children=tuple(Parallel(children=tuple(p), beta_frac=0.0) for p in (trains, cooling))
    )


@pytest.mark.parametrize(
    ("case", "availability", "minutes", "counted_minutes"),
    [
        ("N", 0.99638615, 1899.4, 1445.4),
        ("N+1", 0.99999131, 4.569, 2.546),
        ("2N", 0.99998812, 6.242, 3.509),
    ],
)
def test_e1_ten_megawatts_of_dc_resilience(
    case: str, availability: float, minutes: float, counted_minutes: float
) -> None:
    result = evaluate(
        Topology(name=case, blocks=dc_resilience(case, PRINTED_GENERATOR), critical_mw=10.0)
    )
    assert round(result.availability_frac, 8) == availability
    assert result.minutes_lost_per_year == pytest.approx(
        minutes, abs=0.5 * 10 ** -len(str(minutes).split(".")[1])
    )
    counted = evaluate(
        Topology(name=case, blocks=dc_resilience(case, COUNTED_GENERATOR), critical_mw=10.0)
    )
    digits = len(str(counted_minutes).split(".")[1])
    assert round(counted.minutes_lost_per_year, digits) == counted_minutes


def test_e1_published_simulation_lies_near_the_exact_minutes() -> None:
    # 30,000 simulated years from all units healthy: 1889 and 1433 min; the exact N case is
    # within 1 %, about two standard errors of some 47,000 outages of exponential length.
    for rate, published in ((PRINTED_GENERATOR, 1889.0), (COUNTED_GENERATOR, 1433.0)):
        site = Topology(name="N", blocks=dc_resilience("N", rate), critical_mw=10.0)
        assert evaluate(site).minutes_lost_per_year == pytest.approx(published, rel=0.01)


def test_e2a_two_generators_without_battery() -> None:
    pair = GeneratorFleet(units=2, unit_mw=1.0, fail_to_run_frac=0.2)
    assert survival_frac([1.0, 2.0, 2.0], (pair,)) == pytest.approx(
        [0.96, 0.4096, 0.262144], rel=1e-14
    )


def test_e2b_two_generators_with_battery() -> None:
    pair = GeneratorFleet(units=2, unit_mw=1.0, fail_to_run_frac=0.2)
    battery = OutageBattery(energy_mwh=4.0, power_mw=1.0, start_frac=0.75, minimum_frac=0.5)
    survival = survival_frac([1.0, 2.0, 2.0], (pair,), battery=battery)
    assert survival == pytest.approx([1.0, 0.8704, 0.557056], rel=1e-14)


def test_e2c_a_day_on_one_generator_and_four_hours_of_battery() -> None:
    one = GeneratorFleet(
        units=1, unit_mw=0.1, available_frac=0.98, fail_to_start_frac=0.1, fail_to_run_frac=0.01
    )
    survival = survival_frac(
        np.full(24, 0.1), (one,), battery=OutageBattery(energy_mwh=0.4, power_mw=0.1)
    )
    assert survival[-1] == pytest.approx(0.99**20 * 0.9 * 0.98, rel=1e-13)
    assert round(float(survival[-1]), 6) == 0.721394
    assert survival[3] == pytest.approx(1.0, rel=1e-14)


def test_e2d_start_states_of_two_kinds() -> None:
    states = start_states(
        (
            GeneratorFleet(units=2, unit_mw=1.0, available_frac=0.99, fail_to_start_frac=0.05),
            GeneratorFleet(units=1, unit_mw=1.0, available_frac=0.95, fail_to_start_frac=0.1),
        )
    )
    printed = [0.000513336, 0.0162283, 0.128258, 0.00302691, 0.0956912, 0.756282]
    assert states.T.ravel() == pytest.approx(printed, rel=5e-6)


@pytest.mark.parametrize(("hours", "printed"), [(24, 0.964365), (96, 0.903238), (336, 0.726112)])
def test_e2e_default_generator(hours: int, printed: float) -> None:
    one = GeneratorFleet(
        units=1,
        unit_mw=1.0,
        available_frac=0.995,
        fail_to_start_frac=0.0094,
        fail_to_run_frac=1 / 1100,
    )
    assert round(float(survival_frac(np.ones(hours), (one,))[-1]), 6) == printed


def test_e3_two_weeks_on_a_well_maintained_diesel() -> None:
    unit = Component(
        name="diesel",
        failure_rate_per_year=0.0,
        mttr_hours=0.0,
        fail_to_start_frac=0.0013,
        fail_to_run_per_hour=1 / 1662,
        maintenance_hours_per_year=0.0002 * 8760,
        capacity_mw=1.0,
    )
    survival = survival_frac(np.ones(336), (GeneratorFleet.of(unit, 1),))[-1]
    assert survival == pytest.approx(0.9998 * (1 - 0.0013) * math.exp(-336 / 1662), rel=1e-12)
    assert round(float(survival), 4) == 0.8157
    # "80 %" in the abstract of Marqusee and Jenket (2020).
    assert round(float(survival), 1) == 0.8


@pytest.mark.parametrize(
    ("hours", "single", "common", "both"),
    [
        (8, 1.36978e-2, 1.50269e-4, 3.33804e-4),
        (24, 3.21445e-2, 4.06236e-4, 1.41334e-3),
        (72, 8.54402e-2, 1.14577e-3, 8.24472e-3),
        (168, 1.83389e-1, 2.50491e-3, 3.51493e-2),
    ],
)
def test_e4_diesel_pair_of_inl_with_common_cause(
    hours: int, single: float, common: float, both: float
) -> None:
    modes = [
        (2.22e-3, 8.28e-3),
        (-math.expm1(-3.31e-3), 5.56e-3),
        (-math.expm1(-1.18e-3 * (hours - 1)), 1.38e-2),
    ]
    assert too_few_frac(1, 1, [(p, 0.0) for p, _ in modes]) == pytest.approx(single, rel=5e-6)
    assert too_few_frac(1, 2, [(b * p, 1.0) for p, b in modes]) == pytest.approx(common, rel=5e-6)
    assert too_few_frac(1, 2, modes) == pytest.approx(both, rel=5e-6)


@pytest.mark.parametrize(
    ("rate", "mttr", "printed"),
    [
        (1.956, 1.32, "0.999705"),
        (0.04717, 1.82, "0.99999020"),
        (0.1235, 18.28, "0.99974235"),
        (0.00174, 1.0, "0.99999980"),
        (0.10154, 4.0, "0.99995364"),
        (0.00201, 11.22, "0.99999743"),
        (0.00111, 5.0, "0.99999937"),
        (0.00553, 2.0, "0.99999874"),
        (0.00185, 0.5, "0.99999989"),
        (0.00021, 6.0, "0.99999986"),
        (0.0096, 9.6, "0.99998948"),
        (0.0052, 5.8, "0.99999656"),
        (0.00343, 37.5, "0.99998532"),
        (0.00949, 7.29, "0.99999210"),
        (0.00012, 2.5, "0.99999997"),
        (0.00141, 10.5, "0.99999831"),
        (0.00170, 2.4, "0.99999953"),
        (0.000125, 12.9, "0.99999982"),
    ],
)
def test_e5_gold_book_availabilities(rate: float, mttr: float, printed: str) -> None:
    unit = Component(name="x", failure_rate_per_year=rate, mttr_hours=mttr)
    half = 0.5 * 10.0 ** -len(printed.split(".")[1])
    assert abs(1.0 - unit.unavailability_frac - float(printed)) <= half * 1.02


@pytest.mark.parametrize(
    ("rate", "mttr", "golden"),
    [
        (0.010, 2.0, (9.132368e-6, 5.212521e-11, 2.3801e-16, 8.340014e-11, 3.127517e-11)),
        (
            8760 / 170_000,
            8.0,
            (1.882132e-4, 2.214116e-8, 2.0838e-12, 3.542419e-8, 1.328511e-8),
        ),
    ],
)
def test_e6_ups_redundancy(rate: float, mttr: float, golden: tuple[float, ...]) -> None:
    def units(count: int, label: str = "u") -> tuple[Leaf, ...]:
        return leaves(count, label, rate, mttr)

    four = (Series(children=units(4, "A")), Series(children=units(4, "B")))
    blocks: tuple[Block, ...] = (
        Series(children=units(4)),
        KofN(k=4, children=units(5), beta_frac=0.0),
        KofN(k=4, children=units(6), beta_frac=0.0),
        Parallel(children=four, beta_frac=0.0),
        KofN(k=3, children=units(4), beta_frac=0.0),
    )
    for block, expected in zip(blocks, golden, strict=True):
        found = evaluate(Topology(name="ups", blocks=block, critical_mw=1.0)).unavailability
        digits = 5 if expected in (2.3801e-16, 2.0838e-12) else 7
        assert float(f"{found:.{digits - 1}e}") == expected
    unit = units(1)[0].component.unavailability_frac
    assert k_of_n_unavailability_frac(4, 5, unit) == pytest.approx(golden[1], rel=5e-7)
