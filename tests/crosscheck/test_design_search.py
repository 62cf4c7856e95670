"""The cheapest design against exhaustive search and the exact engine; what shedding is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rerack.base.errors import InputError
from rerack.reliability import evaluate
from rerack.reliability.design import (
    DesignSpace,
    cheapest_design,
    designs,
    miss_in_year_frac,
    pareto_front,
)
from rerack.reliability.design_options import Reserve
from rerack.reliability.plant import UPS_BATTERY_HOURS
from rerack.reliability.shedding import Sheddable, shedding_value

SMALL = DesignSpace(
    critical_mw=5.0, batteries_hours=(UPS_BATTERY_HOURS, 2.0), most_spare_generators=2
)


@pytest.fixture(scope="module")
def every() -> list:
    return list(designs(SMALL))


@pytest.mark.parametrize("level", [0.999, 0.9999, 0.99999])
@pytest.mark.parametrize("confidence", [0.5, 0.9])
def test_answer_is_the_cheapest_of_all(every: list, level: float, confidence: float) -> None:
    answer = cheapest_design(SMALL, availability_frac=level, confidence_frac=confidence)
    good = [
        d
        for d in every
        if d.availability_frac >= level and miss_in_year_frac(d, level) <= 1.0 - confidence
    ]
    assert answer.tried == len(every)
    assert answer.best.capex_usd == min(d.capex_usd for d in good)
    assert answer.best in good
    assert answer.miss_frac == miss_in_year_frac(answer.best, level)


def test_joined_modules_equal_the_whole_topology(every: list) -> None:
    for design in every[:: len(every) // 25]:
        whole = evaluate(design.topology)
        overlap = whole.unavailability**2 * 525_600.0
        assert design.minutes_lost_per_year == pytest.approx(
            whole.minutes_lost_per_year, abs=2.0 * overlap, rel=1e-9
        )
        assert design.capex_usd == pytest.approx(whole.capex_usd, rel=1e-12)


def test_front_has_what_nothing_beats(every: list) -> None:
    front = pareto_front(sorted(every, key=lambda d: (d.capex_usd, d.minutes_lost_per_year)))
    for design in front:
        assert not any(
            d.capex_usd <= design.capex_usd
            and d.minutes_lost_per_year < design.minutes_lost_per_year
            for d in every
        )
    assert front[-1].minutes_lost_per_year == min(d.minutes_lost_per_year for d in every)


def test_more_confidence_or_availability_never_costs_less() -> None:
    costs = [
        cheapest_design(SMALL, availability_frac=level, confidence_frac=share).best.capex_usd
        for level, share in ((0.999, 0.5), (0.999, 0.95), (0.9999, 0.95), (0.99999, 0.95))
    ]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


def test_air_cooled_space_has_its_own_answer() -> None:
    air = cheapest_design(replace(SMALL, medium="air"), availability_frac=0.999)
    liquid = cheapest_design(SMALL, availability_frac=0.999)
    assert air.best.capex_usd != liquid.best.capex_usd


@pytest.mark.parametrize("level", [0.9999999999, 1.0])
def test_impossible_sla_says_how_far_one_gets(level: float) -> None:
    with pytest.raises(InputError) as refusal:
        cheapest_design(SMALL, availability_frac=level)
    message = str(refusal.value)
    assert "given 100 %" in message if level == 1.0 else "the best of" in message
    assert "at most 99.999" in message or level == 1.0


def test_freed_generation_saves_generators() -> None:
    value = shedding_value(
        SMALL, Sheddable(mining_mw=10.0, generation_mw=10.0), availability_frac=0.99999
    )
    assert value.saved_usd > 0.0
    assert value.saved_usd_per_mw == value.saved_usd / 10.0
    assert value.with_reserve is not None
    assert value.without is not None
    assert value.with_reserve.best.choice.generators < value.without.best.choice.generators
    more = shedding_value(
        SMALL,
        Sheddable(mining_mw=10.0, feed_mw=10.0, generation_mw=10.0),
        availability_frac=0.99999,
    )
    assert more.saved_usd >= value.saved_usd


@pytest.mark.parametrize(
    ("sheddable", "reason"),
    [
        (Sheddable(mining_mw=50.0), "a generator needs"),
        (Sheddable(mining_mw=50.0, feed_mw=6.0, generation_mw=3.0), "second feed needs"),
        (Sheddable(mining_mw=50.0, generation_mw=50.0, shed_s=20_000.0), "shedding takes"),
        (Sheddable(mining_mw=50.0, generation_mw=50.0, fail_frac=1.0), "by itself"),
    ],
)
def test_when_shedding_is_worth_nothing(sheddable: Sheddable, reason: str) -> None:
    value = shedding_value(SMALL, sheddable, availability_frac=0.99999)
    assert value.saved_usd == 0.0
    assert value.saved_usd_per_mw == 0.0
    assert reason.split(maxsplit=1)[0] in value.reason
    assert value.reason.startswith("worth nothing")


def test_a_reserve_that_never_comes_is_no_reserve() -> None:
    never = replace(SMALL, reserve=Reserve(feed=True, fail_frac=1.0))
    one_feed = [d for d in designs(SMALL) if d.choice.feeds == 1 and d.choice.cooling == "n"]
    same = [d for d in designs(never) if d.choice.feeds == 1 and d.choice.cooling == "n"]
    assert [d.minutes_lost_per_year for d in same] == pytest.approx(
        [d.minutes_lost_per_year for d in one_feed], rel=1e-9
    )


def test_what_cannot_be_shed_is_refused() -> None:
    with pytest.raises(InputError, match="feed_mw"):
        Sheddable(mining_mw=5.0, feed_mw=6.0)
    with pytest.raises(InputError, match="generation_mw"):
        Sheddable(mining_mw=5.0, generation_mw=-1.0)
