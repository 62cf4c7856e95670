"""Tables that compare plans: headline figures, scenario values, decisions."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.finance import irr, moic, payback_months
from rerack.scenario import Scenario
from rerack.study.merge import Merged, MergedPlan
from rerack.study.store import Table

#: Differences below this are rounding of sums in the hundreds of millions [USD].
CENT_USD = 0.01


def plans_table(merged: Merged, scenario: Scenario) -> Table:
    """Return one row a plan; differences are to the first plan, on common random numbers."""
    keep = merged.plans[0]
    rows = [_plan_row(plan, keep, scenario) for plan in merged.plans]
    return {key: np.asarray([row[key] for row in rows]) for key in rows[0]}


def _plan_row(plan: MergedPlan, keep: MergedPlan, scenario: Scenario) -> dict[str, float | str]:
    gain = plan.gain_usd(keep)
    # By a cent or more: where a plan converts nothing the two differ by rounding alone.
    below = plan.npv_usd < keep.npv_usd - CENT_USD
    incremental = plan.mean_cash_usd - keep.mean_cash_usd
    converts = bool(plan.use)
    rate, note = _irr(incremental) if converts else (float("nan"), "no investment to compare")
    utility, critical = _ai_mw(plan, scenario)
    p5, p95 = np.quantile(plan.npv_usd, [0.05, 0.95])
    return {
        "plan": plan.plan.name,
        "kind": plan.plan.kind,
        "npv_mean_usd": float(plan.npv_usd.mean()),
        "npv_se_usd": standard_error(plan.npv_usd),
        "npv_p5_usd": float(p5),
        "npv_p95_usd": float(p95),
        "delta_mean_usd": float(gain.mean()),
        "delta_se_usd": standard_error(gain),
        "p_below_keep_frac": float(below.mean()),
        "irr_frac": rate,
        "irr_note": note,
        "payback_months": _payback(incremental) if converts else np.nan,
        "capex_usd": float(plan.capex_usd.mean()),
        "tenant_capex_usd": float(plan.tenant_capex_usd.mean()),
        "worst_dscr": float(plan.worst_dscr.min()),
        "moic": float(moic(incremental[None, :])[0]) if converts else np.nan,
        "ai_mw_utility": utility,
        "ai_mw_critical": critical,
    }


#: Rates below this are roots of the polynomial only: nearly all of the money is lost each year.
_LEAST_IRR_FRAC = -0.99


def _irr(cashflow_usd: FloatArray) -> tuple[float, str]:
    """Return the IRR of the mean cash over keeping mining, NaN for none, and what to say of it."""
    found = irr(cashflow_usd, periods_per_year=12)
    if found.value_frac is None:
        return float("nan"), repr(found)
    if found.value_frac < _LEAST_IRR_FRAC:
        return float("nan"), "none: the money does not come back"
    return found.value_frac, repr(found)


def _payback(cashflow_usd: FloatArray) -> float:
    """Return simple payback of the mean cash over keeping mining [months]; NaN for never."""
    paid = payback_months(cashflow_usd[None, :])
    return float(paid.after_months[0]) if bool(paid.reached[0]) else float("nan")


def standard_error(values: FloatArray) -> float:
    """Return the standard error of the mean; NaN for a single scenario."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def _ai_mw(plan: MergedPlan, scenario: Scenario) -> tuple[float, float]:
    """Return mean converted MW, utility and critical."""
    utility = critical = 0.0
    for hall, use in plan.use.items():
        for k, offer in enumerate(plan.offers):
            mw = scenario.site.hall(hall).utility_mw * float((use == k).mean())
            utility += mw
            critical += scenario.offers[offer].conversion.critical_mw(mw)
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
    pairs, counts = np.unique(np.stack([use, month]), axis=1, return_counts=True)
    rows = []
    for (k, at), count in zip(pairs.T, counts, strict=True):
        label = "never" if at >= grid.months else grid.labels[int(at)]
        offer = plan.offers[int(k)] if k >= 0 else "mining"
        rows.append((offer, label, float(count / month.size)))
    return rows
