"""Hourly power prices: built-in calibrated models, the user's own file, and the study's outlook."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rerack.markets.power.library import PriceLibrary
from rerack.markets.power.outlook import PowerOutlook, PowerSpec, power_library, power_outlook
from rerack.markets.power.parameters import PowerParameters, built_in_names

if TYPE_CHECKING:
    from rerack.markets.power.calibrate import (
        CalibrationOptions,
        calibrate_power,
        calibrate_power_file,
    )
    from rerack.markets.power.model import simulate_library

__all__ = [
    "CalibrationOptions",
    "PowerOutlook",
    "PowerParameters",
    "PowerSpec",
    "PriceLibrary",
    "built_in_names",
    "calibrate_power",
    "calibrate_power_file",
    "power_library",
    "power_outlook",
    "simulate_library",
]

#: These load numba, so they are imported when first asked for.
_LATE = {
    "CalibrationOptions": "calibrate",
    "calibrate_power": "calibrate",
    "calibrate_power_file": "calibrate",
    "simulate_library": "model",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
