"""Compiled treasury: coins, loan and cash of each scenario, a month at a time."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance.impact_kernel import coins_for, most_sold, proceeds_of
from rerack.numerics.jit import kernel

#: Places in the state of a scenario.
COINS, COST, CASH, LOAN, GAINS, TAXED, OWED = range(7)
#: Places in a month's row, as `rerack.finance.treasury.ROWS` names them.
(
    KEPT, SOLD, FORCED, HELD, PROCEEDS, GIVEN_UP, COST_HELD, GAIN,
    TAX, DRAWN, REPAID, INTEREST, OWING, CASH_HELD, PAID_IN, DIVIDEND,
) = range(16)  # fmt: skip


@kernel
def to_restore(
    loan: float, coins: float, price: float, kept_frac: float, ltv: float, per_root: float
) -> float:
    """Return the coins to sell so that what is left of the loan is `ltv` of what is left of them.

    Without impact it solves ``loan - x p k = ltv (coins - x) p``, k being `kept_frac`; with impact
    the proceeds are fewer and the sale is repeated on what they fetched, to a few rounds.
    """
    sold = 0.0
    for _ in range(40):
        fetched = kept_frac * proceeds_of(sold, price, per_root)
        short = (loan - fetched) - ltv * (coins - sold) * price
        if short <= 1e-9 * loan:
            break
        sold = min(coins, sold + short / (price * (kept_frac - ltv)))
        if sold >= min(coins, most_sold(per_root)):
            sold = min(coins, most_sold(per_root))
            break
    return sold


@kernel
def cover_sale(need: float, loan: float, coins: float, price: float, numbers: FloatArray) -> float:
    """Return the coins to sell for `need` dollars, as far as the rest still covers the loan."""
    free = coins
    if loan > 0.0:
        free = max(coins - loan / (numbers[10] * price), 0.0)
    return coins_for(need, free, price, numbers[8])


@kernel
def sell(state: FloatArray, out: FloatArray, sold: float, proceeds: float) -> None:
    """Take coins out at their average cost; `state` and `out` are indexed as below."""
    if state[COINS] > 0.0:
        part = state[COST] * min(sold / state[COINS], 1.0)
        state[COST] -= part
        out[GAIN] -= part
    state[COINS] = max(state[COINS] - sold, 0.0)
    out[SOLD] += sold
    out[PROCEEDS] += proceeds
    out[GAIN] += proceeds


@kernel
def meet_margin(state: FloatArray, out: FloatArray, price: float, numbers: FloatArray) -> None:
    """Sell coins where loan to value is too high; what coins do not cover is paid in cash."""
    loan, coins = state[LOAN], state[COINS]
    if loan <= 0.0:
        return
    ltv, call, liquidation, haircut = numbers[10], numbers[11], numbers[12], numbers[13]
    sold, proceeds = 0.0, 0.0
    if loan >= liquidation * coins * price:
        sold = to_restore(loan, coins, price, 1.0 - haircut, ltv, 0.0)
        proceeds = sold * price * (1.0 - haircut)
        out[FORCED] = sold
    elif loan > call * coins * price:
        sold = to_restore(loan, coins, price, 1.0, ltv, numbers[8])
        proceeds = proceeds_of(sold, price, numbers[8])
    sell(state, out, sold, proceeds)
    repaid = loan if state[COINS] <= 0.0 else min(loan, proceeds)
    state[LOAN] -= repaid
    state[CASH] += proceeds - repaid
    out[REPAID] += repaid


@kernel
def raise_cash(state: FloatArray, out: FloatArray, price: float, numbers: FloatArray) -> None:
    """Borrow against coins, then sell them, until cash is at its minimum or neither is left."""
    need = numbers[6] - state[CASH]
    if need <= 0.0:
        return
    drawn = min(need, max(numbers[10] * state[COINS] * price - state[LOAN], 0.0))
    state[LOAN] += drawn
    state[CASH] += drawn
    out[DRAWN] = drawn
    if numbers[1] > 0.0 and need > drawn:
        sold = cover_sale(need - drawn, state[LOAN], state[COINS], price, numbers)
        proceeds = proceeds_of(sold, price, numbers[8])
        sell(state, out, sold, proceeds)
        state[CASH] += proceeds


@kernel
def wind_up(state: FloatArray, out: FloatArray, price: float) -> None:
    """Turn every coin into cash at the market and repay the loan: the study ends."""
    proceeds = state[COINS] * price
    sell(state, out, state[COINS], proceeds)
    state[CASH] += proceeds - state[LOAN]
    out[REPAID] += state[LOAN]
    state[LOAN] = 0.0


@kernel
def tax_gains(state: FloatArray, out: FloatArray, rate: float) -> None:
    """Note what gains of the month owe, above the highest gains taxed so far."""
    state[GAINS] += out[GAIN]
    state[OWED] = rate * max(state[GAINS] - state[TAXED], 0.0)
    state[TAXED] = max(state[TAXED], state[GAINS])


@kernel
def pay_out(state: FloatArray, out: FloatArray, floor: float, payout: float) -> None:
    """Let the owner pay in what is missing; repay the loan from what is spare, then pay out."""
    out[PAID_IN] = max(floor - state[CASH], 0.0)
    state[CASH] += out[PAID_IN]
    spare = max(state[CASH] - floor, 0.0)
    back = min(state[LOAN], spare)
    state[LOAN] -= back
    out[REPAID] += back
    out[DIVIDEND] = payout * (spare - back)
    state[CASH] -= back + out[DIVIDEND]


@kernel
def one_month(
    state: FloatArray, out: FloatArray, flow: float, kept: float, price: float, numbers: FloatArray
) -> None:
    """Carry one scenario through one month that is not the last."""
    state[COINS] += kept
    state[COST] += kept * price
    out[KEPT] = kept
    out[INTEREST] = numbers[9] * state[LOAN]
    out[TAX] = state[OWED]
    state[CASH] += flow - kept * price - out[INTEREST] - state[OWED]
    meet_margin(state, out, price, numbers)
    raise_cash(state, out, price, numbers)
    tax_gains(state, out, numbers[4])
    pay_out(state, out, numbers[6], numbers[7])


@kernel
def last_month(
    state: FloatArray, out: FloatArray, flow: float, price: float, numbers: FloatArray
) -> None:
    """Carry one scenario through the last month: sell, repay, pay tax, pay out."""
    out[INTEREST] = numbers[9] * state[LOAN]
    out[TAX] = state[OWED]
    state[CASH] += flow - out[INTEREST] - state[OWED]
    wind_up(state, out, price)
    tax_gains(state, out, numbers[4])
    out[TAX] += state[OWED]
    state[CASH] -= state[OWED]
    pay_out(state, out, 0.0, 1.0)


@kernel
def run_policy(
    flow: FloatArray, mined: FloatArray, price: FloatArray, numbers: FloatArray, rows: FloatArray
) -> None:
    """Fill `rows` (16, scenario, month), in the order of `rerack.finance.treasury.ROWS`."""
    months = flow.shape[1]
    state, out = np.zeros(7), np.zeros(16)
    for s in range(flow.shape[0]):
        state[:] = 0.0
        state[COINS], state[COST], state[CASH] = numbers[2], numbers[3], numbers[5]
        for t in range(months):
            out[:] = 0.0
            if t < months - 1:
                one_month(state, out, flow[s, t], numbers[0] * mined[s, t], price[s, t], numbers)
            else:
                last_month(state, out, flow[s, t], price[s, t], numbers)
            out[GIVEN_UP] = out[SOLD] * price[s, t] - out[PROCEEDS]
            out[HELD], out[COST_HELD] = state[COINS], state[COST]
            out[OWING], out[CASH_HELD] = state[LOAN], state[CASH]
            for k in range(16):
                rows[k, s, t] = out[k]
