"""The extensive form: one whole number a choice and node, solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.programme_matrix import Program
from rerack.planning.portfolio.limits import SharedRows, shared_rows
from rerack.planning.portfolio.problem import Portfolio

#: The objective is in millions of dollars inside HiGHS.
USD_PER_UNIT = 1e6


@dataclass(frozen=True, kw_only=True, eq=False)
class PortfolioSolution:
    """How many halls go where, at which node.

    Parameters
    ----------
    decide : ndarray, shape (choice, node)
        Halls for which the choice is taken at the node; whole numbers.
    objective_usd : float
        Expected gain over mining on everywhere [USD].
    bound_usd : float
        What no policy on this tree can exceed [USD].
    """

    decide: FloatArray
    objective_usd: float
    bound_usd: float

    @property
    def gap_frac(self) -> float:
        """Bound less objective over the larger of their absolute values; 0 if both are 0."""
        size = max(abs(self.bound_usd), abs(self.objective_usd))
        return 0.0 if size == 0.0 else (self.bound_usd - self.objective_usd) / size


def solve_extensive(
    portfolio: Portfolio,
    *,
    gap_frac: float = 1e-6,
    limit_s: float = 60.0,
    rows: SharedRows | None = None,
) -> PortfolioSolution:
    r"""Solve a portfolio as one mixed-integer program.

    Parameters
    ----------
    portfolio : Portfolio
        Halls, offers and limits.
    gap_frac : float
        Relative gap at which the search may stop.
    limit_s : float
        Seconds after which the best found is returned with the bound reached.
    rows : SharedRows or None
        Its shared limits, where they are at hand.

    Returns
    -------
    PortfolioSolution
        Best policy found, and bound.

    Raises
    ------
    SolverError
        If HiGHS finds none within the time.

    Notes
    -----
    :math:`\max \sum_n p_n \sum_k g_{kn} x_{kn}`, x whole, subject to: no more halls than there
    are on every way from today to a leaf; capital, crews and offers of `shared_rows`. Only choices
    that are open and gain have a variable: one that loses can be left out of any policy, which
    stays feasible (Birge and Louveaux, Introduction to Stochastic Programming, 2011, section 2.4).
    """
    gain = portfolio.node_gain_usd()
    number = np.full(gain.shape, -1, dtype=np.int64)
    worth = gain > 0.0
    if not worth.any():
        return PortfolioSolution(decide=worth.astype(float), objective_usd=0.0, bound_usd=0.0)
    number[worth] = np.arange(worth.sum())
    weight = np.broadcast_to(portfolio.tree.probability_frac, gain.shape)
    program = Program()
    counts = np.array([c.count for c in portfolio.choices], dtype=np.float64)
    program.columns(
        (int(worth.sum()),),
        cost=(gain[worth] * weight[worth]) / USD_PER_UNIT,
        upper=np.broadcast_to(counts[:, None], gain.shape)[worth],
        integer=True,
    )
    _once(program, portfolio, number)
    _shared(program, rows or shared_rows(portfolio), number)
    found = program.solve(relaxed=False, limit_s=limit_s, gap_frac=gap_frac, tolerance=1e-9)
    decide = np.zeros(gain.shape)
    decide[worth] = np.round(found.value)
    return PortfolioSolution(
        decide=decide,
        objective_usd=policy_value_usd(portfolio, decide),
        bound_usd=found.bound_usd * USD_PER_UNIT,
    )


def policy_value_usd(portfolio: Portfolio, decide: FloatArray) -> float:
    """Return the expected gain of a policy on its tree [USD]."""
    gain = np.where(decide > 0.0, portfolio.node_gain_usd(), 0.0)
    return float((gain * decide).sum(axis=0) @ portfolio.tree.probability_frac)


def _once(program: Program, portfolio: Portfolio, number: IntArray) -> None:
    """Add the rows by which a hall is decided at most once on every way to a leaf."""
    tree = portfolio.tree
    for group in portfolio.groups:
        for leaf in tree.leaves:
            columns = number[group][:, tree.ancestors(int(leaf))].ravel()
            columns = columns[columns >= 0]
            if columns.size > 1:
                program.rows([(columns[None, :], 1.0)], upper=float(portfolio.count(group)))


def _shared(program: Program, rows: SharedRows, number: IntArray) -> None:
    column = number[rows.choice, rows.node]
    for r in range(rows.count):
        here = (rows.row == r) & (column >= 0)
        if here.any():
            program.rows([(column[here][None, :], rows.use[here][None, :])], upper=rows.capacity[r])
