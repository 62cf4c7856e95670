"""What reacting to the market is worth, and what knowing it beforehand would be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.planning.portfolio.extensive import PortfolioSolution, solve_extensive
from rerack.planning.portfolio.problem import Choice, Portfolio
from rerack.planning.portfolio.tree import ScenarioTree


@dataclass(frozen=True, kw_only=True)
class InformationValue:
    """The stochastic solution between its two neighbours [USD].

    Parameters
    ----------
    static_usd : float
        Best dates fixed today, the same in every scenario: what planning on expected values earns.
    stochastic_usd : float
        Best policy on the tree.
    perfect_usd : float
        Every scenario (leaf) planned for as if it were known today.
    """

    static_usd: float
    stochastic_usd: float
    perfect_usd: float

    @property
    def stochastic_solution_usd(self) -> float:
        """Value of the stochastic solution [USD]."""
        return self.stochastic_usd - self.static_usd

    @property
    def perfect_information_usd(self) -> float:
        """Expected value of perfect information [USD]."""
        return self.perfect_usd - self.stochastic_usd


def information_value(
    portfolio: Portfolio, solution: PortfolioSolution, *, gap_frac: float = 1e-6
) -> InformationValue:
    """Return the values of the stochastic solution and of perfect information.

    Parameters
    ----------
    portfolio : Portfolio
        The portfolio.
    solution : PortfolioSolution
        Its best policy.
    gap_frac : float
        Relative gap of the searches made here.

    Notes
    -----
    Chance is in the gains alone, which enter linearly, while every limit is certain. A plan made
    on expected values therefore earns in expectation what it promises, and the best of them is the
    best plan with fixed dates: the portfolio on a tree without branches (Birge, Math. Prog. 24,
    1982, doi:10.1007/BF01585113; Madansky 1960 for perfect information). Perfect information
    knows the leaf, not the scenario within it.
    """
    tree, leaves = portfolio.tree, portfolio.tree.leaves
    chance = tree.probability_frac[leaves]
    mean = _line(portfolio, np.asarray(chance))
    known = 0.0
    for i in range(leaves.size):
        only = np.zeros(leaves.size)
        only[i] = 1.0
        known += chance[i] * _value(_line(portfolio, only), gap_frac)
    return InformationValue(
        static_usd=_value(mean, gap_frac),
        stochastic_usd=solution.objective_usd,
        perfect_usd=float(known),
    )


def _value(portfolio: Portfolio, gap_frac: float) -> float:
    return solve_extensive(portfolio, gap_frac=gap_frac).objective_usd


def _line(portfolio: Portfolio, weight: np.ndarray) -> Portfolio:
    """Return the portfolio on a tree without branches, leaves mixed by `weight`."""
    stages = portfolio.tree.months.size
    tree = ScenarioTree(
        months=portfolio.tree.months,
        parent=np.arange(-1, stages - 1, dtype=np.int64),
        stage=np.arange(stages, dtype=np.int64),
        probability_frac=np.ones(stages),
        splits=(None,) * stages,
        leaf_of_path=np.zeros(0, dtype=np.int64),
    )

    def mixed(choice: Choice) -> Choice:
        return replace(choice, gain_usd=(weight @ choice.gain_usd)[None, :])

    return replace(portfolio, tree=tree, choices=tuple(mixed(c) for c in portfolio.choices))
