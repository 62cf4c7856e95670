"""What runs this hour: strike prices, merit order, the price-duration route, the LP that proves it.

Names are loaded on first use, so that importing the package loads neither numba nor HiGHS.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.dispatch.duration import PriceDuration, margins, mean_price_usd_per_mwh
    from rerack.dispatch.hour_loop import hour_margins
    from rerack.dispatch.lp import LpOracle
    from rerack.dispatch.merit import merit_capacity_mw
    from rerack.dispatch.result import Dispatch
    from rerack.dispatch.run_margins import RunMargins, fixed_price_margins
    from rerack.dispatch.site_dispatch import rig_capacity_mw, solve
    from rerack.dispatch.strike import hall_strikes_usd_per_mwh, strike_usd_per_mwh

_HOME = {
    "Dispatch": "result",
    "LpOracle": "lp",
    "PriceDuration": "duration",
    "RunMargins": "run_margins",
    "fixed_price_margins": "run_margins",
    "hall_strikes_usd_per_mwh": "strike",
    "hour_margins": "hour_loop",
    "margins": "duration",
    "mean_price_usd_per_mwh": "duration",
    "merit_capacity_mw": "merit",
    "rig_capacity_mw": "site_dispatch",
    "solve": "site_dispatch",
    "strike_usd_per_mwh": "strike",
}

__all__ = [
    "Dispatch",
    "LpOracle",
    "PriceDuration",
    "RunMargins",
    "fixed_price_margins",
    "hall_strikes_usd_per_mwh",
    "hour_margins",
    "margins",
    "mean_price_usd_per_mwh",
    "merit_capacity_mw",
    "rig_capacity_mw",
    "solve",
    "strike_usd_per_mwh",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
