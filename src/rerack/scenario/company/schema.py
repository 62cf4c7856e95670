"""Sections of a company file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerack.scenario.quantities import (
    DurationMonths,
    GrowthPerYear,
    Month,
    Name,
    PositiveMonths,
    Share,
    Text,
    UsdPerCriticalKwMonth,
    UsdPerCriticalMw,
    UsdPerMwh,
    UsdPerYear,
    UtilityMw,
    number,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional
from rerack.scenario.schema.finance_parts import Coins, DebtRate, TaxRate, UsdAmount
from rerack.scenario.schema.offers import CriticalMw, Pue, RenewalShare
from rerack.scenario.schema.site import RigsSection

EhPerSecond = Annotated[float, quantity("eh_s", low=0.0, high=1e4, example="30 EH/s")]
ShareCount = Annotated[float, number(low=1.0, high=1e12)]
SharePrice = Annotated[float, quantity("usd", low=0.0, high=1e9, example="15 USD")]
ConversionPrice = Annotated[float, quantity("usd", low=1e-6, high=1e9, example="25 USD")]
Ratio = Annotated[float, number(low=0.0, high=100.0)]


class BorrowingSection(Section):
    """One instrument of debt."""

    face: UsdAmount = key("What is owed.")
    coupon: DebtRate = default(0.0, "Interest a year, on the face.", "none given")
    maturity: Month | None = optional("Month of redemption; unknown if left out.")
    conversion_price: ConversionPrice | None = optional(
        "Share price at which it converts; plain debt, or unknown, if left out."
    )


class ProjectLoanSection(Section):
    """A loan on the owner's cost of new conversions; liquidity and cover alone use it."""

    share_of_capex: Share = key("Share of the owner's cost that is borrowed.")
    rate: DebtRate = key("Nominal annual interest rate, compounded monthly.")
    tenor: PositiveMonths = key("From first draw to the last payment.")
    grace: DurationMonths = default(0, "Months in which interest is added to the balance.", "none")


class CompanySiteSection(Section):
    """A site: a site file, or a few figures."""

    file: Text | None = optional("Site file, its path relative to this file, instead of figures.")
    signed: Name | None = optional("Plan of the site file that its signed deals are.")
    announced: Name | None = optional("Plan of the site file that is announced.")
    utility: UtilityMw | None = optional("Power at the meter.")
    price: UsdPerMwh | None = optional("All-in price of power.")
    adder: UsdPerMwh | None = optional("On top of the market's index, instead of a price.")
    hashrate: EhPerSecond | None = optional("Hashrate of the rigs that stand there.")
    rigs: RigsSection | None = optional("Those rigs.")
    interconnect: Month | None = optional("Month from which halls may draw power; now if left out.")


class ConversionDealSection(Section):
    """A conversion, signed or announced: a deal of the catalogue, or terms of its own."""

    site: Name = key("Site at which it is.")
    deal: Text | None = optional("Deal of the catalogue (`rerack deals`) that gives the terms.")
    type: Literal["powered_shell", "colocation", "gpu_cloud"] | None = optional("Kind of deal.")
    critical: CriticalMw | None = optional("Critical MW, of all owners.")
    owned: Share = default(1.0, "The company's share of it.", "all")
    rate: UsdPerCriticalKwMonth | None = optional("Rent; value over term and MW of the catalogue.")
    escalator: GrowthPerYear = default(
        0.0,
        "Contractual growth of the rent; a rent of the catalogue keeps its sum.",
        "mean rent is used",
    )
    term: PositiveMonths | None = optional("Length from first service.")
    opex: UsdPerCriticalKwMonth | None = optional(
        "Owner's operating cost; rent less net operating income of the catalogue."
    )
    capex: UsdPerCriticalMw | None = optional("Cost that the owner pays, spent or not.")
    prepaid: UsdPerCriticalMw | None = optional("Rent paid at signing; the catalogue's if known.")
    credited_from: DurationMonths = default(
        0, "Months of service after which it is credited, evenly to the end of the term.", "at once"
    )
    spent: Share = default(0.0, "Share of that cost already spent at the start.", "none given")
    service: Month = key("Month of first service.")
    decide: Month | None = optional("Month of the decision, if not yet taken: mining until then.")
    ramp: DurationMonths = default(6, "From first to full load, linear.", "estimated")
    dark: DurationMonths = default(
        6, "Months before first service in which a hall of rigs does nothing.", "estimated"
    )
    pue_design: Pue | None = optional("Utility MW per critical MW; gross over critical if known.")
    pue_mean: Pue = default(1.2, "Utility MWh per critical MWh.", "Bitfarms Washington: 1.2 to 1.3")
    power_payer: Literal["tenant", "owner"] = default(
        "tenant", "Who bears the energy bill.", "triple net"
    )
    load_factor: Share = default(0.8, "Mean critical load over critical MW.", "estimated")
    renewal: RenewalShare = default(
        1.0, "Rent after the term as a share of the market rent then; 0 % ends it.", "at market"
    )


class CompanyFile(Section):
    """A listed company: what it owns, owes and has promised."""

    name: Name = key("Name of the company.")
    date: Month = key("Month of its figures.")
    market: Text = key(
        "A site file whose sections study, market and finance hold, relative to this file."
    )
    shares: ShareCount | None = optional("Shares outstanding.")
    share_price: SharePrice | None = optional("Market price of a share.")
    cash: UsdAmount | None = optional("Cash.")
    coins: Coins | None = optional("Coins held.")
    hold: Share = default(0.0, "Share of the coins mined that is kept.", "sold as mined")
    debt: dict[Name, BorrowingSection] | None = optional("Debt by instrument; {} if there is none.")
    loan: ProjectLoanSection | None = optional("Loan on new conversions; from cash if left out.")
    min_cover: Ratio | None = optional("Cover of debt service promised to lenders.")
    overhead: UsdPerYear | None = optional("Overhead of the company.")
    tax: TaxRate | None = optional("Income tax rate; that of the market file if left out.")
    sites: dict[Name, CompanySiteSection] = Field(min_length=1, description="Sites, by name.")
    signed: dict[Name, ConversionDealSection] = Field(
        default_factory=dict, description="Signed deals, by name."
    )
    announced: dict[Name, ConversionDealSection] = Field(
        default_factory=dict, description="Announced conversions beyond them, by name."
    )
    unknown: list[Text] = Field(
        default_factory=list, description="What is not known, each `key` or `key: why`."
    )
