"""Decision diagrams against truth tables and closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from rerack.base import InputError
from rerack.numerics.bdd import ONE, ZERO, Diagram
from rerack.numerics.bdd_cuts import likeliest_cut_sets


def test_equal_functions_have_one_number() -> None:
    diagram = Diagram()
    a, b, c = (diagram.variable(i) for i in range(3))
    left = diagram.both(a, diagram.either(b, c))
    right = diagram.either(diagram.both(a, b), diagram.both(c, a))
    assert left == right
    assert diagram.either(a, ONE) == ONE
    assert diagram.both(a, ZERO) == ZERO
    assert diagram.both(a, a) == a


@pytest.mark.parametrize(("k", "n"), [(1, 3), (2, 4), (4, 5), (5, 5), (3, 9)])
def test_k_of_n_is_the_binomial_tail(k: int, n: int) -> None:
    diagram = Diagram()
    root = diagram.at_least(k, [diagram.variable(i) for i in range(n)])
    expected = sum(math.comb(n, j) * 0.01**j * 0.99 ** (n - j) for j in range(k, n + 1))
    assert float(diagram.probability(root, [0.01] * n)) == pytest.approx(expected, rel=1e-13)


def test_thresholds_beyond_the_ends_are_constant() -> None:
    diagram = Diagram()
    a = diagram.variable(0)
    assert diagram.at_least(0, [a]) == ONE
    assert diagram.at_least(2, [a]) == ZERO


def test_a_repeated_variable_counts_once() -> None:
    diagram = Diagram()
    a, b, bus = (diagram.variable(i) for i in range(3))
    root = diagram.both(diagram.either(a, bus), diagram.either(b, bus))
    expected = 0.3 + 0.7 * 0.1 * 0.2
    assert float(diagram.probability(root, [0.1, 0.2, 0.3])) == pytest.approx(expected, rel=1e-15)


def test_derivatives_are_differences_of_conditional_probabilities() -> None:
    diagram = Diagram()
    nodes = [diagram.variable(i) for i in range(5)]
    root = diagram.either(
        diagram.both(nodes[0], diagram.at_least(2, [nodes[1], nodes[2], nodes[3]])), nodes[4]
    )
    chances = np.array([[0.1, 0.2, 0.3, 0.4, 0.05], [0.9, 0.5, 0.1, 0.0, 1.0]])
    value, importance = diagram.derivatives(root, chances)
    assert value == pytest.approx(diagram.probability(root, chances), rel=1e-15)
    for i in range(5):
        high, low = chances.copy(), chances.copy()
        high[:, i], low[:, i] = 1.0, 0.0
        expected = diagram.probability(root, high) - diagram.probability(root, low)
        assert importance[:, i] == pytest.approx(expected, abs=1e-15)


def test_cut_sets_are_all_minimal_sets_likeliest_first() -> None:
    draw = np.random.default_rng(11)
    for _ in range(30):
        n = 6
        sets = [tuple(np.flatnonzero(draw.random(n) < 0.4)) for _ in range(5)]
        sets = [s for s in sets if s]
        diagram = Diagram()
        nodes = [diagram.variable(i) for i in range(n)]
        root = ZERO
        for members in sets:
            term = ONE
            for i in members:
                term = diagram.both(term, nodes[i])
            root = diagram.either(root, term)
        minimal = {s for s in sets if not any(set(t) < set(s) for t in sets)}
        chances = draw.uniform(0.01, 0.5, n)
        found = likeliest_cut_sets(diagram, root, chances, 100)
        assert set(found) == minimal
        sizes = [math.prod(chances[list(s)]) for s in found]
        assert sizes == sorted(sizes, reverse=True)
        assert likeliest_cut_sets(diagram, root, chances, 2) == found[:2]


def test_countless_equal_cut_sets_do_not_stall_the_search() -> None:
    diagram = Diagram()
    root = diagram.at_least(20, [diagram.variable(i) for i in range(60)])
    found = likeliest_cut_sets(diagram, root, [0.01] * 60, 7)
    assert len(set(found)) == 7
    assert {len(s) for s in found} == {20}


def test_cut_sets_of_constants() -> None:
    diagram = Diagram()
    assert likeliest_cut_sets(diagram, ZERO, [0.5], 3) == []
    assert likeliest_cut_sets(diagram, ONE, [0.5], 3) == [()]


def test_probability_equals_the_truth_table_of_a_function_in_any_order() -> None:
    chances = np.array([0.2, 0.7, 0.4, 0.9])
    for order in itertools.permutations(range(4)):
        diagram = Diagram()
        a, b, c, d = (diagram.variable(i) for i in order)
        root = diagram.either(diagram.both(a, b), diagram.both(c, d))
        p = chances[list(order)]
        expected = 1.0 - (1.0 - p[0] * p[1]) * (1.0 - p[2] * p[3])
        assert float(diagram.probability(root, chances)) == pytest.approx(expected, rel=1e-14)


def test_probabilities_outside_of_zero_to_one_are_refused() -> None:
    diagram = Diagram()
    with pytest.raises(InputError, match="from 0 to 1"):
        diagram.probability(diagram.variable(0), [1.5])
    with pytest.raises(InputError, match="variable"):
        diagram.variable(-1)
