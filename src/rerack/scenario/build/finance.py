"""Section ``finance`` to the terms under which plans are compared."""

from __future__ import annotations

import math

from rerack.finance import (
    CoinLoan,
    ConvertibleNote,
    Covenants,
    SculptedLoan,
    SquareRootImpact,
    TermLoan,
    TreasuryPolicy,
    Waterfall,
    combined_rate_frac,
)
from rerack.planning.term_parts import (
    RIGS,
    SERVERS,
    BookLives,
    ClaimDays,
    EquipmentFinance,
    TaxRules,
)
from rerack.planning.terms import FinanceTerms
from rerack.scenario.schema.finance import FinanceSection, LoanSection
from rerack.scenario.schema.finance_parts import CoinLoanSection, ImpactSection
from rerack.scenario.schema.study import StudySection

_COVERS = {"servers": (SERVERS,), "rigs": (RIGS,), "servers_and_rigs": (SERVERS, RIGS)}


def build_finance(section: FinanceSection, study: StudySection) -> FinanceTerms:
    """Return the financial terms."""
    days, promises = section.working_capital, section.covenants
    return FinanceTerms(
        discount_rate_frac_per_year=study.discount_rate,
        inflation_frac_per_year=study.inflation,
        tax_rate_frac=section.tax,
        rig_depreciation=section.depreciation.mining,
        building_depreciation=section.depreciation.building,
        gpu_depreciation=section.depreciation.gpu,
        overhead_usd_per_year=section.overhead,
        loan=_loan(section.loan),
        waterfall=_waterfall(section.loan),
        tax_rules=_tax_rules(section),
        book=_book(section),
        equipment=_equipment(section),
        note=_note(section),
        claims=ClaimDays()
        if days is None
        else ClaimDays(receivable_days=days.receivables, payable_days=days.payables),
        covenants=None
        if promises is None
        else Covenants(
            min_dscr=promises.min_dscr,
            max_leverage=promises.max_leverage,
            min_liquidity_usd=promises.min_liquidity,
        ),
        treasury=_treasury(section),
    )


def _loan(loan: LoanSection | None) -> TermLoan | SculptedLoan | None:
    if loan is None:
        return None
    if loan.sculpt is None:
        return TermLoan(
            loan_to_cost_frac=loan.share_of_capex,
            annual_rate_frac=loan.rate,
            tenor_months=loan.tenor,
            grace_months=loan.grace,
        )
    return SculptedLoan(
        loan_to_cost_frac=loan.share_of_capex,
        target_dscr=loan.sculpt.dscr,
        annual_rate_frac=loan.rate,
        tenor_months=loan.tenor,
        debt_cap_usd=math.inf if loan.sculpt.debt_cap is None else loan.sculpt.debt_cap,
    )


def _waterfall(loan: LoanSection | None) -> Waterfall:
    if loan is None:
        return Waterfall()
    return Waterfall(sweep_frac=loan.sweep or 0.0, reserve_months=loan.reserve or 0)


def _tax_rules(section: FinanceSection) -> TaxRules:
    rules = section.tax_rules
    if rules is None:
        return TaxRules()
    return TaxRules(
        state_rate_frac=rules.state,
        loss_limit_frac=rules.loss_limit,
        interest_limit_frac=rules.interest_limit,
        minimum_frac=rules.minimum,
        bonus_frac=rules.bonus,
        opening_loss_usd=rules.opening_loss,
    )


def _book(section: FinanceSection) -> BookLives:
    book = section.book
    return BookLives(
        rig_months=book.rigs,
        conversion_months=book.conversion,
        server_months=book.servers,
        interest_in_cost=book.construction_interest == "in_cost",
    )


def _equipment(section: FinanceSection) -> EquipmentFinance | None:
    terms = section.equipment
    if terms is None:
        return None
    return EquipmentFinance(
        loan=TermLoan(
            loan_to_cost_frac=terms.share, annual_rate_frac=terms.rate, tenor_months=terms.tenor
        ),
        covers=_COVERS[terms.covers],
    )


def _note(section: FinanceSection) -> ConvertibleNote | None:
    terms = section.convertible
    if terms is None:
        return None
    return ConvertibleNote(
        principal_usd=terms.amount,
        coupon_frac_per_year=terms.coupon,
        tenor_months=terms.tenor,
        premium_frac=terms.premium,
        equity_beta=terms.equity_beta,
        issue_month=terms.issue,
    )


def _treasury(section: FinanceSection) -> TreasuryPolicy:
    coins, cash = section.treasury, section.dividends
    state = 0.0 if section.tax_rules is None else section.tax_rules.state
    keeps = coins is not None and coins.policy != "sell_all"
    return TreasuryPolicy(
        hold_frac=coins.hold if coins is not None and keeps else 0.0,
        sell_to_cover=coins is not None and coins.policy != "hold",
        opening_btc=0.0 if coins is None else coins.opening,
        opening_cost_usd=0.0 if coins is None else coins.opening_cost,
        loan=None if coins is None else _coin_loan(coins.loan),
        impact=None if coins is None else _impact(coins.impact),
        gains_tax_frac=combined_rate_frac(section.tax, state),
        payout_frac=1.0 if cash is None else cash.payout,
        minimum_cash_usd=0.0 if cash is None else cash.minimum_cash,
        opening_cash_usd=0.0 if cash is None else cash.opening_cash,
    )


def _coin_loan(terms: CoinLoanSection | None) -> CoinLoan | None:
    if terms is None:
        return None
    return CoinLoan(
        annual_rate_frac=terms.rate,
        ltv_frac=terms.ltv,
        margin_call_frac=terms.margin_call,
        liquidation_frac=terms.liquidation,
        haircut_frac=terms.haircut,
    )


def _impact(terms: ImpactSection | None) -> SquareRootImpact | None:
    if terms is None:
        return None
    return SquareRootImpact(
        daily_volume_btc=terms.daily_volume,
        daily_volatility_frac=terms.daily_volatility,
        coefficient_frac=terms.coefficient,
    )
