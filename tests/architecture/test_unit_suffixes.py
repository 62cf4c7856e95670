"""Every physical float of the public interface says its unit in its name."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import typing
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

PACKAGES = (
    "assets", "base", "catalog", "chain", "dispatch", "finance", "markets", "network", "planning",
    "reliability", "scenario", "security", "study", "network.reserves", "livedata",
)  # fmt: skip

#: Endings that are units. A name equal to an ending without its underscore counts too.
SUFFIXES = (
    "_mw", "_w", "_kw", "_mwh", "_mwh_per_mw", "_mw_sum", "_mwh_sum", "_sum_mwh",
    "_usd", "_usd_per_mwh", "_usd_per_mw", "_usd_per_mw_year", "_usd_per_kw_month",
    "_usd_per_year", "_usd_per_ph_day", "_usd_per_th", "_usd_per_gpu_hour", "_usd_per_gpu",
    "_usd_per_btc", "_usd_per_kwh", "_btc", "_btc_mean", "_btc_per_block", "_btc_per_ph_day",
    "_btc_per_mw",
    "_btc_per_day",
    "_btc2", "_sum_btc", "_sat", "_frac", "_frac_per_year", "_per_year", "_per_month",
    "_per_sqrt_year", "_months", "_month", "_years", "_days", "_hours", "_hour", "_per_hour", "_s",
    "_eh_s", "_th_s", "_ph_s", "_j_per_th", "_c",
)  # fmt: skip
#: Pure numbers by nature, each with its reason. Nothing physical may be added here.
PURE = {
    "equity_beta": "elasticity of the share price to the coin's",
    "beta": "elasticity",
    "min_dscr": "ratio",
    "target_dscr": "ratio",
    "max_leverage": "debt over a year's EBITDA",
    "income": "lines of a statement by name, all USD",
    "balance": "lines of a statement by name, all USD",
    "cash": "lines of a statement by name, all USD",
    "unavailability": "share of time, beside availability_frac at full precision",
    "losses_per_outage": "a count, beside lost_hours",
    "settings": "hashrate and power in pairs",
    "modes": "probability and common-cause share in pairs",
    "hashrate_ratio": "attacker's hashrate over the honest",
    "supply_elasticity": "log quantity over log price",
    "alpha": "share of hashrate, the symbol of the papers",
    "gamma": "share of honest miners that follow, the symbol of the papers",
    "shares": "shares by name",
    "region_shares": "shares by name",
    "owner_shares": "shares by name",
    "pool_shares": "shares by name",
    "mean_intervals": "block intervals",
    "intervals": "block intervals",
    "gross_rewards": "block rewards",
    "fleet_machines": "count of machines",
    "months_to_acquire": "months, unit in front",
    "difficulty": "protocol number",
    "start_difficulty": "protocol number",
    "difficulty_mean": "protocol number",
    "q": "share of hashrate, the symbol of the papers",
    "risk": "probability, the symbol of the papers",
    "hashprice": "array argument whose unit is in the function's name",
    "pue": "ratio of energies",
    "pue_design": "ratio of energies",
    "pue_mean": "ratio of energies",
    "pue_cap": "ratio of energies",
    "level": "factor on a price library",
    "lease_index": "1 in month 0",
    "gpu_index": "1 in month 0",
    "network_shock": "standard normal",
    "ratio": "margin over margin",
    "worst_dscr": "ratio",
    "dscr": "ratio",
    "worst": "ratio",
    "mean": "ratio",
    "credit_months_per_pp": "months of rent per percentage point",
    "kw_per_gpu": "kW per GPU, unit in front",
    "value": "carries its unit beside it",
    "values": "carries its unit beside it",
    "canonical": "carries its unit beside it",
    "cells": "each column name carries its unit",
    "pairs": "correlations",
    "blocks": "count of blocks",
    "end_height": "block height",
    "low": "bound of a catalogue column, in that column's unit",
    "minimum": "bounds by column, in each column's unit",
    "maximum": "bounds by column, in each column's unit",
    "least": "bound of a series, in its own unit",
    "most": "bound of a series, in its own unit",
    "requests_per_minute": "a count in a minute",
    "value_high": "carries its unit beside it",
}


def public_objects() -> Iterator[tuple[str, Any]]:
    """Yield (dotted name, object) of everything in the packages' `__all__`."""
    for name in PACKAGES:
        module = importlib.import_module(f"rerack.{name}")
        for public in module.__all__:
            yield f"rerack.{name}.{public}", getattr(module, public)


def float_names(thing: Any) -> Iterator[str]:
    """Yield names of float or float-array fields and parameters."""
    if inspect.isclass(thing):
        if not dataclasses.is_dataclass(thing):
            return
        hints = typing.get_type_hints(thing)
        yield from (f.name for f in dataclasses.fields(thing) if is_float(hints[f.name]))
    elif inspect.isfunction(thing):
        hints = typing.get_type_hints(thing)
        yield from (n for n, hint in hints.items() if n != "return" and is_float(hint))


def is_float(hint: Any) -> bool:
    """Whether a type holds physical floats."""
    if hint is float:
        return True
    if typing.get_origin(hint) is np.ndarray:
        return "float64" in str(hint)
    return any(is_float(part) for part in typing.get_args(hint) if part is not type(None))


def test_every_public_float_has_a_registered_suffix() -> None:
    wrong = [
        f"{where}: {name}"
        for where, thing in public_objects()
        for name in float_names(thing)
        if name not in PURE and not f"_{name}".endswith(SUFFIXES)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", PACKAGES)
def test_public_names_exist_and_none_says_percent(name: str) -> None:
    module = importlib.import_module(f"rerack.{name}")
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        assert getattr(module, public) is not None
        assert not public.endswith("_pct")
