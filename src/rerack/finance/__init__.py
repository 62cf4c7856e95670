"""Money: present value, rates of return, debt, tax, depreciation, coverage, cost per coin."""

from rerack.finance.annual import calendar_year_totals
from rerack.finance.balance import balances, require_balances
from rerack.finance.coin_cost import CoinCost, coin_costs
from rerack.finance.coverage import Coverage, debt_service_coverage
from rerack.finance.depreciation import (
    Depreciation,
    depreciation_schedule,
    macrs_rates,
    straight_line_rates,
    with_bonus,
)
from rerack.finance.irr import Irr, IrrMany, irr, irr_many
from rerack.finance.loan import LoanSchedule, TermLoan, loan_schedule
from rerack.finance.npv import discount_factors, npv
from rerack.finance.payback import Payback, moic, payback_months
from rerack.finance.tax import IncomeTax, income_tax

__all__ = [
    "CoinCost",
    "Coverage",
    "Depreciation",
    "IncomeTax",
    "Irr",
    "IrrMany",
    "LoanSchedule",
    "Payback",
    "TermLoan",
    "balances",
    "calendar_year_totals",
    "coin_costs",
    "debt_service_coverage",
    "depreciation_schedule",
    "discount_factors",
    "income_tax",
    "irr",
    "irr_many",
    "loan_schedule",
    "macrs_rates",
    "moic",
    "npv",
    "payback_months",
    "require_balances",
    "straight_line_rates",
    "with_bonus",
]
