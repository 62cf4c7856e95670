"""Money: present value, returns, debt, tax, coins, statements, coverage, cost per coin."""

from rerack.finance.annual import calendar_year_totals
from rerack.finance.balance import balances, require_balances
from rerack.finance.book import BookValue, book_value
from rerack.finance.books import Books, Instrument, combine_books
from rerack.finance.coin_cost import CoinCost, coin_costs
from rerack.finance.convertible import (
    ConvertibleNote,
    ConvertibleSchedule,
    convertible_schedule,
    equity_proxy,
)
from rerack.finance.covenants import Covenants, CovenantTest, covenant_tests, leverage
from rerack.finance.coverage import Coverage, debt_service_coverage
from rerack.finance.depreciation import (
    Depreciation,
    depreciation_schedule,
    macrs_rates,
    straight_line_rates,
    with_bonus,
)
from rerack.finance.impact import SquareRootImpact
from rerack.finance.interest_limit import InterestDeduction, interest_deduction
from rerack.finance.irr import Irr, IrrMany, irr, irr_each, irr_many
from rerack.finance.loan import LoanSchedule, TermLoan, loan_schedule
from rerack.finance.npv import discount_factors, npv
from rerack.finance.owner_flows import OwnerFlows
from rerack.finance.payback import Payback, moic, payback_months
from rerack.finance.sculpt import SculptedLoan, SculptedSchedule, sculpted_schedule
from rerack.finance.statements import Statements, build_statements, require_statements
from rerack.finance.tax import IncomeTax, combined_rate_frac, income_tax
from rerack.finance.treasury import CoinLoan, Treasury, TreasuryPolicy, run_treasury
from rerack.finance.waterfall import Waterfall, WaterfallSchedule, apply_waterfall
from rerack.finance.working_capital import outstanding_usd
from rerack.finance.xirr import xirr

__all__ = [
    "BookValue",
    "Books",
    "CoinCost",
    "CoinLoan",
    "ConvertibleNote",
    "ConvertibleSchedule",
    "CovenantTest",
    "Covenants",
    "Coverage",
    "Depreciation",
    "IncomeTax",
    "Instrument",
    "InterestDeduction",
    "Irr",
    "IrrMany",
    "LoanSchedule",
    "OwnerFlows",
    "Payback",
    "SculptedLoan",
    "SculptedSchedule",
    "SquareRootImpact",
    "Statements",
    "TermLoan",
    "Treasury",
    "TreasuryPolicy",
    "Waterfall",
    "WaterfallSchedule",
    "apply_waterfall",
    "balances",
    "book_value",
    "build_statements",
    "calendar_year_totals",
    "coin_costs",
    "combine_books",
    "combined_rate_frac",
    "convertible_schedule",
    "covenant_tests",
    "debt_service_coverage",
    "depreciation_schedule",
    "discount_factors",
    "equity_proxy",
    "income_tax",
    "interest_deduction",
    "irr",
    "irr_each",
    "irr_many",
    "leverage",
    "loan_schedule",
    "macrs_rates",
    "moic",
    "npv",
    "outstanding_usd",
    "payback_months",
    "require_balances",
    "require_statements",
    "run_treasury",
    "sculpted_schedule",
    "straight_line_rates",
    "with_bonus",
    "xirr",
]
