"""Compiled loan under reserve and sweep, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def pay_down(
    draw: FloatArray,
    due: FloatArray,
    added: FloatArray,
    target: FloatArray,
    service: FloatArray,
    cash: FloatArray,
    capex: FloatArray,
    rate: float,
    sweep: float,
    rows: FloatArray,
) -> None:
    """Fill interest, capitalised, principal, balance, swept, reserve, drawn (scenario, 7, month).

    `added` is the share of interest that the schedule adds to the debt; the other arrays are
    dollars, all (scenario, month).
    """
    months = draw.shape[1]
    for s in range(draw.shape[0]):
        balance, reserve = 0.0, 0.0
        began = False
        for t in range(months):
            interest = rate * balance
            capitalised = interest * added[s, t]
            principal = min(due[s, t], balance + capitalised)
            paid = interest - capitalised + principal
            balance = balance + capitalised - principal + draw[s, t]
            began = began or service[s, t] > 0.0
            # Nobody holds more in reserve than the debt itself.
            wanted = min(target[s, t], balance)
            if not began:
                reserve = max(reserve, wanted)
            left = cash[s, t] - paid
            taken = 0.0
            if left < 0.0:
                # It is there for the lender: what operations lose beyond service is the owner's.
                taken = min(reserve, -left, paid)
                reserve -= taken
            elif reserve < wanted and began:
                refill = min(left, wanted - reserve)
                reserve += refill
                left -= refill
            reserve = min(reserve, wanted) if t < months - 1 else 0.0
            swept = 0.0
            if began and t < months - 1:
                swept = min(sweep * max(left - capex[s, t], 0.0), balance)
            balance -= swept
            rows[s, 0, t] = interest
            rows[s, 1, t] = capitalised
            rows[s, 2, t] = principal + swept
            rows[s, 3, t] = balance
            rows[s, 4, t] = swept
            rows[s, 5, t] = reserve
            rows[s, 6, t] = taken


def pay_down_plain(
    draw: FloatArray,
    due: FloatArray,
    added: FloatArray,
    target: FloatArray,
    service: FloatArray,
    cash: FloatArray,
    capex: FloatArray,
    rate: float,
    sweep: float,
) -> FloatArray:
    """Return what `pay_down` fills, all scenarios a month at a time."""
    scenarios, months = draw.shape
    rows = np.zeros((scenarios, 7, months))
    balance, reserve = np.zeros(scenarios), np.zeros(scenarios)
    began = np.zeros(scenarios, dtype=np.bool_)
    for t in range(months):
        interest = rate * balance
        capitalised = interest * added[:, t]
        principal = np.minimum(due[:, t], balance + capitalised)
        balance = balance + capitalised - principal + draw[:, t]
        began |= service[:, t] > 0.0
        wanted = np.minimum(target[:, t], balance)
        reserve = np.where(began, reserve, np.maximum(reserve, wanted))
        paid = interest - capitalised + principal
        left = cash[:, t] - paid
        taken = np.minimum(reserve, np.clip(-left, 0.0, paid))
        reserve = reserve - taken
        refill = np.where(began, np.clip(wanted - reserve, 0.0, np.maximum(left, 0.0)), 0.0)
        reserve = np.minimum(reserve + refill, wanted) if t < months - 1 else np.zeros(scenarios)
        swept = np.zeros(scenarios)
        if t < months - 1:
            spare = np.maximum(left - refill - capex[:, t], 0.0)
            swept = np.where(began, np.minimum(sweep * spare, balance), 0.0)
        balance = balance - swept
        rows[:, :, t] = np.stack(
            (interest, capitalised, principal + swept, balance, swept, reserve, taken), axis=1
        )
    return rows
