"""Alike cut sets are one cause: their sum is that of all pairs, and nothing is counted twice."""

from __future__ import annotations

from math import comb

import pytest

from rerack.reliability import Component, KofN, Leaf, Series, Topology, evaluate
from rerack.reliability.assessment import assess
from rerack.reliability.causes import largest_causes


def plant(units: int) -> Topology:
    """Return a bus before n coolers of which all but one must run, without common causes."""
    coolers = tuple(
        Leaf(component=Component(name=f"cooler {i}", failure_rate_per_year=0.02, mttr_hours=40.0))
        for i in range(units)
    )
    bus = Leaf(component=Component(name="bus 1", failure_rate_per_year=0.01, mttr_hours=5.0))
    enough = KofN(k=units - 1, children=coolers, beta_frac=0.0)
    return Topology(name="cooled", blocks=Series(children=(bus, enough)), critical_mw=1.0)


def test_the_pairs_of_many_units_are_the_largest_cause() -> None:
    found = assess(plant(60)).found
    first, second = largest_causes(found.cut_sets)
    assert first.name == f"cooler + cooler, {comb(60, 2):,} ways"
    down = 0.02 * 40.0 / (8760.0 + 0.02 * 40.0)
    assert first.minutes_per_year == pytest.approx(comb(60, 2) * down**2 * 525_600.0, rel=1e-9)
    # One by one each pair is less than the bus, which keeps its number: there is only one.
    assert second.name == "bus 1"
    assert all(c.minutes_per_year < second.minutes_per_year for c in found.cut_sets[1:])
    assert first.share_frac > second.share_frac


def test_what_is_too_small_is_not_looked_for() -> None:
    every = evaluate(plant(5), cut_sets=100).cut_sets
    assert len(every) == 1 + comb(5, 2)
    pair = every[-1].share_frac
    assert len(evaluate(plant(5), cut_sets=100, least_share_frac=1.01 * pair).cut_sets) == 1
    assert len(evaluate(plant(5), cut_sets=100, least_share_frac=0.99 * pair).cut_sets) == 11
