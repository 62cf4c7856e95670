"""What every miner sells in a step if the price ends where it is said to end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.reserves.books import Books, Rules

#: Less than this is no reason to sell [USD].
_CENT_USD = 0.005


class Orders(NamedTuple):
    """Coins by reason, shape (scenario, miner) [BTC], and cash paid to coin lenders [USD].

    Parameters
    ----------
    policy_btc : array
        Sold by the miner's own policy.
    bills_btc : array
        Sold because cash would fall below its floor.
    covenant_btc : array
        Sold to repay debt until the covenant holds.
    posted_btc : array
        Moved to the lender as collateral; not sold.
    paid_usd : array
        Cash paid on a call.
    called_btc : array
        Collateral that the lender sells.
    """

    policy_btc: FloatArray
    bills_btc: FloatArray
    covenant_btc: FloatArray
    posted_btc: FloatArray
    paid_usd: FloatArray
    called_btc: FloatArray

    @property
    def sold_btc(self) -> FloatArray:
        """All coins sold, shape (scenario, miner) [BTC]."""
        total: FloatArray = self.policy_btc + self.bills_btc + self.covenant_btc + self.called_btc
        return total


def orders_at(
    books: Books,
    rules: Rules,
    mined_btc: FloatArray,
    bills_usd: FloatArray,
    price_usd: FloatArray,
    paid_usd_per_btc: FloatArray,
) -> Orders:
    """Return what every miner sells at a price.

    Parameters
    ----------
    books, rules
        The miners; free coins with what they mined, debt less what is due.
    mined_btc, bills_usd : array, shape (scenario, miner)
        Mined in the step, and due in it.
    price_usd : array, shape (scenario, 1)
        Price at the end of the step, at which loans and covenants are measured [USD/BTC].
    paid_usd_per_btc : array, shape (scenario, 1)
        Mean price that sales of the step fetch, at least `price_usd` and rising with it.

    Notes
    -----
    In this order: policy, bills, covenant, call. A coin sold for one is not there for the next, and
    every step of it sells no less at a lower price, all before it being given or not; hence the sum
    does not rise with the price (the proof is in docs/explanation/reserves.md). Calls and covenants
    trigger *beyond* their limit, not at it: the sum is continuous from above.
    """
    p, e = price_usd, paid_usd_per_btc
    policy = np.minimum(books.free_btc, rules.covers * bills_usd / e + rules.sell_frac * mined_btc)
    left = books.free_btc - policy
    short = np.maximum(bills_usd + rules.cash_floor_usd - books.cash_usd - policy * e, 0.0)
    bills = np.where(short > _CENT_USD, np.minimum(left, short / e), 0.0)
    left = left - bills
    covenant = _covenant(books, rules, left, p)
    left = left - covenant
    spare = np.maximum(
        books.cash_usd + (policy + bills) * e - bills_usd - rules.cash_floor_usd, 0.0
    )
    posted, paid, called = _call(books, rules, left, spare, p)
    return Orders(policy, bills, covenant, posted, paid, called)


def _covenant(books: Books, rules: Rules, left: FloatArray, p: FloatArray) -> FloatArray:
    """Sell until all debt is its share of all coins, measured at the mark: proceeds are no less."""
    limit = rules.covenant_frac
    worth = limit * (left + books.pledged_btc) * p
    excess = books.coin_loan_usd + books.debt_usd - worth
    wanted = np.minimum(excess / ((1.0 - limit) * p), books.debt_usd / p)
    broken = (limit > 0.0) & (excess > 0.0)
    return np.where(broken, np.minimum(left, np.maximum(wanted, 0.0)), 0.0)


def _call(
    books: Books, rules: Rules, left: FloatArray, spare: FloatArray, p: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Post free coins, then pay cash, then let the lender sell collateral, to cure a call."""
    loan, pledged, cure = books.coin_loan_usd, books.pledged_btc, rules.cure_ltv_frac
    called = loan > rules.call_ltv_frac * pledged * p
    needed = np.maximum(loan / (cure * p) - pledged, 0.0)
    posted = np.where(called, np.minimum(left, needed), 0.0)
    pledged = pledged + posted
    gap = np.where(called, np.maximum(loan - cure * pledged * p, 0.0), 0.0)
    # What is cured by posting is cured: rounding leaves no gap.
    gap = np.where(posted >= needed, 0.0, gap)
    paid = np.minimum(gap, spare)
    sold = np.minimum(pledged, (gap - paid) / ((1.0 - cure) * p))
    return posted, paid, sold
