"""Section ``market``: what is outside the owner's control."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerack.scenario.quantities import (
    BtcPerBlock,
    CoinPriceUsd,
    Difficulty,
    GrowthPerYear,
    JoulePerTh,
    Name,
    Text,
    UsdPerMwh,
    Volatility,
    number,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional, section

Correlation = Annotated[float, number(low=-1.0, high=1.0)]


class BitcoinSection(Section):
    """Bitcoin's price."""

    model: Literal["gbm", "jump", "regime", "bootstrap"] = default(
        "gbm",
        "Price process: geometric Brownian, jumps, two regimes, or past months redrawn.",
        "the simplest",
    )
    price: CoinPriceUsd = key("Price at the start [USD a coin].")
    growth: GrowthPerYear = default(
        0.0, "Expected growth of the price.", "no view: the price of today is the expectation"
    )
    volatility: Volatility | None = optional("Annual volatility; calibrated where left out.")


class FeesSection(Section):
    """Transaction fees."""

    level: BtcPerBlock = default(
        0.02, "Fees a block at the start.", "level of November 2025, Luxor"
    )


Height = Annotated[int, number(low=0, high=6_929_999, integer=True)]
Progress = Annotated[float, quantity("frac_per_year", low=0.0, high=0.9)]
Decline = Annotated[float, quantity("frac_per_year", low=-1.0, high=0.95)]


class NetworkSection(Section):
    """The Bitcoin network at the start, and how fast rigs improve."""

    height: Height = key("Height of the next block at the start.")
    difficulty: Difficulty = key("Difficulty at that height; the suffix T is accepted.")
    model: Literal["exogenous", "cohorts"] = default(
        "exogenous",
        "Hashrate that follows revenue as a whole, or a world of cohorts that decide.",
        "fast; estimated on 2017 to 2025",
    )
    world: Text | None = optional(
        "World of the cohorts: 2021-01, 2024-04, 2025-12 or a network file; 2025-12 if left out."
    )
    efficiency: JoulePerTh | None = optional(
        "Mean efficiency of the network's rigs at the start; calibrated where left out."
    )
    progress: Progress | None = optional(
        "Yearly fall of the hashprice at which rigs are still bought; calibrated where left out."
    )


class PowerMarketSection(Section):
    """The hourly power price index."""

    series: Name | None = optional("Built-in price model, such as ercot_north.")
    file: Text | None = optional(
        "Hourly prices of your own instead of `series`: CSV, Parquet, or data:NAME, a live series."
    )
    parameters: Text | None = optional(
        "File that `rerack calibrate power` wrote, instead of `series`."
    )
    column: Text | None = optional("Column of the file where it has several.")
    unit: Literal["USD/MWh", "USD/kWh", "c/kWh"] = default(
        "USD/MWh", "Unit of the file's prices.", "the market's own unit"
    )
    fill: Literal["none", "linear", "previous"] = default(
        "none", "How gaps of the file of up to 24 hours are filled.", "a gap is an error"
    )
    treatment: Literal["as_is", "bootstrap"] = default(
        "bootstrap",
        "Replay the file's years in order, or draw its days anew.",
        "one history is one draw",
    )
    level: UsdPerMwh | None = optional(
        "Mean index price at the start; the series' own where left out."
    )
    growth: GrowthPerYear = default(
        0.025, "Nominal growth of the mean price.", "as general inflation"
    )
    volatility: Volatility | None = optional(
        "Annual volatility of the price level; the model's default where left out."
    )


class LeaseMarketSection(Section):
    """The market rent of AI halls, for offers signed or renewed later."""

    growth: GrowthPerYear = default(0.025, "Nominal growth of rents.", "as general inflation")
    volatility: Volatility | None = optional("Annual volatility; calibrated where left out.")


class GpuMarketSection(Section):
    """The price of a GPU-hour of one generation."""

    decline: Decline | None = optional(
        "Yearly fall of a generation's price; calibrated where left out."
    )
    volatility: Volatility | None = optional("Annual volatility; calibrated where left out.")


class MarketSection(Section):
    """What is outside the owner's control."""

    bitcoin: BitcoinSection = key("Bitcoin's price.")
    fees: FeesSection = section(FeesSection, "Transaction fees.")
    network: NetworkSection = key("The Bitcoin network at the start.")
    power: PowerMarketSection = key("The hourly power price index.")
    lease: LeaseMarketSection = section(LeaseMarketSection, "Market rent of AI halls.")
    gpu: GpuMarketSection = section(GpuMarketSection, "Price of a GPU-hour.")
    correlation: dict[Name, Correlation] = Field(
        default_factory=dict,
        description="Correlation of monthly shocks by pair, such as bitcoin/lease: 0.3.",
    )
