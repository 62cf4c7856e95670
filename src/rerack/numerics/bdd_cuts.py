"""Minimal cut sets of a monotone function from its decision diagram, likeliest first."""

from __future__ import annotations

import heapq
import math

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite
from rerack.numerics.bdd import ONE, ZERO, Diagram

#: Logarithms that agree to so many decimals are a tie.
_TIE_DIGITS = 9


def likeliest_cut_sets(
    diagram: Diagram, root: int, probabilities: ArrayLike, count: int, *, least: float = 0.0
) -> list[tuple[int, ...]]:
    """Return the minimal sets of variables that make a monotone function true, likeliest first.

    Parameters
    ----------
    diagram : Diagram
        Store of the function.
    root : int
        A monotone function.
    probabilities : array_like
        Probability of each variable, shape (variable,); a set counts their product.
    count : int
        How many sets to return, fewer if there are not as many.
    least : float
        Product below which sets are not looked for.

    Returns
    -------
    list of tuple of int
        Variables of each set, rising.

    Notes
    -----
    Best-first search through the diagram of minimal sets with the exact best completion of every
    node as bound, so that nothing is listed that is not returned.

    Examples
    --------
    >>> diagram = Diagram()
    >>> a, b, c = (diagram.variable(i) for i in range(3))
    >>> lost = diagram.either(diagram.both(a, b), c)
    >>> likeliest_cut_sets(diagram, lost, [0.5, 0.5, 0.1], 5)
    [(0, 1), (2,)]
    """
    chances = as_finite(probabilities, "cut sets: probabilities", ndim=1)
    sets = _MinimalSets(diagram).of(root)
    with np.errstate(divide="ignore"):
        logs = np.log(chances)
    best = _best_completion(diagram, sets, logs)
    # Entries: (minus log of the best reachable product, minus age, log so far, node, set so far).
    # Rounded, so that ties are ties; the youngest first, so that ties go deep and not wide.
    heap: list[tuple[float, int, float, int, tuple[int, ...]]] = [(0.0, 0, 0.0, sets, ())]
    age = 0
    found: list[tuple[int, ...]] = []
    floor = -math.log(least) if least > 0.0 else math.inf
    while heap and len(found) < count:
        bound, _, reach, node, members = heapq.heappop(heap)
        if bound > floor:
            break
        if node == ONE:
            found.append(members)
        if node <= ONE:
            continue
        variable, high, low = diagram.parts(node)
        taken = reach + float(logs[variable])
        for child, total, inside in ((low, reach, members), (high, taken, (*members, variable))):
            if child != ZERO:
                age -= 1
                reachable = -round(total + best[child], _TIE_DIGITS)
                heapq.heappush(heap, (reachable, age, total, child, inside))
    return found


class _MinimalSets:
    """Diagrams in which a path to 1 is one minimal set: the variables taken high.

    Rauzy 1993, doi:10.1016/0951-8320(93)90060-C, section 4.
    """

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.minimal: dict[int, int] = {ZERO: ZERO, ONE: ONE}
        self.kept: dict[tuple[int, int], int] = {}

    def of(self, root: int) -> int:
        """Return the diagram of the minimal sets of a monotone function."""
        for node in self.diagram.below(root):
            variable, high, low = self.diagram.parts(node)
            without = self.minimal[low]
            self.minimal[node] = self.node(
                variable, self.remove_supersets(self.minimal[high], without), without
            )
        return self.minimal[root]

    def remove_supersets(self, sets: int, of: int) -> int:
        """Return the sets of `sets` that contain no set of `of`."""
        if of in (ONE, sets) or sets == ZERO:
            return ZERO
        if of == ZERO or sets == ONE:
            return sets
        key = (sets, of)
        if key not in self.kept:
            first, high, low = self.diagram.parts(sets)
            second, of_high, of_low = self.diagram.parts(of)
            if first > second:
                self.kept[key] = self.remove_supersets(sets, of_low)
            elif first < second:
                self.kept[key] = self.node(
                    first, self.remove_supersets(high, of), self.remove_supersets(low, of)
                )
            else:
                high = self.remove_supersets(self.remove_supersets(high, of_high), of_low)
                self.kept[key] = self.node(first, high, self.remove_supersets(low, of_low))
        return self.kept[key]

    def node(self, variable: int, high: int, low: int) -> int:
        # A diagram of sets leaves out a variable that no set holds (zero-suppressed).
        return low if high == ZERO else self.diagram.store(variable, high, low)


def _best_completion(diagram: Diagram, root: int, logs: FloatArray) -> dict[int, float]:
    """Return the largest log-product that a path from each node can still collect."""
    best = {ZERO: -math.inf, ONE: 0.0}
    for node in diagram.below(root):
        variable, high, low = diagram.parts(node)
        best[node] = max(best[low], float(logs[variable]) + best[high])
    return best
