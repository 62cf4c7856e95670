"""A world of cohorts as the network of a site study."""

from __future__ import annotations

import pytest

from rerack.network import CohortNetwork
from rerack.network.world import world_of
from rerack.network.world.dated import redated


@pytest.mark.parametrize("date", ["2026-01", "2026-12", "2027-10"])
def test_progress_does_not_depend_on_the_month_in_which_a_study_begins(date: str) -> None:
    """Rigs come two years apart; two months before a release the pace is that of two years."""
    world = world_of("2025-12")
    later = redated(world, date=date, height=world.height, difficulty=world.difficulty)
    before = CohortNetwork(world=world).progress_frac_per_year
    assert CohortNetwork(world=later).progress_frac_per_year == pytest.approx(before, rel=1e-12)
    assert 0.1 < before < 0.15
