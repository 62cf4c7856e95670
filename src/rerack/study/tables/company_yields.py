"""What a company's deals earn a year, what that would sell for, and the cap rate that is paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from rerack.assets import Lease
from rerack.planning.company import CASES, CompanySite
from rerack.planning.plans import FixedPlan
from rerack.study.company_study import CompanyRun
from rerack.study.deal_yields import exit_cap_rate_frac
from rerack.study.store import Table

_NAN = float("nan")


def company_yields_table(runs: Sequence[CompanyRun]) -> Table:
    """Return income, cost to come, worth at cap rates and the implied cap rate of what converts.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.

    Returns
    -------
    Table
        company, case, critical MW let [MW], net operating income of a full year at the rents at
        signing [USD/year] and per critical MW [USD/MW-year], cost still to be paid [USD/MW], worth
        of the income at the catalogue's exit cap rates less that cost (high and low rate) [USD/MW],
        rerack's gain over mining [USD/MW], what the share price implies [USD/MW], and the cap rates
        that the two stand for [-]. NaN is not known; no row where nothing is let.

    Notes
    -----
    ``NOI = critical MW x (rate - operating cost)``; NaN where the owner bears the power bill, which
    is no rent. ``cap rate = NOI / (value today + cost still to be paid)``: the cost completes what
    the value buys. A cap rate buys income that lasts; for a lease of ten or fifteen years, worth at
    an exit cap rate is an upper bound. All per critical MW signed or announced.
    """
    rows = [row for run in runs for row in _rows(run)]
    kinds = {name: (str if name in ("company", "case") else np.float64) for name in _COLUMNS}
    return {
        name: np.asarray([row[name] for row in rows], dtype=kind) for name, kind in kinds.items()
    }


_COLUMNS = (
    "company", "case", "let_mw", "noi_usd_per_year", "noi_usd_per_mw_year", "to_come_usd_per_mw",
    "worth_low_usd_per_mw", "worth_high_usd_per_mw", "gain_usd_per_mw", "implied_usd_per_mw",
    "gain_cap_rate_frac", "implied_cap_rate_frac",
)  # fmt: skip


def _rows(run: CompanyRun) -> Iterator[dict[str, Any]]:
    buy, sell = exit_cap_rate_frac()
    implied = _NAN if run.implied is None else run.implied.per_critical_usd_per_mw
    mining = run.cases["mining"].operations_usd
    for case in CASES[1:]:
        let = [one for site in run.company.sites for one in _let(site, case)]
        megawatts = sum(mw for mw, _ in let)
        if not megawatts:
            continue
        income = sum(mw * _noi_usd_per_mw_year(lease) for mw, lease in let)
        cost = sum(mw * lease.conversion.owner_capex_usd_per_mw for mw, lease in let) / megawatts
        gain = float((run.cases[case].operations_usd - mining).mean()) / megawatts
        # The market prices all that is signed or announced: compare like with like.
        paid = implied if megawatts >= run.company.convertible_mw * (1.0 - 1e-9) else _NAN
        noi = income / megawatts
        yield {
            "company": run.company.name,
            "case": case,
            "let_mw": megawatts,
            "noi_usd_per_year": income,
            "noi_usd_per_mw_year": noi,
            "to_come_usd_per_mw": cost,
            "worth_low_usd_per_mw": noi / sell - cost,
            "worth_high_usd_per_mw": noi / buy - cost,
            "gain_usd_per_mw": gain,
            "implied_usd_per_mw": paid,
            "gain_cap_rate_frac": _cap_rate(noi, gain + cost),
            "implied_cap_rate_frac": _cap_rate(noi, paid + cost),
        }


def _cap_rate(noi: float, value: float) -> float:
    """Return income over value; NaN where the value is not positive or not known."""
    return noi / value if value > 0.0 else _NAN


def _let(site: CompanySite, case: str) -> Iterator[tuple[float, Lease]]:
    """Yield critical MW and lease of every hall that a case's plan gives to a tenant."""
    plan = site.plans[case]
    if not isinstance(plan, FixedPlan):
        return
    for given in plan.assignments:
        use = site.offers[given.use]
        if isinstance(use, Lease):
            yield use.conversion.critical_mw(site.site.hall(given.hall).utility_mw), use


def _noi_usd_per_mw_year(lease: Lease) -> float:
    if lease.power_payer == "owner":
        return _NAN
    return (lease.rate_usd_per_kw_month - lease.opex_usd_per_kw_month) * 12e3
