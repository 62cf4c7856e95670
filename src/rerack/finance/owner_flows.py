"""Coins, cash and the owner in dollars: of a treasury, or where every surplus is paid out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance.treasury import Treasury, TreasuryPolicy


@dataclass(frozen=True, kw_only=True, eq=False)
class OwnerFlows:
    """Coins, cash and the owner in dollars; all arrays (scenario, month) [USD].

    Parameters
    ----------
    opening_cash_usd : float
        Cash at the start.
    opening_coins_usd : FloatArray
        Coins at the start at the first month's price, shape (scenario, 1).
    opening_gain_usd : FloatArray
        Of it, what exceeds their cost for tax, shape (scenario, 1).
    coins_usd : FloatArray
        Coins at the end of the month at its price.
    kept_usd, sold_usd : FloatArray
        Value of mined coins kept; proceeds of coins sold from the treasury.
    gains_tax_usd : FloatArray
        Tax paid on gains.
    loan_drawn_usd, loan_repaid_usd, loan_interest_usd, loan_usd : FloatArray
        The loan against coins.
    cash_usd, paid_in_usd, dividend_usd : FloatArray
        Cash at the end of the month; from and to the owner.
    """

    opening_cash_usd: float
    opening_coins_usd: FloatArray
    opening_gain_usd: FloatArray
    coins_usd: FloatArray
    kept_usd: FloatArray
    sold_usd: FloatArray
    gains_tax_usd: FloatArray
    loan_drawn_usd: FloatArray
    loan_repaid_usd: FloatArray
    loan_interest_usd: FloatArray
    loan_usd: FloatArray
    cash_usd: FloatArray
    paid_in_usd: FloatArray
    dividend_usd: FloatArray

    @classmethod
    def of_treasury(cls, treasury: Treasury, policy: TreasuryPolicy) -> OwnerFlows:
        """Return a treasury in dollars.

        Parameters
        ----------
        treasury : Treasury
            What was run.
        policy : TreasuryPolicy
            The policy that it ran: what there was at the start.
        """
        coins = policy.opening_btc * treasury.price_usd[:, :1]
        return cls(
            opening_cash_usd=policy.opening_cash_usd,
            opening_coins_usd=coins,
            opening_gain_usd=coins - policy.opening_cost_usd,
            coins_usd=treasury.fair_value_usd,
            kept_usd=treasury.kept_btc * treasury.price_usd,
            sold_usd=treasury.proceeds_usd,
            gains_tax_usd=treasury.gains_tax_usd,
            loan_drawn_usd=treasury.loan_drawn_usd,
            loan_repaid_usd=treasury.loan_repaid_usd,
            loan_interest_usd=treasury.loan_interest_usd,
            loan_usd=treasury.loan_usd,
            cash_usd=treasury.cash_usd,
            paid_in_usd=treasury.paid_in_usd,
            dividend_usd=treasury.dividend_usd,
        )

    @classmethod
    def passed_through(cls, flow_usd: FloatArray) -> OwnerFlows:
        """Return the flows of an owner who takes every surplus and pays in every shortfall.

        Parameters
        ----------
        flow_usd : FloatArray
            The company's cash flow [USD], shape (scenario, month); coins are sold as mined.
        """
        none = np.zeros_like(flow_usd)
        return cls(
            opening_cash_usd=0.0,
            opening_coins_usd=none[:, :1],
            opening_gain_usd=none[:, :1],
            coins_usd=none,
            kept_usd=none,
            sold_usd=none,
            gains_tax_usd=none,
            loan_drawn_usd=none,
            loan_repaid_usd=none,
            loan_interest_usd=none,
            loan_usd=none,
            cash_usd=none,
            paid_in_usd=np.maximum(-flow_usd, 0.0),
            dividend_usd=np.maximum(flow_usd, 0.0),
        )

    def map(self, change: Callable[[FloatArray], FloatArray]) -> OwnerFlows:
        """Return the flows with `change` applied to every array, as `Books.map`.

        Parameters
        ----------
        change : callable
            Linear in the scenarios.
        """
        arrays: dict[str, Any] = {
            f.name: change(getattr(self, f.name))
            for f in fields(self)
            if isinstance(getattr(self, f.name), np.ndarray)
        }
        return replace(self, **arrays)
