"""Laws of a battery beside programmes: balances, more is never worse, money scales."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.crosscheck.test_programme_battery import Case, battery_case

from rerack.assets import Battery
from rerack.dispatch import ProgrammeDispatch, solve_programmes

SEEDS = st.integers(0, 10_000)
HOURS = 48


def solved(case: Case, battery: Battery | None) -> ProgrammeDispatch:
    site, prices, hashprice, programmes, _ = case
    return solve_programmes(site, prices, hashprice, programmes=programmes, battery=battery)


def scale(found: ProgrammeDispatch) -> float:
    return float(np.abs(found.revenue_usd.values).sum())


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_every_hour_balances_at_the_bus_and_in_the_store(seed: int) -> None:
    case = battery_case(seed, HOURS, switched=False)
    found, b = solved(case, case[4]), case[4]
    p, s = found.problem, found.schedule
    used = s.step_mw.sum(axis=1) + p.idle_mw + p.ai_mw - s.ai_cut_mw + s.export_mw + s.charge_mw
    got = s.import_mw + s.generator_mw.sum(axis=1) + s.renewable_mw + s.discharge_mw
    assert np.abs(used - got).max() <= 1e-6
    assert p.store is not None
    called = s.reserve_mw @ p.store.called_frac
    before = np.append(b.initial_mwh, s.stored_mwh[:-1]) * b.hourly_keep_frac
    after = before + b.charge_efficiency_frac * s.charge_mw
    after = after - (s.discharge_mw + called) / b.discharge_efficiency_frac
    assert np.abs(after - s.stored_mwh).max() <= 1e-6
    assert np.minimum(s.charge_mw, s.discharge_mw).max() <= 1e-9 * (b.charge_mw + b.energy_mwh)
    assert s.stored_mwh[-1] >= b.final_mwh - 1e-6


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_a_battery_never_costs_and_one_without_size_is_none(seed: int) -> None:
    case = battery_case(seed, HOURS, switched=False)
    free = replace(case[4], final_frac=0.0)
    none = solved(case, None)
    found = solved(case, free)
    assert found.objective_usd >= none.objective_usd - 1e-9 * scale(none)
    assert found.without_battery_usd == pytest.approx(none.objective_usd, rel=1e-12)
    empty = solved(case, replace(free, energy_mwh=0.0))
    assert empty.objective_usd == none.objective_usd
    still = solved(case, replace(free, charge_mw=0.0, discharge_mw=0.0, response_s=None))
    assert still.objective_usd == pytest.approx(none.objective_usd, abs=1e-9 * scale(none))


@given(SEEDS, st.sampled_from(["power", "energy", "losses", "wear", "reserve", "last state"]))
@settings(max_examples=40, deadline=None)
def test_tighter_limits_never_pay(seed: int, what: str) -> None:
    case = battery_case(seed, HOURS, switched=False)
    b = replace(case[4], initial_frac=0.0, final_frac=0.0)
    changes: dict[str, dict[str, Any]] = {
        "power": {"charge_mw": 0.5 * b.charge_mw, "discharge_mw": 0.5 * b.discharge_mw},
        "energy": {"energy_mwh": 0.5 * b.energy_mwh},
        "wear": {"throughput_cost_usd_per_mwh": b.throughput_cost_usd_per_mwh + 20.0},
        "reserve": {"response_s": None},
        "last state": {"final_frac": 0.2},
        # Losses may pay where power is a burden, and only there.
        "losses": {"discharge_efficiency_frac": 0.7 * b.discharge_efficiency_frac},
    }
    if what == "losses":
        site, prices, hashprice, programmes, _ = case
        prices = replace(prices, index_usd_per_mwh=np.abs(prices.index_usd_per_mwh))
        # A burden may also come from energy that must be taken.
        site = replace(site, tariff=replace(site.tariff, minimum_take=None))
        case = (site, prices, hashprice, programmes, b)
    if what == "reserve" and case[3].ancillary and case[4].response_s is None:
        b = replace(b, response_s=1.0)
    loose = solved(case, b)
    tight = solved(case, replace(b, **changes[what]))
    assert tight.objective_usd <= loose.objective_usd + 1e-8 * scale(loose)


@given(SEEDS, st.floats(0.1, 10.0))
@settings(max_examples=20, deadline=None)
def test_prices_scaled_scale_the_objective(seed: int, factor: float) -> None:
    site, prices, hashprice, programmes, battery = battery_case(seed, HOURS, switched=False)
    tariff, ai = site.tariff, programmes.ai
    site = replace(
        site,
        tariff=replace(tariff, demand_charge=None, minimum_take=None, coincident_peak=None),
        halls=tuple(
            replace(
                h, rigs=None if h.rigs is None else replace(h.rigs, variable_om_usd_per_mwh=0.0)
            )
            for h in site.halls
        ),
    )
    free = replace(site.tariff, adder_usd_per_mwh=0.0)
    if free.export is not None:
        free = replace(free, export=replace(free.export, discount_usd_per_mwh=0.0))
    site = replace(site, tariff=free)
    programmes = replace(
        programmes,
        ai=None if ai is None else replace(ai, compensation_usd_per_mwh=0.0),
        generators=(),
        operations=tuple(replace(o, start_usd_per_mw=0.0) for o in programmes.operations),
    )
    battery = replace(battery, throughput_cost_usd_per_mwh=0.0)
    more = replace(
        prices,
        index_usd_per_mwh=factor * prices.index_usd_per_mwh,
        capacity_usd_per_mwh={k: factor * v for k, v in prices.capacity_usd_per_mwh.items()},
    )
    one = solved((site, prices, hashprice, programmes, battery), battery)
    many = solved((site, more, factor * hashprice, programmes, battery), battery)
    assert many.objective_usd == pytest.approx(
        factor * one.objective_usd, abs=1e-8 * factor * max(scale(one), 1.0)
    )
