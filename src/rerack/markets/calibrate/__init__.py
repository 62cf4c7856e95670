"""Estimates behind the market models, with standard errors and held-out scores."""

from rerack.markets.calibrate.bitcoin import calibrate_bitcoin
from rerack.markets.calibrate.fees import calibrate_fees
from rerack.markets.calibrate.index import calibrate_gpu, calibrate_lease
from rerack.markets.calibrate.markets import calibrate_markets

__all__ = [
    "calibrate_bitcoin",
    "calibrate_fees",
    "calibrate_gpu",
    "calibrate_lease",
    "calibrate_markets",
]
