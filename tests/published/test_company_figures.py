"""The companies that ship reproduce the public figures that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerack.catalog import find
from rerack.chain import breakeven_usd_per_mwh
from rerack.planning.plans import FixedPlan
from rerack.scenario.company import CompanyStudy, load_company
from rerack.scenario.company.facts import named_fact
from rerack.study.company_study import run_companies

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "companies"
FILES = sorted(p for p in FOLDER.glob("*.yaml") if p.name != "market.yaml")


def study(name: str) -> CompanyStudy:
    return load_company(FOLDER / f"{name}.yaml", scenarios=64)


def test_there_are_eight_converters_and_the_purist() -> None:
    names = {p.stem for p in FILES}
    assert names >= {
        "riot", "core-scientific", "terawulf", "cleanspark", "bitfarms", "mara", "cipher", "iren",
        "asset-light",
    }  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_fact_is_the_catalogues(path: Path) -> None:
    """Value and status of every input that names a fact; each file but the purist's names some."""
    rows = load_company(path).inputs
    named = [(row, named_fact(row)) for row in rows if named_fact(row)]
    assert named or path.stem == "asset-light"
    for row, key in named:
        assert key is not None
        fact = find("companies", company=key[0], metric=key[1], period=key[2])
        assert row.canonical == pytest.approx(fact.number("value"), rel=1e-9), row.path
        assert row.status == fact.status, row.path


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_figure_has_its_source(path: Path) -> None:
    """Nothing bare: a source and a status for all, and 'estimated' says why."""
    for row in load_company(path).inputs:
        if not row.unit or row.where.startswith("default"):
            continue
        assert row.source != "stated in the scenario file", row.path
        if row.status == "unverified":
            said = ("estimated", "within the all-in", "catalogue ai_deals")
            assert row.source.startswith(said), row.path


@pytest.mark.parametrize(
    ("name", "coins"),
    [("riot", 19_287), ("cleanspark", 13_011), ("mara", 52_850), ("bitfarms", 1_827)],
)
def test_coins(name: str, coins: int) -> None:
    assert study(name).company.coins_btc == coins


@pytest.mark.parametrize(
    ("name", "deal", "value"),
    [
        ("core-scientific", "CoreWeave", 10.2e9),
        ("terawulf", "Fluidstack at Lake Mariner", 6.7e9),
        ("terawulf", "Fluidstack at Abernathy", 0.51 * 9.5e9),
        ("cipher", "Fluidstack", 3.0e9),
        ("cipher", "Fluidstack addition", 0.83e9),
        ("cipher", "AWS", 5.5e9),
        ("iren", "Microsoft", 9.7e9),
        ("riot", "AMD", 311e6),
    ],
)
def test_contract_values(name: str, deal: str, value: float) -> None:
    """Rent times term times the company's critical MW is the value that was published."""
    for site in study(name).company.sites:
        if deal in site.offers:
            lease = site.offers[deal]
            plan = site.plans["signed"]
            assert isinstance(plan, FixedPlan)
            utility = sum(
                site.site.hall(a.hall).utility_mw for a in plan.assignments if a.use == deal
            )
            critical = lease.conversion.critical_mw(utility)
            assert lease.contract_value_usd(critical) == pytest.approx(value, rel=1e-6)
            return
    pytest.fail(f"{deal} not found")


@pytest.mark.parametrize(
    ("name", "utility", "critical"),
    [
        ("riot", 1382.0, 469.4),  # 600 MW of Corsicana over 1.35, and AMD's 25
        ("cleanspark", 1312.0, 211.0),  # 1,027 and 285 MW
        ("terawulf", 694.6, 366.0 + 0.51 * 168.0),
        ("core-scientific", 1109.0, 590.0),
        ("iren", 750.0, 200.0),
        ("mara", 1204.4, 0.0),
    ],
)
def test_megawatts(name: str, utility: float, critical: float) -> None:
    company = study(name).company
    assert company.utility_mw == pytest.approx(utility)
    assert company.convertible_mw == pytest.approx(critical)


def test_the_purist_pays_about_fifty_thousand_a_coin() -> None:
    found = study("asset-light")
    (site,) = found.company.sites
    fleet = next(h.rigs for h in site.site.halls if h.rigs is not None)
    price = site.site.tariff.fixed_price_usd_per_mwh
    assert price is not None
    # Hashes of a coin at epoch 459, in PH-days a coin, is one over the coins of a PH-day.
    coins_per_ph_day = 1e15 * 86_400 / (149.3012e12 * 2**32) * 3.145
    coins_per_mwh = float(breakeven_usd_per_mwh(coins_per_ph_day, fleet.efficiency_j_per_th, 0.0))
    assert price / coins_per_mwh == pytest.approx(49_557, abs=1.0)


@pytest.mark.slow
def test_nine_companies_side_by_side() -> None:
    runs = run_companies([load_company(path) for path in FILES])
    worth = {run.company.name: run.cases["announced"].operations_usd.mean() for run in runs}
    assert len(worth) == 9
    gain = {
        run.company.name: (
            run.cases["announced"].operations_usd - run.cases["mining"].operations_usd
        ).mean()
        for run in runs
    }
    # Who has leases at 1.4 MUSD/MW-year or more, gains by them; who has none, neither.
    assert all(gain[n] > 0.0 for n in ("Core Scientific", "TeraWulf", "Cipher"))
    assert gain["MARA"] == gain["Asset-light"] == 0.0
