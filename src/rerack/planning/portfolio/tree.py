"""A scenario tree: what can be told apart at each decision date, bundled from simulated paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, require


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """How the paths of one node are divided at the next stage.

    Parameters
    ----------
    signal : int
        Position of the signal that is looked at.
    cuts : ndarray, shape (branch - 1,)
        Values between the branches, rising.
    """

    signal: int
    cuts: FloatArray

    def branch(self, signals: FloatArray) -> IntArray:
        """Return the branch of each path from its signals, shape (path, signal)."""
        found: IntArray = np.searchsorted(self.cuts, signals[:, self.signal], side="right")
        return found.astype(np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class ScenarioTree:
    """Nodes in the order of their stages; node 0 is today.

    Parameters
    ----------
    months : ndarray of int, shape (stage,)
        Decision months, counted from the study start.
    parent : ndarray of int, shape (node,)
        Node before; -1 for the root.
    stage : ndarray of int, shape (node,)
        Position in `months`.
    probability_frac : ndarray, shape (node,)
        Share of scenarios; the children of a node sum to it.
    splits : tuple of (Split, tuple of Split)
        For every node that has children: the split by the first signal, and of each part by the
        second; empty at leaves.
    leaf_of_path : ndarray of int, shape (path,)
        Leaf of each scenario that the tree was made from.

    Notes
    -----
    A node is a set of market states, so a policy on the tree can be applied to any scenario: it
    uses nothing that is not known on the date (it is *nonanticipative*; Shapiro, Dentcheva and
    Ruszczynski, Lectures on Stochastic Programming, 2009, section 3.1).
    """

    months: IntArray
    parent: IntArray
    stage: IntArray
    probability_frac: FloatArray
    splits: tuple[tuple[Split, tuple[Split, ...]] | None, ...]
    leaf_of_path: IntArray

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(self.parent.size)

    @property
    def leaves(self) -> IntArray:
        """Nodes of the last stage."""
        found: IntArray = np.flatnonzero(self.stage == self.months.size - 1)
        return found

    def ancestors(self, node: int) -> list[int]:
        """Return `node` and every node before it, the root last."""
        line = [node]
        while self.parent[line[-1]] >= 0:
            line.append(int(self.parent[line[-1]]))
        return line

    def children(self, node: int) -> IntArray:
        """Return the nodes that follow `node`."""
        found: IntArray = np.flatnonzero(self.parent == node)
        return found

    def place(self, signals: FloatArray) -> IntArray:
        """Return the node of each path at each stage.

        Parameters
        ----------
        signals : ndarray, shape (path, stage, signal)
            What is seen at the decision dates.

        Returns
        -------
        ndarray of int, shape (path, stage)
            Nodes.
        """
        paths, stages = signals.shape[:2]
        node = np.zeros((paths, stages), dtype=np.int64)
        for s in range(1, stages):
            for before in np.unique(node[:, s - 1]):
                here = np.flatnonzero(node[:, s - 1] == before)
                node[here, s] = self._next(int(before), signals[here, s])
        return node

    def _next(self, node: int, signals: FloatArray) -> IntArray:
        split = self.splits[node]
        assert split is not None  # every node before the last stage has one
        first, seconds = split
        children = self.children(node)
        part = first.branch(signals)
        width = children.size // len(seconds)
        branch = np.zeros(signals.shape[0], dtype=np.int64)
        for i, second in enumerate(seconds):
            here = part == i
            branch[here] = i * width + second.branch(signals[here])
        found: IntArray = children[branch]
        return found


def build_tree(
    months: Sequence[int], signals: FloatArray, branches: tuple[int, int]
) -> ScenarioTree:
    """Bundle scenarios into a tree, by equal shares of the first signal, then of the second.

    Parameters
    ----------
    months : sequence of int
        Decision months, rising, the first one today.
    signals : ndarray, shape (path, stage, signal)
        Two signals at each date, such as hashprice and lease rate.
    branches : tuple of int
        Parts by the first signal, and parts of each by the second.

    Returns
    -------
    ScenarioTree
        ``(branches[0] * branches[1]) ** stage`` nodes at each stage.

    Raises
    ------
    InputError
        Months that do not rise, no branch, fewer than 8 scenarios for a leaf (a mean over fewer
        would be noise), or branches by a signal that is the same in most scenarios.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> tree = build_tree([0, 12, 24], rng.normal(size=(400, 3, 2)), (2, 2))
    >>> tree.nodes, tree.leaves.size, float(tree.probability_frac[tree.leaves].sum())
    (21, 16, 1.0)
    """
    seen = as_finite(signals, "signals", ndim=3)
    stages = len(months)
    require(
        stages > 0 and list(months) == sorted(set(months)) and months[0] >= 0,
        "portfolio: stages",
        given=list(months),
        allowed="months from 0 on, each later than the one before",
    )
    require(
        min(branches) >= 1,
        "portfolio: branches",
        given=branches,
        allowed="1 or more by each signal",
    )
    width = branches[0] * branches[1]
    least = 8 * width ** (stages - 1)
    require(
        seen.shape[0] >= least,
        "portfolio: scenarios",
        given=seen.shape[0],
        allowed=f"{least} or more for {width} branches in {stages} stages",
        cure="Ask for more scenarios, or for fewer stages or branches.",
    )
    parent, stage, members = [-1], [0], [np.arange(seen.shape[0])]
    splits: list[tuple[Split, tuple[Split, ...]] | None] = []
    node = 0
    while node < len(parent):
        if stage[node] == stages - 1:
            splits.append(None)
        else:
            split, parts = _divide(members[node], seen[:, stage[node] + 1], branches)
            _require_told_apart(parts, branches, months[stage[node] + 1])
            splits.append(split)
            for part in parts:
                parent.append(node)
                stage.append(stage[node] + 1)
                members.append(part)
        node += 1
    leaf_of_path = np.zeros(seen.shape[0], dtype=np.int64)
    for i, paths in enumerate(members):
        if stage[i] == stages - 1:
            leaf_of_path[paths] = i
    return ScenarioTree(
        months=np.asarray(months, dtype=np.int64),
        parent=np.asarray(parent, dtype=np.int64),
        stage=np.asarray(stage, dtype=np.int64),
        probability_frac=np.array([m.size for m in members]) / seen.shape[0],
        splits=tuple(splits),
        leaf_of_path=leaf_of_path,
    )


def _require_told_apart(parts: list[IntArray], branches: tuple[int, int], month: int) -> None:
    require(
        all(part.size > 0 for part in parts),
        "portfolio: branches",
        given=f"{branches[0]} by hashprice and {branches[1]} by lease rate, one of which is the "
        f"same in most scenarios of month {month}",
        allowed="one branch by what does not vary",
        cure="Set `branches.lease` to 1 where lease rates do not vary, `branches.hashprice` to 1 "
        "where hashprice does not.",
    )


def _divide(
    paths: IntArray, signals: FloatArray, branches: tuple[int, int]
) -> tuple[tuple[Split, tuple[Split, ...]], list[IntArray]]:
    """Return the split of a node's paths and the paths of each branch."""
    first = _split(signals[paths], 0, branches[0])
    part = first.branch(signals[paths])
    seconds: list[Split] = []
    parts: list[IntArray] = []
    for i in range(branches[0]):
        inside = paths[part == i]
        second = _split(signals[inside], 1, branches[1])
        branch = second.branch(signals[inside])
        seconds.append(second)
        parts.extend(inside[branch == j] for j in range(branches[1]))
    return (first, tuple(seconds)), parts


def _split(signals: FloatArray, signal: int, count: int) -> Split:
    """Return cuts half way between the neighbours at equal shares."""
    ordered = np.sort(signals[:, signal])
    at = (np.arange(1, count) * ordered.size) // count
    return Split(signal=signal, cuts=0.5 * (ordered[at - 1] + ordered[at]))
