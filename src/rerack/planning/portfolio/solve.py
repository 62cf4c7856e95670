"""The best policy of a portfolio: decomposed first, the extensive form where that leaves a gap."""

from __future__ import annotations

from dataclasses import replace

from rerack.planning.portfolio.columns import Decomposed, solve_columns
from rerack.planning.portfolio.extensive import solve_extensive
from rerack.planning.portfolio.problem import Portfolio

#: Relative gap below which the extensive form is not asked.
_CLOSED = 1e-6


def solve_portfolio(
    portfolio: Portfolio, *, gap_frac: float = 1e-4, limit_s: float = 60.0
) -> Decomposed:
    """Return the best policy found, its bound, and the prices of the shared limits.

    Parameters
    ----------
    portfolio : Portfolio
        Halls, offers and limits.
    gap_frac : float
        Relative gap at which a search may stop.
    limit_s : float
        Seconds for each search.

    Returns
    -------
    Decomposed
        The better of both policies, and the lower of both bounds.

    Raises
    ------
    SolverError
        If neither route finds a policy.
    """
    found = solve_columns(portfolio, gap_frac=gap_frac, limit_s=limit_s)
    if found.solution.gap_frac <= _CLOSED:
        return found
    whole = solve_extensive(portfolio, gap_frac=gap_frac, limit_s=limit_s)
    better = max((found.solution, whole), key=lambda s: s.objective_usd)
    bound = max(min(found.solution.bound_usd, whole.bound_usd), better.objective_usd)
    return replace(found, solution=replace(better, bound_usd=bound))
