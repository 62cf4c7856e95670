"""What the policy takes a risky contract to be worth is what the ledger's draws average to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.assets import (
    CloudContract,
    Delay,
    DelayDamages,
    ExitOption,
    Flexibility,
    GpuCloud,
    Lease,
    OfferWindow,
    Prepayment,
    TenantCredit,
)
from rerack.base.errors import InputError
from rerack.finance import discount_factors
from rerack.planning import FixedPlan, World
from rerack.planning.decisions import fixed_decisions
from rerack.planning.plans import Assignment
from rerack.planning.policy import PolicyDates, best_policy
from rerack.planning.policy.hall_problem import hall_sample
from rerack.planning.policy.offer_value import offer_value
from rerack.planning.policy.weights import value_weights
from rerack.planning.waiting import within_windows
from rerack.scenario import Scenario, load
from rerack.study.pipeline import prepare
from rerack.study.simulate import Prepared, build_world

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
PATHS = 1024
DATE = 6


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(load(EXAMPLE))


@pytest.fixture(scope="module")
def scenario(prepared: Prepared) -> Scenario:
    return prepared.scenario


@pytest.fixture(scope="module")
def world(prepared: Prepared) -> World:
    """Return a world whose rents follow their expectation, untaxed."""
    scenario = prepared.scenario
    drawn = build_world(prepared, 0, PATHS)
    months = np.arange(drawn.shape[1])
    growth = scenario.market.lease.growth_frac_per_year
    calm = replace(
        drawn.outlook, lease_index=np.tile((1.0 + growth) ** (months / 12.0), (PATHS, 1))
    )
    return replace(drawn, outlook=calm, terms=replace(drawn.terms, tax_rate_frac=0.0), _hosting={})


def shell(scenario: Scenario) -> Lease:
    found = scenario.offers["shell"]
    assert isinstance(found, Lease)
    return found


TERMS = {
    "default": {"credit": TenantCredit(default_frac_per_year=0.05), "relet_frac": 0.6},
    "secured": {
        "credit": TenantCredit(default_frac_per_year=0.08, deposit_months=6.0, letter_months=6.0),
        "relet_frac": 0.0,
        "prepayment": Prepayment(usd_per_kw=200.0, credit_over_months=60),
    },
    "late": {
        "delay": Delay.geometric(4.0),
        "damages": DelayDamages(usd_per_kw_month=100.0, grace_months=1, long_stop_months=15),
    },
    "leaves": {
        "exit_option": ExitOption(after_months=60, fee_months=9.0, chance_frac=0.4),
        "renewal_chance_frac": 0.6,
    },
}


@pytest.mark.parametrize("terms", TERMS)
def test_expected_value_is_the_mean_of_the_draws(
    world: World, scenario: Scenario, terms: str
) -> None:
    lease = replace(shell(scenario), **TERMS[terms])  # type: ignore[arg-type]
    weights = value_weights(world.terms, world.meter.grid)
    dates = np.array([DATE])
    expected = offer_value(lease, world, scenario.market, weights, dates).on(world)[:, 0]
    cash = world.hosting(lease, np.full(PATHS, DATE, dtype=np.int64))
    now = discount_factors(world.shape[1], world.terms.discount_rate_frac_per_year)
    money = cash.money
    flows = cash.revenue_usd_per_mw - cash.credits_usd_per_mw - cash.operations_usd_per_mw
    for part, sign in (
        (money.held_usd_per_mw, 1.0),
        (money.recoveries_usd_per_mw, 1.0),
        (money.fees_usd_per_mw, 1.0),
        (money.damages_usd_per_mw, -1.0),
    ):
        if part is not None:
            flows = flows + sign * part
    drawn = flows @ now - cash.conversion_usd_per_mw @ weights.building_frac
    error = drawn.std() / np.sqrt(PATHS)
    assert error > 0.0
    assert np.ptp(expected) == pytest.approx(0.0, abs=1e-3)
    assert abs(drawn.mean() - expected[0]) < 4.0 * error + 0.005 * abs(expected[0])


def test_a_cloud_contract_is_worth_to_the_policy_what_its_draws_average_to(
    prepared: Prepared, scenario: Scenario
) -> None:
    cloud = GpuCloud(
        name="cloud",
        conversion=shell(scenario).conversion,
        kw_per_gpu=2.6,
        price_usd_per_gpu_hour=3.0,
        utilisation_frac=0.6,
        gpu_usd_per_mw=20e6,
        gpu_life_months=60,
        opex_usd_per_kw_month=50.0,
        load_factor_frac=0.8,
        sla_frac=0.999,
        availability_frac=0.999,
        contract=CloudContract(term_months=60, resale_frac=0.8),
        credit=TenantCredit(default_frac_per_year=0.08, letter_months=4.0),
        delay=Delay.geometric(3.0),
        damages=DelayDamages(rent_months=0.5, long_stop_months=9),
        prepayment=Prepayment(rent_months=12.0, credit_over_months=36),
    )
    drawn = build_world(prepared, 0, PATHS)
    world = replace(drawn, terms=replace(drawn.terms, tax_rate_frac=0.0))
    weights = value_weights(world.terms, world.meter.grid)
    expected = offer_value(cloud, world, scenario.market, weights, np.array([DATE])).on(world)[:, 0]
    cash = world.hosting(cloud, np.full(PATHS, DATE, dtype=np.int64))
    money = cash.money
    assert money.held_usd_per_mw is not None
    assert money.recoveries_usd_per_mw is not None
    assert money.damages_usd_per_mw is not None
    now = weights.operating_frac
    flows = cash.revenue_usd_per_mw - cash.operations_usd_per_mw - cash.power_usd_per_mw
    flows = flows + money.held_usd_per_mw + money.recoveries_usd_per_mw - money.damages_usd_per_mw
    value = flows @ now - cash.conversion_usd_per_mw @ weights.building_frac
    value = value - cash.servers_usd_per_mw @ weights.servers_frac
    difference = value - expected
    assert abs(difference.mean()) < 4.0 * difference.std() / np.sqrt(PATHS)


def test_shedding_is_worth_to_the_policy_what_it_is_to_the_ledger(
    world: World, scenario: Scenario
) -> None:
    terms = Flexibility(hours_per_year=300.0, depth_frac=0.5, notice_hours=2)
    firm = shell(scenario)
    weights = value_weights(world.terms, world.meter.grid)
    dates = np.array([DATE])
    flexible = replace(firm, flexibility=terms)
    gain = (
        offer_value(flexible, world, scenario.market, weights, dates).on(world)
        - offer_value(firm, world, scenario.market, weights, dates).on(world)
    )[:, 0]
    cash = world.hosting(flexible, np.full(PATHS, DATE, dtype=np.int64))
    assert cash.curtailment_usd_per_mw is not None
    drawn = cash.curtailment_usd_per_mw @ weights.operating_frac
    assert gain.mean() > 0.0
    # The tariff's adder and the weather of each year make the difference.
    assert gain.mean() == pytest.approx(drawn.mean(), rel=0.1)


def test_an_offer_that_is_shut_is_never_chosen(prepared: Prepared, scenario: Scenario) -> None:
    market = scenario.market
    dates = PolicyDates(count=20)
    fit, judge = build_world(prepared, 64_000, PATHS), build_world(prepared, 0, PATHS)
    hall = judge.site.hall("B")
    lease = replace(shell(scenario), window=OfferWindow(from_month=6, until_month=15))
    offers = {**scenario.offers, "shell": lease}
    found = best_policy(
        replace(fit, offers=offers), replace(judge, offers=offers), market=market, hall=hall,
        offers=("shell",), dates=dates,
    )  # fmt: skip
    taken = found.decide_month[found.decide_month < judge.shape[1]]
    assert taken.size > 0
    assert taken.min() >= 6
    assert taken.max() <= 15
    wider = replace(lease, window=OfferWindow(from_month=6, until_month=48))
    offers = {**scenario.offers, "shell": wider}
    longer = best_policy(
        replace(fit, offers=offers), replace(judge, offers=offers), market=market, hall=hall,
        offers=("shell",), dates=dates,
    )  # fmt: skip
    assert found.lower_usd <= found.upper_usd
    assert longer.lower_usd > found.lower_usd - 3.0 * found.lower_se_usd
    chance = replace(lease, window=OfferWindow(arrival_frac_per_month=0.1))
    with pytest.raises(InputError, match="arrives by chance"):
        hall_sample(judge, market, hall, {"shell": chance}, np.array([0, 3]))


def test_a_hall_whose_offer_never_comes_stays_with_mining(world: World, scenario: Scenario) -> None:
    """It is counted as converted nowhere: neither its month nor its use says so."""
    rare = OfferWindow(arrival_frac_per_month=0.002, open_months=1)
    lease = replace(shell(scenario), window=rare)
    plan = FixedPlan(
        name="p", kind="staged", assignments=(Assignment(hall="B", use="shell", decide_month=3),)
    )
    world = replace(world, offers={**world.offers, "shell": lease})
    found = within_windows(fixed_decisions(plan, world.shape[0]), world)
    stays = found.month["B"] >= world.shape[1]
    assert 0.0 < stays.mean() < 1.0
    assert np.array_equal(found.use["B"], np.where(stays, -1, 0))
