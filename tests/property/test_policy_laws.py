"""What must hold of a policy and of the values of its rights, whatever the figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from rerack.assets import (
    AncillaryService,
    CoincidentPeak,
    Delay,
    DemandCharge,
    Tariff,
    TimeOfUse,
    TimeOfUsePeriod,
)
from rerack.base.checks import FloatArray
from rerack.dispatch import PriceDuration
from rerack.markets.power.library import PriceLibrary
from rerack.numerics.dual import mean_and_error
from rerack.planning import NEVER, Meter, PolicyPlan, World
from rerack.planning.policy import FittedPlan, OptionStudy, fit_plan, policy_decisions
from rerack.planning.policy.hall_problem import hall_sample
from rerack.planning.policy.option_values import (
    interconnect_usd_per_mw,
    month_value_usd_per_mw,
    must_run,
)
from rerack.planning.policy.time_saved import sooner, with_offers, with_shorter_queue
from rerack.planning.policy.weather import _interpolated, _margins_by_year, weather_surprise
from rerack.planning.power.class_run import Reserve, run_class
from rerack.planning.power.rates import RatedDuration
from rerack.scenario import Scenario, load
from rerack.study.pipeline import prepare
from rerack.study.simulate import FIT_FIRST_SCENARIO, Prepared, build_world

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
PLAN = PolicyPlan(name="rule", uses=("shell",), halls=("B", "C"), every_months=6, paths=1024)


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare(load(EXAMPLE))


@pytest.fixture(scope="module")
def scenario(prepared: Prepared) -> Scenario:
    return prepared.scenario


@pytest.fixture(scope="module")
def study(prepared: Prepared) -> OptionStudy:
    return OptionStudy(
        plan=PLAN,
        fit=build_world(prepared, FIT_FIRST_SCENARIO, PLAN.paths),
        judge=build_world(prepared, 0, 512),
        market=prepared.scenario.market,
    )


@pytest.fixture(scope="module")
def fitted(study: OptionStudy) -> FittedPlan:
    return fit_plan(PLAN, study.fit, study.market)


def share_by(world: World, fitted: FittedPlan, month: int) -> float:
    decided = policy_decisions(fitted, world).month["B"]
    return float((decided <= month).mean())


def test_a_higher_hashprice_delays_conversion(fitted: FittedPlan, study: OptionStudy) -> None:
    """Mining is what a waiting hall earns: more of it, less haste; less of it, more."""
    shares = []
    for factor in (0.8, 1.0, 1.25):
        network = study.judge.network
        hashprice = network.hashprice_usd_per_ph_day * factor
        world = replace(
            study.judge,
            network=replace(network, hashprice_usd_per_ph_day=hashprice),
            _mining={},
            _hosting={},
        )
        shares.append(share_by(world, fitted, 24))
    assert shares[0] > shares[1] > shares[2]


def test_a_dearer_offer_is_taken_less(study: OptionStudy) -> None:
    def with_rent(world: World, factor: float) -> World:
        shell = world.offers["shell"]
        rate = shell.rate_usd_per_kw_month * factor  # type: ignore[union-attr]
        offers = {"shell": replace(shell, rate_usd_per_kw_month=rate)}
        return replace(world, offers=offers, _hosting={})  # type: ignore[arg-type]

    worth, share = [], []
    for factor in (0.9, 1.0, 1.1):
        judged = study.earned(lambda world, f=factor: with_rent(world, f))  # type: ignore[misc]
        worth.append(float(judged.lower_usd.mean()))
        share.append(float((judged.decide_month < NEVER).mean()))
    assert worth[0] < worth[1] < worth[2]
    assert share[0] < share[1] < share[2]


def test_rights_are_worth_something_and_more_of_them_more(study: OptionStudy) -> None:
    base = study.earned()
    flat = study.earned(must_run)
    mean, error = mean_and_error(base.lower_usd - flat.lower_usd)
    assert mean > 3.0 * error
    gains = [
        study.earned(partial(with_offers, change=partial(sooner, months=months))).lower_usd.mean()
        for months in (0, 3, 6)
    ]
    assert gains[0] == base.lower_usd.mean()
    assert gains[0] < gains[1] < gains[2]


def test_months_in_the_queue_cost_and_months_saved_are_worth_them(study: OptionStudy) -> None:
    """A hall mines until power is near; a queue of 48 months, 24 shorter, is one of 24 months."""

    def waits(months: int) -> Callable[[World], World]:
        queue = Delay(late_months=(months,), chance_frac=(1.0,))
        return partial(with_offers, change=partial(replace, queue=queue))

    free, two, four = (study.earned(waits(months)) for months in (0, 24, 48))
    lead = study.fit.offers["shell"].conversion.lead_months
    assert four.decide_month.min() >= 48 - lead
    assert np.array_equal(free.lower_usd, study.earned().lower_usd)
    assert free.lower_usd.mean() > two.lower_usd.mean() > four.lower_usd.mean()
    shorter = study.earned(
        lambda world: with_offers(waits(48)(world), partial(with_shorter_queue, months=24))
    )
    assert np.array_equal(shorter.lower_usd, two.lower_usd)


def test_a_queue_by_chance_is_worth_the_mean_of_its_cases(study: OptionStudy) -> None:
    world = study.judge
    hall, months = world.site.hall("B"), np.array([24])

    def claim(queue: Delay) -> FloatArray:
        uses = {"shell": replace(world.offers["shell"], queue=queue)}
        return hall_sample(world, study.market, hall, uses, months).claim[:, 0, 0]

    # Both come after 24 + 12 months, so the window is open and lateness alone differs.
    either = claim(Delay(late_months=(0, 40, 52), chance_frac=(0.0, 0.5, 0.5)))
    sure = [claim(Delay(late_months=(0, m), chance_frac=(0.0, 1.0))) for m in (40, 52)]
    np.testing.assert_allclose(either, (sure[0] + sure[1]) / 2.0, rtol=1e-9, atol=1e-3)
    assert sure[0].mean() > sure[1].mean()


def test_an_interconnect_is_worth_less_the_later_it_comes(study: OptionStudy) -> None:
    worth = [
        interconnect_usd_per_mw(study.fit, study.judge, study.market, PLAN, queue_months=q).mean()
        for q in (0, 24, 60)
    ]
    assert worth[0] > worth[1] > worth[2] > 0.0


def test_switching_off_never_costs(study: OptionStudy) -> None:
    rigs = study.judge.site.hall("B").rigs
    assert rigs is not None
    months = study.judge.shape[1]
    free = study.judge.mining(rigs, months).margin_usd_per_mw()
    flat = must_run(study.judge).mining(rigs, months).margin_usd_per_mw()
    assert (free >= flat - 1e-6).all()


def test_rigs_that_must_run_pay_every_rate_and_peak(study: OptionStudy) -> None:
    """Nothing behind such a meter dodges a rate or a peak, nor sells a readiness to stop."""
    judge = study.judge
    tariff = Tariff(
        adder_usd_per_mwh=5.0,
        time_of_use=TimeOfUse(periods=(TimeOfUsePeriod(name="all", rate_usd_per_mwh=20.0),)),
        demand_charge=DemandCharge(charge_usd_per_kw_month=25.0),
        coincident_peak=CoincidentPeak(charge_usd_per_mw_year=60e3, months=(6, 7), stop_hours=60.0),
    )
    assert tariff.time_of_use is not None
    rated = RatedDuration.build(
        judge.meter.power.library.hourly_usd_per_mwh, tariff.time_of_use, judge.meter.grid, "UTC"
    )
    service = AncillaryService(
        name="s", share_frac=1.0, call_probability_frac=0.0, call_hours=1.0, response_s=600.0
    )
    meter = replace(judge.meter, tariff=tariff, rated=rated)
    flat = must_run(replace(judge, meter=meter)).meter
    np.testing.assert_allclose(flat.mean_usd_per_mwh(), meter.mean_usd_per_mwh())
    found = run_class(
        flat, np.full(judge.shape, 1.0), Reserve(service=service, capacity_usd_per_mwh=9.0)
    )
    assert (found.run_frac == 1.0).all()
    assert (found.demand_usd_per_mw == 25e3).all()
    assert (found.coincident_usd_per_mw == meter.coincident_usd_per_mw()).all()
    assert not found.services_usd_per_mwh.any()


def test_a_month_saved_is_the_difference_of_two_offers(study: OptionStudy) -> None:
    """What a month adds by date is what the rule sees of the shorter offer, less of the longer."""
    world, months = study.judge, np.array([0, 6])
    hall, uses = world.site.hall("B"), {"shell": world.offers["shell"]}
    found = month_value_usd_per_mw(world, study.market, hall, uses, months)["shell"]
    earlier = with_offers(world, partial(sooner, months=1))
    claims = [
        hall_sample(w, study.market, hall, {"shell": w.offers["shell"]}, months).claim[:, :, 0]
        for w in (world, earlier)
    ]
    np.testing.assert_allclose(found, claims[1] - claims[0], rtol=1e-9, atol=1e-3)
    assert found.mean() > 0.0


def test_weather_is_a_surprise_of_mean_zero(study: OptionStudy, scenario: Scenario) -> None:
    """Exactly, over the years of the library, at any strike; and near zero on the draws."""
    strikes, margin = _margins_by_year(study.judge)
    surplus = margin - margin.mean(axis=0)
    years = np.arange(surplus.shape[0])
    for x in (strikes[0], 31.7, 140.0, strikes[-1]):
        total = _interpolated(np.full(years.size, x), strikes, surplus, years).sum()
        assert abs(total) < 1e-9 * max(float(margin.max()), 1.0) * years.size
    found = weather_surprise(study.judge, scenario.market, np.full(study.judge.shape, 60.0))
    assert found is not None
    january = found[:, 12]
    assert abs(january.mean()) < 4.0 * january.std() / np.sqrt(january.size)
    assert not found[:, 2:12].any()


def test_fixed_prices_have_no_weather(study: OptionStudy, scenario: Scenario) -> None:
    tariff = replace(study.judge.meter.tariff, fixed_price_usd_per_mwh=40.0, adder_usd_per_mwh=0.0)
    world = replace(study.judge, meter=replace(study.judge.meter, tariff=tariff))
    assert weather_surprise(world, scenario.market, np.zeros(world.shape)) is None


def test_years_of_one_flat_price_are_no_surprise(study: OptionStudy, scenario: Scenario) -> None:
    """A file of the user's own with the same price in every hour once made NaN of the rule."""
    world = study.judge
    years = world.meter.power.library.library_years
    library = PriceLibrary.from_years("flat", "flat", np.full((years, 8760), 40.0))
    meter = replace(
        world.meter,
        power=replace(world.meter.power, library=library),
        duration=PriceDuration.build(library.hourly_usd_per_mwh),
    )
    flat = replace(world, meter=meter)
    assert weather_surprise(flat, scenario.market, np.full(world.shape, 60.0)) is None


def test_losses_make_a_year_as_much_dearer_as_its_level(
    study: OptionStudy, scenario: Scenario
) -> None:
    """Prices at the meter are what surprises, so losses count as a higher level does."""
    strike = np.full(study.judge.shape, 60.0)
    adder = study.judge.meter.tariff.adder_usd_per_mwh
    power = study.judge.meter.power

    def found(meter: Meter) -> FloatArray:
        made = weather_surprise(replace(study.judge, meter=meter), scenario.market, strike)
        assert made is not None
        return made

    lossy = Tariff(adder_usd_per_mwh=adder, losses_frac=0.2)
    dearer = replace(power, level=power.level / 0.8)
    np.testing.assert_allclose(
        found(replace(study.judge.meter, tariff=lossy)),
        found(replace(study.judge.meter, power=dearer)),
    )
