"""Laws that a desk obeys on any prices: it cannot see ahead, and it cannot beat foresight."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import FixedBlock, Hall, RigFleet, Site, Tariff
from rerack.dispatch.backtest_run import DeskRules, backtest
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_peak_forecast import peak_chances
from rerack.dispatch.desk_prices import believed_price
from rerack.dispatch.desk_weather import SystemWeather
from rerack.markets.files import HourlySeries

START = np.datetime64("2023-05-31T20", "h")
SEEDS = st.integers(0, 2**32 - 1)


def prices(rng: np.random.Generator, hours: int) -> np.ndarray:
    """Return prices with negatives and spikes."""
    base = rng.normal(35.0, 25.0, hours)
    return np.where(rng.random(hours) < 0.03, rng.uniform(200.0, 9000.0, hours), base)


def made(name: str, values: np.ndarray) -> HourlySeries:
    return HourlySeries(name=name, start=START, prices_usd_per_mwh=values)


def random_site(rng: np.random.Generator) -> Site:
    halls = tuple(
        Hall(
            name=str(k),
            utility_mw=float(rng.uniform(0, 50)),
            rigs=RigFleet(model=str(k), efficiency_j_per_th=float(rng.uniform(12, 60))),
        )
        for k in range(3)
    )
    fixed = float(rng.uniform(20, 60)) if rng.random() < 0.25 else None
    block = FixedBlock(block_mw=float(rng.uniform(0, 80)), price_usd_per_mwh=30.0, months=9)
    return Site(
        name="Random",
        interconnect_mw=float(rng.uniform(40, 120)),
        halls=halls,
        firm_load_mw=float(rng.uniform(0, 40)),
        tariff=Tariff(adder_usd_per_mwh=3.0, fixed_price_usd_per_mwh=fixed, block=block),
    )


def some_load(hours: int, *, seed: int = 1) -> SystemLoad:
    """Return load from two summers before `START` on, so that a rule can be learnt."""
    start = np.datetime64("2021-01-01T00", "h")
    lead = int((START - start).astype(int))
    rng = np.random.default_rng(seed)
    t = np.arange(lead + hours)
    shape = 1.0 + 0.25 * np.cos(2 * np.pi * (t % 24 - 22) / 24)
    days = np.repeat(1.0 + 0.06 * rng.standard_normal(t.size // 24 + 1), 24)[: t.size]
    return SystemLoad(name="made up", start=start, system_mw=5e4 * shape * days)


@given(seed=SEEDS, signal=st.sampled_from(["day_ahead", "last_hour"]))
@settings(max_examples=40, deadline=None)
def test_foresight_bounds_desk_and_money_adds_up(seed: int, signal: str) -> None:
    rng = np.random.default_rng(seed)
    real, ahead = made("rt", prices(rng, 300)), made("da", prices(rng, 300))
    rules = DeskRules(signal=signal)  # type: ignore[arg-type]
    found = backtest(random_site(rng), real, 50.0, day_ahead=ahead, rules=rules)
    best, scale = found.net_usd(found.foresight), 1e-9 * np.abs(real.prices_usd_per_mwh) * 500
    for account in (found.desk, found.always):
        assert (found.net_usd(account) <= best + scale + 1e-6).all()
    hours, months = found.table("hour"), found.table("month")
    for name, values in months.items():
        if name.endswith(("_usd", "_mwh", "_hours")) and "_per_" not in name:
            assert values.sum() == pytest.approx(hours[name].sum(), rel=1e-9, abs=1e-6)
    for who in ("desk", "foresight", "always"):
        parts = (
            months[f"{who}_margin_usd"]
            - months["firm_cost_usd"]
            + months["block_settlement_usd"]
            - months[f"{who}_peak_charge_usd"]
        )
        assert months[f"{who}_net_usd"] == pytest.approx(parts, rel=1e-9, abs=1e-6)


@given(seed=SEEDS, cut=st.integers(2, 199))
@settings(max_examples=40, deadline=None)
def test_no_belief_changes_when_the_future_does(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    real, ahead = prices(rng, 200), prices(rng, 200)
    other = real.copy()
    other[cut:] = prices(rng, 200 - cut)
    a = believed_price(real, ahead, signal="last_hour")
    b = believed_price(other, ahead, signal="last_hour")
    # The price of hour `cut` is first known when hour cut + 1 is decided.
    assert a[: cut + 1].tolist() == b[: cut + 1].tolist()


@pytest.mark.parametrize("lead", [1, 2, 6])
def test_no_peak_chance_changes_when_the_future_load_does(lead: int) -> None:
    load = some_load(2400)
    base = peak_chances(load, lead_hours=lead)
    assert base.years == (2022, 2023)
    for cut in (12_000, load.system_mw.size - 1000, load.system_mw.size - 7):
        changed = load.system_mw.copy()
        changed[cut:] *= 1.7
        other = SystemLoad(name="changed", start=load.start, system_mw=changed)
        found = peak_chances(other, lead_hours=lead).chance_frac
        assert found[: cut + lead].tolist() == base.chance_frac[: cut + lead].tolist()


@pytest.mark.parametrize("lead", [1, 2, 6])
def test_no_peak_chance_changes_when_future_load_and_weather_do(lead: int) -> None:
    load = some_load(2960)
    rng = np.random.default_rng(4)
    t = np.arange(load.hours.size)
    warmth = 25.0 + 6.0 * np.cos(2 * np.pi * (t % 24 - 21) / 24) + rng.standard_normal(t.size)
    weather = SystemWeather(name="made up", hours=load.hours, dry_bulb_c=warmth)
    base = peak_chances(load, lead_hours=lead, weather=weather)
    assert [summer.weather for summer in base.summers] == [True, True]
    for cut in (12_000, load.hours.size - 1000, load.hours.size - 7):
        changed, warmer = load.system_mw.copy(), warmth.copy()
        changed[cut:] *= 1.7
        warmer[cut:] += 15.0
        other = SystemLoad(name="changed", start=load.start, system_mw=changed)
        then = SystemWeather(name="changed", hours=load.hours, dry_bulb_c=warmer)
        found = peak_chances(other, lead_hours=lead, weather=then).chance_frac
        assert found[: cut + lead].tolist() == base.chance_frac[: cut + lead].tolist()
        # What changed is seen as soon as it may be: the signals do use the weather.
        if cut < load.hours.size - 500:
            only = peak_chances(load, lead_hours=lead, weather=then).chance_frac
            assert only[cut + lead :].tolist() != base.chance_frac[cut + lead :].tolist()


def test_chances_are_shares_and_none_falls_outside_summer() -> None:
    load = some_load(9000)
    chance = peak_chances(load, lead_hours=2).chance_frac
    assert ((chance >= 0.0) & (chance <= 1.0)).all()
    month = (load.hours - np.timedelta64(5, "h")).astype("datetime64[M]").astype(int) % 12 + 1
    assert chance[(month < 6) | (month > 9)].max() == 0.0
    assert chance.max() > 0.01


@given(low=st.floats(0.0, 1e5), extra=st.floats(0.0, 1e5))
@settings(max_examples=15, deadline=None)
def test_a_dearer_peak_never_pays_with_foresight(low: float, extra: float) -> None:
    rng = np.random.default_rng(5)
    load, real = some_load(1500), made("rt", prices(rng, 1500))
    site = random_site(rng)
    net = [
        backtest(
            site, real, 50.0, load=load, rules=DeskRules(peak_charge_usd_per_mw_year=charge)
        ).total()["foresight_net_usd"]
        for charge in (low, low + extra)
    ]
    assert net[1] <= net[0] + 1e-6 * abs(net[0])


@given(seed=SEEDS, factor=st.floats(0.1, 10.0))
@settings(max_examples=20, deadline=None)
def test_money_scales_with_prices_and_hashprice(seed: int, factor: float) -> None:
    rng = np.random.default_rng(seed)
    real, ahead = prices(rng, 100), prices(rng, 100)
    halls = random_site(rng).halls
    site = Site(name="S", interconnect_mw=60.0, halls=halls, tariff=Tariff())
    one = backtest(site, made("rt", real), 40.0, day_ahead=made("da", ahead))
    many = backtest(
        site, made("rt", factor * real), factor * 40.0, day_ahead=made("da", factor * ahead)
    )
    for who in ("desk", "foresight", "always"):
        a, b = (getattr(x, who).margin_usd.sum() for x in (one, many))
        assert b == pytest.approx(factor * a, rel=1e-9, abs=1e-4)
