"""Models of the Bitcoin price, one a file; all keep the expectation that the study states."""

from rerack.markets.bitcoin.spec import BitcoinSpec

__all__ = ["BitcoinSpec"]
