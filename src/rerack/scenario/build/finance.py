"""Section ``finance`` to the terms under which plans are compared."""

from __future__ import annotations

from rerack.finance import TermLoan
from rerack.planning.terms import FinanceTerms
from rerack.scenario.schema.finance import FinanceSection
from rerack.scenario.schema.study import StudySection


def build_finance(section: FinanceSection, study: StudySection) -> FinanceTerms:
    """Return the financial terms."""
    loan = section.loan
    return FinanceTerms(
        discount_rate_frac_per_year=study.discount_rate,
        inflation_frac_per_year=study.inflation,
        tax_rate_frac=section.tax,
        rig_depreciation=section.depreciation.mining,
        building_depreciation=section.depreciation.building,
        gpu_depreciation=section.depreciation.gpu,
        overhead_usd_per_year=section.overhead,
        loan=None
        if loan is None
        else TermLoan(
            loan_to_cost_frac=loan.share_of_capex,
            annual_rate_frac=loan.rate,
            tenor_months=loan.tenor,
            grace_months=loan.grace,
        ),
    )
