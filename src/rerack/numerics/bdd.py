"""Binary decision diagrams: the exact probability of a Boolean function, and its derivatives."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require

#: Node numbers of the constants.
ZERO, ONE = 0, 1


class Diagram:
    r"""A store of reduced ordered decision diagrams over variables 0, 1, 2, ...

    Notes
    -----
    A node is (variable, high, low) and stands for x ? high : low; variables rise from the root
    down, equal nodes exist once, and high != low. Two functions are equal iff their numbers are
    (Bryant 1986, doi:10.1109/TC.1986.1676819). Children have smaller numbers than their parents.

    The size depends on the order of the variables: number them as they follow each other in the
    structure. Functions made with `both`, `either` and `at_least` are monotone, which `derivatives`
    does not need and `rerack.numerics.bdd_cuts` does.

    Examples
    --------
    >>> diagram = Diagram()
    >>> a, b, c = (diagram.variable(i) for i in range(3))
    >>> two_of_three = diagram.at_least(2, [a, b, c])
    >>> round(float(diagram.probability(two_of_three, [0.1, 0.1, 0.1])), 6)
    0.028
    """

    def __init__(self) -> None:
        self._variable = [2**62, 2**62]
        self._high = [ZERO, ONE]
        self._low = [ZERO, ONE]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._memo: dict[tuple[int, int, int], int] = {}

    def __len__(self) -> int:
        """Nodes in the store, constants included."""
        return len(self._variable)

    def variable(self, index: int) -> int:
        """Return the function that is variable `index`."""
        require(index >= 0, "bdd: variable", given=index, allowed="0 or more")
        return self.store(index, ONE, ZERO)

    def both(self, first: int, second: int) -> int:
        """Return the conjunction of two functions."""
        return self._choose(first, second, ZERO)

    def either(self, first: int, second: int) -> int:
        """Return the disjunction of two functions."""
        return self._choose(first, ONE, second)

    def at_least(self, threshold: int, functions: list[int]) -> int:
        """Return "at least `threshold` of the functions are true".

        Built from the last function back, so that functions given in variable order stay small.
        """
        # true_for[j]: at least j of the functions seen so far.
        true_for = [ONE] + [ZERO] * max(threshold, 0)
        for function in reversed(functions):
            true_for = [ONE] + [
                self._choose(function, true_for[j - 1], true_for[j])
                for j in range(1, threshold + 1)
            ]
        return true_for[threshold] if threshold > 0 else ONE

    def probability(self, root: int, probabilities: ArrayLike) -> FloatArray:
        """Return the probability that a function is true.

        Parameters
        ----------
        root : int
            The function.
        probabilities : array_like
            Probability of each variable, independent, shape (..., variable).

        Returns
        -------
        FloatArray
            Shape (...).
        """
        chances = as_finite(probabilities, "bdd: probabilities")
        return self._values(root, chances)[root]

    def derivatives(self, root: int, probabilities: ArrayLike) -> tuple[FloatArray, FloatArray]:
        r"""Return the probability P of a function and dP/dp_i for every variable.

        Parameters
        ----------
        root : int
            The function.
        probabilities : array_like
            Probability of each variable, independent, shape (mode, variable).

        Returns
        -------
        probability : FloatArray
            Shape (mode,).
        importance : FloatArray
            dP/dp_i = P(true | x_i) - P(true | not x_i), Birnbaum's importance, shape
            (mode, variable).

        Notes
        -----
        With R(v) the chance that the path from the root passes node v, dP/dp_i is the sum of
        R(v) (P(high) - P(low)) over the nodes v of variable i: one pass up for P, one down for R.
        """
        chances = as_finite(probabilities, "bdd: probabilities", ndim=2)
        values = self._values(root, chances)
        importance = np.zeros_like(chances)
        reached = {root: np.ones(chances.shape[0])}
        for node in sorted(values, reverse=True):
            if node <= ONE:
                continue
            here, which = reached[node], self._variable[node]
            high, low = self._high[node], self._low[node]
            importance[:, which] += here * (values[high] - values[low])
            for child, chance in ((high, chances[:, which]), (low, 1.0 - chances[:, which])):
                reached[child] = reached.get(child, 0.0) + here * chance
        return values[root], importance

    def parts(self, node: int) -> tuple[int, int, int]:
        """Return (variable, high, low) of a node that is no constant."""
        return self._variable[node], self._high[node], self._low[node]

    def store(self, variable: int, high: int, low: int) -> int:
        """Return the number of the node (variable, high, low), making it once."""
        key = (variable, high, low)
        number = self._unique.get(key)
        if number is None:
            number = len(self._variable)
            self._variable.append(variable)
            self._high.append(high)
            self._low.append(low)
            self._unique[key] = number
        return number

    def _choose(self, test: int, then: int, other: int) -> int:
        """Return test ? then : other."""
        if test <= ONE:
            return then if test == ONE else other
        if then == other:
            return then
        if then == ONE and other == ZERO:
            return test
        key = (test, then, other)
        found = self._memo.get(key)
        if found is None:
            variable = min(self._variable[test], self._variable[then], self._variable[other])
            test1, test0 = self._branches(test, variable)
            then1, then0 = self._branches(then, variable)
            other1, other0 = self._branches(other, variable)
            high = self._choose(test1, then1, other1)
            low = self._choose(test0, then0, other0)
            found = high if high == low else self.store(variable, high, low)
            self._memo[key] = found
        return found

    def _branches(self, function: int, variable: int) -> tuple[int, int]:
        if self._variable[function] != variable:
            return function, function
        return self._high[function], self._low[function]

    def _values(self, root: int, chances: FloatArray) -> dict[int, FloatArray]:
        """Return the probability of every node below `root`, each of shape (...)."""
        inside = ((chances >= 0.0) & (chances <= 1.0)).all()
        require(
            bool(inside),
            "bdd: probabilities",
            given=f"from {chances.min()} to {chances.max()}",
            allowed="numbers from 0 to 1",
        )
        shape = chances.shape[:-1]
        values = {ZERO: np.zeros(shape), ONE: np.ones(shape)}
        for node in self.below(root):
            variable, high, low = self.parts(node)
            chance = chances[..., variable]
            values[node] = chance * values[high] + (1.0 - chance) * values[low]
        return values

    def below(self, root: int) -> list[int]:
        """Return the nodes from `root` down that are no constants, children before parents."""
        found: set[int] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node > ONE and node not in found:
                found.add(node)
                waiting += [self._high[node], self._low[node]]
        return sorted(found)
