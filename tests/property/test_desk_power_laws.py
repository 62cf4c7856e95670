"""Laws that any tariff keeps: terms of zero change nothing, tighter terms never pay."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import Battery, Hall, RigFleet, Site, Tariff
from rerack.assets.generation import Generator
from rerack.assets.programmes import SiteProgrammes
from rerack.assets.tariff_terms import CoincidentPeak, DemandCharge, ExportTerms, MinimumTake
from rerack.assets.time_of_use import TimeOfUse, TimeOfUsePeriod
from rerack.base.checks import FloatArray
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_power import DeskSeries, dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_schedule import SiteSchedule
from rerack.dispatch.desk_terms import DeskTerms
from rerack.markets.files import HourlySeries

START = np.datetime64("2024-06-28T00", "h")
HOURS = 96
SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=8, deadline=None)


def site(adder: float = 3.0) -> Site:
    halls = tuple(
        Hall(name=n, utility_mw=6.0, rigs=RigFleet(model=n, efficiency_j_per_th=j))
        for n, j in (("old", 30.0), ("new", 17.5))
    )
    tariff = Tariff(adder_usd_per_mwh=adder)
    return Site(name="Law", interconnect_mw=15.0, halls=halls, tariff=tariff)


def index(seed: int) -> FloatArray:
    return np.random.default_rng(seed).normal(55.0, 40.0, HOURS)


def flat(rate: float) -> TimeOfUse:
    return TimeOfUse(periods=(TimeOfUsePeriod(name="always", rate_usd_per_mwh=rate),))


def solved(
    seed: int, terms: DeskTerms, *, adder: float = 3.0, load: bool = False
) -> SiteSchedule | PowerSchedule:
    series = HourlySeries(name="p", start=START, prices_usd_per_mwh=index(seed))
    system = np.random.default_rng(seed + 1).uniform(4e4, 8e4, HOURS)
    beside = DeskSeries(load=SystemLoad(name="l", start=START, system_mw=system) if load else None)
    return dispatch_site(site(adder), terms, series, 42.0, beside=beside)


def net(seed: int, terms: DeskTerms, *, adder: float = 3.0, load: bool = False) -> float:
    return float(solved(seed, terms, adder=adder, load=load).net_usd.sum())


@FEW
@given(seed=SEEDS)
def test_terms_of_zero_change_nothing(seed: int) -> None:
    nothing = Tariff(
        adder_usd_per_mwh=3.0,
        time_of_use=flat(0.0),
        demand_charge=DemandCharge(charge_usd_per_kw_month=0.0),
        coincident_peak=CoincidentPeak(charge_usd_per_mw_year=0.0),
        minimum_take=MinimumTake(contract_mw=15.0, take_frac=1.0, shortfall_usd_per_mwh=0.0),
        export=ExportTerms(limit_mw=0.0),
    )
    found = solved(seed, DeskTerms(tariff=nothing), load=True)
    plain = net(seed, DeskTerms())
    assert isinstance(found, PowerSchedule)
    np.testing.assert_allclose(float(found.net_usd.sum()), plain, rtol=1e-9)


@FEW
@given(seed=SEEDS, rate=st.floats(0.0, 60.0), power=st.sampled_from([0.0, 4.0]))
def test_a_rate_at_all_hours_is_an_adder(seed: int, rate: float, power: float) -> None:
    store = Battery(charge_mw=power, discharge_mw=power, energy_mwh=8.0) if power else None
    timed = Tariff(adder_usd_per_mwh=3.0, time_of_use=flat(rate))
    by_rate = net(seed, DeskTerms(tariff=timed, battery=store))
    by_adder = net(seed, DeskTerms(battery=store), adder=3.0 + rate)
    np.testing.assert_allclose(by_rate, by_adder, rtol=1e-9, atol=1e-6)


@FEW
@given(seed=SEEDS, charge=st.floats(0.1, 20.0))
def test_a_charge_never_pays_and_costs_at_most_the_old_peaks(seed: int, charge: float) -> None:
    charged = Tariff(
        adder_usd_per_mwh=3.0, demand_charge=DemandCharge(charge_usd_per_kw_month=charge)
    )
    found = solved(seed, DeskTerms(tariff=charged))
    assert isinstance(found, PowerSchedule)
    plain = net(seed, DeskTerms())
    slack = 1e-6 * abs(plain) + 1e-3
    assert found.net_usd.sum() <= plain + slack
    # Two months are touched; drawing as before would cost no more than the interconnect in both.
    assert found.bound_usd >= plain - 2 * charge * 1e3 * 15.0 - slack


@FEW
@given(seed=SEEDS)
def test_generation_and_room_to_sell_never_cost(seed: int) -> None:
    engine = Generator(
        name="gas", capacity_mw=5.0, fuel_usd_per_mwh=20.0, heat_rate_mwh_per_mwh=2.5
    )
    with_engine = SiteProgrammes(generators=(engine,))
    without = net(seed, DeskTerms())
    inside = net(seed, DeskTerms(programmes=with_engine))
    values = [
        net(
            seed,
            DeskTerms(
                tariff=Tariff(adder_usd_per_mwh=3.0, export=ExportTerms(limit_mw=limit)),
                programmes=with_engine,
            ),
        )
        for limit in (1.0, 5.0)
    ]
    slack = 1e-6 * max(abs(without), 1.0)
    assert without <= inside + slack
    assert inside <= values[0] + slack
    assert values[0] <= values[1] + slack
