"""What mining has paid, why it changed, what shocks did, and how well hashrate can be foretold."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.network.history.backtest import HashrateBacktest, backtest_hashrate
    from rerack.network.history.facts import MiningHistory, mining_history
    from rerack.network.history.margin import MarginChange, explain_margin, margin_frac
    from rerack.network.history.shock import HashrateShock, ShockTrace, shock_of, trace_shock
    from rerack.network.history.structural import SupplyModel, fit_supply, forecast_hashrate

_HOMES = {
    "HashrateBacktest": "backtest",
    "HashrateShock": "shock",
    "MarginChange": "margin",
    "MiningHistory": "facts",
    "ShockTrace": "shock",
    "SupplyModel": "structural",
    "backtest_hashrate": "backtest",
    "explain_margin": "margin",
    "fit_supply": "structural",
    "forecast_hashrate": "structural",
    "margin_frac": "margin",
    "mining_history": "facts",
    "shock_of": "shock",
    "trace_shock": "shock",
}

__all__ = [
    "HashrateBacktest",
    "HashrateShock",
    "MarginChange",
    "MiningHistory",
    "ShockTrace",
    "SupplyModel",
    "backtest_hashrate",
    "explain_margin",
    "fit_supply",
    "forecast_hashrate",
    "margin_frac",
    "mining_history",
    "shock_of",
    "trace_shock",
]


def __getattr__(name: str) -> Any:
    """Import on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rerack.network.history' has no attribute {name!r}")
    return getattr(import_module(f"rerack.network.history.{_HOMES[name]}"), name)
