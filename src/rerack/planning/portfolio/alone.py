"""What each site gains in the common decision, and what it would gain if it were decided alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.planning.portfolio.extensive import PortfolioSolution
from rerack.planning.portfolio.problem import Portfolio
from rerack.planning.portfolio.solve import solve_portfolio


@dataclass(frozen=True, kw_only=True)
class SiteValue:
    """One site's gain over mining on everywhere, on the tree, both ways [USD].

    Parameters
    ----------
    company, site : str
        Whose site it is, and its name.
    together_usd : float
        Its part of the common policy's gain.
    alone_usd : float
        What it would gain with all of its company's limits, and all that tenants take, to itself.
    """

    company: str
    site: str
    together_usd: float
    alone_usd: float


def site_values(
    portfolio: Portfolio,
    solution: PortfolioSolution,
    *,
    gap_frac: float = 1e-4,
    limit_s: float = 60.0,
) -> tuple[SiteValue, ...]:
    """Return what every site gains in the common policy and alone.

    Parameters
    ----------
    portfolio : Portfolio
        The portfolio.
    solution : PortfolioSolution
        Its best policy.
    gap_frac : float
        Relative gap of the searches made here.
    limit_s : float
        Seconds for each search.

    Raises
    ------
    SolverError
        If no policy of a site is found.

    Notes
    -----
    A site's part of a common policy keeps every limit when the others convert nothing, so a site
    alone gains no less but for the gaps of the searches. What the sites gain alone need not be
    possible together: the difference of both sums is what sharing the limits costs.
    """
    gain = np.where(solution.decide > 0.0, portfolio.node_gain_usd(), 0.0)
    by_choice = (gain * solution.decide) @ portfolio.tree.probability_frac
    values = []
    for company, site in dict.fromkeys((c.company, c.site) for c in portfolio.choices):
        here = [
            k for k, c in enumerate(portfolio.choices) if (c.company, c.site) == (company, site)
        ]
        own = replace(portfolio, choices=tuple(portfolio.choices[k] for k in here))
        alone = solve_portfolio(own, gap_frac=gap_frac, limit_s=limit_s).solution
        values.append(
            SiteValue(
                company=company,
                site=site,
                together_usd=float(by_choice[here].sum()),
                alone_usd=alone.objective_usd,
            )
        )
    return tuple(values)
