"""What a portfolio decides: how many halls go to which offer at which node, within limits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import (
    FloatArray,
    IntArray,
    as_finite,
    frozen_array,
    require,
    require_between,
)
from rerack.planning.portfolio.tree import ScenarioTree

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """Like halls of a site that may go to one offer, each by itself.

    Parameters
    ----------
    company, site, hall, offer : str
        Whose halls they are, where, their names, and what one would become.
    count : int
        Halls that are alike: same size, same rigs. Counting them instead of naming each keeps the
        search free of solutions that differ in names only.
    critical_mw : float
        Critical MW that one would bring [MW critical].
    capex_usd : float
        Owner's cost of one, debt included, at the prices of the study start [USD].
    lead_months : int
        Months for which a conversion keeps its crew.
    gain_usd : ndarray, shape (leaf, stage)
        Present value of one over mining on if decided at that stage, mean over the scenarios of
        the leaf [USD]; leaves in the order of `ScenarioTree.leaves`.
    open_stage : ndarray of bool, shape (stage,)
        Stages at which it may be decided: offer open, interconnect there, time left to open.
    """

    company: str
    site: str
    hall: str
    offer: str
    count: int
    critical_mw: float
    capex_usd: float
    lead_months: int
    gain_usd: FloatArray
    open_stage: BoolArray

    def __post_init__(self) -> None:
        here = f"choice {self.name}"
        require_between(self.count, 1, 10_000, f"{here}: count")
        require_between(self.critical_mw, 0.0, 1e6, f"{here}: critical_mw")
        require_between(self.capex_usd, 0.0, 1e13, f"{here}: capex_usd")
        require_between(self.lead_months, 1, 240, f"{here}: lead_months")
        gain = as_finite(self.gain_usd, f"{here}: gain_usd", ndim=2)
        require(
            self.open_stage.shape == gain.shape[1:],
            f"{here}: open_stage",
            given=self.open_stage.shape,
            allowed=f"shape {gain.shape[1:]}",
        )
        object.__setattr__(self, "gain_usd", frozen_array(gain))

    @property
    def name(self) -> str:
        """Site, hall and offer, for messages and tables."""
        return f"{self.site}/{self.hall} to {self.offer}"


@dataclass(frozen=True, kw_only=True)
class CompanyLimits:
    """What the sites of one company share.

    Parameters
    ----------
    budget_usd : tuple of float
        Capital that becomes free at each stage, what is not spent carried over [USD]; empty for
        no limit.
    crews : int or None
        Halls that may be under conversion at once.
    """

    budget_usd: tuple[float, ...] = ()
    crews: int | None = None

    def __post_init__(self) -> None:
        for amount in self.budget_usd:
            require_between(amount, 0.0, 1e14, "portfolio: budget_usd")
        if self.crews is not None:
            require_between(self.crews, 0, 10_000, "portfolio: crews")


@dataclass(frozen=True, kw_only=True, eq=False)
class Portfolio:
    """Halls, offers and limits on one scenario tree.

    Parameters
    ----------
    tree : ScenarioTree
        What can be told apart at each date.
    choices : tuple of Choice
        Every hall and offer.
    companies : dict of str to CompanyLimits
        Limits by company.
    offer_mw : dict of str to float
        Critical MW that an offer can take from all sites together [MW critical]; an offer that is
        not named takes any number.
    """

    tree: ScenarioTree
    choices: tuple[Choice, ...]
    companies: dict[str, CompanyLimits]
    offer_mw: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stages, leaves = self.tree.months.size, self.tree.leaves.size
        for choice in self.choices:
            require(
                choice.gain_usd.shape == (leaves, stages),
                f"choice {choice.name}: gain_usd",
                given=choice.gain_usd.shape,
                allowed=f"shape {(leaves, stages)}",
            )
            require(
                choice.company in self.companies,
                f"choice {choice.name}: company",
                given=repr(choice.company),
                allowed=", ".join(self.companies),
            )
        for group in self.groups:
            counts = {self.choices[int(k)].count for k in group}
            require(
                len(counts) == 1,
                f"choice {self.choices[int(group[0])].name}: count",
                given=sorted(counts),
                allowed="the same number of halls for every offer",
            )
        for name, limits in self.companies.items():
            require(
                len(limits.budget_usd) in (0, stages),
                f"company {name}: budget_usd",
                given=f"{len(limits.budget_usd)} amounts",
                allowed=f"none, or one for each of {stages} stages",
            )

    @property
    def groups(self) -> tuple[IntArray, ...]:
        """Positions in `choices` of the offers to the same halls, one array for each group."""
        keys = [(c.site, c.hall) for c in self.choices]
        return tuple(
            np.array([i for i, k in enumerate(keys) if k == key], dtype=np.int64)
            for key in dict.fromkeys(keys)
        )

    def count(self, group: IntArray) -> int:
        """Return the number of like halls in a group."""
        return self.choices[int(group[0])].count

    def node_gain_usd(self) -> FloatArray:
        """Return what each choice gains at each node, given that node, shape (choice, node) [USD].

        Notes
        -----
        The mean over the leaves below the node, weighted by their probability, of the gain at the
        node's stage; -inf where the choice is not open.
        """
        tree = self.tree
        leaves, chance = tree.leaves, tree.probability_frac
        below = np.zeros((tree.nodes, leaves.size))
        for i, leaf in enumerate(leaves):
            below[tree.ancestors(int(leaf)), i] = chance[leaf]
        below /= chance[:, None]
        gain = np.empty((len(self.choices), tree.nodes))
        for k, choice in enumerate(self.choices):
            gain[k] = (below * choice.gain_usd[:, tree.stage].T).sum(axis=1)
            gain[k, ~choice.open_stage[tree.stage]] = -np.inf
        return gain
