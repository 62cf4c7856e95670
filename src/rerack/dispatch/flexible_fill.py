"""The exact hour: all uses of a site's power in one merit order, sources among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.flexible_fill_kernel import fill_kernel, limit_slopes_kernel
from rerack.dispatch.flexible_reserve import best_offers_frac
from rerack.dispatch.peaks import MonthPeaks, best_peaks
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule


@dataclass(frozen=True, kw_only=True, eq=False)
class Multipliers:
    """Prices put on what couples hours.

    Parameters
    ----------
    ai_usd_per_mwh : float
        On a curtailed MWh of AI load [USD/MWh].
    take_usd_per_mwh : ndarray
        Reward of a MWh taken [USD/MWh], shape (month,).
    peak_usd_per_mwh : ndarray
        Surcharge of import, a share of the demand charge [USD/MWh], shape (hour,).
    """

    ai_usd_per_mwh: float
    take_usd_per_mwh: FloatArray
    peak_usd_per_mwh: FloatArray

    @classmethod
    def zero(cls, problem: Problem) -> Multipliers:
        """Return multipliers of 0."""
        return cls(
            ai_usd_per_mwh=0.0,
            take_usd_per_mwh=np.zeros(problem.months),
            peak_usd_per_mwh=np.zeros(problem.hours),
        )


class Hours:
    """Uses of power of every hour, with switches held in given positions.

    Parameters
    ----------
    problem : Problem
        The site.
    on : ndarray of bool
        Position of the switches, shape (hour, switch).

    Notes
    -----
    One balance an hour: ``supply = uses``. Supply is all that could come in: import up to its
    limit, generators that are on, sun and wind; not buying, not generating and not using the sun
    are uses among the others, worth what they save. Filling uses by falling worth is then the
    optimum of the hour's linear program (a continuous knapsack). Uses in order: steps of rigs,
    flexible AI load, import not bought, export, output not generated, sun and wind not used.
    """

    def __init__(self, problem: Problem, on: BoolArray) -> None:
        self.problem, self.on = problem, on
        p = problem
        self.steps = p.step_mw.shape[1]
        self.ai, self.unbought, self.sold = self.steps, self.steps + 1, self.steps + 2
        self.unmade = self.steps + 3
        self.unused = self.unmade + len(p.generators)
        called = on[:, : p.calls]
        limits = np.where(called, p.call_mw, np.inf).min(axis=1, initial=np.inf)
        self.limit_mw = np.minimum(limits, p.interconnect_mw)
        self.bends = ~(called & ~p.call_ai).any(axis=1)
        self.low, self.high = _generator_range(p, on)
        self.width = np.zeros((p.hours, self.unused + 1))
        self.width[:, : self.steps] = p.step_mw
        self.width[:, self.ai] = self.bends * p.ai_flexible_mw
        self.width[:, self.sold] = p.export_mw
        self.width[:, self.unmade : self.unused] = self.high - self.low
        self.width[:, self.unused] = p.renewable_mw
        firm = p.idle_mw + p.ai_mw - self.width[:, self.ai]
        self.own_mw = self.high.sum(axis=1) + p.renewable_mw - firm
        switches_usd = on[:, : p.calls] * p.call_usd
        cost = np.array([g.marginal_usd_per_mwh for g in p.generators])
        self.base_usd = switches_usd.sum(axis=1) - self.high @ cost

    def fill(
        self, prices: Multipliers, limit_mw: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return the worth of each hour and its uses under `prices`.

        Parameters
        ----------
        prices : Multipliers
            Prices on what couples hours.
        limit_mw : ndarray or None
            A lower import limit [MW utility], shape (hour,).

        Returns
        -------
        tuple of ndarray
            Lagrangian worth [USD], shape (hour,), -inf where the hour cannot be balanced; uses
            [MW utility], shape (hour, use).
        """
        limit = self.limit_mw if limit_mw is None else np.minimum(self.limit_mw, limit_mw)
        value = self._value(prices)
        width = self.width.copy()
        width[:, self.unbought] = limit
        supply = limit + self.own_mw
        amount = np.empty_like(width)
        fill_kernel(value, width, supply, amount)
        worth = np.einsum("hu,hu->h", value, amount) + self.base_usd
        worth -= value[:, self.unbought] * limit
        worth -= value[:, self.ai] * self.width[:, self.ai]
        slack = 1e-9 * (1.0 + np.abs(supply))
        broken = (supply < -slack) | (width.sum(axis=1) < supply - slack)
        return np.where(broken, -np.inf, worth), amount

    def peaks(self, prices: Multipliers) -> MonthPeaks:
        """Return the best monthly peaks under the demand charge and the other prices."""
        p = self.problem
        value = self._value(prices)
        others = [u for u in range(value.shape[1]) if u != self.unbought]
        price = value[:, self.unbought] - prices.peak_usd_per_mwh
        shape = (p.hours, len(others))
        level, drop = np.empty(shape), np.empty(shape)
        limit_slopes_kernel(
            np.ascontiguousarray(value[:, others]), np.ascontiguousarray(self.width[:, others]),
            self.own_mw, price, self.limit_mw, level, drop,
        )  # fmt: skip
        return best_peaks(
            level,
            drop,
            least_mw=-self.own_mw,
            month=p.month,
            charge_usd_per_mw=p.demand_usd_per_mw,
        )

    def schedule(self, amount: FloatArray, limit_mw: FloatArray | None = None) -> Schedule:
        """Return the schedule that `amount` (hour, use) of the uses is."""
        p = self.problem
        limit = self.limit_mw if limit_mw is None else np.minimum(self.limit_mw, limit_mw)
        step = amount[:, : self.steps]
        bought, sold = limit - amount[:, self.unbought], amount[:, self.sold]
        both = np.minimum(bought, sold)
        offered = best_offers_frac(p.offer_frac, p.offer_usd_per_mwh)
        return Schedule(
            step_mw=step,
            offer_mw=offered * step[:, :, np.newaxis],
            import_mw=bought - both,
            export_mw=sold - both,
            ai_cut_mw=self.width[:, self.ai] - amount[:, self.ai],
            generator_mw=self.high - amount[:, self.unmade : self.unused],
            renewable_mw=p.renewable_mw - amount[:, self.unused],
            charge_mw=np.zeros(p.hours),
            discharge_mw=np.zeros(p.hours),
            stored_mwh=np.zeros(p.hours),
            reserve_mw=np.zeros((p.hours, len(p.services))),
            on=self.on,
        )

    def _value(self, prices: Multipliers) -> FloatArray:
        """Return the worth of a MWh of every use, shape (hour, use)."""
        p = self.problem
        take = prices.take_usd_per_mwh[p.month]
        value = np.zeros(self.width.shape)
        value[:, : self.steps] = p.strike_usd_per_mwh + reserve_usd_per_mwh(p)
        value[:, self.ai] = p.ai_usd_per_mwh + prices.ai_usd_per_mwh
        value[:, self.unbought] = p.import_usd_per_mwh + prices.peak_usd_per_mwh - take
        value[:, self.sold] = p.sale_usd_per_mwh - take
        value[:, self.unmade : self.unused] = [g.marginal_usd_per_mwh for g in p.generators]
        return value


def reserve_usd_per_mwh(problem: Problem) -> FloatArray:
    """Return what reserves add to a running MWh of each step [USD/MWh], shape (hour, step)."""
    if not problem.services:
        return np.zeros(problem.step_mw.shape)
    best = best_offers_frac(problem.offer_frac, problem.offer_usd_per_mwh)
    return np.asarray((best * problem.offer_usd_per_mwh).sum(axis=2))


def _generator_range(problem: Problem, on: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return least and most output of every generator, both shape (hour, generator)."""
    low = np.zeros((problem.hours, len(problem.generators)))
    high = np.zeros_like(low)
    for g, (generator, switch) in enumerate(
        zip(problem.generators, problem.committed, strict=True)
    ):
        runs = on[:, switch] if switch >= 0 else np.ones(problem.hours)
        high[:, g] = runs * generator.capacity_mw
        low[:, g] = high[:, g] * generator.min_load_frac
    return low, high
