"""Section ``finance``: tax, depreciation, debt and overhead."""

from __future__ import annotations

from rerack.scenario.quantities import (
    DurationMonths,
    Name,
    PositiveMonths,
    Share,
    UsdPerYear,
)
from rerack.scenario.schema.base import Section, default, key, optional, section
from rerack.scenario.schema.finance_parts import (
    BookSection,
    ConvertibleSection,
    CovenantsSection,
    DebtRate,
    DividendsSection,
    EquipmentSection,
    SculptSection,
    TaxRate,
    TaxRulesSection,
    TreasurySection,
    WorkingCapitalSection,
)


class DepreciationSection(Section):
    """Depreciation methods by kind of asset."""

    mining: Name = default("macrs_5", "Rigs.", "IRS Pub. 946, computers: five years")
    building: Name = default("macrs_15", "Conversion cost.", "IRS Pub. 946, land improvements")
    gpu: Name = default("macrs_5", "GPU servers.", "IRS Pub. 946, computers: five years")


class LoanSection(Section):
    """One term loan on the owner's conversion and server cost."""

    share_of_capex: Share = key("Share of the owner's cost that is borrowed; at most, if sculpted.")
    rate: DebtRate = key("Nominal annual interest rate, compounded monthly.")
    tenor: PositiveMonths = key("From first draw to the last payment.")
    grace: DurationMonths = default(0, "Months in which interest is added to the balance.", "none")
    sculpt: SculptSection | None = optional("Sized by contracted cash; level payments if left out.")
    sweep: Share | None = optional("Share of the cash left after service that prepays the loan.")
    reserve: DurationMonths | None = optional("Months of service held in reserve.")


class FinanceSection(Section):
    """Tax, depreciation, debt and overhead."""

    tax: TaxRate = default(0.21, "Income tax rate.", "26 U.S.C. 11(b), federal")
    depreciation: DepreciationSection = section(DepreciationSection, "Depreciation methods.")
    loan: LoanSection | None = optional("Term loan; equity only if left out.")
    equipment: EquipmentSection | None = optional("Loans on servers or rigs.")
    convertible: ConvertibleSection | None = optional("Convertible note of the owner.")
    covenants: CovenantsSection | None = optional("Promises to lenders.")
    tax_rules: TaxRulesSection | None = optional("State tax, limits, minimum, bonus depreciation.")
    book: BookSection = section(BookSection, "Useful lives in the statements.")
    working_capital: WorkingCapitalSection | None = optional("Days from bill to payment.")
    treasury: TreasurySection | None = optional("Coins: sold as mined if left out.")
    dividends: DividendsSection | None = optional("Cash: all paid out at once if left out.")
    overhead: UsdPerYear = default(0.0, "Site overhead that runs whatever the plan.", "none given")
