"""Plain NumPy twin of the treasury kernel: all scenarios a month at a time, roots by bisection."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance.treasury import ROWS

_HALVINGS = 200


def run_policy_plain(
    flow: FloatArray, mined: FloatArray, price: FloatArray, numbers: FloatArray
) -> dict[str, FloatArray]:
    """Return what `run_policy` fills, by the names of `ROWS`, each (scenario, month)."""
    hold, _, coins0, cost0, tax_rate, cash0, floor, payout = numbers[:8]
    rate = numbers[9]
    scenarios, months = flow.shape
    out = {name: np.zeros(flow.shape) for name in ROWS}
    coins, cost = np.full(scenarios, coins0), np.full(scenarios, cost0)
    cash, loan = np.full(scenarios, cash0), np.zeros(scenarios)
    gains, taxed, owed = np.zeros(scenarios), np.zeros(scenarios), np.zeros(scenarios)
    for t in range(months):
        p, last = price[:, t], t == months - 1
        kept = np.zeros(scenarios) if last else hold * mined[:, t]
        interest, tax = rate * loan, owed
        coins, cost = coins + kept, cost + kept * p
        cash = cash + flow[:, t] - kept * p - interest - tax
        sold, proceeds = np.zeros(scenarios), np.zeros(scenarios)
        drawn = repaid = forced = np.zeros(scenarios)
        if last:
            sold, proceeds, repaid = coins, coins * p, loan
        else:
            sold, forced, proceeds, repaid, drawn = _sales(coins, loan, cash, p, numbers)
            loan = loan - repaid + drawn
            cash = cash + proceeds - repaid + drawn
        share = np.divide(sold, coins, out=np.zeros(scenarios), where=coins > 0.0)
        gain = proceeds - cost * share
        coins, cost = coins - sold, cost * (1.0 - share)
        if last:
            cash, loan = cash + proceeds - repaid, np.zeros(scenarios)
        gains = gains + gain
        owed = tax_rate * np.maximum(gains - taxed, 0.0)
        taxed = np.maximum(taxed, gains)
        least, paid_share = (0.0, 1.0) if last else (floor, payout)
        if last:
            tax, cash = tax + owed, cash - owed
        paid_in = np.maximum(least - cash, 0.0)
        spare = np.maximum(cash + paid_in - least, 0.0)
        back = np.minimum(loan, spare)
        dividend = paid_share * (spare - back)
        cash, loan = cash + paid_in - back - dividend, loan - back
        month = (
            kept, sold, forced, coins, proceeds, sold * p - proceeds, cost, gain, tax, drawn,
            repaid + back, interest, loan, cash, paid_in, dividend,
        )  # fmt: skip
        for name, values in zip(ROWS, month, strict=True):
            out[name][:, t] = values
    return out


def _sales(
    coins: FloatArray, loan: FloatArray, cash: FloatArray, price: FloatArray, numbers: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return coins sold, of these by a lender, proceeds, loan repaid and loan drawn in a month."""
    per_root, _, ltv, call, liquidation, haircut = numbers[8:]
    value = coins * price
    seized = (loan > 0.0) & (loan >= liquidation * value)
    called = ~seized & (loan > call * value)

    def lender(sold: FloatArray) -> FloatArray:
        return np.asarray(sold * price * (1.0 - haircut))

    def market(sold: FloatArray) -> FloatArray:
        return _fetched(sold, price, per_root)

    forced = np.where(seized, _restoring(loan, coins, price, ltv, lender), 0.0)
    own = np.where(called, _restoring(loan, coins, price, ltv, market), 0.0)
    sold, proceeds = forced + own, lender(forced) + market(own)
    repaid = np.where(coins - sold <= 0.0, loan, np.minimum(loan, proceeds))
    left, owing = coins - sold, loan - repaid
    need = np.maximum(numbers[6] - (cash + proceeds - repaid), 0.0)
    drawn = np.minimum(need, np.maximum(ltv * left * price - owing, 0.0))
    if numbers[1] > 0.0:
        if ltv > 0.0:
            pledged = (owing + drawn) / (ltv * price)
            left = np.where(owing + drawn > 0.0, np.maximum(left - pledged, 0.0), left)
        more = _fetching(need - drawn, left, price, per_root)
        sold, proceeds = sold + more, proceeds + market(more)
    return sold, forced, proceeds, repaid, drawn


def _fetched(coins: FloatArray, price: FloatArray, per_root: float) -> FloatArray:
    """Return proceeds under square-root impact."""
    return np.asarray(coins * price * (1.0 - per_root * np.sqrt(coins)))


def _most(held: FloatArray, per_root: float) -> FloatArray:
    limit = np.inf if per_root <= 0.0 else (2.0 / (3.0 * per_root)) ** 2
    return np.minimum(held, limit)


def _fetching(need: FloatArray, held: FloatArray, price: FloatArray, per_root: float) -> FloatArray:
    """Return the fewest coins that fetch `need`, or all that can be sold."""
    low, high = np.zeros_like(need), _most(held, per_root)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        short = _fetched(middle, price, per_root) < need
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(need > 0.0, high, 0.0)


def _restoring(
    loan: FloatArray,
    coins: FloatArray,
    price: FloatArray,
    ltv: float,
    fetch: Callable[[FloatArray], FloatArray],
) -> FloatArray:
    """Return the fewest coins whose sale brings loan to value back to `ltv`, or all."""
    low, high = np.zeros_like(loan), coins.copy()
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        over = loan - fetch(middle) > ltv * (coins - middle) * price
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    return high
