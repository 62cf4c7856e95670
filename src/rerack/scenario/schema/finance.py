"""Section ``finance``: tax, depreciation, debt and overhead."""

from __future__ import annotations

from typing import Annotated

from rerack.scenario.quantities import (
    DurationMonths,
    Name,
    PositiveMonths,
    Share,
    UsdPerYear,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional, section

TaxRate = Annotated[float, quantity("frac", low=0.0, high=0.9, example="21 %")]
LoanRate = Annotated[float, quantity("frac_per_year", low=0.0, high=1.0)]


class DepreciationSection(Section):
    """Depreciation methods by kind of asset."""

    mining: Name = default("macrs_5", "Rigs.", "IRS Pub. 946, computers: five years")
    building: Name = default("macrs_15", "Conversion cost.", "IRS Pub. 946, land improvements")
    gpu: Name = default("macrs_5", "GPU servers.", "IRS Pub. 946, computers: five years")


class LoanSection(Section):
    """One term loan on the owner's conversion and server cost."""

    share_of_capex: Share = key("Share of the owner's cost that is borrowed.")
    rate: LoanRate = key("Nominal annual interest rate, compounded monthly.")
    tenor: PositiveMonths = key("From first draw to the last payment.")
    grace: DurationMonths = default(0, "Months in which interest is added to the balance.", "none")


class FinanceSection(Section):
    """Tax, depreciation, debt and overhead."""

    tax: TaxRate = default(0.21, "Income tax rate.", "26 U.S.C. 11(b), federal")
    depreciation: DepreciationSection = section(DepreciationSection, "Depreciation methods.")
    loan: LoanSection | None = optional("Term loan; equity only if left out.")
    overhead: UsdPerYear = default(0.0, "Site overhead that runs whatever the plan.", "none given")
