"""What runs this hour: strike prices, merit order, the price-duration route, the LP that proves it.

Names are loaded on first use, so that importing the package loads neither numba nor HiGHS.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.dispatch.bill_statement import Bill, bill
    from rerack.dispatch.duration import PriceDuration, margins, mean_price_usd_per_mwh
    from rerack.dispatch.hour_loop import hour_margins
    from rerack.dispatch.lp import LpOracle
    from rerack.dispatch.merit import merit_capacity_mw
    from rerack.dispatch.programme_dispatch import solve_programmes
    from rerack.dispatch.programme_result import ProgrammeDispatch
    from rerack.dispatch.result import Dispatch
    from rerack.dispatch.run_margins import RunMargins
    from rerack.dispatch.site_dispatch import rig_capacity_mw, solve
    from rerack.dispatch.storage import solve_storage
    from rerack.dispatch.storage_paths import StorageValues, storage_values
    from rerack.dispatch.storage_result import StorageDispatch
    from rerack.dispatch.strike import hall_strikes_usd_per_mwh, strike_usd_per_mwh
    from rerack.dispatch.tariff_calendar import HourCalendar
    from rerack.dispatch.tariff_price import (
        HourlyPrices,
        coincident_weight_frac,
        meter_price_usd_per_mwh,
    )

_HOME = {
    "Bill": "bill_statement",
    "Dispatch": "result",
    "HourCalendar": "tariff_calendar",
    "HourlyPrices": "tariff_price",
    "LpOracle": "lp",
    "PriceDuration": "duration",
    "ProgrammeDispatch": "programme_result",
    "RunMargins": "run_margins",
    "StorageDispatch": "storage_result",
    "StorageValues": "storage_paths",
    "bill": "bill_statement",
    "coincident_weight_frac": "tariff_price",
    "hall_strikes_usd_per_mwh": "strike",
    "hour_margins": "hour_loop",
    "margins": "duration",
    "mean_price_usd_per_mwh": "duration",
    "merit_capacity_mw": "merit",
    "meter_price_usd_per_mwh": "tariff_price",
    "rig_capacity_mw": "site_dispatch",
    "solve": "site_dispatch",
    "solve_programmes": "programme_dispatch",
    "solve_storage": "storage",
    "storage_values": "storage_paths",
    "strike_usd_per_mwh": "strike",
}

__all__ = [
    "Bill",
    "Dispatch",
    "HourCalendar",
    "HourlyPrices",
    "LpOracle",
    "PriceDuration",
    "ProgrammeDispatch",
    "RunMargins",
    "StorageDispatch",
    "StorageValues",
    "bill",
    "coincident_weight_frac",
    "hall_strikes_usd_per_mwh",
    "hour_margins",
    "margins",
    "mean_price_usd_per_mwh",
    "merit_capacity_mw",
    "meter_price_usd_per_mwh",
    "rig_capacity_mw",
    "solve",
    "solve_programmes",
    "solve_storage",
    "storage_values",
    "strike_usd_per_mwh",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
