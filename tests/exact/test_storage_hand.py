"""A battery's schedule and money worked out by hand; what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rerack.assets import Battery, Hall, RigFleet, Site, Tariff
from rerack.assets.tariff_terms import DemandCharge, ExportTerms
from rerack.base.errors import InputError, SolverError
from rerack.dispatch import Dispatch, StorageDispatch, solve, solve_storage, storage_values

#: 17.5 J/TH at 42 USD/PH/s/day: a strike of 100 USD/MWh.
RIGS = RigFleet(model="S21", efficiency_j_per_th=17.5)
HASHPRICE = 42.0
LOAD = Site(name="load", interconnect_mw=10.0, halls=(), tariff=Tariff(), firm_load_mw=5.0)
LOSSLESS = Battery(charge_mw=5.0, discharge_mw=5.0, energy_mwh=10.0, initial_frac=0.0)


def mine(**changes: object) -> Site:
    hall = Hall(name="A", utility_mw=10.0, rigs=RIGS)
    site = Site(name="mine", interconnect_mw=10.0, halls=(hall,), tariff=Tariff())
    return replace(site, **changes)  # type: ignore[arg-type]


def test_cheap_hours_serve_dear_ones() -> None:
    found = solve_storage(LOAD, LOSSLESS, np.array([10.0, 20.0, 300.0, 90.0]), HASHPRICE)
    assert found.battery_mw.tolist() == [-5.0, -5.0, 5.0, 5.0]
    assert found.stored_mwh.tolist() == [5.0, 10.0, 5.0, 0.0]
    assert found.import_mw.tolist() == [10.0, 10.0, 0.0, 0.0]
    assert found.gain_usd == pytest.approx(5.0 * (300.0 + 90.0 - 10.0 - 20.0))
    assert (found.method, found.notes, found.gap_usd) == ("fast", (), 0.0)


@pytest.mark.parametrize(("dear", "moves"), [(63.2, True), (63.1, False)])
def test_a_spread_must_pay_for_losses_and_wear(dear: float, moves: bool) -> None:
    # 0.64 MWh come out for each MWh bought at 40: 0.64 * (p - 0.65) > 40 from p = 63.15 on.
    battery = replace(
        LOSSLESS,
        charge_efficiency_frac=0.8,
        discharge_efficiency_frac=0.8,
        throughput_cost_usd_per_mwh=0.65,
    )
    found = solve_storage(LOAD, battery, np.array([40.0, dear]), HASHPRICE)
    assert bool(found.gain_usd > 0.0) is moves
    if moves:
        assert found.battery_mw == pytest.approx([-5.0, 3.2])
        assert found.gain_usd == pytest.approx(3.2 * (dear - 0.65) - 5.0 * 40.0)


def test_on_a_full_interconnect_charging_takes_power_from_rigs_and_is_worth_their_strike() -> None:
    # Both hours pay less than the strike; rigs are worth 100 whatever the price, so nothing moves.
    site = mine(halls=(Hall(name="A", utility_mw=30.0, rigs=RIGS),))
    still = solve_storage(site, LOSSLESS, np.array([10.0, 90.0]), HASHPRICE)
    assert still.battery_mw.tolist() == [0.0, 0.0]
    assert still.run_mw.values[:, 0].tolist() == [10.0, 10.0]
    # Above the strike the rigs stop and only 5 MW of firm load are left to serve.
    firm = replace(site, firm_load_mw=5.0)
    moved = solve_storage(firm, LOSSLESS, np.array([10.0, 150.0]), HASHPRICE)
    assert moved.battery_mw.tolist() == [-5.0, 5.0]
    assert moved.run_mw.values[:, 0].tolist() == [0.0, 0.0]
    assert moved.gain_usd == pytest.approx(5.0 * (150.0 - 100.0))


def test_stored_power_runs_rigs_beyond_the_interconnect() -> None:
    site = mine(halls=(Hall(name="A", utility_mw=30.0, rigs=RIGS),))
    full = replace(LOSSLESS, initial_frac=1.0, final_frac=0.0)
    found = solve_storage(site, full, np.array([20.0, 20.0]), HASHPRICE)
    assert found.run_mw.values[:, 0].tolist() == [15.0, 15.0]
    assert found.import_mw.tolist() == [10.0, 10.0]
    assert found.gain_usd == pytest.approx(10.0 * 100.0)


def test_export_is_limited_and_pays_the_index_less_its_discount() -> None:
    tariff = Tariff(
        adder_usd_per_mwh=4.0, export=ExportTerms(limit_mw=2.0, discount_usd_per_mwh=6.0)
    )
    site = replace(LOAD, firm_load_mw=1.0, tariff=tariff)
    found = solve_storage(site, LOSSLESS, np.array([10.0, 500.0]), HASHPRICE)
    assert found.export_mw.tolist() == [0.0, 2.0]
    assert found.battery_mw.tolist() == [-3.0, 3.0]
    assert found.gain_usd == pytest.approx(504.0 + 2.0 * 494.0 - 3.0 * 14.0)
    assert found.battery_usd == pytest.approx(found.gain_usd)


def test_rest_loses_what_self_discharge_says() -> None:
    battery = Battery(
        charge_mw=0.0,
        discharge_mw=0.0,
        energy_mwh=100.0,
        initial_frac=1.0,
        final_frac=0.9,
        self_discharge_frac_per_month=0.1,
    )
    found = solve_storage(LOAD, battery, np.full(730, 40.0), HASHPRICE)
    assert found.stored_mwh[-1] == pytest.approx(90.0)
    with pytest.raises(InputError, match="final_frac"):
        solve_storage(LOAD, battery, np.full(732, 40.0), HASHPRICE)
    with pytest.raises(InputError, match="final_frac"):
        solve_storage(LOAD, battery, np.full(732, 40.0), HASHPRICE, method="lp")


def test_the_final_state_is_bought_in_the_cheapest_hours() -> None:
    battery = replace(LOSSLESS, final_frac=0.8)
    found = solve_storage(LOAD, battery, np.array([50.0, 40.0, 45.0]), HASHPRICE)
    assert found.battery_mw.tolist() == [0.0, -5.0, -3.0]
    assert found.gain_usd == pytest.approx(-(5.0 * 40.0 + 3.0 * 45.0))
    # Firm load that takes the whole interconnect leaves nothing to charge with.
    crowded = replace(LOAD, firm_load_mw=10.0)
    for method in ("fast", "lp"):
        with pytest.raises(InputError, match="room at the interconnect"):
            solve_storage(crowded, battery, np.full(3, 40.0), HASHPRICE, method=method)


@pytest.mark.parametrize("interconnect_mw", [0.0, 10.0])
@pytest.mark.parametrize("prices", [[40.0], [150.0, 60.0], [0.0, 10.0, 0.0]])
@pytest.mark.parametrize("idle_mw", [0.0, 6.0])
def test_stored_energy_that_nobody_wants_may_as_well_stay(
    interconnect_mw: float, prices: list[float], idle_mw: float
) -> None:
    # At a hashprice of 0 rigs would cost their upkeep: no use for power, so any state is as good.
    rigs = replace(RIGS, variable_om_usd_per_mwh=5.0)
    site = Site(
        name="idle", interconnect_mw=interconnect_mw, tariff=Tariff(),
        halls=(Hall(name="A", utility_mw=idle_mw, rigs=rigs),),
    )  # fmt: skip
    battery = Battery(
        charge_mw=2.0, discharge_mw=2.0, energy_mwh=10.0, charge_efficiency_frac=0.9,
        final_frac=0.0, self_discharge_frac_per_month=0.3,
    )  # fmt: skip
    for method in ("fast", "lp"):
        found = solve_storage(site, battery, np.array(prices), 0.0, method=method)
        assert found.objective_usd == pytest.approx(0.0, abs=1e-9)


def test_negative_prices_pay_for_charging() -> None:
    found = solve_storage(LOAD, LOSSLESS, np.array([-20.0, 30.0]), HASHPRICE)
    assert found.battery_mw.tolist() == [-5.0, 5.0]
    assert found.gain_usd == pytest.approx(250.0)


def test_hashprice_by_the_hour_moves_the_strikes() -> None:
    # Strikes of 100 and 50: charging gives up hashing in the second hour only.
    site = mine(halls=(Hall(name="A", utility_mw=30.0, rigs=RIGS),))
    battery = replace(LOSSLESS, initial_frac=0.5, final_frac=0.5)
    found = solve_storage(site, battery, np.array([20.0, 20.0]), np.array([42.0, 21.0]))
    assert found.battery_mw.tolist() == [5.0, -5.0]
    assert found.gain_usd == pytest.approx(5.0 * (100.0 - 50.0))


def test_solve_takes_a_battery_and_keeps_its_answer_without_one() -> None:
    price = np.array([10.0, 300.0])
    found = solve(LOAD, price, HASHPRICE, battery=LOSSLESS)
    assert isinstance(found, StorageDispatch)
    assert found.gain_usd == pytest.approx(5.0 * 290.0)
    assert found.without_battery_usd == solve(LOAD, price, HASHPRICE).objective_usd
    assert type(solve(LOAD, price, HASHPRICE)) is Dispatch
    assert {"battery_mw", "stored_mwh", "import_mw", "export_mw"} <= set(found.table())
    assert "added 1,450 USD, exactly" in repr(found)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("charge_mw", -1.0),
        ("discharge_mw", np.nan),
        ("energy_mwh", np.inf),
        ("charge_efficiency_frac", 0.0),
        ("discharge_efficiency_frac", 1.2),
        ("initial_frac", 1.5),
        ("final_frac", -0.1),
        ("throughput_cost_usd_per_mwh", -5.0),
        ("self_discharge_frac_per_month", 0.9),
    ],
)
def test_bad_batteries_are_refused_by_name(field: str, value: float) -> None:
    with pytest.raises(InputError, match=f"battery: {field}"):
        replace(LOSSLESS, **{field: value})


def test_terms_that_couple_hours_are_refused() -> None:
    tariff = Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=10.0))
    with pytest.raises(InputError, match="demand_charge"):
        solve_storage(replace(LOAD, tariff=tariff), LOSSLESS, np.ones(2), HASHPRICE)


def test_bad_prices_and_methods_are_refused() -> None:
    with pytest.raises(InputError, match="price_usd_per_mwh"):
        solve_storage(LOAD, LOSSLESS, np.array([1.0, np.nan]), HASHPRICE)
    with pytest.raises(InputError, match="no hours"):
        solve_storage(LOAD, LOSSLESS, np.empty(0), HASHPRICE)
    with pytest.raises(InputError, match="method"):
        solve_storage(LOAD, LOSSLESS, np.ones(2), HASHPRICE, method="slow")  # type: ignore[arg-type]


def test_paths_refuse_what_does_not_fit() -> None:
    price, hashprice = np.ones((2, 5)), np.ones((2, 2))
    for hours, prices, hash_usd, name in (
        ([2, 2], price, hashprice, "month_hours"),
        ([0, 5], price, hashprice, "month_hours"),
        ([2, 3], price, np.ones((1, 2)), "hashprice_usd_per_ph_day"),
        ([2, 3], price * np.nan, hashprice, "price_usd_per_mwh"),
    ):
        with pytest.raises(InputError, match=name):
            storage_values(LOAD, LOSSLESS, prices, hash_usd, month_hours=np.array(hours))
    stuck = replace(LOSSLESS, charge_mw=0.0, final_frac=0.5)
    with pytest.raises(InputError, match="final_frac"):
        storage_values(LOAD, stuck, price, hashprice, month_hours=np.array([2, 3]))


@pytest.mark.parametrize(
    ("name", "shift", "message"),
    [
        ("battery_mw", 1.0, "power does not balance"),
        ("stored_mwh", 0.5, "energy does not balance"),
        ("import_mw", 8.0, "imports exceed the interconnect"),
        ("export_mw", 1.0, "exports exceed their limit"),
        ("stored_mwh", -9.0, "energy stored is negative"),
        ("stored_mwh", 9.0, "energy stored exceeds the battery"),
    ],
)
def test_a_tampered_schedule_is_not_certified(name: str, shift: float, message: str) -> None:
    battery = replace(LOSSLESS, charge_mw=9.0, discharge_mw=9.0)
    found = solve_storage(LOAD, battery, np.array([10.0, 300.0]), HASHPRICE)
    with pytest.raises(SolverError, match=message):
        replace(found, **{name: getattr(found, name) + shift})
    with pytest.raises(SolverError, match="the schedule earns"):
        replace(found, objective_usd=found.objective_usd + 1.0)
