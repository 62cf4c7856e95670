"""Section ``market`` to the specifications of the drivers and of the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rerack.markets import (
    BitcoinSpec,
    Correlation,
    FeesSpec,
    GpuSpec,
    LeaseSpec,
    MarketSpec,
    PowerSpec,
)
from rerack.markets.power.parameters import PowerParameters
from rerack.network import NetworkSpec
from rerack.scenario.build.placed import Placed
from rerack.scenario.schema.market import (
    BitcoinSection,
    LeaseMarketSection,
    MarketSection,
    NetworkSection,
    PowerMarketSection,
)


def build_market(
    section: MarketSection, power_file: Path | None, placed: Placed
) -> MarketSpec | None:
    """Return the market, or None where a part was refused (and is then in `placed`)."""
    parts: dict[str, Any] = {}
    with placed.at("market", "bitcoin"):
        parts["bitcoin"] = build_bitcoin(section.bitcoin)
    with placed.at("market", "fees"):
        parts["fees"] = FeesSpec(level_btc_per_block=section.fees.level)
    with placed.at("market", "power", _power_key(section.power)):
        parts["power"] = build_power(section.power, power_file)
    with placed.at("market", "lease"):
        parts["lease"] = build_lease(section.lease)
    with placed.at("market", "gpu"):
        parts["gpu"] = GpuSpec(
            **_given(
                decline_frac_per_year=section.gpu.decline, volatility_frac=section.gpu.volatility
            )
        )
    with placed.at("market", "correlation"):
        parts["correlation"] = Correlation(pairs=_pairs(section.correlation))
    return MarketSpec(**parts) if len(parts) == 6 else None


def build_bitcoin(section: BitcoinSection) -> BitcoinSpec:
    """Return the model of Bitcoin's price."""
    return BitcoinSpec(
        price_usd=section.price,
        model=section.model,
        growth_frac_per_year=section.growth,
        volatility_frac=section.volatility,
    )


def build_lease(section: LeaseMarketSection) -> LeaseSpec:
    """Return the model of the market rent of AI halls."""
    return LeaseSpec(
        growth_frac_per_year=section.growth, **_given(volatility_frac=section.volatility)
    )


def _power_key(section: PowerMarketSection) -> str:
    """Return the key that names the source of power prices."""
    if section.parameters is not None:
        return "parameters"
    return "series" if section.file is None else "file"


def build_power(section: PowerMarketSection, power_file: Path | None) -> PowerSpec:
    """Return the power price model; a built-in series or parameter file must be readable."""
    key = _power_key(section)
    if key == "series" and section.series is not None:
        PowerParameters.load(section.series)
    if key == "parameters" and power_file is not None:
        PowerParameters.read(power_file)
    return PowerSpec(
        price_file=power_file if key == "file" else None,
        parameter_file=power_file if key == "parameters" else None,
        price_column=section.column,
        price_unit=section.unit,
        price_fill=section.fill,
        treatment=section.treatment,
        level_usd_per_mwh=section.level,
        growth_frac_per_year=section.growth,
        level_volatility_frac=section.volatility,
        **_given(series=section.series),
    )


def build_network(section: NetworkSection, inflation_frac_per_year: float) -> NetworkSpec:
    """Return the network at the start."""
    return NetworkSpec(
        start_height=section.height,
        start_difficulty=section.difficulty,
        inflation_frac_per_year=inflation_frac_per_year,
        **_given(efficiency_j_per_th=section.efficiency, progress_frac_per_year=section.progress),
    )


def _given(**values: Any) -> dict[str, Any]:
    """Return what the file gives; for the rest the model's own calibrated default holds."""
    return {name: value for name, value in values.items() if value is not None}


def _pairs(correlation: dict[str, float]) -> tuple[tuple[str, str, float], ...]:
    split = {tuple(n.strip() for n in pair.split("/")): v for pair, v in correlation.items()}
    return tuple((names[0], names[1], value) for names, value in split.items())
