"""From operating cash to the owner's cash: debt, tax, coins, coverage, and the books of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require
from rerack.base.timegrid import MonthGrid
from rerack.finance import (
    Covenants,
    CovenantTest,
    Coverage,
    Instrument,
    OwnerFlows,
    Treasury,
    covenant_tests,
    debt_service_coverage,
    leverage,
    outstanding_usd,
    run_treasury,
)
from rerack.planning.accounts import Accounts
from rerack.planning.ledger import SITE_ROW, Ledger
from rerack.planning.settle import Settled, settle
from rerack.planning.site_accounts import Sources, site_accounts
from rerack.planning.site_debt import site_debt
from rerack.planning.term_parts import CONVERSION, RIGS, SERVERS
from rerack.planning.terms import FinanceTerms

#: Lines billed to customers, and owed to suppliers.
BILLED_LINES = ("AI revenue", "SLA credits")
OWED_LINES = ("mining power", "mining operations", "AI power", "AI operations")
#: Tested where no covenants are agreed: months whose debt service cash does not cover.
UNCOVERED = Covenants(min_dscr=1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Prospects:
    """What financing must know besides the ledger; all shapes (scenario, month).

    Parameters
    ----------
    lender_cash_usd : ndarray
        Cash under contract when a loan is signed, before debt and tax [USD].
    mined_btc : ndarray
        Coins mined [BTC].
    coin_price_usd : ndarray
        Price of a coin [USD].
    """

    lender_cash_usd: FloatArray
    mined_btc: FloatArray
    coin_price_usd: FloatArray


@dataclass(frozen=True, kw_only=True)
class Financed:
    """What financing adds to a plan, per scenario.

    Parameters
    ----------
    capex_usd, tenant_capex_usd : ndarray, shape (scenario,)
        Owner's undiscounted spend on conversion, servers and rigs; tenant's fit-out [USD].
    worst_dscr : ndarray, shape (scenario,)
        Smallest trailing-year DSCR; inf where there is no debt service.
    worst_dscr_month : ndarray of int, shape (scenario,)
        Month of the worst DSCR; -1 where there is none.
    accounts : Accounts or None
        Mean statements, debt, treasury, covenants, and the worst scenario's; where asked for.
    """

    capex_usd: FloatArray
    tenant_capex_usd: FloatArray
    worst_dscr: FloatArray
    worst_dscr_month: IntArray
    accounts: Accounts | None = None


def finance_site(
    ledger: Ledger,
    terms: FinanceTerms,
    grid: MonthGrid,
    *,
    tenant_capex_usd: FloatArray,
    prospects: Prospects | None = None,
    keep_accounts: bool = False,
) -> Financed:
    """Post debt, tax and coins to `ledger` and return coverage and accounts.

    Parameters
    ----------
    ledger : Ledger
        Operating lines and purchases posted; every line by scenario where accounts are wanted.
    terms : FinanceTerms
        Terms.
    grid : MonthGrid
        Months.
    tenant_capex_usd : ndarray, shape (scenario, month)
        What tenants pay for fit-out [USD].
    prospects : Prospects or None
        Needed by sculpted loans, convertible notes and treasuries that hold coins.
    keep_accounts : bool
        Whether to draw up statements, debt and treasury as means.

    Notes
    -----
    The loan funds a share of conversion capex and GPU servers. Taxable income of a calendar year is
    EBITDA less depreciation less interest; losses carry forward. Tax is paid in the last month of
    the year. Rigs that stand at the start are sunk and are not depreciated. DSCR is trailing-year
    EBITDA less tax, with the change in claims, over interest paid and scheduled principal of loans;
    notes are unsecured and do not count.
    """
    of = finance_sources(ledger, terms, grid, prospects=prospects, covenants=keep_accounts)
    accounts = site_accounts(of) if keep_accounts else None
    bought, worst = of.bought_usd, of.coverage.worst
    return Financed(
        capex_usd=(bought[CONVERSION] + bought[SERVERS] + bought[RIGS]).sum(axis=1),
        tenant_capex_usd=tenant_capex_usd.sum(axis=1),
        worst_dscr=worst,
        worst_dscr_month=np.where(np.isfinite(worst), of.coverage.worst_month, -1),
        accounts=accounts,
    )


def finance_sources(
    ledger: Ledger,
    terms: FinanceTerms,
    grid: MonthGrid,
    *,
    prospects: Prospects | None = None,
    brought: Mapping[str, Instrument] | None = None,
    covenants: bool = True,
) -> Sources:
    """Post debt, tax and coins to `ledger` and return what accounts are drawn from.

    Parameters
    ----------
    ledger : Ledger
        Operating lines and purchases posted.
    terms : FinanceTerms
        Terms.
    grid : MonthGrid
        Months.
    prospects : Prospects or None
        As for `finance_site`.
    brought : mapping of str to Instrument or None
        Debt that is outstanding at the start.
    covenants : bool
        Whether to test covenants.
    """
    bought = _bought(ledger)
    scheduled = site_debt(
        terms,
        bought,
        lender_cash_usd=None if prospects is None else prospects.lender_cash_usd,
        coin_price_usd=None if prospects is None else prospects.coin_price_usd,
    )
    if brought:
        scheduled = replace(scheduled, brought=brought)
    ebitda = ledger.ebitda()
    receivable, payable = _claims(ledger, terms, ebitda)
    claims = receivable
    if terms.claims.any:
        claims = np.diff(payable - receivable, axis=1, prepend=0.0)
    settled = settle(
        terms,
        grid,
        debt=scheduled,
        ebitda_usd=ebitda,
        claims_usd=claims,
        bought_usd=bought,
    )
    _post(ledger, terms, settled, claims)
    available = ebitda - settled.tax.paid_usd
    if terms.claims.any:
        available = available + claims
    coverage = debt_service_coverage(
        available, settled.debt.service_usd(ebitda), window_months=min(12, grid.months)
    )
    treasury = _treasury(ledger, terms, prospects)
    flow = ledger.total()
    if settled.debt.note is not None:
        # After the treasury: shares given are no cash of the company's.
        ledger.post(SITE_ROW, "notes converted", settled.debt.note.dilution_usd, sign=-1.0)
    of = Sources(
        ledger=ledger,
        terms=terms,
        settled=settled,
        bought_usd=bought,
        flow_usd=flow,
        treasury=treasury,
        coverage=coverage,
        covenants=(),
        receivable_usd=receivable,
        payable_usd=payable,
    )
    if not covenants:
        return of
    return replace(of, covenants=_covenants(terms, settled, coverage, ebitda, of.owner))


def _bought(ledger: Ledger) -> dict[str, FloatArray]:
    """Return the owner's purchases by asset class, positive."""
    return {
        RIGS: -ledger.total("rigs"),
        CONVERSION: -ledger.total("conversion capex"),
        SERVERS: -ledger.total("GPU servers"),
    }


