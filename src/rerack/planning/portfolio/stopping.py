"""One hall's best policy on a tree, when shared limits have prices."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray


def best_stopping(worth: FloatArray, parent: IntArray) -> tuple[float, FloatArray]:
    r"""Return the best way to stop at most once on every path of a tree.

    Parameters
    ----------
    worth : ndarray, shape (choice, node)
        What stopping by each choice adds at each node, probability included; -inf where closed.
    parent : ndarray of int, shape (node,)
        Node before, always with a lower number; -1 for the root.

    Returns
    -------
    tuple of float and ndarray of float, shape (choice, node)
        The largest sum, and 1 where it is decided.

    Notes
    -----
    :math:`V_n = \max(\max_k w_{kn}, \sum_{m \in children(n)} V_m)`, and 0 after the last stage:
    never stopping is allowed. Exact, in time proportional to choices times nodes. The polytope of
    these policies has integer corners, which is why prices on shared limits lose nothing against
    the linear relaxation (Geoffrion, Math. Prog. Study 2, 1974).

    Examples
    --------
    >>> best_stopping(np.array([[1.0, 3.0, -1.0]]), np.array([-1, 0, 0]))
    (3.0, array([[0., 1., 0.]]))
    """
    nodes = parent.size
    at_best = worth.argmax(axis=0)
    now = worth.max(axis=0)
    later = np.zeros(nodes)
    value = np.zeros(nodes)
    for n in range(nodes - 1, -1, -1):
        value[n] = max(now[n], later[n])
        if n > 0:
            later[parent[n]] += value[n]
    decide = np.zeros(worth.shape)
    open_path = np.zeros(nodes, dtype=np.bool_)
    for n in range(nodes):
        open_path[n] = n == 0 or open_path[parent[n]]
        if open_path[n] and now[n] > later[n]:
            decide[at_best[n], n] = 1.0
            open_path[n] = False
    return float(value[0]), decide


def near_best(
    worth: FloatArray, parent: IntArray, *, slack: float, most: int
) -> list[FloatArray] | None:
    """Return every policy within `slack` of the best.

    Parameters
    ----------
    worth, parent : ndarray
        As in `best_stopping`.
    slack : float
        How far below the best a policy may be, in the unit of `worth`.
    most : int
        Policies of any subtree at which enumeration gives up.

    Returns
    -------
    list of ndarray, shape (choice, node), or None
        Policies as 1 where they decide; None if there are more than `most`.

    Examples
    --------
    >>> len(near_best(np.array([[1.0, 3.0, -1.0]]), np.array([-1, 0, 0]), slack=2.5, most=99) or ())
    3
    """
    nodes = parent.size
    now, later, value = worth.max(axis=0), np.zeros(nodes), np.zeros(nodes)
    for n in range(nodes - 1, -1, -1):
        value[n] = max(now[n], later[n])
        if n > 0:
            later[parent[n]] += value[n]
    children = [np.flatnonzero(parent == n) for n in range(nodes)]
    found = _within(0, slack, worth, value, later, children, most)
    if found is None:
        return None
    policies = []
    for _, steps in found:
        decide = np.zeros(worth.shape)
        for choice, node in steps:
            decide[choice, node] = 1.0
        policies.append(decide)
    return policies


#: What a policy of a subtree loses against the best, and where it decides.
_Partial = tuple[float, tuple[tuple[int, int], ...]]


def _within(
    node: int,
    slack: float,
    worth: FloatArray,
    value: FloatArray,
    later: FloatArray,
    children: list[IntArray],
    most: int,
) -> list[_Partial] | None:
    """Return the policies of the subtree of `node` that lose at most `slack`."""
    lost = value[node] - worth[:, node]
    found: list[_Partial] = [
        (float(lost[k]), ((int(k), node),)) for k in np.flatnonzero(lost <= slack)
    ]
    start = float(value[node] - later[node])
    mixed: list[_Partial] = [(start, ())] if start <= slack else []
    for child in children[node]:
        if not mixed:
            break
        least = min(loss for loss, _ in mixed)
        below = _within(int(child), slack - least, worth, value, later, children, most)
        if below is None:
            return None
        mixed = [(a + b, x + y) for a, x in mixed for b, y in below if a + b <= slack]
        if len(mixed) > most:
            return None
    found += mixed
    return found if len(found) <= most else None
