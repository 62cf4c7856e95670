"""A study's figures: the same for any number of threads or scenarios, and they add up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.finance import discount_factors
from rerack.scenario import Scenario, load
from rerack.study import Node, Run, explain, explainable, run_study

CORSICANA = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"


def scenario(count: int, *overrides: str) -> Scenario:
    """Load the example with fewer scenarios."""
    return load(CORSICANA, scenarios=count, overrides=overrides)


@pytest.fixture(scope="module")
def wide() -> Run:
    """One run of two blocks on three threads."""
    return run_study(scenario(300), threads=3)


def test_bit_identical_for_any_number_of_threads(wide: Run) -> None:
    single = run_study(scenario(300), threads=1)
    for name in single.names():
        for column, values in single.table(name).items():
            assert np.array_equal(
                values, wide.table(name)[column], equal_nan=values.dtype.kind == "f"
            ), f"{name}.{column}"


def test_a_scenario_is_the_same_whatever_the_number(wide: Run) -> None:
    few = run_study(scenario(64), threads=1)
    a, b = few.table("scenarios"), wide.table("scenarios")
    first = b["scenario"] < 64
    assert np.array_equal(a["npv_usd"], b["npv_usd"][first])


def test_discounted_cash_is_the_mean_npv_to_the_cent(wide: Run) -> None:
    cash, plans = wide.table("cashflow"), wide.table("plans")
    factors = discount_factors(wide.meta["months"], wide.meta["discount_rate_frac"])
    for plan, npv in zip(plans["plan"], plans["npv_mean_usd"], strict=True):
        mine = cash["mean_usd"][cash["plan"] == plan].reshape(-1, wide.meta["months"])
        assert float((mine * factors).sum()) == pytest.approx(npv, abs=0.01)


def test_standard_error_is_of_the_difference(wide: Run) -> None:
    plans, scenarios = wide.table("plans"), wide.table("scenarios")
    by_plan = {p: scenarios["npv_usd"][scenarios["plan"] == p] for p in plans["plan"]}
    gain = by_plan["announced"] - by_plan["keep mining"]
    row = wide.row("plans", plan="announced")
    assert row["delta_mean_usd"] == pytest.approx(gain.mean())
    assert row["delta_se_usd"] == pytest.approx(gain.std(ddof=1) / np.sqrt(len(gain)))


def test_mining_pays_nothing_after_a_hall_has_left(wide: Run) -> None:
    cash = wide.table("cashflow")
    mine = (cash["plan"] == "announced") & (cash["hall"] == "B")
    for line in ("mining revenue", "mining power", "rigs"):
        later = mine & (cash["line"] == line) & (cash["month"] >= "2027-01")
        assert (cash["mean_usd"][later] == 0.0).all()


def test_tree_of_npv_adds_up_at_every_level(wide: Run) -> None:
    tree = explain(wide, "npv:announced")
    check_sums(tree)
    labels = {node.label for node in leaves(tree)}
    assert "market.bitcoin.price" in labels
    assert "offers.shell.rate" in labels


def check_sums(node: Node) -> None:
    """Assert that each node in USD equals the sum of its children in USD."""
    parts = [c for c in node.children if c.unit == "USD"]
    if parts:
        assert node.value == pytest.approx(sum(float(p.value) for p in parts), abs=0.01)
    for part in parts:
        check_sums(part)


def leaves(node: Node) -> list[Node]:
    """Return the leaves below a node."""
    if not node.children:
        return [node]
    return [leaf for child in node.children for leaf in leaves(child)]


def test_every_figure_that_claims_to_explains_itself(wide: Run) -> None:
    for name in explainable(wide):
        node = explain(wide, name)
        assert node.label
        assert node.formula or isinstance(node.value, str)


def test_sensitivities_start_from_the_headline(wide: Run) -> None:
    tornado = wide.table("tornado")
    plans = wide.table("plans")
    best = int(np.argmax(plans["delta_mean_usd"][1:])) + 1
    assert tornado["base_delta_usd"] == pytest.approx(plans["delta_mean_usd"][best], rel=1e-6)
    assert len(tornado["input"]) >= 6


def test_money_scales() -> None:
    """Twice every price, cost and rent is twice every NPV.

    A rule fitted anew decides a little otherwise, within the error of what it gains.
    """
    base, double = scenario(64), scenario(64)
    a = run_study(scaled(base, 1.0), threads=1).table("plans")
    b = run_study(scaled(double, 2.0), threads=1).table("plans")
    fixed = a["kind"] != "policy"
    for column in ("npv_mean_usd", "capex_usd"):
        np.testing.assert_allclose(b[column][fixed], 2.0 * a[column][fixed], rtol=1e-9)
    moved = b["delta_mean_usd"] - 2.0 * a["delta_mean_usd"]
    assert (np.abs(moved[~fixed]) < 3.0 * 2.0 * a["delta_se_usd"][~fixed]).all()


def scaled(plain: Scenario, factor: float) -> Scenario:
    """Multiply every amount of money of a scenario, on a network that is told so too."""
    from dataclasses import replace

    from rerack.study.levers import conversion_cost, lease_rate
    from rerack.study.pipeline import prepare

    plain = prepare(plain).scenario
    market, network = plain.market, plain.network
    level = market.power.level_usd_per_mwh
    assert level is not None
    anchor = 33.9
    market = replace(
        market,
        bitcoin=replace(market.bitcoin, price_usd=market.bitcoin.price_usd * factor),
        power=replace(market.power, level_usd_per_mwh=level * factor),
    )
    network = replace(
        network,
        anchor_usd_per_ph_day=anchor * factor,
        reference_power_usd_per_mwh=network.reference_power_usd_per_mwh * factor,
        rig_floor_usd_per_th=network.rig_floor_usd_per_th * factor,
    )
    halls = tuple(
        replace(
            h,
            rigs=None
            if h.rigs is None
            else replace(
                h.rigs,
                variable_om_usd_per_mwh=h.rigs.variable_om_usd_per_mwh * factor,
                fixed_om_usd_per_mw_year=h.rigs.fixed_om_usd_per_mw_year * factor,
            ),
        )
        for h in plain.site.halls
    )
    tariff = replace(
        plain.site.tariff, adder_usd_per_mwh=plain.site.tariff.adder_usd_per_mwh * factor
    )
    offers = {
        name: replace(use, opex_usd_per_kw_month=use.opex_usd_per_kw_month * factor)
        for name, use in plain.offers.items()
    }
    finance = replace(
        plain.finance, overhead_usd_per_year=plain.finance.overhead_usd_per_year * factor
    )
    whole = replace(
        plain,
        market=market,
        network=network,
        site=replace(plain.site, halls=halls, tariff=tariff),
        offers=offers,
        finance=finance,
    )
    return conversion_cost(lease_rate(whole, factor), factor)


def test_more_capacity_never_hurts_where_idling_is_free() -> None:
    free = "site.halls.A.rigs.fixed_om=0 USD/MW-year utility"
    small = run_study(scenario(64, free), threads=1)
    large = run_study(
        scenario(
            64, free, "site.halls.A.power=230 MW utility", "site.interconnect=1,100 MW utility"
        ),
        threads=1,
    )
    keep = [r.row("plans", plan="keep mining") for r in (small, large)]
    assert keep[1]["npv_mean_usd"] > keep[0]["npv_mean_usd"]
