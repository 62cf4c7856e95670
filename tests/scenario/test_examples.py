"""Each shipped example, run end to end, reproduces the public figure that it names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rerack
from rerack.api import Result

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def run(name: str) -> Result:
    """Run an example on one block of paths."""
    return rerack.load(EXAMPLES / f"{name}.yaml").run(scenarios=64)


@pytest.fixture(scope="module")
def corsicana() -> Result:
    return run("corsicana")


def test_corsicana_converts_600_of_1000_mw(corsicana: Result) -> None:
    uses = corsicana.table("uses")
    last = (uses["plan"] == "announced") & (uses["month"] == "2030-01")
    mw = dict(zip(uses["use"][last], uses["mean_mw"][last], strict=True))
    assert mw == pytest.approx(
        {"mining": 400.0, "AI / HPC": 600.0, "under conversion": 0.0, "idle": 0.0}
    )


def test_tables_come_as_arrays_or_data_frames(corsicana: Result) -> None:
    plans = corsicana.table("plans")
    for kind in ("pandas", "polars"):
        frame = corsicana.table("plans", kind=kind)
        assert list(frame.columns) == list(plans)
        assert list(frame["plan"]) == list(plans["plan"])
    with pytest.raises(rerack.base.InputError, match="numpy, pandas or polars"):
        corsicana.table("plans", kind="excel")


def test_megawatts_of_every_plan_and_month_sum_to_the_halls(corsicana: Result) -> None:
    uses = corsicana.table("uses")
    for plan in np.unique(uses["plan"]):
        for month in ("2026-01", "2027-03", "2035-12", "2045-12"):
            here = (uses["plan"] == plan) & (uses["month"] == month)
            assert uses["mean_mw"][here].sum() == pytest.approx(1000.0)


def test_core_scientific_is_worth_3_5_bn_at_1_46_musd_a_megawatt_year() -> None:
    study = rerack.load(EXAMPLES / "core-scientific.yaml")
    lease = next(iter(study.scenario.offers.values()))
    assert isinstance(lease, rerack.assets.Lease)
    critical = lease.conversion.critical_mw(study.scenario.site.halls[0].utility_mw)
    assert critical == pytest.approx(200.0)
    assert lease.contract_value_usd(critical) == pytest.approx(3.5e9, rel=0.01)
    assert lease.rate_usd_per_kw_month * 12e3 == pytest.approx(1.46e6, rel=0.005)
    conversion = lease.conversion
    assert conversion.tenant_capex_usd_per_mw > conversion.owner_capex_usd_per_mw
    # The engine's own rent over the term: the contract less what the ramp leaves out.
    cash = study.run(scenarios=64).table("cashflow")
    mine = (cash["plan"] == "CoreWeave contract") & (cash["line"] == "AI revenue")
    earned = cash["mean_usd"][mine][: conversion.lead_months + lease.term_months].sum()
    missing_months = sum(
        1 - (m + 1) / conversion.ramp_months for m in range(conversion.ramp_months)
    )
    monthly = lease.rate_usd_per_kw_month * 1e3 * critical
    assert earned == pytest.approx(lease.contract_value_usd(critical) - missing_months * monthly)


def test_asset_light_coin_costs_about_50_000_usd_of_power() -> None:
    costs = run("asset-light").table("coin_cost")
    by_definition = dict(zip(costs["definition"], costs["usd_per_btc"], strict=True))
    # The file's definition: power only, first year. Difficulty moves within that year.
    assert by_definition["power"] == pytest.approx(50_000, rel=0.05)
    assert list(costs["usd_per_btc"]) == sorted(costs["usd_per_btc"])


def test_crisis_hashprice_and_who_still_earns() -> None:
    result = run("hashprice-crisis")
    assert result.meta["spot_hashprice_usd_per_ph_day"] == pytest.approx(35.06, abs=0.01)
    outlook = result.table("outlook")
    first = (outlook["driver"] == "hashprice_usd_per_ph_day") & (outlook["month"] == "2025-11")
    # The month's mean holds a retarget in its last week.
    assert outlook["mean"][first][0] == pytest.approx(35.06, rel=0.005)
    rigs = result.table("rigs")
    s21 = list(rigs["model"]).index("S21")
    assert rigs["strike_usd_per_mwh"][s21] == pytest.approx(83.5, abs=0.05)
    # 35.06 USD/PH/day pays 8 c/kWh up to 18.26 J/TH, 6 up to 24.35, 5 up to 29.22, 4 up to 36.5.
    for price, limit in ((80, 18.26), (60, 24.35), (50, 29.22), (40, 36.52)):
        earns = rigs[f"earns_at_{price}"].astype(bool)
        assert (earns == (rigs["efficiency_j_per_th"] < limit)).all()
