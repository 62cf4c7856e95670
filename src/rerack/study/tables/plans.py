"""Tables that compare plans: headline figures, scenario values, decisions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rerack.assets import AiUse
from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.finance import Irr, irr_each, moic, payback_months
from rerack.numerics.quantiles import quantiles
from rerack.scenario import Scenario
from rerack.study.merge import Merged, MergedPlan
from rerack.study.store import Table

#: Differences below this are rounding of sums in the hundreds of millions [USD].
CENT_USD = 0.01


def plans_table(merged: Merged, scenario: Scenario) -> Table:
    """Return one row a plan; differences are to the first plan, on common random numbers."""
    plans, keep = merged.plans, merged.plans[0]
    npv = np.stack([p.npv_usd for p in plans])
    gain = np.stack([p.gain_usd(keep) for p in plans])
    p5, p95 = quantiles(npv.T, (0.05, 0.95))
    hall_mw = {hall.name: hall.utility_mw for hall in scenario.site.halls}
    ai = np.array([_ai_mw(p, hall_mw, scenario.offers) for p in plans])
    returns = _returns(merged)
    return {
        "plan": np.array([p.plan.name for p in plans]),
        "kind": np.array([p.plan.kind for p in plans]),
        "npv_mean_usd": npv.mean(axis=1),
        "npv_se_usd": _standard_errors(npv),
        "npv_p5_usd": p5,
        "npv_p95_usd": p95,
        "delta_mean_usd": gain.mean(axis=1),
        "delta_se_usd": _standard_errors(gain),
        # By a cent or more: where a plan converts nothing the two differ by rounding alone.
        "p_below_keep_frac": (npv < keep.npv_usd - CENT_USD).mean(axis=1),
        "irr_frac": returns["irr_frac"],
        "irr_note": returns["irr_note"],
        "payback_months": returns["payback_months"],
        "capex_usd": np.array([p.capex_usd.mean() for p in plans]),
        "tenant_capex_usd": np.array([p.tenant_capex_usd.mean() for p in plans]),
        "worst_dscr": np.array([p.worst_dscr.min() for p in plans]),
        "moic": returns["moic"],
        "ai_mw_utility": ai[:, 0],
        "ai_mw_critical": ai[:, 1],
    }


def _returns(merged: Merged) -> Table:
    """Return IRR, payback and MOIC of each plan's mean cash over that of the first."""
    cash = np.stack([p.mean_cash_usd for p in merged.plans])
    more = cash - cash[0]
    # A rule that converts nowhere differs from mining on by rounding, of which there is no rate.
    converts = (np.abs(more) >= CENT_USD).any(axis=1)
    found = iter(irr_each(more[converts], periods_per_year=12))
    rates = [
        _rate(next(found)) if converting else (float("nan"), "no investment to compare")
        for converting in converts
    ]
    paid = payback_months(more)
    return {
        "irr_frac": np.array([rate for rate, _ in rates]),
        "irr_note": np.array([note for _, note in rates]),
        "payback_months": np.where(converts & paid.reached, paid.after_months, np.nan),
        "moic": np.where(converts, moic(more), np.nan),
    }


#: Rates below this are roots of the polynomial only: nearly all of the money is lost each year.
_LEAST_IRR_FRAC = -0.99


def _rate(found: Irr) -> tuple[float, str]:
    """Return the IRR of the mean cash over keeping mining, NaN for none, and what to say of it."""
    if found.value_frac is None:
        return float("nan"), repr(found)
    if found.value_frac < _LEAST_IRR_FRAC:
        return float("nan"), "none: the money does not come back"
    return found.value_frac, repr(found)


def standard_error(values: FloatArray) -> float:
    """Return the standard error of the mean; NaN for a single scenario."""
    return float(_standard_errors(values[None, :])[0])


def _standard_errors(values: FloatArray) -> FloatArray:
    """Return the standard error of the mean of each row; NaN for a single scenario."""
    count = values.shape[1]
    if count == 1:
        return np.full(len(values), np.nan)
    return np.asarray(values.std(axis=1, ddof=1) / np.sqrt(count))


def _ai_mw(
    plan: MergedPlan, hall_mw: dict[str, float], offers: Mapping[str, AiUse]
) -> tuple[float, float]:
    """Return mean converted MW, utility and critical."""
    utility = critical = 0.0
    for hall, use in plan.use.items():
        # The first count is that of scenarios in which the hall stays.
        counts = np.bincount(use + 1, minlength=len(plan.offers) + 1)[1:].tolist()
        for offer, count in zip(plan.offers, counts, strict=True):
            mw = hall_mw[hall] * (count / use.size)
            utility += mw
            critical += offers[offer].conversion.critical_mw(mw)
    return utility, critical


def scenarios_table(merged: Merged) -> Table:
    """Return the NPV of each plan in each scenario."""
    count = len(merged.plans[0].npv_usd)
    return {
        # Objects: a name of each plan, not one of each scenario.
        "plan": np.repeat(np.array([p.plan.name for p in merged.plans], dtype=object), count),
        "scenario": np.tile(np.arange(count), len(merged.plans)),
        "npv_usd": np.concatenate([p.npv_usd for p in merged.plans]),
        "worst_dscr": np.concatenate([p.worst_dscr for p in merged.plans]),
        "worst_dscr_month": np.concatenate([p.worst_dscr_month for p in merged.plans]),
    }


def decisions_table(merged: Merged, grid: MonthGrid) -> Table:
    """Return when each hall is decided, as shares of scenarios."""
    rows: list[tuple[str, str, str, str, float]] = []
    for plan in merged.plans:
        for hall in plan.use:
            rows += [(plan.plan.name, hall, *row) for row in _decided(plan, hall, grid)]
    names = ("plan", "hall", "use", "month")
    table: Table = {name: np.asarray([r[i] for r in rows], str) for i, name in enumerate(names)}
    table["share_frac"] = np.asarray([r[4] for r in rows], dtype=np.float64)
    return table


def _decided(plan: MergedPlan, hall: str, grid: MonthGrid) -> list[tuple[str, str, float]]:
    """Return (offer, month, share of scenarios) of one hall; what never converts stays mining."""
    month, use = plan.decided[hall], plan.use[hall]
    # One number a pair, in the order of offer and month, so that pairs can be counted.
    step = grid.months + 1
    seen = np.bincount((use + 1) * step + np.minimum(month, grid.months))
    codes = np.flatnonzero(seen)
    rows = []
    for code, count in zip(codes.tolist(), seen[codes].tolist(), strict=True):
        k, at = code // step - 1, code % step
        label = "never" if at >= grid.months else grid.labels[at]
        offer = plan.offers[k] if k >= 0 else "mining"
        rows.append((offer, label, count / month.size))
    return rows
