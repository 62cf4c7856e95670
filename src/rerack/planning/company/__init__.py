"""What a listed company is worth: its sites in three cases, its debt, coins and shares.

Names that compute are loaded on first use, so that reading a company file does not load numba.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rerack.planning.company.equity import (
    Implied,
    dilute,
    equity_usd,
    implied_mw_value,
    net_holdings_usd,
    share_price_at,
)
from rerack.planning.company.model import CASES, Borrowing, Company, CompanySite

if TYPE_CHECKING:
    from rerack.planning.company.books import Consolidated, brought_debt, consolidate
    from rerack.planning.company.value import CaseBlock, value_company

_HOME = {
    "CaseBlock": "value",
    "Consolidated": "books",
    "brought_debt": "books",
    "consolidate": "books",
    "value_company": "value",
}

__all__ = [
    "CASES",
    "Borrowing",
    "CaseBlock",
    "Company",
    "CompanySite",
    "Consolidated",
    "Implied",
    "brought_debt",
    "consolidate",
    "dilute",
    "equity_usd",
    "implied_mw_value",
    "net_holdings_usd",
    "share_price_at",
    "value_company",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
