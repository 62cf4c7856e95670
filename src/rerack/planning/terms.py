"""The financial terms under which plans are compared."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require_between
from rerack.finance import TermLoan
from rerack.planning.depreciation import depreciation_rates


@dataclass(frozen=True, kw_only=True)
class FinanceTerms:
    """Discounting, inflation, tax, depreciation and debt of a study.

    Parameters
    ----------
    discount_rate_frac_per_year : float
        Nominal, effective annual, applied to the owner's cash after tax and debt.
    inflation_frac_per_year : float
        Growth of operating costs, overhead and construction costs.
    tax_rate_frac : float
        Income tax rate.
    rig_depreciation, building_depreciation, gpu_depreciation : str
        Method name, see `rerack.planning.depreciation.depreciation_rates`.
    loan : TermLoan or None
        One term loan on the owner's conversion and server cost.
    overhead_usd_per_year : float
        Site overhead that runs whatever the plan [USD/year], grows with inflation.
    """

    discount_rate_frac_per_year: float
    inflation_frac_per_year: float = 0.025
    tax_rate_frac: float = 0.21
    rig_depreciation: str = "macrs_5"
    building_depreciation: str = "macrs_15"
    gpu_depreciation: str = "macrs_5"
    loan: TermLoan | None = None
    overhead_usd_per_year: float = 0.0

    def __post_init__(self) -> None:
        require_between(
            self.discount_rate_frac_per_year, -0.5, 1.0, "finance: discount_rate_frac_per_year"
        )
        require_between(self.inflation_frac_per_year, -0.2, 1.0, "finance: inflation_frac_per_year")
        require_between(self.tax_rate_frac, 0.0, 0.9, "finance: tax_rate_frac")
        require_between(self.overhead_usd_per_year, 0.0, 1e11, "finance: overhead_usd_per_year")
        for method in (self.rig_depreciation, self.building_depreciation, self.gpu_depreciation):
            depreciation_rates(method)
