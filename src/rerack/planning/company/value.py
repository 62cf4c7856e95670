"""One company on one block of scenarios: sites, the group, and what it can pay."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rerack.base.checks import BoolArray, FloatArray
from rerack.finance import TreasuryPolicy, debt_service_coverage, npv, run_treasury
from rerack.planning.company.model import CASES, Borrowing, Company, CompanySite
from rerack.planning.financing import finance_site
from rerack.planning.inflation import growth_path
from rerack.planning.ledger import LINES, OPERATING_LINES, SITE_ROW, Ledger
from rerack.planning.plan_cash import operate
from rerack.planning.terms import FinanceTerms
from rerack.planning.world import World

#: What is short by less is rounding [USD].
_CENT_USD = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class CaseBlock:
    """A company in one case, on one block of scenarios.

    Parameters
    ----------
    site_usd : ndarray, shape (site, scenario)
        Value of each site after its own tax, without debt [USD].
    operations_usd : ndarray, shape (scenario,)
        Value of all sites less overhead, taxed as one [USD].
    capex_usd : ndarray, shape (scenario,)
        Undiscounted spend of the owner on conversions, servers and rigs [USD].
    runway_months : ndarray, shape (scenario,)
        Months until cash and coins run out; infinite where they do not [months].
    need_usd : ndarray, shape (scenario,)
        What must come from outside over the horizon [USD].
    worst_cover_frac : ndarray, shape (scenario,)
        Lowest trailing-year cover of interest and scheduled service; infinite without any [-].
    breached : ndarray of bool, shape (scenario,)
        Whether the promised cover is missed in any month; all false where none is promised.
    """

    site_usd: FloatArray
    operations_usd: FloatArray
    capex_usd: FloatArray
    runway_months: FloatArray
    need_usd: FloatArray
    worst_cover_frac: FloatArray
    breached: BoolArray


def value_company(company: Company, market: World) -> dict[str, CaseBlock]:
    """Return a company's values in every case, on the scenarios of `market`.

    Parameters
    ----------
    company : Company
        The company.
    market : World
        Drivers, network and hourly prices; its site, offers and terms are not used.

    Returns
    -------
    dict of str to CaseBlock
        By case of `CASES`; all on the same scenarios.

    Notes
    -----
    Operations are valued without debt: ``V = sum_t CF_t / (1 + r)^t`` of revenue, power, operating
    cost, new rigs, conversions and tax. A site is taxed by itself; the company is taxed on the sum
    of its sites less overhead, so that losses of one site and overhead shelter the profits of
    others. The difference between the company and its sites is overhead after all effects on tax.
    """
    worlds = [_world(one, company, market) for one in company.sites]
    found: dict[str, CaseBlock] = {}
    for i, case in enumerate(CASES):
        before = CASES[i - 1] if i else ""
        if before and all(one.plans[case] == one.plans[before] for one in company.sites):
            found[case] = found[before]
            continue
        found[case] = _case(company, worlds, case)
    return found


def _world(one: CompanySite, company: Company, market: World) -> World:
    """Return the market with a site set in it; coins are counted, for the treasury."""
    return World(
        site=one.site,
        offers=one.offers,
        outlook=market.outlook,
        network=market.network,
        meter=replace(market.meter, tariff=one.site.tariff),
        terms=replace(_unlevered(company.terms), treasury=company.treasury),
    )


def _unlevered(terms: FinanceTerms) -> FinanceTerms:
    """Return the terms of operations alone: no debt, no overhead, coins sold as mined."""
    return replace(terms, overhead_usd_per_year=0.0, loan=None, treasury=TreasuryPolicy())


def _case(company: Company, worlds: list[World], case: str) -> CaseBlock:
    """Value one case: each site alone, the group, and the group with its debt."""
    scenarios, months = worlds[0].shape
    grid, terms = worlds[0].meter.grid, company.terms
    group = Ledger(tuple(one.site.name for one in company.sites), scenarios, months)
    mined, tenant = np.zeros((scenarios, months)), np.zeros((scenarios, months))
    site_usd = np.zeros((len(worlds), scenarios))
    for i, (one, world) in enumerate(zip(company.sites, worlds, strict=True)):
        made = operate(one.plans[case], world)
        assert made.prospects is not None  # the company's treasury keeps cash, so coins are counted
        mined += made.prospects.mined_btc
        tenant += made.tenant_usd
        for line in LINES:
            posted = made.ledger.posted(line)
            if posted is not None:
                group.post(one.site.name, line, posted)
        finance_site(made.ledger, _unlevered(terms), grid, tenant_capex_usd=made.tenant_usd)
        site_usd[i] = npv(made.ledger.total(), terms.discount_rate_frac_per_year)
    path = growth_path(terms.inflation_frac_per_year, months) * terms.overhead_usd_per_year / 12.0
    group.post(SITE_ROW, "overhead", np.broadcast_to(-path, (scenarios, months)))
    indebted = deepcopy(group)
    financed = finance_site(group, _unlevered(terms), grid, tenant_capex_usd=tenant)
    finance_site(
        indebted, replace(_unlevered(terms), loan=terms.loan), grid, tenant_capex_usd=tenant
    )
    return CaseBlock(
        site_usd=site_usd,
        operations_usd=np.asarray(npv(group.total(), terms.discount_rate_frac_per_year)),
        capex_usd=financed.capex_usd,
        **_liquidity(company, indebted, mined, worlds[0].outlook.btc_price_usd),
    )


def _liquidity(
    company: Company, ledger: Ledger, mined_btc: FloatArray, price_usd: FloatArray
) -> dict[str, Any]:
    """Return runway, need and cover of a company with its debt."""
    months = price_usd.shape[1]
    coupon, repaid = debt_flows(company.debt, months)
    kept = run_treasury(
        company.treasury,
        flow_usd=ledger.total() - coupon - repaid,
        mined_btc=mined_btc,
        price_usd=price_usd,
    )
    short = kept.paid_in_usd > _CENT_USD
    runway = np.where(short.any(axis=1), short.argmax(axis=1).astype(np.float64), np.inf)
    # Without the last month: there the study ends and the loan's rest is prepaid.
    before_end = slice(0, max(1, months - 1))
    available = ledger.total(*OPERATING_LINES, "tax")[:, before_end]
    service = (coupon - ledger.total("interest", "principal"))[:, before_end]
    cover = debt_service_coverage(
        available, np.maximum(service, 0.0), window_months=min(12, available.shape[1])
    )
    floor = -np.inf if company.min_cover_frac is None else company.min_cover_frac
    return {
        "runway_months": runway,
        "need_usd": kept.paid_in_usd.sum(axis=1),
        "worst_cover_frac": cover.worst,
        "breached": (cover.dscr < floor).any(axis=1),
    }


def debt_flows(debt: tuple[Borrowing, ...], months: int) -> tuple[FloatArray, FloatArray]:
    """Return coupons and redemptions of a company's debt by month [USD], each shape (month,).

    Parameters
    ----------
    debt : tuple of Borrowing
        Instruments, outstanding at the start.
    months : int
        Length of the study.

    Notes
    -----
    Coupons are paid monthly in arrears up to the month of redemption, in which the face is repaid
    in cash, convertible or not. Debt of unknown maturity pays its coupon throughout.

    Examples
    --------
    >>> debt_flows((Borrowing(name="n", face_usd=120.0, coupon_frac_per_year=0.1,
    ...     maturity_month=2),), 4)[1].tolist()
    [0.0, 0.0, 120.0, 0.0]
    """
    coupon, repaid = np.zeros(months), np.zeros(months)
    for one in debt:
        last = months - 1 if one.maturity_month is None else min(one.maturity_month, months - 1)
        coupon[1 : last + 1] += one.face_usd * one.coupon_frac_per_year / 12.0
        if one.maturity_month is not None and one.maturity_month < months:
            repaid[one.maturity_month] += one.face_usd
    return coupon, repaid
