"""Concentration of real blocks, and the built-in shares against their source."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from rerack.security import concentration, december_2025, pool_months, pool_shares
from rerack.security.facts import SMALLEST_POOL_FRAC


@pytest.fixture(scope="module")
def monthly(shared_data: Path) -> dict[str, dict[str, float]]:
    """Shares by month and pool, counted from every block."""
    months: dict[str, dict[str, float]] = defaultdict(dict)
    with (shared_data / "btc_pool_share_monthly.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            months[row["month"]][row["pool_slug"]] = float(row["share"])
    return dict(months)


def test_built_in_shares_are_those_of_the_blocks(monthly: dict[str, dict[str, float]]) -> None:
    assert len(pool_months()) == 9
    for month in pool_months():
        blocks = monthly[month]
        built_in = pool_shares(month)
        assert set(built_in) == {p for p, s in blocks.items() if s >= SMALLEST_POOL_FRAC}
        for pool, share_frac in built_in.items():
            assert share_frac == pytest.approx(blocks[pool], abs=0.0005001)


def test_coarse_shares_give_the_concentration_of_all_blocks(
    monthly: dict[str, dict[str, float]],
) -> None:
    for month in pool_months():
        whole, coarse = concentration(monthly[month]), concentration(pool_shares(month))
        assert coarse.nakamoto_holders == whole.nakamoto_holders
        assert coarse.herfindahl_frac == pytest.approx(whole.herfindahl_frac, abs=2e-3)


def test_two_or_three_pools_have_held_half_since_2023_and_more_before(
    monthly: dict[str, dict[str, float]],
) -> None:
    found = {m: concentration(s) for m, s in monthly.items() if m not in ("2019-12", "2026-04")}
    assert {c.nakamoto for c in found.values()} <= {2, 3, 4, 5}
    recent = [c.nakamoto for m, c in found.items() if m >= "2023-01"]
    early = [c.nakamoto for m, c in found.items() if m < "2022-01"]
    assert set(recent) <= {2, 3}
    assert max(filter(None, early)) >= 4
    assert all(c.largest_frac < 0.4 for c in found.values())


def test_december_2025_takes_three_pools_or_two_countries() -> None:
    state = december_2025()
    pools, regions = concentration(state.pool_shares), concentration(state.region_shares)
    assert pools.nakamoto_holders == ("foundryusa", "antpool", "viabtc")
    assert regions.nakamoto_holders == ("United States", "Russia")
    assert concentration(state.owner_shares).nakamoto is None


def test_difficulty_facts_are_those_of_the_chain(shared_data: Path) -> None:
    from rerack.security.facts import fact

    with (shared_data / "btc_retargets.csv").open(encoding="utf-8") as file:
        epochs = {int(row["epoch"]): float(row["difficulty"]) for row in csv.DictReader(file)}
    for name, month, epoch in (
        ("difficulty", "december_2025", 460),
        ("difficulty_year_before", "december_2025", 434),
        ("difficulty_peak", "december_2025", 457),
        ("difficulty", "february_2024", 410),
        ("difficulty_year_before", "february_2024", 383),
    ):
        assert fact(name, month) == pytest.approx(epochs[epoch], rel=1e-12)
    assert fact("difficulty_peak") == max(e for k, e in epochs.items() if k <= 460)
