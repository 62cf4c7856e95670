"""The free-entry barrier: the table of papers.md section 1.1 and its Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.network.world import FreeEntry, free_entry
from rerack.network.world.barrier import sampled_values, value_over_price

#: r, alpha, sigma, a -> beta, barrier over price, payback [day], mean log gap, time within 10 %.
TABLE = (
    ((0.10, 0.0, 0.75, 0.77), (1.0928, 1.1774, 310.2, 0.575, 0.167)),
    ((0.10, 0.0, 0.75, 1.00), (1.0768, 1.4028, 260.4, 0.391, 0.236)),
    ((0.10, 0.05, 0.75, 0.77), (1.0449, 1.1639, 313.8, 0.522, 0.183)),
    ((0.15, 0.0, 0.60, 0.35), (1.2601, 0.7268, 502.5, 1.059, 0.095)),
    ((0.10, 0.0, 0.0, 0.77), (1.1299, 0.8700, 419.8, 0.0, 1.0)),
)


def entry(r: float, alpha: float, sigma: float, a: float) -> FreeEntry:
    return free_entry(
        discount_frac_per_year=r,
        growth_frac_per_year=alpha,
        volatility_frac=sigma,
        progress_frac_per_year=a,
    )


@pytest.mark.parametrize(("given", "row"), TABLE)
def test_a_row_of_the_table(given: tuple[float, ...], row: tuple[float, ...]) -> None:
    found = entry(*given)
    assert found.beta == pytest.approx(row[0], abs=6e-5)
    assert found.barrier_frac_per_year == pytest.approx(row[1], abs=6e-5)
    assert found.payback_days == pytest.approx(row[2], abs=0.06)
    assert found.mean_log_gap == pytest.approx(row[3], abs=6e-4)
    assert found.near_frac == pytest.approx(row[4], abs=6e-4)


@pytest.mark.parametrize("given", [TABLE[0][0], TABLE[3][0]])
def test_a_unit_bought_at_the_barrier_is_worth_its_price(given: tuple[float, ...]) -> None:
    values = sampled_values(entry(*given), paths=6_000, years=6.0, steps_per_year=52, seed=2)
    error = values.std() / np.sqrt(values.size)
    assert error < 0.005
    # Trapezium rule in weekly steps: its bias is below the error.
    assert abs(values.mean() - 1.0) < 3.0 * error


def test_the_value_function_is_flat_at_the_barrier_and_1_there() -> None:
    found = entry(*TABLE[0][0])
    near = value_over_price(found, np.array([1.0, 1.0 - 1e-5]))
    assert near[0] == pytest.approx(1.0, rel=1e-12)
    assert abs(near[0] - near[1]) < 1e-9


def test_a_discount_rate_below_growth_is_refused() -> None:
    with pytest.raises(InputError, match="more than the growth"):
        entry(0.1, 0.1, 0.5, 0.3)
