"""Parts of section ``finance`` that may be left out: debt, tax rules, coins, statements."""

from __future__ import annotations

from typing import Annotated, Literal

from rerack.scenario.quantities import (
    DurationMonths,
    PositiveMonths,
    Share,
    number,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional

TaxRate = Annotated[float, quantity("frac", low=0.0, high=0.9, example="21 %")]
DebtRate = Annotated[float, quantity("frac_per_year", low=0.0, high=1.0)]
UsdAmount = Annotated[float, quantity("usd", low=0.0, high=1e12, example="250 MUSD")]
Coins = Annotated[float, quantity("btc", low=0.0, high=21e6, example="1,500 BTC")]
Days = Annotated[float, quantity("days", low=0.0, high=365.0)]
Cover = Annotated[float, number(low=1.0, high=20.0)]
Ratio = Annotated[float, number(low=0.0, high=100.0)]
Beta = Annotated[float, number(low=0.0, high=5.0)]
Premium = Annotated[float, quantity("frac", low=0.0, high=10.0, example="32.5 %")]


class TaxRulesSection(Section):
    """Rules of income tax beyond one rate."""

    state: TaxRate = default(0.0, "State income tax rate, deductible from federal income.", "none")
    loss_limit: Share = default(
        0.8, "Share of a year's income that earlier losses may cover.", "26 U.S.C. 172(a)(2)"
    )
    interest_limit: Share | None = optional(
        "Share of EBITDA that interest deducted may reach (30 % in 26 U.S.C. 163(j)); no limit if "
        "left out."
    )
    minimum: TaxRate = default(0.0, "Least tax as a share of income before losses.", "none")
    bonus: Share = default(0.0, "Share of a purchase deducted in its first year.", "none taken")
    opening_loss: UsdAmount = default(0.0, "Losses carried into the study.", "none given")


class BookSection(Section):
    """Useful lives in the statements; tax has its own."""

    rigs: PositiveMonths = default(48, "Rigs.", "estimated: listed miners use three to five years")
    conversion: PositiveMonths = default(240, "Conversion cost.", "estimated: as the lease, twice")
    servers: PositiveMonths = default(60, "GPU servers.", "estimated: five to six years are usual")
    construction_interest: Literal["expensed", "in_cost"] = default(
        "expensed",
        "Whether interest added to the loan is expensed or added to the conversion's cost.",
        "the simplest",
    )


class SculptSection(Section):
    """A loan sized and repaid in proportion to contracted cash; `grace` has no meaning then."""

    dscr: Cover = key("Contracted cash over debt service that sizes the loan.")
    debt_cap: UsdAmount | None = optional("Largest sum drawn; no cap but the share if left out.")


class EquipmentSection(Section):
    """Loans on equipment, repaid by level payments; the term loan then no longer funds it."""

    share: Share = key("Share of the price that is borrowed.")
    rate: DebtRate = key("Nominal annual interest rate, compounded monthly.")
    tenor: PositiveMonths = key("From purchase to the last payment.")
    covers: Literal["servers", "rigs", "servers_and_rigs"] = default(
        "servers", "What is financed.", "what vendors finance most"
    )


class ConvertibleSection(Section):
    """A convertible note of the owner, issued whatever the plan."""

    amount: UsdAmount = key("Face value, issued at par.")
    coupon: DebtRate = key("Coupon, half of it paid every six months.")
    tenor: PositiveMonths = key("To maturity, in multiples of six months.")
    premium: Premium = key("Conversion price over the share price at issue, less 1.")
    equity_beta: Beta = key("Proxy of the share price: the coin price to this power.")
    issue: DurationMonths = default(0, "Months from the start to the issue.", "at the start")


class CovenantsSection(Section):
    """Promises to lenders, tested in every scenario and month."""

    min_dscr: Ratio | None = optional("Least trailing twelve-month DSCR.")
    max_leverage: Ratio | None = optional("Most debt over trailing twelve-month EBITDA.")
    min_liquidity: UsdAmount | None = optional("Least cash and coins, net of loans against coins.")


class CoinLoanSection(Section):
    """Borrowing against coins before any are sold."""

    rate: DebtRate = key("Nominal annual rate, paid monthly.")
    ltv: Share = default(0.5, "Largest loan over the value of the coins.", "estimated: usual terms")
    margin_call: Share = default(0.7, "Loan to value at which coins must be sold.", "estimated")
    liquidation: Share = default(0.85, "Loan to value at which the lender sells.", "estimated")
    haircut: Share = default(0.05, "Share of the price lost when the lender sells.", "estimated")


class ImpactSection(Section):
    """What own sales from the treasury do to their price: the square-root law."""

    daily_volume: Coins = key("Coins that the market trades in a day.")
    daily_volatility: Share = key("Standard deviation of a day's relative price change.")
    coefficient: Ratio = default(
        1.0,
        "Fall of the price once a day's volume is sold, in daily deviations.",
        "Donier and Bonart 2015: near 1",
    )


class TreasurySection(Section):
    """What is done with the coins mined."""

    policy: Literal["sell_all", "hold", "sell_to_cover"] = key(
        "Sell all as mined; hold and let the owner pay what is short; or hold and sell what is "
        "needed."
    )
    hold: Share = default(1.0, "Share of the coins mined that is kept.", "all, if coins are held")
    opening: Coins = default(0.0, "Coins at the start.", "none given")
    opening_cost: UsdAmount = default(0.0, "What they cost, for tax on their sale.", "none given")
    loan: CoinLoanSection | None = optional("Borrowing against coins.")
    impact: ImpactSection | None = optional("Impact of own sales; none if left out.")


class DividendsSection(Section):
    """What is done with cash."""

    payout: Share = default(
        1.0, "Share of the cash above the minimum that is paid out each month.", "all"
    )
    minimum_cash: UsdAmount = default(0.0, "Cash below which it may not fall.", "none")
    opening_cash: UsdAmount = default(0.0, "Cash at the start.", "none given")


class WorkingCapitalSection(Section):
    """Days from bill to payment."""

    receivables: Days = default(0.0, "Of AI revenue; coins are paid at once.", "none")
    payables: Days = default(0.0, "Of power and operating costs.", "none")
