"""The shared limits of a portfolio as rows: who uses how much of what, at which node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.planning.portfolio.problem import Portfolio


@dataclass(frozen=True, kw_only=True, eq=False)
class SharedRows:
    """Rows ``sum of use over (choice, node) <= capacity``, as triplets.

    Parameters
    ----------
    row, choice, node : ndarray of int, shape (entry,)
        Place of each coefficient.
    use : ndarray, shape (entry,)
        Coefficient: MUSD of capital, crews, or MW critical.
    capacity : ndarray, shape (row,)
        What there is.
    kind : tuple of str
        ``capital``, ``crews`` or ``offer``, by row.
    owner : tuple of str
        Company, or offer, by row.
    at_node : ndarray of int, shape (row,)
        Node at which the row is looked at.
    """

    row: IntArray
    choice: IntArray
    node: IntArray
    use: FloatArray
    capacity: FloatArray
    kind: tuple[str, ...]
    owner: tuple[str, ...]
    at_node: IntArray

    @property
    def count(self) -> int:
        """Number of rows."""
        return int(self.capacity.size)


#: Capital is counted in millions so that HiGHS sees rows of like size.
USD_PER_UNIT = 1e6


class _Gather:
    """Collects rows; those that can never bind are left out."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, int, float]] = []
        self.rows: list[tuple[float, str, str, int]] = []

    def add(
        self, uses: list[tuple[int, int, float]], capacity: float, kind: str, owner: str, node: int
    ) -> None:
        if uses:
            row = len(self.rows)
            self.entries += [(row, c, n, use) for c, n, use in uses]
            self.rows.append((capacity, kind, owner, node))


def shared_rows(portfolio: Portfolio) -> SharedRows:
    """Return the rows of capital, crews and offers.

    Notes
    -----
    Capital: at every node, what was decided on the way there costs no more than what has become
    free so far. Crews: at every node, conversions decided less than their lead time ago. Offers:
    at every leaf, all MW decided on the way; decisions are not undone, so nodes before follow.
    """
    tree, gather = portfolio.tree, _Gather()
    for company, limits in portfolio.companies.items():
        own = [k for k, c in enumerate(portfolio.choices) if c.company == company]
        spent = np.cumsum(limits.budget_usd)
        for node in range(tree.nodes):
            line = tree.ancestors(node)
            if limits.budget_usd:
                uses = [
                    (k, a, portfolio.choices[k].capex_usd / USD_PER_UNIT)
                    for k in own
                    for a in line
                    if portfolio.choices[k].capex_usd > 0.0
                ]
                free = float(spent[tree.stage[node]]) / USD_PER_UNIT
                gather.add(uses, free, "capital", company, node)
            if limits.crews is not None:
                busy = [(k, a, 1.0) for k in own for a in line if _busy(portfolio, k, a, node)]
                gather.add(busy, float(limits.crews), "crews", company, node)
    for offer, critical_mw in portfolio.offer_mw.items():
        takers = [k for k, c in enumerate(portfolio.choices) if c.offer == offer]
        for leaf in tree.leaves:
            line = tree.ancestors(int(leaf))
            uses = [(k, a, portfolio.choices[k].critical_mw) for k in takers for a in line]
            gather.add(uses, critical_mw, "offer", offer, int(leaf))
    return _rows(gather)


def _busy(portfolio: Portfolio, choice: int, decided: int, node: int) -> bool:
    """Whether a conversion decided at one node still keeps its crew at a later one."""
    months, stage = portfolio.tree.months, portfolio.tree.stage
    passed = months[stage[node]] - months[stage[decided]]
    return bool(passed < portfolio.choices[choice].lead_months)


def _rows(gather: _Gather) -> SharedRows:
    entries = np.array(gather.entries, dtype=np.float64).reshape(-1, 4)
    return SharedRows(
        row=entries[:, 0].astype(np.int64),
        choice=entries[:, 1].astype(np.int64),
        node=entries[:, 2].astype(np.int64),
        use=entries[:, 3],
        capacity=np.array([r[0] for r in gather.rows], dtype=np.float64),
        kind=tuple(r[1] for r in gather.rows),
        owner=tuple(r[2] for r in gather.rows),
        at_node=np.array([r[3] for r in gather.rows], dtype=np.int64),
    )
