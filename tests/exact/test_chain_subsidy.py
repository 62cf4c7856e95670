"""The subsidy schedule to the last satoshi."""

from __future__ import annotations

import pytest

from rerack.base.errors import InputError
from rerack.chain import halving_height, subsidy_sat, total_supply_sat


def test_supply_is_the_sum_over_all_eras_to_the_last_satoshi() -> None:
    assert total_supply_sat() == 2_099_999_997_690_000
    assert total_supply_sat() == sum(210_000 * subsidy_sat(210_000 * era) for era in range(40))


@pytest.mark.parametrize(
    ("height", "satoshi"),
    [
        (0, 5_000_000_000),
        (209_999, 5_000_000_000),
        (210_000, 2_500_000_000),
        (630_000, 625_000_000),
        (839_999, 625_000_000),
        (840_000, 312_500_000),
        (2_100_000, 4_882_812),
        (6_929_999, 1),
        (6_930_000, 0),
        (64 * 210_000, 0),
        (10**9, 0),
    ],
)
def test_subsidy_by_height(height: int, satoshi: int) -> None:
    assert subsidy_sat(height) == satoshi


def test_every_halving_height_is_the_first_of_its_era() -> None:
    for n in range(1, 34):
        height = halving_height(n)
        assert subsidy_sat(height) == subsidy_sat(height - 1) // 2


@pytest.mark.parametrize("bad", [-1, True, 840_000.0, "840000", None])
def test_heights_must_be_plain_integers(bad: object) -> None:
    with pytest.raises(InputError, match="height"):
        subsidy_sat(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [0, 34, 1.0, False])
def test_halving_numbers_run_from_1_to_33(bad: object) -> None:
    with pytest.raises(InputError, match="from 1 to 33"):
        halving_height(bad)  # type: ignore[arg-type]
