"""The policy's money is the ledger's, and its bounds hold on a real study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.assets.tariff_terms import DemandCharge
from rerack.base.checks import FloatArray, IntArray
from rerack.base.errors import InputError
from rerack.finance import discount_factors
from rerack.planning import NEVER, SITE_ROW, FinanceTerms, Ledger, PolicyPlan, World
from rerack.planning.decisions import Decisions
from rerack.planning.financing import finance_site
from rerack.planning.halls import run_hall
from rerack.planning.hosted_peaks import hosted_mw, hosted_peaks
from rerack.planning.plan_cash import _post_hosting, _post_mining
from rerack.planning.policy import (
    FittedPlan,
    PolicyDates,
    SiteLimits,
    best_policy,
    fit_plan,
    policy_decisions,
    site_policy,
)
from rerack.planning.policy.hall_problem import mined_usd_per_mw
from rerack.planning.policy.offer_value import offer_value
from rerack.planning.policy.weights import value_weights
from rerack.scenario import Scenario, load
from rerack.study.pipeline import prepare
from rerack.study.simulate import Prepared, build_world

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
#: Number of the first scenario of the worlds that rules are fitted on.
BEYOND = 64_000
PATHS = 1024
DATES = PolicyDates(count=20)


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(load(EXAMPLE))


@pytest.fixture(scope="module")
def scenario(prepared: Prepared) -> Scenario:
    return prepared.scenario


@pytest.fixture(scope="module")
def fit_world(prepared: Prepared) -> World:
    return build_world(prepared, BEYOND, PATHS)


@pytest.fixture(scope="module")
def world(prepared: Prepared) -> World:
    return build_world(prepared, 0, 256)


def ledger_value(world: World, decisions: Decisions, terms: FinanceTerms) -> FloatArray:
    """Return the ledger's NPV of one hall, by scenario, without what belongs to no hall."""
    world = replace(world, terms=terms)
    scenarios, months = world.shape
    hall = world.site.hall("B")
    ledger = Ledger((hall.name,), scenarios, months)
    run = run_hall(hall, decisions, world)
    assert run.mining is not None
    sizes = {hall.name: hall.utility_mw}
    _post_mining(ledger, sizes, run.mining, run.still_mining)
    tenant = np.zeros((scenarios, months))
    if run.hosting is not None:
        _post_hosting(ledger, sizes, run.hosting)
        for offer, decided in decisions.taken(hall.name):
            use = world.offers[offer]
            drawn = hosted_mw(use, world.hosting(use, decided), world.meter.grid)
            for line, cost in hosted_peaks(use, drawn, world.meter).items():
                ledger.post_halls(sizes, line, -cost)
    assert SITE_ROW in ledger.rows
    finance_site(ledger, terms, world.meter.grid, tenant_capex_usd=tenant)
    return ledger.total() @ discount_factors(months, terms.discount_rate_frac_per_year)


def spread_dates(scenarios: int) -> IntArray:
    """Return dates that differ by scenario, so that nobody knows them beforehand."""
    return np.where(np.arange(scenarios) % 4 == 3, NEVER, 3 * (np.arange(scenarios) % 4))


