"""Posting in one pass is posting in NumPy, to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.planning import LINES, Ledger
from rerack.planning.ledger_kernel import sum_kept

SIZES = {"A": 30.0, "C": 12.5}


def amounts(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(0.0, 1e4, (7, 24)), (rng.random((7, 24)) < 0.7).astype(float)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_posts_are_sums_in_numpy(sign: float) -> None:
    ledger = Ledger(("A", "B", "C"), 7, 24)
    total, book = np.zeros((7, 24)), np.zeros(24)
    for seed in range(3):
        per_mw, kept = amounts(seed)
        ledger.post_halls(SIZES, "rigs", per_mw, sign=sign, kept=kept)
        taken = sign * (per_mw * kept)
        total += taken * sum(SIZES.values())
        book += taken.sum(axis=0) * SIZES["C"]
    assert np.array_equal(ledger.total("rigs"), total)
    assert np.array_equal(ledger.sum_usd[2, LINES.index("rigs")], book)
    assert not ledger.sum_usd[1].any()


def test_all_is_posted_where_nothing_is_left_out() -> None:
    ledger, (per_mw, _) = Ledger(("A",), 7, 24), amounts(1)
    ledger.post_halls({"A": 2.0}, "AI revenue", per_mw)
    assert np.array_equal(ledger.total(), per_mw * 2.0)


def test_the_value_of_a_plan_does_not_depend_on_what_is_kept_by_scenario() -> None:
    whole = Ledger(("A", "B", "C"), 7, 24)
    lean = Ledger(("A", "B", "C"), 7, 24, by_scenario=frozenset({"rigs"}))
    lines = ("AI revenue", "rigs", "AI power", "tax", "rigs", "AI revenue")
    for seed, line in enumerate(lines):
        for ledger in (whole, lean):
            ledger.post_halls(SIZES, line, amounts(seed)[0], sign=(-1.0) ** seed)
    assert np.array_equal(lean.total(), whole.total())
    assert np.array_equal(lean.ebitda(), whole.ebitda())
    assert np.array_equal(lean.total("rigs"), whole.total("rigs"))
    assert np.array_equal(lean.sum_usd, whole.sum_usd)
    np.testing.assert_allclose(whole.ebitda(), whole.total("AI revenue", "AI power"), atol=1e-6)
    np.testing.assert_allclose(whole.total(), whole.total(*LINES), atol=1e-6)
    with pytest.raises(KeyError, match="tax"):
        lean.total("tax")


def test_an_amount_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError, match="AI revenue"):
        Ledger(("A",), 7, 24).post_halls({"A": 2.0}, "AI revenue", np.zeros((7, 23)))


def test_kept_sums_are_numpys() -> None:
    (coins, kept), (energy, _) = amounts(4), amounts(5)
    found = sum_kept(coins, energy, kept)
    assert np.array_equal(found, [(coins * kept).sum(axis=0), (energy * kept).sum(axis=0)])


def test_lines_posted_at_once_are_those_posted_one_by_one() -> None:
    signs = {"AI revenue": 1.0, "rigs": -1.0, "AI power": -1.0}
    together, apart = (Ledger(("A", "B", "C"), 7, 24) for _ in range(2))
    for seed in range(2):  # the first amount of a line is written, the second is added
        block = np.stack([amounts(10 * seed + k)[0] for k in range(3)])
        together.post_lines(SIZES, signs, block)
        for (line, sign), per_mw in zip(signs.items(), block, strict=True):
            apart.post_halls(SIZES, line, per_mw, sign=sign)
    for line in signs:
        assert np.array_equal(together.total(line), apart.total(line))
    assert np.array_equal(together.sum_usd, apart.sum_usd)
    assert together.posted("overhead") is None
