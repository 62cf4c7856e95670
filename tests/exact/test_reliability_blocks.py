"""Blocks and diagrams: what is refused and how, what a name means, who pays for what."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from rerack.base import InputError
from rerack.reliability import (
    Block,
    Component,
    Feed,
    KofN,
    Leaf,
    OutageDuration,
    Parallel,
    Series,
    Standby,
    Topology,
    carried_mw,
    evaluate,
    from_feeds,
    long_run,
    resolve,
)
from rerack.reliability.long_run import MOST_EVENTS


def unit(name: str, **changes: float) -> Component:
    base = Component(name=name, failure_rate_per_year=0.1, mttr_hours=10.0)
    return replace(base, **changes)


def leaf(name: str, **changes: float) -> Leaf:
    return Leaf(component=unit(name, **changes))


def site(block: Block, mw: float = 1.0) -> Topology:
    return Topology(name="site", blocks=block, critical_mw=mw)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"failure_rate_per_year": -0.1}, "failure_rate_per_year: given -0.1; allowed: from 0"),
        ({"failure_rate_per_year": math.nan}, "failure_rate_per_year: given nan"),
        ({"mttr_hours": -1.0}, "mttr_hours"),
        ({"mttr_hours": 0.0}, "more than 0 where the failure rate is"),
        ({"fail_to_start_frac": 1.5}, "fail_to_start_frac"),
        ({"fail_to_run_per_hour": -1.0}, "fail_to_run_per_hour"),
        ({"maintenance_hours_per_year": 9000.0}, "maintenance_hours_per_year"),
        ({"capex_usd": -1.0}, "capex_usd"),
        ({"capacity_mw": 0.0}, "capacity_mw"),
    ],
)
def test_a_component_refuses_impossible_figures(change: dict[str, float], place: str) -> None:
    with pytest.raises(InputError, match="component 'ups'") as caught:
        unit("ups", **change)
    assert place in str(caught.value)


def test_a_component_needs_a_name() -> None:
    with pytest.raises(InputError, match="its name is its identity"):
        unit(" ")


GROUPS: tuple[Callable[[float | None], Block], ...] = (
    lambda beta: Parallel(children=(leaf("a"), leaf("b")), beta_frac=beta),
    lambda beta: KofN(k=1, children=(leaf("a"), leaf("b")), beta_frac=beta),
    lambda beta: Standby(
        name="s",
        primary=leaf("a"),
        generator=unit("g"),
        installed=1,
        needed=1,
        beta_frac=beta,
    ),
)


@pytest.mark.parametrize("make", GROUPS, ids=["parallel", "k of n", "standby"])
def test_every_redundant_group_states_its_common_cause(
    make: Callable[[float | None], Block],
) -> None:
    with pytest.raises(InputError, match=r"beta_frac: given nothing; allowed: .* explicit 0"):
        make(None)
    with pytest.raises(InputError, match="beta_frac"):
        make(-0.1)
    with pytest.raises(InputError, match="beta_frac"):
        make(1.1)
    assert long_run(resolve(make(0.0))).unavailability_frac > 0.0


def test_groups_refuse_wrong_counts() -> None:
    with pytest.raises(InputError, match="children: given 1"):
        Parallel(children=(leaf("a"),), beta_frac=0.0)
    with pytest.raises(InputError, match="children: given 0"):
        Series(children=())
    with pytest.raises(InputError, match="k: given 3; allowed: from 1 to 2"):
        KofN(k=3, children=(leaf("a"), leaf("b")), beta_frac=0.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"installed": 1, "needed": 2}, "2 of 1"),
        ({"generator": None}, "0 of 0 without a generator"),
        ({"battery": unit("b")}, "ride_through_hours"),
        ({"ride_through_hours": 1.0}, "ride_through_hours"),
        ({"generator": None, "installed": 0, "needed": 0}, "no generator and no battery"),
        ({"start_hours": -1.0}, "start_hours"),
        ({"fuel_hours": math.nan}, "fuel_hours"),
        ({"name": ""}, "standby: name"),
    ],
)
def test_a_standby_refuses_what_makes_no_sense(changes: dict[str, object], words: str) -> None:
    good = GROUPS[2](0.1)
    with pytest.raises(InputError, match=words):
        replace(good, **changes)


def test_durations_must_be_shares_and_agree_with_the_primary() -> None:
    with pytest.raises(InputError, match="adding up to 1"):
        OutageDuration(shares_frac=(0.5, 0.4), means_hours=(1.0, 2.0))
    with pytest.raises(InputError, match="more than 0 hours"):
        OutageDuration(shares_frac=(1.0,), means_hours=(0.0,))
    other = OutageDuration(shares_frac=(1.0,), means_hours=(5.0,))
    with pytest.raises(InputError, match="given a mean of 5 h; allowed: 10 h"):
        resolve(replace(GROUPS[2](0.1), duration=other))
    assert other.scaled(10.0).mean_hours == 10.0
    fitting = resolve(replace(GROUPS[2](0.1), duration=other.scaled(10.0)))
    assert long_run(fitting) == long_run(resolve(GROUPS[2](0.1)))


def test_one_name_is_one_machine() -> None:
    twice = Series(children=(leaf("bus"), leaf("bus")))
    assert evaluate(site(twice)).unavailability == unit("bus").unavailability_frac
    assert site(twice).capex_usd == 0.0
    with pytest.raises(InputError, match="two different things of this name"):
        site(Series(children=(leaf("bus"), leaf("bus", mttr_hours=3.0))))


def test_parts_of_a_supply_stay_inside_it() -> None:
    with pytest.raises(InputError, match="a: given a component inside a standby block and outside"):
        site(Series(children=(GROUPS[2](0.1), leaf("a"))))


def test_a_supply_named_twice_is_one_supply() -> None:
    supply = GROUPS[2](0.1)
    trains = tuple(Series(children=(supply, leaf(name))) for name in ("ups a", "ups b"))
    both = site(Parallel(children=trains, beta_frac=0.0))
    alone = long_run(resolve(supply)).unavailability_frac
    pair = unit("ups a").unavailability_frac ** 2
    assert evaluate(both).unavailability == pytest.approx(alone + (1 - alone) * pair, rel=1e-12)


def test_a_load_beyond_the_needed_units_is_not_fed() -> None:
    units = tuple(leaf(f"u{i}", capacity_mw=2.0, capex_usd=5.0) for i in range(4))
    group = KofN(k=3, children=units, beta_frac=0.0)
    assert carried_mw(group) == 6.0
    assert site(group, 6.0).capex_usd == 20.0
    with pytest.raises(InputError, match=r"given 6.1 MW on blocks that carry 6 MW.*not fed"):
        site(group, 6.1)
    small = replace(GROUPS[2](0.0), generator=unit("g", capacity_mw=0.4), installed=3, needed=2)
    with pytest.raises(InputError, match="not fed"):
        site(small, 1.0)
    assert {c.name: count for c, count in site(small, 0.8).components} == {"g": 3, "a": 1}


def test_planned_work_may_not_fill_the_year() -> None:
    parts = (
        leaf("a", maintenance_hours_per_year=8000.0),
        leaf("b", maintenance_hours_per_year=800.0),
    )
    with pytest.raises(InputError, match="8800 hours over all components"):
        resolve(Series(children=parts))
    busy = replace(GROUPS[2](0.0), installed=3, generator=unit("g", maintenance_hours_per_year=4e3))
    with pytest.raises(InputError, match="4000 hours for each of 3 generators"):
        resolve(busy)


def test_planned_work_on_a_single_path_counts_in_full() -> None:
    path = leaf("switchgear", failure_rate_per_year=0.0, maintenance_hours_per_year=24.0)
    result = evaluate(site(path))
    assert result.minutes_lost_per_year == pytest.approx(24.0 * 60.0, rel=1e-12)
    assert result.outages_per_year == pytest.approx(1.0, rel=1e-12)
    assert result.mean_outage_hours == pytest.approx(24.0, rel=1e-12)
    assert result.cut_sets[0].events == ("switchgear",)
    assert result.cut_sets[0].share_frac == pytest.approx(1.0, rel=1e-12)


def test_units_of_one_kind_count_once_in_a_common_cause() -> None:
    def trains(kind: str) -> Parallel:
        return Parallel(
            children=tuple(
                Series(
                    children=tuple(
                        Leaf(component=replace(unit(f"{side}{i}"), kind=kind)) for i in range(4)
                    )
                )
                for side in "AB"
            ),
            beta_frac=0.1,
            name="trains",
        )

    def common(kind: str) -> float:
        return resolve(trains(kind)).events[-1].failure_rate_per_year

    assert common("ups") == pytest.approx(0.01, rel=1e-12)
    assert common("") == pytest.approx(0.04, rel=1e-12)


def test_a_plant_beyond_the_limit_is_refused_by_name() -> None:
    units = tuple(leaf(f"u{i}") for i in range(MOST_EVENTS + 1))
    with pytest.raises(InputError, match=f"{MOST_EVENTS + 1} events"):
        evaluate(site(Series(children=units)))
    just = KofN(k=MOST_EVENTS - 1, children=units[:MOST_EVENTS], beta_frac=0.0)
    result = evaluate(site(just), cut_sets=3)
    q = unit("u").unavailability_frac
    assert [c.unavailability_frac for c in result.cut_sets] == pytest.approx([q**2] * 3, rel=1e-12)


PARTS = [unit(n) for n in ("grid", "gen", "bus", "ups a", "ups b")]
FEEDS: dict[str, Feed | None] = {
    "grid": None,
    "gen": None,
    "bus": Feed(sources=("grid", "gen"), beta_frac=0.0),
    "ups a": Feed(sources=("bus",)),
    "ups b": Feed(sources=("bus",)),
}
LOAD = Feed(sources=("ups a", "ups b"), beta_frac=0.02)


def test_a_diagram_is_the_blocks_it_draws() -> None:
    drawn = from_feeds("d", components=PARTS, feeds=FEEDS, load=LOAD, critical_mw=1.0)
    bus = Series(
        children=(leaf("bus"), Parallel(children=(leaf("grid"), leaf("gen")), beta_frac=0.0))
    )
    trains = tuple(Series(children=(leaf(u), bus)) for u in ("ups a", "ups b"))
    built = site(Parallel(children=trains, beta_frac=0.02))
    assert evaluate(drawn).unavailability == pytest.approx(
        evaluate(built).unavailability, rel=1e-12
    )
    assert evaluate(drawn).cut_sets[0].events == ("bus",)


def test_sources_all_needed_are_in_series() -> None:
    both = from_feeds(
        "d",
        components=PARTS,
        feeds=FEEDS,
        load=Feed(sources=LOAD.sources, needed=2),
        critical_mw=1.0,
    )
    assert {("ups a",), ("ups b",)} <= {c.events for c in evaluate(both).cut_sets}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bus": Feed(sources=("ups a",))}, "ups a: given a cycle, ups a <- bus <- ups a"),
        ({"bus": Feed(sources=("grid", "moon"), beta_frac=0.0)}, "bus: given a feed from 'moon'"),
        ({"spare": None}, "spare: given a feed for no component"),
        ({"bus": Feed(sources=("grid",))}, "gen: given a component that feeds nothing"),
    ],
)
def test_a_wrong_diagram_is_refused_by_place(changes: dict[str, Feed | None], words: str) -> None:
    with pytest.raises(InputError) as caught:
        from_feeds("d", components=PARTS, feeds=FEEDS | changes, load=LOAD, critical_mw=1.0)
    assert words in str(caught.value)


def test_an_unfed_load_is_refused_and_all_problems_come_at_once() -> None:
    feeds = {k: v for k, v in FEEDS.items() if k != "bus"} | {"ghost": None}
    with pytest.raises(InputError) as caught:
        from_feeds("d", components=[*PARTS, unit("gen")], feeds=feeds, load=LOAD, critical_mw=1.0)
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    assert "bus: given no feed: it and the load behind it are not fed" in text
    assert "gen: given a name given twice" in text


def test_feeds_and_missing_common_cause_are_checked() -> None:
    with pytest.raises(InputError, match="feed: needed"):
        Feed(sources=())
    with pytest.raises(InputError, match="each source once"):
        Feed(sources=("a", "a"))
    silent = Feed(sources=("ups a", "ups b"))
    with pytest.raises(InputError, match=r"'ups a / ups b': beta_frac: given nothing"):
        from_feeds("d", components=PARTS, feeds=FEEDS, load=silent, critical_mw=1.0)


def test_a_part_shared_by_all_branches_is_no_common_cause_of_theirs() -> None:
    trains = tuple(Series(children=(leaf(u), leaf("bus"))) for u in ("a", "b"))
    pair = Parallel(children=trains, beta_frac=0.2, name="pair")
    inner = {e.name: e.failure_rate_per_year for e in resolve(pair).events}
    assert inner == pytest.approx({"a": 0.08, "bus": 0.1, "b": 0.08, "common cause: pair": 0.02})
    # Outside, the bus is a way for the whole pair to fail: 0.1 + 0.02 against 0.5 of the other.
    other = leaf("other", failure_rate_per_year=0.5)
    outer = resolve(Parallel(children=(pair, other), beta_frac=0.1, name="outer"))
    rates = {e.name: e.failure_rate_per_year for e in outer.events}
    assert rates["common cause: outer"] == pytest.approx(0.012, rel=1e-12)
    assert rates["bus"] == pytest.approx(0.09, rel=1e-12)
