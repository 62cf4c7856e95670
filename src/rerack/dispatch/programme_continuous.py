"""The hours with all switches held: exact prices of AI curtailment, minimum take and peaks."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.flexible_fill import Hours, Multipliers
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule, cash_usd
from rerack.dispatch.programme_tangents import Bracket, Tangent

#: Steps after which a search stops with what it has; the gap then shows.
_STEPS = 60
#: Price of AI curtailment above anything that it could save [USD/MWh].
_PROHIBITIVE_USD_PER_MWH = 1e6


def solve_continuous(problem: Problem, on: BoolArray) -> tuple[Schedule, Multipliers]:
    """Return the best schedule with the switches held, and the prices that prove it.

    Parameters
    ----------
    problem : Problem
        The site; what ties the hours of rigs together is left out.
    on : ndarray of bool
        Positions of the switches, shape (hour, switch).

    Returns
    -------
    tuple of Schedule and Multipliers
        Optimal schedule; prices at which every hour by itself would choose it.

    Notes
    -----
    With a price on a limit, the hours are worth a convex piecewise linear function of the price,
    and the room left is its slope. At its lowest point a schedule that uses too much and one that
    leaves room are both best, and the mix that meets the limit is the optimum (linear programming
    duality). The price of energy taken is found by month within each price of AI curtailment.
    """
    hours = Hours(problem, on)
    low, prices = _with_take(hours, 0.0)
    if low.ai_cut_mw.sum() <= problem.ai_limit_mwh * (1.0 + 1e-12):
        return low, prices
    high, prices = _with_take(hours, _PROHIBITIVE_USD_PER_MWH)
    scale = sum(abs(v) for v in cash_usd(problem, low).values())
    bracket = Bracket(
        _ai_tangent(problem, low, 0.0),
        _ai_tangent(problem, high, _PROHIBITIVE_USD_PER_MWH),
        scale=scale,
    )
    for _ in range(_STEPS):
        if bracket.done:
            break
        price = float(bracket.next()[0])
        tried, prices = _with_take(hours, price)
        if bracket.narrow(_ai_tangent(problem, tried, price))[0]:
            high = tried
        else:
            low = tried
    if prices.ai_usd_per_mwh != bracket.best[0]:
        _, prices = _with_take(hours, float(bracket.best[0]))
    return _mixed(low, high, np.full(problem.hours, bracket.ceiling_share[0])), prices


def _ai_tangent(problem: Problem, schedule: Schedule, price: float) -> Tangent:
    """Return what the hours are worth at a price of AI curtailment, the limit's worth included."""
    room = problem.ai_limit_mwh - float(schedule.ai_cut_mw.sum())
    value = sum(cash_usd(problem, schedule).values()) + price * room
    return Tangent(at=np.array([price]), value=np.array([value]), slope=np.array([room]))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Trial:
    """The best hours at given prices, and the worth of each month there, rewards less dues."""

    schedule: Schedule
    prices: Multipliers
    tangent: Tangent


def _with_take(hours: Hours, ai_usd_per_mwh: float) -> tuple[Schedule, Multipliers]:
    """Return the best schedule at a price of AI curtailment, minimum take and peaks included."""
    p = hours.problem
    zero = replace(Multipliers.zero(p), ai_usd_per_mwh=ai_usd_per_mwh)
    low = _with_peaks(hours, zero)
    if p.take_usd_per_mwh == 0.0 or (low.tangent.slope >= 0.0).all():
        return low.schedule, low.prices
    most = np.full(p.months, p.take_usd_per_mwh)
    high = _with_peaks(hours, replace(zero, take_usd_per_mwh=most))
    scale = float(np.abs(low.tangent.value).sum() + np.abs(high.tangent.value).sum())
    bracket = Bracket(low.tangent, high.tangent, scale=scale)
    below, above = low.schedule, high.schedule
    for _ in range(_STEPS):
        if bracket.done:
            break
        tried = _with_peaks(hours, replace(zero, take_usd_per_mwh=bracket.next()))
        old_floor = bracket.floor.at
        right = bracket.narrow(tried.tangent)
        left = bracket.floor.at != old_floor
        above = _mixed(above, tried.schedule, right[p.month].astype(np.float64))
        below = _mixed(below, tried.schedule, left[p.month].astype(np.float64))
    prices = _with_peaks(hours, replace(zero, take_usd_per_mwh=bracket.best)).prices
    share = bracket.ceiling_share
    # Where an end is lowest, it is the answer by itself.
    share = np.where(bracket.ceiling.slope <= 0.0, 1.0, share)
    return _mixed(below, above, share[p.month]), prices


def _with_peaks(hours: Hours, prices: Multipliers) -> _Trial:
    """Return the best schedule at given prices, with the best monthly peaks."""
    p = hours.problem
    if p.demand_usd_per_mw == 0.0:
        peaks_usd, limit = np.zeros(p.months), None
        paid = prices
    else:
        peaks = hours.peaks(prices)
        peaks_usd, limit = p.demand_usd_per_mw * peaks.peak_mw, peaks.peak_mw[p.month]
        paid = replace(prices, peak_usd_per_mwh=peaks.surcharge_usd_per_mwh)
    worth, amount = hours.fill(prices, limit)
    schedule = hours.schedule(amount, limit)
    reward = prices.take_usd_per_mwh
    value = np.bincount(p.month, weights=worth, minlength=p.months) - peaks_usd
    net = schedule.import_mw - schedule.export_mw
    room = np.bincount(p.month, weights=net, minlength=p.months) - p.take_mwh
    tangent = Tangent(at=reward, value=value - reward * p.take_mwh, slope=room)
    return _Trial(schedule=schedule, prices=paid, tangent=tangent)


def _mixed(first: Schedule, second: Schedule, share: FloatArray) -> Schedule:
    """Return ``(1 - share) first + share second``, share by hour; switches are the same in both.

    Where one imports and the other exports, both prices are the same and the mix is netted.
    """

    def mix(name: str) -> FloatArray:
        a, b = getattr(first, name), getattr(second, name)
        weight = share.reshape(-1, *(1,) * (a.ndim - 1))
        return np.asarray((1.0 - weight) * a + weight * b)

    mixed = {f.name: mix(f.name) for f in fields(Schedule) if f.name != "on"}
    both = np.minimum(mixed["import_mw"], mixed["export_mw"])
    for name in ("import_mw", "export_mw"):
        mixed[name] = mixed[name] - both
    return Schedule(**mixed, on=first.on)
