"""Compiled parts of policies against plain twins: who is served first, products of powers."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.numerics.regression import Scale, monomials
from rerack.numerics.regression_kernel import cross_products
from rerack.planning.policy.features import VARIABLES, Basis
from rerack.planning.policy.limits import SiteLimits, assign


def served_plainly(
    score: np.ndarray,
    months: np.ndarray,
    lead_months: np.ndarray,
    utility_mw: np.ndarray,
    limits: SiteLimits,
) -> tuple[list[list[int]], list[list[int]]]:
    """Serve halls one scenario at a time, in the words of the docstring."""
    scenarios, dates, _, halls = score.shape
    crews = halls if limits.crews is None else limits.crews
    date = [[-1] * halls for _ in range(scenarios)]
    use = [[-1] * halls for _ in range(scenarios)]
    for s in range(scenarios):
        left = np.inf if limits.ai_mw is None else limits.ai_mw
        busy = [0] * halls
        for d in range(dates):
            best = [int(score[s, d, :, h].argmax()) for h in range(halls)]
            gain = [score[s, d, best[h], h] * utility_mw[h] for h in range(halls)]
            for h in sorted(range(halls), key=lambda h: -gain[h]):
                free = crews - sum(b > months[d] for b in busy)
                if date[s][h] < 0 and gain[h] > 0.0 and free > 0 and utility_mw[h] <= left:
                    date[s][h], use[s][h] = d, best[h]
                    busy[h] = months[d] + lead_months[best[h]]
                    left -= utility_mw[h]
    return date, use


@pytest.mark.parametrize("crews", [None, 0, 1, 2])
@pytest.mark.parametrize("ai_mw", [None, 45.0])
def test_halls_are_served_as_described(crews: int | None, ai_mw: float | None) -> None:
    rng = np.random.default_rng(3)
    score = np.round(rng.normal(size=(40, 9, 3, 5)), 1)  # rounded, so that gains tie
    months, lead = np.arange(0, 27, 3), np.array([2, 7, 12])
    utility_mw = np.array([10.0, 20.0, 10.0, 30.0, 10.0])
    limits = SiteLimits(crews=crews, ai_mw=ai_mw)
    date, use = assign(score, months=months, lead_months=lead, utility_mw=utility_mw, limits=limits)
    twin_date, twin_use = served_plainly(score, months, lead, utility_mw, limits)
    assert date.tolist() == twin_date
    assert use.tolist() == twin_use


def test_products_of_powers_are_numpys() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=(2500, 4))
    powers = rng.integers(0, 4, size=(7, 4))
    expected = np.prod(values[:, None, :] ** powers, axis=2)
    assert monomials(values, powers) == pytest.approx(expected, rel=1e-13)
    factors, factor_of = rng.normal(size=(2500, 2)), np.array([0, 1, -1, 1, 0, 0, -1])
    expected *= np.column_stack([factors, np.ones(2500)])[:, factor_of]
    assert monomials(values, powers, factors, factor_of) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("samples", [1, 64, 1003])
def test_cross_products_are_numpys(samples: int) -> None:
    columns = np.random.default_rng(5).standard_normal((19, samples))
    found = cross_products((columns[:6].copy(), columns[6:11].copy(), columns[11:].copy()), 11)
    assert np.allclose(found, columns[:11] @ columns.T, rtol=1e-12, atol=1e-12)


def test_variables_are_scaled_and_cut_as_numpy_does() -> None:
    values = 3.0 * np.random.default_rng(6).standard_normal((50, 2, 3)) + 1.0
    scale = Scale.of(values)
    expected = np.clip((values[:, 1] - values[:, 1].mean(axis=0)) / values[:, 1].std(axis=0), -1, 1)
    assert np.array_equal(scale.apply(values, 1, 1.0), expected)


def test_terms_of_several_months_are_those_of_each() -> None:
    rng = np.random.default_rng(11)
    # Wide enough that some values are cut.
    state = rng.standard_t(2.0, size=(40, 9, len(VARIABLES)))
    basis, months = Basis.of(state), np.array([0, 3, 4, 8])
    together = basis.rules(state, months)
    assert together.shape == (4, 40, len(basis.rule_powers))
    for terms, month in zip(together, months.tolist(), strict=True):
        assert np.array_equal(terms, basis.rule(state, month))
