"""Sections of a reserves file."""

from __future__ import annotations

import datetime
import math
import re
from typing import Annotated, Any, Literal

from pydantic import Field

from rerack.scenario.quantities import (
    BtcPerBlock,
    CoinPriceUsd,
    Count,
    JoulePerTh,
    Name,
    Rule,
    Share,
    number,
    quantity,
    refusal,
)
from rerack.scenario.schema.base import Section, default, key, optional

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_DAY_ALLOWED = "a day such as 2025-11-21"


def _read_day(given: Any) -> str:
    if not isinstance(given, str) or not _DAY.match(given):
        raise refusal(_DAY_ALLOWED, "Write YYYY-MM-DD.")
    try:
        datetime.date.fromisoformat(given)
    except ValueError:
        raise refusal(_DAY_ALLOWED, "There is no such day.") from None
    return given


Day = Annotated[
    str,
    Rule(read=_read_day, schema=(("type", "string"), ("pattern", r"^\d{4}-\d{2}-\d{2}$"))),
]
Btc = Annotated[float, quantity("btc", low=0.0, high=21e6, example="1,200 BTC")]
Usd = Annotated[float, quantity("usd", low=0.0, high=1e13, example="250 MUSD")]
UsdPerMonth = Annotated[
    float, quantity("usd_per_month", low=0.0, high=1e12, example="12 MUSD/month")
]
EhS = Annotated[float, quantity("eh_s", low=0.0, high=1e9, example="20 EH/s")]
OnlineEhS = Annotated[float, quantity("eh_s", low=1e-6, high=1e9, example="1,090 EH/s")]
PowerPrice = Annotated[float, quantity("usd_per_mwh", low=0.0, high=1e4, example="4.5 c/kWh")]
Interest = Annotated[float, quantity("frac_per_year", low=0.0, high=10.0, example="9 %/year")]
LoanToValue = Annotated[float, quantity("frac", low=0.01, high=10.0, example="80 %")]
Cure = Annotated[float, quantity("frac", low=0.01, high=0.99, example="65 %")]
Covenant = Annotated[float, quantity("frac", low=0.01, high=0.99, example="50 %")]
Daily = Annotated[float, quantity("frac", low=0.0, high=1.0, example="2.5 %")]
Coefficient = Annotated[float, number(low=0.0, high=100.0)]
Exponent = Annotated[float, number(low=0.1, high=1.0)]
HalfLifeDays = Annotated[float, quantity("days", low=0.01, high=math.inf, example="10 days")]
Volume = Annotated[float, quantity("btc_per_day", low=1e-6, high=1e9, example="150,000 BTC/day")]
Steps = Annotated[int, number(low=1, high=4_000, integer=True)]
Parts = Annotated[int, number(low=1, high=1_000, integer=True)]
Scenarios = Annotated[int, number(low=1, high=100_000, integer=True)]


class ReserveStudySection(Section):
    """What is run."""

    name: Name = key("Name of the study.")
    start: Day = key("First day.")
    by: Literal["day", "month"] = default(
        "day", "Length of a step.", "sales cause sales within days"
    )
    steps: Steps = key("Number of steps.")
    scenarios: Scenarios = default(1, "Number of price paths.", "the stated path alone")
    seed: Count = default(7, "Seed of the price paths.", "any integer replays the study")


class DepthSection(Section):
    """What a sale does to the price."""

    volume: Volume = key("Coins that change hands in a day.")
    volatility: Daily = key("Standard deviation of a day's log return.")
    coefficient: Coefficient = default(
        1.0, "Impact of a day's volume, in daily standard deviations.", "of order 1"
    )
    exponent: Exponent = default(0.5, "Power of the size.", "square-root law")
    half_life: HalfLifeDays = default(
        10.0, "Time in which the impact of a finished sale halves.", "estimated"
    )


class ChainSection(Section):
    """What mining earns."""

    hashrate: OnlineEhS = key("Network hashrate.")
    reward: BtcPerBlock = key("Subsidy and fees.")


class LoanSection(Section):
    """A loan against coins, with full recourse."""

    amount: Usd = key("Owed.")
    collateral: Btc = key("Coins pledged.")
    call_at: LoanToValue = default(0.8, "Loan over collateral above which it is called.", "usual")
    cure_to: Cure = default(0.65, "Loan over collateral that a call must restore.", "usual")
    interest: Interest = default(0.0, "Interest.", "none")


class DebtSection(Section):
    """Other debt."""

    amount: Usd = key("Owed.")
    interest: Interest = default(0.0, "Interest.", "none")
    repay: UsdPerMonth = default(0.0, "Scheduled repayment.", "none")


class CallSection(Section):
    """A payment that falls due once."""

    due: Day = key("Day on which it is due.")
    amount: Usd = key("Amount.")


class SplitSection(Section):
    """Treats a class as several equal miners whose loans differ."""

    parts: Parts = key("Number of miners.")
    loans: Share = default(0.0, "Loans spread evenly by this share to either side.", "alike")


class MinerSection(Section):
    """A miner, or a class of miners."""

    hashrate: EhS = default(0.0, "What it runs while income covers power.", "holds coins only")
    efficiency: JoulePerTh = default(20.0, "Energy per work at the meter.", "a recent fleet")
    power: PowerPrice = default(45.0, "Power price.", "median of surveyed firms")
    opex: UsdPerMonth = default(0.0, "Other cash costs.", "none")
    coins: Btc = default(0.0, "Coins that nobody has a claim on.", "none")
    cash: Usd = default(0.0, "Cash.", "none")
    keep_cash: Usd = default(0.0, "Cash below which coins are sold.", "none")
    policy: Literal["hold", "sell to cover", "sell share"] = default(
        "hold", "What it sells of its own will.", "nothing while cash lasts"
    )
    share: Share = default(0.0, "Share of what it mines that `sell share` sells.", "none")
    loan: LoanSection | None = optional("Loan against coins.")
    debt: DebtSection | None = optional("Other debt.")
    covenant: Covenant | None = optional("Most that all debt may be of the worth of all coins.")
    payments: dict[Name, CallSection] = Field(
        default_factory=dict, description="Payments that fall due once, by name."
    )
    split: SplitSection | None = optional("Several miners instead of one.")


class ReservesFile(Section):
    """A population of miners and the market that takes their coins."""

    study: ReserveStudySection = key("What is run.")
    price: dict[Day, CoinPriceUsd] = Field(
        min_length=1,
        description="Price without these miners' sales, by day; logs are interpolated.",
    )
    depth: DepthSection = key("What a sale does to the price.")
    chain: ChainSection = key("What mining earns.")
    miners: dict[Name, MinerSection] = Field(min_length=1, description="Miners, by name.")
