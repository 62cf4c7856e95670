"""Tables of a portfolio study: values, sites, conversions by date, nodes, worth of limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rerack.numerics.quantiles import quantiles
from rerack.planning.portfolio.limits import USD_PER_UNIT
from rerack.study.portfolio import PortfolioRun
from rerack.study.store import Table
from rerack.study.tables.plans import standard_error


def value_table(run: PortfolioRun) -> Table:
    """Return one row: what the policy gains, its bound, and what information is worth [USD]."""
    solution, known = run.found.solution, run.information
    p5, p95 = quantiles(run.check_gain_usd, (0.05, 0.95)).tolist()
    row = {
        "gain_tree_usd": solution.objective_usd,
        "bound_tree_usd": solution.bound_usd,
        "gap_frac": solution.gap_frac,
        "gain_check_usd": float(run.check_gain_usd.mean()),
        "gain_check_se_usd": standard_error(run.check_gain_usd),
        "gain_check_p5_usd": p5,
        "gain_check_p95_usd": p95,
        "static_usd": known.static_usd,
        "stochastic_solution_usd": known.stochastic_solution_usd,
        "perfect_information_usd": known.perfect_information_usd,
    }
    return {name: np.array([value]) for name, value in row.items()}


def sites_table(run: PortfolioRun) -> Table:
    """Return one row a site: its gain on the tree in the common policy, and decided alone [USD]."""
    rows = [
        (v.company, v.site, v.together_usd, v.alone_usd, v.alone_usd - v.together_usd)
        for v in run.sites
    ]
    return _columns(
        ("company", "site", "together_tree_usd", "alone_tree_usd", "sharing_cost_usd"), rows
    )


def conversions_table(run: PortfolioRun) -> Table:
    """Return the expected number of halls that go to each offer at each date."""
    tree, solution = run.portfolio.tree, run.found.solution
    labels = run.study.grid.labels
    rows = []
    for k, choice in enumerate(run.portfolio.choices):
        halls = solution.decide[k] * tree.probability_frac
        for stage, month in enumerate(tree.months):
            rows.append(
                (
                    choice.company,
                    choice.site,
                    choice.hall,
                    choice.offer,
                    labels[month],
                    choice.count,
                    float(halls[tree.stage == stage].sum()),
                    choice.critical_mw,
                    choice.capex_usd,
                )
            )
    names = ("company", "site", "halls", "offer", "decided", "count", "expected_halls")
    return _columns((*names, "critical_mw", "capex_usd"), rows)


def nodes_table(run: PortfolioRun) -> Table:
    """Return what is decided at every node at which something is, and the market seen there.

    Hashprice and lease index are the means of the scenarios in the node.
    """
    tree, solution = run.portfolio.tree, run.found.solution
    rows = []
    for node in range(tree.nodes):
        stage = int(tree.stage[node])
        here = run.node[:, stage] == node
        hashprice, lease = np.exp(run.signals[here, stage]).mean(axis=0)
        for k in np.flatnonzero(solution.decide[:, node] > 0.0):
            choice = run.portfolio.choices[int(k)]
            rows.append(
                (
                    node,
                    run.study.grid.labels[tree.months[stage]],
                    float(tree.probability_frac[node]),
                    float(hashprice),
                    float(lease),
                    choice.site,
                    choice.hall,
                    choice.offer,
                    int(solution.decide[k, node]),
                )
            )
    names = ("node", "date", "chance_frac", "hashprice_usd_per_ph_day", "lease_index")
    return _columns((*names, "site", "halls", "offer", "decided_halls"), rows)


def limits_table(run: PortfolioRun) -> Table:
    """Return what one more unit of each shared limit is worth, summed over the nodes of a date.

    Capital in USD per USD, crews in USD per crew, offers in USD per critical MW; prices of the
    relaxed problem, so a whole hall may need more than one unit.
    """
    tree, rows = run.portfolio.tree, run.rows
    stage = tree.stage[rows.at_node]
    unit = {"capital": 1.0, "crews": USD_PER_UNIT, "offer": USD_PER_UNIT}
    found = []
    for kind, owner, at in sorted(
        {(k, o, int(s)) for k, o, s in zip(rows.kind, rows.owner, stage, strict=True)}
    ):
        here = [
            r
            for r in range(rows.count)
            if (rows.kind[r], rows.owner[r], int(stage[r])) == (kind, owner, at)
        ]
        label = run.study.grid.labels[tree.months[at]]
        worth = float(run.found.price[here].sum()) * unit[kind]
        found.append((kind, owner, label, worth))
    return _columns(("limit", "of", "date", "worth_usd_per_unit"), found)


def _columns(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Table:
    return {name: np.array([row[i] for row in rows]) for i, name in enumerate(names)}
