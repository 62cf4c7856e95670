"""Laws of a site with a battery, on sites that Hypothesis invents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import Battery, Hall, RigFleet, Site, Tariff
from rerack.assets.tariff_terms import ExportTerms
from rerack.base.checks import FloatArray
from rerack.dispatch import StorageDispatch, solve, solve_storage, storage_values

HOURS = 24
#: No negative prices, so that no answer needs HiGHS; those are for the crosscheck.
PRICES = st.lists(
    st.floats(0.0, 9_000.0, allow_subnormal=False), min_size=HOURS, max_size=HOURS
).map(np.array)
HASHPRICE = st.floats(5.0, 150.0)


@st.composite
def sites(draw: st.DrawFn) -> Site:
    halls = tuple(
        Hall(
            name=f"hall {k}",
            utility_mw=draw(st.floats(0.0, 500.0)),
            rigs=RigFleet(model="m", efficiency_j_per_th=draw(st.floats(10.0, 100.0))),
        )
        for k in range(draw(st.integers(0, 3)))
    )
    limit = draw(st.floats(0.0, 1_500.0))
    export = ExportTerms(limit_mw=draw(st.floats(0.0, 300.0)), discount_usd_per_mwh=1.0)
    return Site(
        name="any",
        interconnect_mw=limit,
        halls=halls,
        tariff=Tariff(export=draw(st.sampled_from([None, export]))),
        firm_load_mw=limit * draw(st.floats(0.0, 1.0)),
    )


@st.composite
def batteries(draw: st.DrawFn) -> Battery:
    return Battery(
        charge_mw=draw(st.floats(0.0, 300.0)),
        discharge_mw=draw(st.floats(0.0, 300.0)),
        energy_mwh=draw(st.floats(0.0, 2_000.0)),
        charge_efficiency_frac=draw(st.floats(0.6, 1.0)),
        discharge_efficiency_frac=draw(st.floats(0.6, 1.0)),
        initial_frac=draw(st.floats(0.0, 1.0)),
        final_frac=0.0,
        throughput_cost_usd_per_mwh=draw(st.floats(0.0, 50.0)),
        self_discharge_frac_per_month=draw(st.sampled_from([0.0, 0.1])),
    )


def scale_usd(found: StorageDispatch) -> float:
    """Return the money that moves, against which rounding counts."""
    moved = abs(found.margin_usd.values).sum() + abs(found.firm_cost_usd)
    moved += abs(found.price_usd_per_mwh * found.battery_mw).sum()
    return max(float(moved), 1.0)


@settings(max_examples=60, deadline=None)
@given(site=sites(), battery=batteries(), price=PRICES, hashprice=HASHPRICE)
def test_energy_and_money_balance(
    site: Site, battery: Battery, price: FloatArray, hashprice: float
) -> None:
    found = solve_storage(site, battery, price, hashprice)
    net = found.import_mw - found.export_mw
    used = found.run_mw.values.sum(axis=1) + found.firm_mw - found.battery_mw
    assert net == pytest.approx(used, abs=1e-6)
    income = (found.run_mw.values * found.strike_usd_per_mwh.values).sum()
    income += (found.export_mw * found.export_price_usd_per_mwh).sum()
    cost = (found.import_mw * found.price_usd_per_mwh).sum() + found.wear_usd
    earned = float(income - cost)
    assert earned == pytest.approx(found.objective_usd, abs=1e-9 * scale_usd(found) + 1e-6)
    assert found.gain_usd >= -1e-9 * scale_usd(found)
    assert found.gap_usd == 0.0


@settings(max_examples=60, deadline=None)
@given(
    site=sites(),
    battery=batteries(),
    price=PRICES,
    hashprice=HASHPRICE,
    more=st.floats(1.0, 3.0),
    name=st.sampled_from(["charge_mw", "discharge_mw", "energy_mwh"]),
)
def test_a_bigger_battery_never_hurts(
    site: Site, battery: Battery, price: FloatArray, hashprice: float, more: float, name: str
) -> None:
    # The energy at the start stays what it was.
    bigger = replace(battery, **{name: more * getattr(battery, name)})
    if bigger.energy_mwh > 0.0:
        bigger = replace(bigger, initial_frac=battery.initial_mwh / bigger.energy_mwh)
    small, large = (solve_storage(site, b, price, hashprice) for b in (battery, bigger))
    assert large.objective_usd >= small.objective_usd - 1e-9 * scale_usd(small)


@settings(max_examples=40, deadline=None)
@given(
    site=sites(),
    battery=batteries(),
    price=PRICES,
    hashprice=HASHPRICE,
    name=st.sampled_from(["charge_mw", "discharge_mw", "energy_mwh"]),
)
def test_without_size_it_adds_nothing(
    site: Site, battery: Battery, price: FloatArray, hashprice: float, name: str
) -> None:
    none = replace(battery, initial_frac=0.0, **{name: 0.0})
    found = solve_storage(site, none, price, hashprice)
    assert found.gain_usd == pytest.approx(0.0, abs=1e-9 * scale_usd(found))
    plain = solve(replace(site, tariff=Tariff()), price, hashprice)
    assert found.objective_usd == pytest.approx(plain.objective_usd, rel=1e-12)
    if name != "discharge_mw":
        assert found.battery_mw == pytest.approx(np.zeros(HOURS), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(battery=batteries(), price=PRICES, shift=st.floats(0.0, 500.0))
def test_a_lossless_battery_sees_price_differences_only(
    battery: Battery, price: FloatArray, shift: float
) -> None:
    ideal = replace(
        battery,
        charge_efficiency_frac=1.0,
        discharge_efficiency_frac=1.0,
        final_frac=None,
        self_discharge_frac_per_month=0.0,
    )
    load = Site(name="load", interconnect_mw=700.0, halls=(), tariff=Tariff(), firm_load_mw=350.0)
    one, two = (solve_storage(load, ideal, p, 40.0) for p in (price + 1.0, price + 1.0 + shift))
    assert two.gain_usd == pytest.approx(one.gain_usd, abs=1e-9 * scale_usd(two))


@settings(max_examples=40, deadline=None)
@given(
    site=sites(),
    battery=batteries(),
    price=PRICES,
    hashprice=HASHPRICE,
    factor=st.sampled_from([0.25, 2.0, 8.0]),
)
def test_scaling_money_scales_the_objective(
    site: Site, battery: Battery, price: FloatArray, hashprice: float, factor: float
) -> None:
    site = replace(site, tariff=Tariff())
    dearer = replace(
        battery, throughput_cost_usd_per_mwh=factor * battery.throughput_cost_usd_per_mwh
    )
    base = solve_storage(site, battery, price, hashprice)
    scaled = solve_storage(site, dearer, factor * price, factor * hashprice)
    assert scaled.objective_usd == pytest.approx(
        factor * base.objective_usd, abs=1e-9 * scale_usd(scaled)
    )


@settings(max_examples=40, deadline=None)
@given(
    site=sites(), battery=batteries(), price=PRICES, hashprice=HASHPRICE, split=st.integers(1, 23)
)
def test_months_add_up_to_the_gain(
    site: Site, battery: Battery, price: FloatArray, hashprice: float, split: int
) -> None:
    whole = solve_storage(site, battery, price, hashprice)
    found = storage_values(
        site,
        battery,
        price[np.newaxis],
        np.full((1, 2), hashprice),
        month_hours=np.array([split, HOURS - split]),
    )
    assert found.gain_usd.sum() == pytest.approx(whole.gain_usd, abs=1e-9 * scale_usd(whole))
    assert found.gap_usd.tolist() == [0.0]
