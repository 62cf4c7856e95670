"""The stable double-spend sums against SciPy, exact fractions, long decimals and a played race."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import betainc

from rerack.chain import double_spend_probability

SHARES = [1e-9, 0.01, 0.1, 0.24, 0.26, 0.3, 0.45, 0.49]


def rosenfeld(q: float, z: int) -> Fraction:
    """Rosenfeld's sum 1 - sum C(m+z-1, m) (p^z q^m - p^m q^z), in exact fractions."""
    attacker = Fraction(q)
    honest = 1 - attacker
    terms = (
        math.comb(m + z - 1, m) * (honest**z * attacker**m - honest**m * attacker**z)
        for m in range(z + 1)
    )
    return 1 - sum(terms, Fraction(0))


def whitepaper(q: float, z: int) -> Decimal:
    """Nakamoto's sum in 80 digits, as printed."""
    with localcontext() as context:
        context.prec = 80
        attacker = Decimal(q)
        ratio = attacker / (1 - attacker)
        mean = z * ratio
        density, caught = (-mean).exp(), Decimal(0)
        for k in range(z + 1):
            caught += density * (1 - ratio ** (z - k))
            density = density * mean / (k + 1)
        return 1 - caught


@pytest.mark.parametrize("q", SHARES)
@pytest.mark.parametrize("z", [1, 2, 6, 64, 65, 66, 150])
def test_exact_equals_rosenfeld_in_fractions(q: float, z: int) -> None:
    reference = rosenfeld(q, z)
    if reference > Fraction(1, 10**290):
        assert double_spend_probability(q, z) == pytest.approx(float(reference), rel=1e-13)


@pytest.mark.parametrize("q", SHARES)
@pytest.mark.parametrize("z", [1, 6, 100, 1000, 10_000])
def test_exact_equals_the_incomplete_beta_function(q: float, z: int) -> None:
    # Grunspan and Perez-Marco's I_{4pq}(z, 1/2), and the same by symmetry without rounding 4pq.
    reference = float(betainc(z, 0.5, 4.0 * q * (1.0 - q)))
    symmetric = 2.0 * float(betainc(z, z, q))
    if reference > 1e-290:
        assert double_spend_probability(q, z) == pytest.approx(reference, rel=2e-12)
        assert double_spend_probability(q, z) == pytest.approx(symmetric, rel=2e-12)


@pytest.mark.parametrize("q", SHARES[1:])
@pytest.mark.parametrize("z", [1, 6, 63, 64, 300])
def test_nakamoto_equals_its_sum_in_long_decimals(q: float, z: int) -> None:
    reference = whitepaper(q, z)
    if reference > Decimal("1e-60"):
        odds = double_spend_probability(q, z, "nakamoto")
        assert odds == pytest.approx(float(reference), rel=1e-12)


def test_exact_equals_a_race_that_is_played_out() -> None:
    q, z, races = 0.3, 4, 200_000
    found = np.random.default_rng(5).negative_binomial(z, 1.0 - q, races)
    behind = np.maximum(z - found, 0)
    # Gambler's ruin: from a deficit of d blocks the attacker ever draws level with (q/p)^d.
    odds = (q / (1.0 - q)) ** behind
    error = odds.std() / races**0.5
    assert abs(odds.mean() - double_spend_probability(q, z)) < 4.0 * error
