"""Every example loads, says what it reproduces, and its inputs give that figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerack.assets import Lease
from rerack.chain import breakeven_usd_per_mwh, hashprice_usd_per_ph_day
from rerack.planning.plans import FixedPlan
from rerack.scenario import Scenario, load

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*.yaml"))
SUBSIDY_BTC = 3.125


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_example_loads_and_says_what_it_reproduces(path: Path) -> None:
    scenario = load(path)
    assert scenario.plans[0].kind == "keep"
    head = path.read_text(encoding="utf-8").split("study:")[0]
    assert "# Reproduces:" in head
    for word in ("Public:", "stimated", "nknown"):
        assert word in head
    halls = sum(h.utility_mw for h in scenario.site.halls)
    assert halls <= scenario.site.interconnect_mw


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_estimate_says_so(path: Path) -> None:
    for row in load(path).inputs:
        assert not (row.source.startswith("estimated") and row.status != "unverified"), row.path


def test_there_is_an_example_of_each_row() -> None:
    names = {p.stem for p in FILES}
    assert names == {
        "asset-light",
        "cipher",
        "core-scientific",
        "corsicana",
        "hashprice-crisis",
        "iren",
    }


def test_corsicana_converts_600_of_1000_mw() -> None:
    scenario = load(EXAMPLES / "corsicana.yaml")
    assert sum(h.utility_mw for h in scenario.site.halls) == 1000.0
    (announced,) = (p for p in scenario.plans if p.name == "announced")
    assert isinstance(announced, FixedPlan)
    converted = sum(scenario.site.hall(a.hall).utility_mw for a in announced.assignments)
    assert converted == 600.0
    shell = scenario.offers["shell"]
    assert isinstance(shell, Lease)
    # Riot-AMD Rockdale: 311 MUSD for 25 MW over 10 years.
    assert shell.contract_value_usd(25.0) == pytest.approx(311e6, rel=1e-9)


def test_core_scientific_is_worth_three_and_a_half_billion() -> None:
    scenario = load(EXAMPLES / "core-scientific.yaml")
    lease = scenario.offers["CoreWeave"]
    assert isinstance(lease, Lease)
    critical = lease.conversion.critical_mw(scenario.site.hall("hosting").utility_mw)
    assert critical == pytest.approx(200.0, rel=1e-12)
    assert lease.contract_value_usd(critical) == pytest.approx(3.5e9, rel=1e-6)
    assert lease.contract_value_usd(critical) / 12 / critical == pytest.approx(1.46e6, abs=5e3)


def test_asset_light_coin_costs_about_fifty_thousand_of_power() -> None:
    scenario = load(EXAMPLES / "asset-light.yaml")
    rigs = scenario.site.hall("hosted").rigs
    assert rigs is not None
    fees = scenario.market.fees.level_btc_per_block
    hashes = scenario.network.start_difficulty * 2.0**32 / (SUBSIDY_BTC + fees)
    mwh = hashes * rigs.efficiency_j_per_th * 1e-12 / 3.6e9
    price = scenario.site.tariff.fixed_price_usd_per_mwh
    assert price is not None
    assert mwh * price == pytest.approx(49_557, abs=1)
    assert mwh * price / (1.0 - rigs.pool_fee_frac) == pytest.approx(49_806, abs=1)


def test_hashprice_crisis_gives_luxors_hashprice() -> None:
    scenario = load(EXAMPLES / "hashprice-crisis.yaml")
    hashprice = crisis_hashprice(scenario)
    assert hashprice == pytest.approx(35.06, abs=0.005)
    strikes = []
    for hall in scenario.site.halls:
        assert hall.rigs is not None
        strikes.append(breakeven_usd_per_mwh(hashprice, hall.rigs.efficiency_j_per_th) / 10.0)
    assert strikes == pytest.approx([10.8, 8.3, 6.8, 5.0], abs=0.05)


def crisis_hashprice(scenario: Scenario) -> float:
    """Return the hashprice that a scenario's start implies [USD/PH/day]."""
    return float(
        hashprice_usd_per_ph_day(
            scenario.market.bitcoin.price_usd,
            scenario.network.start_difficulty,
            SUBSIDY_BTC,
            scenario.market.fees.level_btc_per_block,
        )
    )
