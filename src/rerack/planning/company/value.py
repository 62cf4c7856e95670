"""One company on one block of scenarios: sites, the group, and what it can pay."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import BoolArray, FloatArray
from rerack.finance import Covenants, TreasuryPolicy, npv
from rerack.planning.company.books import Consolidated, brought_debt, consolidate
from rerack.planning.company.model import CASES, Company, CompanySite
from rerack.planning.financing import Prospects, finance_site, finance_sources
from rerack.planning.inflation import growth_path
from rerack.planning.ledger import LINES, SITE_ROW, Ledger
from rerack.planning.plan_cash import operate
from rerack.planning.site_accounts import Sources
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
    cash_sum_usd : dict of (str, str, str) to ndarray
        Cash without debt by (site, hall, line), summed over scenarios, shape (month,) [USD]; the
        company's overhead and what one tax return saves stand under an empty site and hall.
    accounts : Consolidated
        Statements of company and sites, debt, treasury and worst cover.
    """

    site_usd: FloatArray
    operations_usd: FloatArray
    capex_usd: FloatArray
    runway_months: FloatArray
    need_usd: FloatArray
    worst_cover_frac: FloatArray
    breached: BoolArray
    cash_sum_usd: dict[tuple[str, str, str], FloatArray]
    accounts: Consolidated


def value_company(
    company: Company, market: World, *, coin_price_usd: float
) -> dict[str, CaseBlock]:
    """Return a company's values in every case, on the scenarios of `market`.

    Parameters
    ----------
    company : Company
        The company.
    market : World
        Drivers, network and hourly prices; its site, offers and terms are not used.
    coin_price_usd : float
        Price of a coin at the start, at which coins stand in the opening books [USD].

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
    policy = company.treasury(coin_price_usd)
    worlds = [_world(one, company, market, policy) for one in company.sites]
    found: dict[str, CaseBlock] = {}
    for i, case in enumerate(CASES):
        before = CASES[i - 1] if i else ""
        if before and all(one.plans[case] == one.plans[before] for one in company.sites):
            found[case] = found[before]
            continue
        found[case] = _case(company, worlds, case, policy)
    return found


def _world(one: CompanySite, company: Company, market: World, policy: TreasuryPolicy) -> World:
    """Return the market with a site set in it; coins are counted, for the treasury."""
    return World(
        site=one.site,
        offers=one.offers,
        outlook=market.outlook,
        network=market.network,
        meter=replace(market.meter, tariff=one.site.tariff, rated=None),
        terms=replace(_unlevered(company.terms), treasury=policy),
    )


def _unlevered(terms: FinanceTerms) -> FinanceTerms:
    """Return the terms of operations alone: no debt, no overhead, coins sold as mined."""
    return replace(
        terms, overhead_usd_per_year=0.0, loan=None, covenants=None, treasury=TreasuryPolicy()
    )


def _case(company: Company, worlds: list[World], case: str, policy: TreasuryPolicy) -> CaseBlock:
    """Value one case: each site alone, the group, and the group with its debt."""
    scenarios, months = worlds[0].shape
    grid, terms = worlds[0].meter.grid, company.terms
    rate = terms.discount_rate_frac_per_year
    group = Ledger(tuple(one.site.name for one in company.sites), scenarios, months)
    mined, tenant = np.zeros((scenarios, months)), np.zeros((scenarios, months))
    alone: dict[str, Sources] = {}
    for one, world in zip(company.sites, worlds, strict=True):
        made = operate(one.plans[case], world)
        assert made.prospects is not None  # the company's treasury keeps cash, so coins are counted
        mined += made.prospects.mined_btc
        tenant += made.tenant_usd
        _add(group, one.site.name, made.ledger)
        alone[one.site.name] = finance_sources(made.ledger, _unlevered(terms), grid)
    path = growth_path(terms.inflation_frac_per_year, months) * terms.overhead_usd_per_year / 12.0
    group.post(SITE_ROW, "overhead", np.broadcast_to(-path, (scenarios, months)))
    indebted = deepcopy(group)
    financed = finance_site(group, _unlevered(terms), grid, tenant_capex_usd=tenant)
    price = worlds[0].outlook.btc_price_usd
    whole = finance_sources(
        indebted,
        _indebted(company, policy),
        grid,
        prospects=Prospects(
            lender_cash_usd=np.zeros_like(mined), mined_btc=mined, coin_price_usd=price
        ),
        brought=brought_debt(company.debt, (scenarios, months)),
    )
    return CaseBlock(
        site_usd=np.stack([npv(of.ledger.total(), rate) for of in alone.values()]),
        operations_usd=np.asarray(npv(group.total(), rate)),
        capex_usd=financed.capex_usd,
        runway_months=_runway(whole),
        need_usd=_short(whole).sum(axis=1),
        worst_cover_frac=whole.coverage.worst,
        breached=_breached(company, whole),
        cash_sum_usd=_cash(alone, group),
        accounts=consolidate(alone, whole),
    )


def _add(group: Ledger, name: str, site: Ledger) -> None:
    """Post a site's operations and purchases to the group's ledger."""
    for line in LINES:
        posted = site.posted(line)
        if posted is not None:
            group.post(name, line, posted)


def _indebted(company: Company, policy: TreasuryPolicy) -> FinanceTerms:
    """Return the terms of the company with its loan, its treasury and its promise to lenders."""
    promised = company.min_cover_frac
    return replace(
        _unlevered(company.terms),
        loan=company.terms.loan,
        treasury=policy,
        covenants=None if promised is None else Covenants(min_dscr=promised),
    )


def _runway(whole: Sources) -> FloatArray:
    """Return the months until cash and coins run out, infinite where they do not."""
    short = _short(whole) > 0.0
    return np.where(short.any(axis=1), short.argmax(axis=1).astype(np.float64), np.inf)


def _short(whole: Sources) -> FloatArray:
    """Return what must come from outside each month, without the dust of rounding."""
    paid = whole.owner.paid_in_usd
    return np.where(paid > _CENT_USD, paid, 0.0)


def _breached(company: Company, whole: Sources) -> BoolArray:
    floor = -np.inf if company.min_cover_frac is None else company.min_cover_frac
    return np.asarray((whole.coverage.dscr < floor).any(axis=1))


def _cash(alone: dict[str, Sources], group: Ledger) -> dict[tuple[str, str, str], FloatArray]:
    """Return cash by site, hall and line, and the company's own, summed over scenarios."""
    found: dict[tuple[str, str, str], FloatArray] = {}
    for name, of in alone.items():
        for hall, sums in zip(of.ledger.rows, of.ledger.sum_usd, strict=True):
            for line, values in zip(LINES, sums, strict=True):
                if values.any():
                    found[name, hall, line] = values.copy()
    own = dict(zip(LINES, group.sum_usd[group.rows.index(SITE_ROW)], strict=True))
    taxed = sum(of.ledger.total("tax").sum(axis=0) for of in alone.values())
    found["", "", "overhead"] = own["overhead"].copy()
    found["", "", "tax"] = own["tax"] - taxed
    return found
