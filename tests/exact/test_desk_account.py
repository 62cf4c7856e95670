"""Small cases of the desk worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.assets import Battery, FixedBlock, Hall, RigFleet, Site, Tariff
from rerack.assets.tariff_terms import DemandCharge
from rerack.base.errors import InputError
from rerack.dispatch.backtest_run import DeskRules, backtest
from rerack.dispatch.desk_account import settle
from rerack.dispatch.desk_hashprice import hashprice_by_hour
from rerack.dispatch.desk_load import SystemLoad, load_forecast_mw
from rerack.dispatch.desk_peaks import coincident_peaks, peak_signals, summer_month
from rerack.dispatch.desk_periods import Periods
from rerack.dispatch.desk_prices import believed_price, between, over_hours
from rerack.dispatch.desk_schedule import schedule_site
from rerack.dispatch.desk_strikes import strike_table
from rerack.markets.files import HourlySeries

START = np.datetime64("2024-01-31T22", "h")


def site(*, block_mw: float = 0.0, firm_mw: float = 0.0, adder: float = 0.0) -> Site:
    """Return 10 MW of rigs that strike at 100 USD/MWh when hashprice is 42."""
    rigs = RigFleet(model="S21", efficiency_j_per_th=17.5)
    block = FixedBlock(block_mw=block_mw, price_usd_per_mwh=30.0, months=600)
    return Site(
        name="Hand",
        interconnect_mw=20.0,
        halls=(Hall(name="A", utility_mw=10.0, rigs=rigs),),
        tariff=Tariff(adder_usd_per_mwh=adder, block=block if block_mw else None),
        firm_load_mw=firm_mw,
    )


def series(*prices: float, start: np.datetime64 = START, name: str = "p") -> HourlySeries:
    return HourlySeries(name=name, start=start, prices_usd_per_mwh=np.array(prices))


def summer_load(years: int, *, first: int = 2020, seed: int = 3) -> SystemLoad:
    """Return made-up load with a daily shape, warm and cool days, and noise."""
    start = np.datetime64(f"{first}-01-01T06", "h")
    hours = int((np.datetime64(f"{first + years}-01-01T06", "h") - start).astype(int))
    rng = np.random.default_rng(seed)
    t = np.arange(hours)
    season = 1.0 + 0.35 * np.exp(-(((t % 8766) / 8766 - 0.58) ** 2) / 0.01)
    shape = 1.0 + 0.2 * np.cos(2 * np.pi * (t % 24 - 16) / 24)
    days = np.repeat(1.0 + 0.05 * rng.standard_normal(hours // 24 + 1), 24)[:hours]
    return SystemLoad(
        name="made up",
        start=start,
        system_mw=4e4 * season * shape * days * (1 + 0.004 * rng.standard_normal(hours)),
    )


def test_a_block_pays_the_same_whatever_runs_and_credits_are_its_unused_part() -> None:
    found = schedule_site(site(block_mw=15.0), series(20.0, 530.0), 42.0)
    table = found.table("hour")
    assert table["block_settlement_usd"].tolist() == [-150.0, 7500.0]
    # At 20 the rigs take 10 of the 15 MW; at 530 none of it.
    assert table["credits_usd"].tolist() == [-50.0, 7500.0]
    assert table["margin_usd"] == pytest.approx([800.0, 0.0])
    assert table["net_usd"] == pytest.approx([650.0, 7500.0])


def test_a_block_ends_with_its_contract() -> None:
    end = START + np.timedelta64(1, "h")
    found = schedule_site(site(block_mw=15.0), series(20.0, 530.0), 42.0, block_end=end)
    assert found.table("hour")["block_settlement_usd"].tolist() == [-150.0, 0.0]
    assert found.account.resold_mwh.tolist() == [5.0, 0.0]


def test_firm_load_uses_the_block_and_pays_the_meter() -> None:
    found = schedule_site(site(block_mw=15.0, firm_mw=4.0, adder=2.0), series(530.0), 42.0)
    assert found.account.resold_mwh.tolist() == [11.0]
    assert found.account.resold_usd.tolist() == [11.0 * 530.0]
    assert found.table("hour")["firm_cost_usd"].tolist() == [4.0 * 532.0]


def test_a_battery_earns_what_the_certified_schedule_says() -> None:
    battery = Battery(charge_mw=2.0, discharge_mw=2.0, energy_mwh=4.0, initial_frac=0.0)
    prices = series(20.0, 20.0, 70.0, 90.0, 530.0)
    found = schedule_site(site(firm_mw=3.0, adder=1.0), prices, 42.0, battery=battery)
    assert found.battery_usd is not None
    assert float(found.net_usd.sum()) == pytest.approx(found.dispatch.objective_usd, rel=1e-12)
    # Four MWh bought at 21, sold at 91 and 531: two each.
    assert found.battery_usd.sum() == pytest.approx(2 * (91.0 + 531.0) - 4 * 21.0)


def test_desk_pays_for_what_it_did_not_know() -> None:
    found = backtest(
        site(), series(20.0, 500.0, 150.0), 42.0, day_ahead=series(30.0, 60.0, 180.0, name="da")
    )
    assert found.desk.margin_usd == pytest.approx([800.0, -4000.0, 0.0])
    assert found.foresight.margin_usd == pytest.approx([800.0, 0.0, 0.0])
    assert found.always.margin_usd == pytest.approx([800.0, -4000.0, -500.0])
    total = found.total()
    assert total["foregone_usd"] == pytest.approx(4000.0)
    assert total["desk_curtailed_hours"] == pytest.approx(1.0)
    assert "3 h from" in repr(found)


def test_periods_split_at_the_end_of_the_month_in_utc() -> None:
    found = backtest(site(), series(20.0, 30.0, 40.0, 50.0), 42.0)
    table = found.table("month")
    assert table["period"].tolist() == ["2024-01", "2024-02"]
    assert table["hours"].tolist() == [2, 2]
    assert table["desk_margin_usd"] == pytest.approx([1500.0, 1100.0])
    assert found.table("year")["desk_margin_usd"] == pytest.approx([2600.0])


def test_last_hour_belief_uses_the_ratio_of_past_spreads() -> None:
    # Spreads 100, 50: phi = 100 * 50 / 100^2 = 0.5 is known when hour 2 is decided.
    believed = believed_price(np.array([130.0, 80.0, 999.0]), np.full(3, 30.0), signal="last_hour")
    assert believed == pytest.approx([30.0, 30.0, 30.0 + 0.5 * 50.0])


def test_peaks_are_the_highest_hours_of_june_to_september_local() -> None:
    load = summer_load(1, first=2024)
    peaks = coincident_peaks(load)
    local = (load.hours[peaks] - np.timedelta64(5, "h")).astype("datetime64[M]")
    assert local.astype(str).tolist() == [f"2024-0{m}" for m in (6, 7, 8, 9)]
    for peak, month in zip(peaks, np.unique(summer_month(load.hours))[1:], strict=True):
        inside = summer_month(load.hours) == month
        assert load.system_mw[peak] == load.system_mw[inside].max()


def test_a_quarter_hour_sets_the_peak_where_quarters_are_known() -> None:
    # The hour after the highest one has a lower mean and the highest quarter of all.
    whole = summer_load(1, first=2024)
    hourly = coincident_peaks(whole)
    quarters = np.repeat(whole.system_mw[:, np.newaxis], 4, axis=1)
    top = whole.system_mw[hourly]
    quarters[hourly + 1] = top[:, np.newaxis] * np.array([1.1, 0.8, 0.8, 0.8])
    load = SystemLoad(
        name="q", start=whole.start, system_mw=quarters.mean(axis=1), quarter_mw=quarters
    )
    assert coincident_peaks(load).tolist() == (hourly + 1).tolist()
    prices = HourlySeries(
        name="flat", start=load.start, prices_usd_per_mwh=np.full(load.system_mw.size, 40.0)
    )
    rules = DeskRules(peak_charge_usd_per_mw_year=60_000.0)
    found = backtest(site(), prices, 42.0, load=load, rules=rules)
    assert np.flatnonzero(found.outcome.is_peak).tolist() == (hourly + 1).tolist()
    assert "peaks known for 4 summer months; by quarter-hour" in found.notes


def test_a_month_that_the_load_cuts_has_no_known_peak() -> None:
    whole = summer_load(1, first=2024)
    cut = int((np.datetime64("2024-08-20T00", "h") - whole.start).astype(int))
    part = SystemLoad(name="cut", start=whole.start, system_mw=whole.system_mw[:cut])
    assert coincident_peaks(part).size == 2


def test_perfect_foresight_is_off_at_each_peak_and_pays_nothing_for_it() -> None:
    load = summer_load(3)
    hours = load.hours
    prices = HourlySeries(
        name="flat", start=load.start, prices_usd_per_mwh=np.full(hours.size, 40.0)
    )
    rules = DeskRules(peak_charge_usd_per_mw_year=60_000.0)
    found = backtest(site(), prices, 42.0, load=load, rules=rules)
    total = found.total()
    assert total["peaks"] == 12
    assert total["foresight_peaks_avoided"] == 12
    assert total["foresight_peak_charge_usd"] == 0.0
    # Ten MW of rigs that never stop pay a fourth of the charge at each of twelve peaks.
    assert total["always_peak_charge_usd"] == pytest.approx(12 * 10.0 * 15_000.0)
    # The first summer has none before it to learn from, and the reader is told.
    first = found.table("year")["desk_peaks_avoided"]
    assert first[0] == 0
    assert first[1:3].sum() >= 6
    assert any("2020" in note for note in found.notes)


def test_a_load_forecast_repeats_a_periodic_load() -> None:
    load = np.tile(40_000.0 + 1000.0 * np.arange(24), 5)
    assert load_forecast_mw(load, lead_hours=3)[27:] == pytest.approx(load[27:])


def test_signals_of_a_flat_load_are_zero() -> None:
    flat = SystemLoad(name="f", start=START, system_mw=np.full(2000, 5e4))
    signals = peak_signals(flat, lead_hours=2)
    assert np.abs(signals[:, [0, 1, 3]]).max() == 0.0
    assert ((signals[:, 2] > 0.0) & (signals[:, 2] <= 1.0)).all()


def test_history_gives_the_month_of_each_hour() -> None:
    found = hashprice_by_hour(series(1.0, 1.0, 1.0))
    assert found.tolist() == [83.21, 83.21, 84.17]


def test_strikes_come_highest_first_and_follow_fee_and_cost() -> None:
    plain = strike_table(35.0)
    dear = strike_table(35.0, pool_fee_frac=0.01, variable_om_usd_per_mwh=2.0)
    assert (np.diff(plain["strike_usd_per_mwh"]) <= 0.0).all()
    assert dear["strike_usd_per_mwh"] == pytest.approx(0.99 * plain["strike_usd_per_mwh"] - 2.0)
    at = plain["model"].tolist().index("S19 Pro")
    assert plain["strike_usd_per_mwh"][at] == pytest.approx(35e3 / 24 / 29.5, rel=1e-3)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: hashprice_by_hour(series(1.0, start=np.datetime64("2030-01-01T00"))),
            "--hashprice",
        ),
        (lambda: between(series(1.0, 2.0), "2023-01-01", None), "--from"),
        (lambda: between(series(1.0, 2.0), None, "soon"), "--to: given 'soon'"),
        (lambda: over_hours(series(1.0), series(1.0, 2.0)), "every hour from"),
        (lambda: load_forecast_mw(np.ones(99), lead_hours=0), "lead_hours"),
        (lambda: SystemLoad(name="x", start=START, system_mw=np.array([1.0, -1.0])), "above 0 MW"),
        (lambda: DeskRules(signal="tea leaves"), "tea leaves"),  # type: ignore[arg-type]
        (lambda: DeskRules(peak_charge_usd_per_mw_year=-1.0), "peak_charge"),
        (lambda: Periods(np.array([START]), "week"), "hour, day, month, year"),  # type: ignore[arg-type]
        (lambda: strike_table(-35.0), "hashprice"),
        (
            lambda: backtest(
                site(), series(1.0), 42.0, rules=DeskRules(peak_charge_usd_per_mw_year=1e4)
            ),
            "without system load",
        ),
        (
            lambda: backtest(site(), series(1.0), 42.0, load=summer_load(1)),
            "Give load of the same years",
        ),
        (lambda: backtest(site(), series(1.0, 2.0), 42.0, day_ahead=series(1.0)), "every hour"),
    ],
)
def test_refusals_name_what_is_wrong(make: object, said: str) -> None:
    assert callable(make)
    with pytest.raises(InputError) as caught:
        make()
    assert said in str(caught.value)


def test_terms_that_need_the_bill_are_refused_by_name() -> None:
    charged = Site(
        name="Charged",
        interconnect_mw=1.0,
        halls=(),
        tariff=Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=5.0)),
    )
    with pytest.raises(InputError, match="demand_charge"):
        schedule_site(charged, series(1.0), 42.0)


def test_a_schedule_beyond_what_is_available_is_refused() -> None:
    found = schedule_site(site(), series(20.0), 42.0)
    with pytest.raises(InputError, match="beyond what is available"):
        settle(found.outcome, np.array([[11.0]]))
