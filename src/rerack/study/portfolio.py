"""Running a portfolio: scenarios of every site, the tree, the policy, and its honest value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.planning.portfolio import (
    InformationValue,
    PathChoice,
    Portfolio,
    SiteValue,
    build_tree,
    bundle,
    information_value,
    market_signals,
    policy_gain_usd,
    site_choices,
    site_values,
    solve_portfolio,
)
from rerack.planning.portfolio.columns import Decomposed
from rerack.planning.portfolio.limits import SharedRows, shared_rows
from rerack.planning.portfolio.values import same_market
from rerack.scenario.portfolio import PortfolioStudy
from rerack.study.executor import blocks
from rerack.study.pipeline import prepare
from rerack.study.simulate import build_world


@dataclass(frozen=True, kw_only=True, eq=False)
class PortfolioRun:
    """What a portfolio study found.

    Parameters
    ----------
    study : PortfolioStudy
        What was asked.
    portfolio : Portfolio
        Halls, offers and limits on the tree.
    found : Decomposed
        Policy, bound and prices of limits.
    rows : SharedRows
        The limits that the prices belong to.
    information : InformationValue
        Value of reacting, and of knowing beforehand.
    sites : tuple of SiteValue
        Gain of each site in the policy, and if it were decided alone.
    check_gain_usd : ndarray, shape (scenario,)
        What the policy gains in scenarios that it was not made from [USD].
    signals : ndarray, shape (scenario, stage, 2)
        Log hashprice and log lease index of the scenarios that the tree was made from.
    node : ndarray of int, shape (scenario, stage)
        Their nodes.
    """

    study: PortfolioStudy
    portfolio: Portfolio
    found: Decomposed
    rows: SharedRows
    information: InformationValue
    sites: tuple[SiteValue, ...]
    check_gain_usd: FloatArray
    signals: FloatArray
    node: IntArray


def _untold(_doing: str) -> None:
    """Tell nobody."""


def run_portfolio(
    study: PortfolioStudy, *, limit_s: float = 60.0, step: Callable[[str], None] = _untold
) -> PortfolioRun:
    """Solve a portfolio and value its policy on new scenarios.

    Parameters
    ----------
    study : PortfolioStudy
        From `rerack.scenario.portfolio.load_portfolio`.
    limit_s : float
        Seconds for each search of HiGHS.
    step : callable
        Told what is done next, before every block of scenarios and every search; what it raises
        ends the work there.

    Raises
    ------
    InputError
        Sites of different markets, or too few scenarios for the tree.
    SolverError
        No policy was found in time.
    """
    months = np.asarray(study.stage_months, dtype=np.int64)
    choices, signals = _simulated(study, 0, study.scenarios, step)
    tree = build_tree(study.stage_months, signals, study.branches)
    portfolio = bundle(tree, choices, study.companies, study.offer_mw)
    step("searching the best policy of all sites")
    found = solve_portfolio(portfolio, limit_s=limit_s)
    # The next whole block of paths, so that no scenario serves twice.
    first = -(-study.scenarios // 64) * 64
    fresh, fresh_signals = _simulated(study, first, study.check_scenarios, step)
    gain = policy_gain_usd(found.solution.decide, tree.place(fresh_signals), fresh)
    assert months.size == tree.months.size  # the tree keeps the study's dates
    step("deciding each site alone")
    sites = site_values(portfolio, found.solution, limit_s=limit_s)
    step("valuing what information is worth")
    return PortfolioRun(
        study=study,
        portfolio=portfolio,
        found=found,
        rows=shared_rows(portfolio),
        information=information_value(portfolio, found.solution, gap_frac=1e-4),
        sites=sites,
        check_gain_usd=gain,
        signals=signals,
        node=tree.place(signals),
    )


def _simulated(
    study: PortfolioStudy, first: int, count: int, step: Callable[[str], None]
) -> tuple[list[PathChoice], FloatArray]:
    """Return the gains of every hall and offer, and the market's signals."""
    months = np.asarray(study.stage_months, dtype=np.int64)
    choices: list[PathChoice] = []
    seen: list[tuple[str, FloatArray]] = []
    for site in study.sites:
        prepared = prepare(site.scenario)
        parts: list[list[PathChoice]] = []
        signals = []
        for start, size in blocks(count):
            step(f"drawing scenarios of {site.name}")
            world = build_world(prepared, first + start, size)
            parts.append(
                list(
                    site_choices(
                        world,
                        prepared.scenario.market,
                        months,
                        company=site.company,
                        site=site.name,
                        from_month=site.from_month,
                    )
                )
            )
            signals.append(market_signals(world, months))
        choices += [_joined(same) for same in zip(*parts, strict=True)]
        seen.append((site.name, np.concatenate(signals)))
    same_market(seen)
    return choices, seen[0][1]


def _joined(parts: tuple[PathChoice, ...]) -> PathChoice:
    """Return one choice of the blocks of scenarios that it was valued on."""
    return replace(parts[0], gain_usd=np.concatenate([p.gain_usd for p in parts]))