def lines_by_scenario(terms: FinanceTerms) -> frozenset[str]:
    """Return the lines that financing looks at in each scenario, where no accounts are drawn up."""
    claimed = (*BILLED_LINES, *OWED_LINES) if terms.claims.any else ()
    return frozenset(("rigs", "conversion capex", "GPU servers", *claimed))


def _claims(ledger: Ledger, terms: FinanceTerms, like: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return balances of receivables and payables, shape (scenario, month)."""
    if not terms.claims.any:
        nothing = np.zeros_like(like)
        return nothing, nothing
    billed, owed = ledger.total(*BILLED_LINES), -ledger.total(*OWED_LINES)
    return (
        outstanding_usd(billed, days=terms.claims.receivable_days),
        outstanding_usd(owed, days=terms.claims.payable_days),
    )


def _post(ledger: Ledger, terms: FinanceTerms, settled: Settled, claims_usd: FloatArray) -> None:
    """Post debt, tax, claims and the reserve."""
    for one in settled.debt.instruments().values():
        ledger.post(SITE_ROW, "loan drawn", one.drawn_usd)
        ledger.post(SITE_ROW, "interest", one.paid_usd, sign=-1.0)
        ledger.post(SITE_ROW, "principal", one.repaid_usd, sign=-1.0)
    ledger.post(SITE_ROW, "tax", settled.tax.paid_usd, sign=-1.0)
    if terms.claims.any:
        ledger.post(SITE_ROW, "working capital", claims_usd)
    if settled.fall is not None:
        ledger.post(SITE_ROW, "debt reserve", settled.fall.reserve_change_usd, sign=-1.0)


def _treasury(ledger: Ledger, terms: FinanceTerms, prospects: Prospects | None) -> Treasury | None:
    """Run the treasury and post what it does; None where all cash passes through."""
    policy = terms.treasury
    if policy.is_plain:
        return None
    require(
        prospects is not None,
        "prospects",
        given="none",
        allowed="coins mined and their price, which a treasury needs",
    )
    assert prospects is not None  # for the type checker; require() has raised otherwise
    run = run_treasury(
        policy,
        flow_usd=ledger.total(),
        mined_btc=prospects.mined_btc,
        price_usd=prospects.coin_price_usd,
    )
    if policy.holds_coins:
        ledger.post(SITE_ROW, "coins kept", -run.kept_btc * run.price_usd)
        ledger.post(SITE_ROW, "coins sold", run.proceeds_usd)
        ledger.post(SITE_ROW, "tax", run.gains_tax_usd, sign=-1.0)
    if policy.loan is not None:
        ledger.post(SITE_ROW, "loan drawn", run.loan_drawn_usd)
        ledger.post(SITE_ROW, "interest", run.loan_interest_usd, sign=-1.0)
        ledger.post(SITE_ROW, "principal", run.loan_repaid_usd, sign=-1.0)
    return run


def _covenants(
    terms: FinanceTerms,
    settled: Settled,
    coverage: Coverage,
    ebitda_usd: FloatArray,
    owner: OwnerFlows,
) -> tuple[CovenantTest, ...]:
    promised = terms.covenants
    if promised is None:
        if not (settled.debt.loans or settled.debt.brought):
            return ()
        promised = UNCOVERED
    ratio = np.zeros_like(ebitda_usd)
    if promised.max_leverage is not None:
        debt = sum(
            (one.balance_usd for one in settled.debt.instruments().values()), start=owner.loan_usd
        )
        ratio = leverage(debt, ebitda_usd, window_months=min(12, ebitda_usd.shape[1]))
    liquidity = owner.cash_usd + owner.coins_usd - owner.loan_usd
    # In the last month everything is paid out: the study ends, not the company.
    liquidity[:, -1] = np.inf
    return covenant_tests(
        promised,
        dscr=coverage.dscr,
        leverage_ratio=ratio,
        in_repayment=coverage.tested,
        liquidity_usd=liquidity,
    )
