"""Compiled sizing of sculpted loans, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel

#: Halvings of a bisection: 2^-60 is below the rounding of a double.
HALVINGS = 60


@kernel
def closing(
    capex: FloatArray, pay: FloatArray, drawn: float, service: float, rate: float, last: int
) -> float:
    """Return the balance after period `last` if shares `drawn` and `service` are taken.

    The last pay is not cut at the balance, so that the value falls through zero.
    """
    balance = 0.0
    for t in range(last + 1):
        due = (1.0 + rate) * balance
        paid = service * pay[t]
        if t < last:
            paid = min(paid, due)
        balance = due + drawn * capex[t] * (t < last) - paid
    return balance


@kernel
def highest_share(capex: FloatArray, pay: FloatArray, most: float, rate: float, last: int) -> float:
    """Return the largest share of cost, up to `most`, that full service repays."""
    if closing(capex, pay, most, 1.0, rate, last) <= 0.0:
        return most
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if closing(capex, pay, middle, 1.0, rate, last) <= 0.0:
            low = middle
        else:
            high = middle
    return low


@kernel
def lowest_service(
    capex: FloatArray, pay: FloatArray, drawn: float, rate: float, last: int
) -> float:
    """Return the smallest share of full service that repays share `drawn` of cost."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if closing(capex, pay, drawn, middle, rate, last) <= 0.0:
            high = middle
        else:
            low = middle
    return high


@kernel
def write_schedule(
    capex: FloatArray,
    pay: FloatArray,
    drawn: float,
    service: float,
    rate: float,
    last: int,
    rows: FloatArray,
) -> None:
    """Fill draw, interest, capitalised interest, principal, balance of one scenario."""
    balance = 0.0
    for t in range(last + 1):
        interest = rate * balance
        paid = min(service * pay[t], balance + interest)
        if t == last:
            paid = balance + interest
        capitalised = max(interest - paid, 0.0)
        principal = max(paid - interest, 0.0)
        draw = drawn * capex[t] if t < last else 0.0
        balance = balance + capitalised - principal + draw
        if t == last:
            balance = 0.0
        rows[0, t] = draw
        rows[1, t] = interest
        rows[2, t] = capitalised
        rows[3, t] = principal
        rows[4, t] = balance


@kernel
def sculpt_all(
    capex: FloatArray,
    pay: FloatArray,
    most: FloatArray,
    rate: float,
    tenor: int,
    rows: FloatArray,
    shares: FloatArray,
) -> None:
    """Size and schedule the loan of every scenario.

    `capex` and `pay` are (scenario, month), `most` (scenario,); fills `rows`
    (scenario, 5, month) and `shares` (scenario, 2): drawn, service.
    """
    months = capex.shape[1]
    for s in range(capex.shape[0]):
        first = 0
        while first < months and capex[s, first] == 0.0:
            first += 1
        if first == months or most[s] <= 0.0:
            continue
        last = min(first + tenor, months - 1)
        drawn = highest_share(capex[s], pay[s], most[s], rate, last)
        if drawn <= 0.0:
            continue
        service = lowest_service(capex[s], pay[s], drawn, rate, last)
        shares[s, 0] = drawn
        shares[s, 1] = service
        write_schedule(capex[s], pay[s], drawn, service, rate, last, rows[s])


def sculpted_plain(
    capex: FloatArray, pay: FloatArray, drawn: FloatArray, service: FloatArray, rate: float
) -> FloatArray:
    """Return the balance (scenario, month) of given shares, all scenarios a month at a time."""
    balance = np.zeros_like(capex)
    before = np.zeros(capex.shape[0])
    for t in range(capex.shape[1]):
        due = (1.0 + rate) * before
        before = due + drawn * capex[:, t] - np.minimum(service * pay[:, t], due)
        balance[:, t] = before
    return balance
