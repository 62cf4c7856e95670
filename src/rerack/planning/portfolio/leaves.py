"""From scenarios to a portfolio on a tree, and from a policy on a tree back to scenarios."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require
from rerack.planning.portfolio.problem import Choice, CompanyLimits, Portfolio
from rerack.planning.portfolio.tree import ScenarioTree
from rerack.planning.portfolio.values import PathChoice


def bundle(
    tree: ScenarioTree,
    choices: Sequence[PathChoice],
    companies: dict[str, CompanyLimits],
    offer_mw: dict[str, float],
) -> Portfolio:
    """Return the portfolio whose gains are the means of the scenarios in each leaf.

    Parameters
    ----------
    tree : ScenarioTree
        Made from the scenarios of `choices`.
    choices : sequence of PathChoice
        Gains by scenario.
    companies : dict of str to CompanyLimits
        Limits by company.
    offer_mw : dict of str to float
        Critical MW that an offer takes in all [MW critical].
    """
    require(bool(choices), "portfolio", given="no hall with an offer", allowed="one or more")
    return Portfolio(
        tree=tree,
        choices=tuple(_choice(tree, c) for c in choices),
        companies=companies,
        offer_mw=offer_mw,
    )


def _choice(tree: ScenarioTree, paths: PathChoice) -> Choice:
    gain = np.stack(
        [paths.gain_usd[tree.leaf_of_path == leaf].mean(axis=0) for leaf in tree.leaves]
    )
    return Choice(
        company=paths.company,
        site=paths.site,
        hall=paths.hall,
        offer=paths.offer,
        count=paths.count,
        critical_mw=paths.critical_mw,
        capex_usd=paths.capex_usd,
        lead_months=paths.lead_months,
        gain_usd=gain,
        open_stage=paths.open_stage,
    )


def policy_gain_usd(
    decide: FloatArray, node: IntArray, choices: Sequence[PathChoice]
) -> FloatArray:
    """Return what a policy on a tree gains in scenarios that the tree was not made from.

    Parameters
    ----------
    decide : ndarray, shape (choice, node)
        From a `PortfolioSolution`.
    node : ndarray of int, shape (scenario, stage)
        From `ScenarioTree.place` on the new scenarios.
    choices : sequence of PathChoice
        Gains on the new scenarios, in the order of the portfolio's choices.

    Returns
    -------
    ndarray, shape (scenario,)
        Gain over mining on everywhere [USD]. Its mean is an unbiased estimate of what the policy
        earns; the value on the tree is not, since the same noise chose the policy.
    """
    gain = np.zeros(node.shape[0])
    for taken, choice in zip(decide, choices, strict=True):
        gain += (taken[node] * choice.gain_usd).sum(axis=1)
    return gain