@pytest.mark.parametrize("tax_rate_frac", [0.0, 0.21])
@pytest.mark.parametrize("offer", ["shell", "colocation", "cloud", "cloud with peaks charged"])
def test_value_is_the_ledgers(
    world: World, scenario: Scenario, offer: str, tax_rate_frac: float
) -> None:
    """To rounding without tax, on scenarios whose rent and GPU prices follow their expectation."""
    if offer.endswith("charged"):
        offer = "cloud"
        tariff = replace(
            world.meter.tariff, demand_charge=DemandCharge(charge_usd_per_kw_month=4.0)
        )
        world = replace(world, meter=replace(world.meter, tariff=tariff), _mining={})
    terms = replace(world.terms, tax_rate_frac=tax_rate_frac)
    months = np.arange(world.shape[1])
    calm = replace(
        world.outlook,
        lease_index=np.tile(
            (1.0 + scenario.market.lease.growth_frac_per_year) ** (months / 12.0), (256, 1)
        ),
        gpu_index=np.tile(
            (1.0 - scenario.market.gpu.decline_frac_per_year) ** (months / 12.0), (256, 1)
        ),
    )
    world = replace(world, outlook=calm, terms=terms, _hosting={})
    hall, use, dates = world.site.hall("B"), world.offers[offer], np.array([0, 3, 6])
    weights = value_weights(terms, world.meter.grid)
    mined = mined_usd_per_mw(world, hall)
    hosted = offer_value(use, world, scenario.market, weights, dates).on(world)
    runs_on = use.conversion.lead_months - use.conversion.dark_months
    claim = mined[:, dates + runs_on] + hosted
    decided = spread_dates(world.shape[0])
    rows = np.arange(decided.size)
    ours = (
        np.where(decided == NEVER, mined[:, -1], claim[rows, np.minimum(decided // 3, 2)])
        * hall.utility_mw
    )
    decisions = Decisions(
        offers=(offer,),
        month={"B": decided},
        use={"B": np.where(decided < NEVER, 0, -1)},
        known_at_start=False,
    )
    theirs = ledger_value(world, decisions, terms)
    if tax_rate_frac == 0.0:
        assert np.allclose(ours, theirs, rtol=1e-9, atol=1.0)
    else:
        # Losses that wait for profits cost the ledger something; they never earn it anything.
        assert (ours >= theirs - 1.0).all()
        earns = theirs > 0.0
        assert np.median(ours[earns] / theirs[earns]) < 1.06


def test_bounds_bracket_and_the_policy_beats_every_fixed_date(
    fit_world: World, prepared: Prepared, scenario: Scenario
) -> None:
    judge = build_world(prepared, 0, PATHS)
    hall = judge.site.hall("B")
    found = best_policy(
        fit_world, judge, market=scenario.market, hall=hall, offers=("shell", "colocation"),
        dates=DATES,
    )  # fmt: skip
    assert found.upper_usd > found.lower_usd
    assert found.gap_frac < 0.05
    assert found.value_of_waiting.mean_usd > -3.0 * found.value_of_waiting.se_usd
    assert found.value_of_converting.mean_usd > 0.0
    assert found.best_fixed.mean_usd < found.upper_usd + 3.0 * found.upper_se_usd
    converted = found.decide_month != NEVER
    assert found.chance_frac.sum() == pytest.approx(converted.mean())
    assert sum(r.converted_count.sum() for r in found.regions) == converted.sum()
    assert all((r.converted_count <= r.seen_count).all() for r in found.regions)
    assert found.regions[0].seen_count.sum() >= judge.shape[0]
    assert set(np.unique(found.decide_month[converted])) <= set(found.rule.months.tolist())
    # Without the hedges the mean is the same but for noise: they are martingales.
    raw = mined_usd_per_mw(judge, hall)[:, -1] * hall.utility_mw
    noise = raw.std() / np.sqrt(PATHS) + found.mining_on.se_usd
    assert abs(raw.mean() - found.mining_on.mean_usd) < 3.0 * noise


def test_halls_together_keep_to_their_limits(
    fit_world: World, world: World, scenario: Scenario
) -> None:
    limits = SiteLimits(crews=1, ai_mw=200.0)
    found = site_policy(
        fit_world, world, market=scenario.market, halls=("B", "C", "D"), offers=("shell",),
        dates=DATES, limits=limits,
    )  # fmt: skip
    alone = site_policy(
        fit_world, world, market=scenario.market, halls=("B", "C", "D"), offers=("shell",),
        dates=DATES,
    )  # fmt: skip
    lead = world.offers["shell"].conversion.lead_months
    decided = found.decide_month
    for month in range(120):
        assert ((decided <= month) & (month < decided + lead)).sum(axis=1).max() <= 1
    assert (decided != NEVER).sum(axis=1).max() <= 2
    assert found.lower_usd <= alone.lower_usd + alone.lower_se_usd
    assert found.lower_usd <= found.upper_usd
    assert found.upper_usd < alone.upper_usd


@pytest.fixture(scope="module")
def fitted(fit_world: World, scenario: Scenario) -> FittedPlan:
    plan = PolicyPlan(name="policy", uses=("shell", "colocation"), halls=("B", "C"), crews=1)
    return fit_plan(plan, fit_world, scenario.market)


def test_decisions_do_not_depend_on_the_block(
    fitted: FittedPlan, world: World, prepared: Prepared
) -> None:
    whole = policy_decisions(fitted, world)
    part = policy_decisions(fitted, build_world(prepared, 64, 64))
    assert whole.offers == ("shell", "colocation")
    for hall in ("B", "C"):
        assert np.array_equal(whole.month[hall][64:128], part.month[hall])
        assert np.array_equal(whole.use[hall][64:128], part.use[hall])
        assert np.array_equal(whole.use[hall] >= 0, whole.month[hall] < NEVER)


def test_decisions_do_not_see_the_future(
    fitted: FittedPlan, world: World, prepared: Prepared
) -> None:
    """Change every driver after month 24: what was decided by then stays decided."""
    months = np.arange(world.shape[1])
    later = np.where(months > 24, 3.0, 1.0)
    changed = replace(
        world,
        network=replace(
            world.network,
            hashprice_usd_per_ph_day=world.network.hashprice_usd_per_ph_day * later,
        ),
        outlook=replace(world.outlook, lease_index=world.outlook.lease_index * later),
        _mining={},
        _hosting={},
    )
    before, after = policy_decisions(fitted, world), policy_decisions(fitted, changed)
    for hall in ("B", "C"):
        early = np.minimum(before.month[hall], 25)
        assert np.array_equal(early, np.minimum(after.month[hall], 25))


def test_mistakes_name_their_cure(fit_world: World, world: World, scenario: Scenario) -> None:
    hall = world.site.hall("B")
    with pytest.raises(InputError, match=r"policy: offers: given 'moon'"):
        best_policy(fit_world, world, market=scenario.market, hall=hall, offers=("moon",))
    with pytest.raises(InputError, match=r"Fit on more scenarios"):
        best_policy(world, fit_world, market=scenario.market, hall=hall)
    with pytest.raises(InputError, match=r"beyond those of the study"):
        best_policy(fit_world, fit_world, market=scenario.market, hall=hall)
    with pytest.raises(InputError, match=r"Decide earlier"):
        PolicyDates(first_month=230).months(horizon_months=240, lead_months=12)
    other = replace(
        scenario.market,
        correlation=replace(scenario.market.correlation, pairs=(("bitcoin", "network", 0.5),)),
    )
    with pytest.raises(InputError, match=r"Pass the MarketSpec"):
        best_policy(fit_world, world, market=other, hall=hall, dates=DATES)
