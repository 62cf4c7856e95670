"""Correlated market drivers and their calibration; `build_outlook` draws the scenarios."""

from rerack.markets.bitcoin.spec import BitcoinSpec
from rerack.markets.correlation import Correlation
from rerack.markets.fees import FeesSpec
from rerack.markets.gpu import GpuSpec
from rerack.markets.history import NetworkHistory, network_history
from rerack.markets.lease import LeaseSpec
from rerack.markets.outlook import MarketSpec, Outlook, build_outlook
from rerack.markets.power import PowerOutlook, PowerSpec, PriceLibrary, power_library

__all__ = [
    "BitcoinSpec",
    "Correlation",
    "FeesSpec",
    "GpuSpec",
    "LeaseSpec",
    "MarketSpec",
    "NetworkHistory",
    "Outlook",
    "PowerOutlook",
    "PowerSpec",
    "PriceLibrary",
    "build_outlook",
    "network_history",
    "power_library",
]
