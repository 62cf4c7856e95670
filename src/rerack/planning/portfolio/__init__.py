"""Several sites and companies under shared limits, as a stochastic program on a scenario tree.

Names that compute are loaded on first use, so that reading a portfolio file loads no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rerack.planning.portfolio.problem import Choice, CompanyLimits, Portfolio
from rerack.planning.portfolio.tree import ScenarioTree, build_tree

if TYPE_CHECKING:
    from rerack.planning.portfolio.alone import SiteValue, site_values
    from rerack.planning.portfolio.columns import Decomposed, solve_columns
    from rerack.planning.portfolio.extensive import PortfolioSolution, solve_extensive
    from rerack.planning.portfolio.information import InformationValue, information_value
    from rerack.planning.portfolio.leaves import bundle, policy_gain_usd
    from rerack.planning.portfolio.limits import SharedRows, shared_rows
    from rerack.planning.portfolio.solve import solve_portfolio
    from rerack.planning.portfolio.values import PathChoice, market_signals, site_choices

_HOME = {
    "Decomposed": "columns",
    "InformationValue": "information",
    "PathChoice": "values",
    "PortfolioSolution": "extensive",
    "SharedRows": "limits",
    "SiteValue": "alone",
    "bundle": "leaves",
    "information_value": "information",
    "market_signals": "values",
    "policy_gain_usd": "leaves",
    "shared_rows": "limits",
    "site_choices": "values",
    "site_values": "alone",
    "solve_columns": "columns",
    "solve_extensive": "extensive",
    "solve_portfolio": "solve",
}

__all__ = [
    "Choice",
    "CompanyLimits",
    "Decomposed",
    "InformationValue",
    "PathChoice",
    "Portfolio",
    "PortfolioSolution",
    "ScenarioTree",
    "SharedRows",
    "SiteValue",
    "build_tree",
    "bundle",
    "information_value",
    "market_signals",
    "policy_gain_usd",
    "shared_rows",
    "site_choices",
    "site_values",
    "solve_columns",
    "solve_extensive",
    "solve_portfolio",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
