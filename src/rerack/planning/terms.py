"""The financial terms under which plans are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from rerack.base.checks import FloatArray, require_between
from rerack.finance import (
    ConvertibleNote,
    Covenants,
    SculptedLoan,
    TermLoan,
    TreasuryPolicy,
    Waterfall,
    combined_rate_frac,
    with_bonus,
)
from rerack.planning.depreciation import depreciation_rates
from rerack.planning.term_parts import (
    CONVERSION,
    RIGS,
    SERVERS,
    BookLives,
    ClaimDays,
    EquipmentFinance,
    TaxRules,
)


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
        Federal income tax rate, or the one rate of all.
    rig_depreciation, building_depreciation, gpu_depreciation : str
        Method name, see `rerack.planning.depreciation.depreciation_rates`.
    loan : TermLoan, SculptedLoan or None
        One loan on the owner's conversion and server cost.
    overhead_usd_per_year : float
        Site overhead that runs whatever the plan [USD/year], grows with inflation.
    tax_rules : TaxRules
        State tax, limits and minimum; none by default but the limit on losses.
    book : BookLives
        Lives in the books.
    waterfall : Waterfall
        Reserve and cash sweep of the loan; none by default.
    equipment : EquipmentFinance or None
        Loans on servers or rigs.
    note : ConvertibleNote or None
        A convertible note, issued whatever the plan.
    claims : ClaimDays
        Days outstanding; none by default.
    covenants : Covenants or None
        Promises to lenders.
    treasury : TreasuryPolicy
        Coins, cash and dividends; by default coins are sold as mined and all cash is paid out.
    """

    discount_rate_frac_per_year: float
    inflation_frac_per_year: float = 0.025
    tax_rate_frac: float = 0.21
    rig_depreciation: str = "macrs_5"
    building_depreciation: str = "macrs_15"
    gpu_depreciation: str = "macrs_5"
    loan: TermLoan | SculptedLoan | None = None
    overhead_usd_per_year: float = 0.0
    tax_rules: TaxRules = field(default_factory=TaxRules)
    book: BookLives = field(default_factory=BookLives)
    waterfall: Waterfall = field(default_factory=Waterfall)
    equipment: EquipmentFinance | None = None
    note: ConvertibleNote | None = None
    claims: ClaimDays = field(default_factory=ClaimDays)
    covenants: Covenants | None = None
    treasury: TreasuryPolicy = field(default_factory=TreasuryPolicy)

    def __post_init__(self) -> None:
        require_between(
            self.discount_rate_frac_per_year, -0.5, 1.0, "finance: discount_rate_frac_per_year"
        )
        require_between(self.inflation_frac_per_year, -0.2, 1.0, "finance: inflation_frac_per_year")
        require_between(self.tax_rate_frac, 0.0, 0.9, "finance: tax_rate_frac")
        require_between(self.overhead_usd_per_year, 0.0, 1e11, "finance: overhead_usd_per_year")
        for method in (self.rig_depreciation, self.building_depreciation, self.gpu_depreciation):
            depreciation_rates(method)

    @property
    def income_tax_frac(self) -> float:
        """Rate of federal and state income tax together [-]."""
        return combined_rate_frac(self.tax_rate_frac, self.tax_rules.state_rate_frac)

    def tax_shares_frac(self) -> dict[str, FloatArray]:
        """Return shares of cost deducted by year of service, by asset class."""
        return self._tax_shares_frac

    @cached_property
    def _tax_shares_frac(self) -> dict[str, FloatArray]:
        methods = {
            RIGS: self.rig_depreciation,
            CONVERSION: self.building_depreciation,
            SERVERS: self.gpu_depreciation,
        }
        bonus = self.tax_rules.bonus_frac
        return {name: with_bonus(depreciation_rates(m), bonus) for name, m in methods.items()}

    def not_linear(self) -> tuple[str, ...]:
        """Return the keys of terms under which a hall's value depends on its neighbours' cash."""
        checks = {
            "finance.loan.sculpt": isinstance(self.loan, SculptedLoan),
            "finance.loan.sweep or finance.loan.reserve": self.waterfall.active,
            "finance.loan.construction_interest": self.book.interest_in_cost,
            "finance.tax_rules.interest_limit": self.tax_rules.interest_limit_frac is not None,
            "finance.tax_rules.minimum": self.tax_rules.minimum_frac > 0.0,
            "finance.treasury": self.treasury.holds_coins,
            "finance.working_capital": self.claims.any,
        }
        return tuple(name for name, found in checks.items() if found)
