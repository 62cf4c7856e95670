"""Terms of a contract against closed forms and figures worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rerack.assets import (
    CapexItem,
    CloudContract,
    Conversion,
    Delay,
    DelayDamages,
    ExitOption,
    Flexibility,
    GpuCloud,
    Lease,
    Phase,
    Prepayment,
    Tariff,
    TenantCredit,
    TimeOfUse,
    TimeOfUsePeriod,
)
from rerack.base import MonthGrid
from rerack.base.checks import FloatArray, IntArray
from rerack.base.errors import InputError
from rerack.dispatch import PriceDuration
from rerack.markets import Outlook, PowerOutlook
from rerack.markets.power.library import PriceLibrary
from rerack.planning import NEVER, HostingCash, Meter, hosting_cash
from rerack.planning.deal_events import DealEvents, draw_events, is_random, spread_events
from rerack.planning.decisions import signing_margin_usd_per_mw
from rerack.planning.power.rates import RatedDuration
from rerack.planning.windows import open_months

MONTHS = 60
LEASE = Lease(
    name="shell",
    kind="powered_shell",
    conversion=Conversion(
        capex=(CapexItem(component="all", usd_per_mw=1e6),),
        lead_months=6,
        dark_months=3,
        ramp_months=0,
        pue_design=1.0,
        pue_mean=1.0,
    ),
    rate_usd_per_kw_month=100.0,
    escalator_frac_per_year=0.0,
    term_months=48,
    opex_usd_per_kw_month=10.0,
    power_payer="tenant",
    load_factor_frac=1.0,
    sla_frac=0.999,
    availability_frac=0.999,
    vacancy_months=4,
)
#: Rent of a utility MW in a month at pue_design 1 [USD/MW].
RENT = 100e3


def world(rows: int, hourly: FloatArray | None = None, seed: int = 5) -> tuple[Outlook, Meter]:
    """Return flat drivers over `MONTHS`; power 40 USD/MWh unless given by the hour."""
    grid = MonthGrid(start_year=2026, start_month=1, months=MONTHS)
    prices = np.full((1, 8760), 40.0) if hourly is None else hourly
    library = PriceLibrary.from_years("test", "test", prices)
    ones = np.ones((rows, MONTHS))
    power = PowerOutlook(
        library=library, library_year=np.zeros((rows, MONTHS), dtype=np.int64), level=ones
    )
    outlook = Outlook(
        grid=grid, seed=seed, first_path=0, btc_price_usd=ones, fees_btc_per_block=ones,
        network_shock=ones, lease_index=ones, gpu_index=ones, power=power,
    )  # fmt: skip
    meter = Meter(
        grid=grid,
        tariff=Tariff(adder_usd_per_mwh=5.0),
        power=power,
        duration=PriceDuration.build(library.hourly_usd_per_mwh),
    )
    return outlook, meter


def cash_of(
    use: Lease | GpuCloud, decide: IntArray, events: DealEvents | None = None
) -> HostingCash:
    outlook, meter = world(decide.size)
    return hosting_cash(
        use,
        decide_month=decide,
        outlook=outlook,
        meter=meter,
        inflation_frac_per_year=0.0,
        events=events,
    )


def certain(rows: int = 1, **changes: object) -> DealEvents:
    """Return events of `rows` rows in which nothing happens but `changes`."""
    plain: dict[str, object] = {
        "late_months": np.zeros(rows, dtype=np.int64),
        "default_month": np.full(rows, NEVER, dtype=np.int64),
        "exits": np.zeros(rows, dtype=np.bool_),
        "renewal_uniform": None,
    }
    return DealEvents(**(plain | changes))  # type: ignore[arg-type]


START = np.array([0])


def test_expected_rent_under_a_constant_hazard_is_a_geometric_sum() -> None:
    """Rent of month m is due with chance (1 - h)^(m + 1), signed in month 0 and never let again."""
    credit = TenantCredit(default_frac_per_year=0.2)
    lease = replace(LEASE, credit=credit, relet_frac=0.0, renewal_frac=0.0)
    cases = 4000
    decide = np.zeros(cases, dtype=np.int64)
    hazard = credit.default_frac_per_month
    assert (1.0 - hazard) ** 12 == pytest.approx(0.8)
    spread = spread_events(lease, decide, cases=cases, months=MONTHS)
    paid = cash_of(lease, decide, spread).revenue_usd_per_mw
    month = np.arange(6, 54)
    expected = RENT * (1.0 - hazard) ** (month + 1)
    assert np.abs(paid.mean(axis=0)[6:54] - expected).max() < RENT / cases
    assert paid.mean(axis=0).sum() == pytest.approx(
        RENT * (1 - hazard) ** 7 * (1 - (1 - hazard) ** 48) / hazard, rel=1e-3
    )
    outlook, _ = world(cases)
    drawn = draw_events(lease, decide, outlook)
    paid = cash_of(lease, decide, drawn).revenue_usd_per_mw[:, 53]
    chance = (1.0 - hazard) ** 54
    assert abs(paid.mean() / RENT - chance) < 4.0 * np.sqrt(chance * (1 - chance) / cases)


def test_service_waits_for_building_and_for_power() -> None:
    """First rent falls in the later of decision + lead time + delay, and the power's month."""
    queue = Delay(late_months=(10, 20), chance_frac=(0.5, 0.5))
    lease = replace(LEASE, queue=queue)
    cases, dates = 1000, (4, 8, 30)
    for decided in dates:
        decide = np.full(cases, decided, dtype=np.int64)
        spread = spread_events(lease, decide, cases=cases, months=MONTHS)
        served = cash_of(lease, decide, spread).served_frac.argmax(axis=1)
        built = decided + LEASE.conversion.lead_months
        assert sorted(served) == [max(built, 10)] * 500 + [max(built, 20)] * 500
    outlook, _ = world(4 * cases)
    drawn = draw_events(lease, np.tile([4, 8, 30, NEVER], cases), outlook)
    assert drawn is not None
    late = drawn.late_months.reshape(-1, 4)
    assert set(late[:, 0]) == {0, 10}
    assert set(late[:, 1]) == {0, 6}
    assert set(late[:, 2]) == {0}
    assert (late[:, 3] == 0).all()
    # One interconnect: whoever waits in it waits for the same date.
    other = draw_events(replace(lease, name="other"), np.full(4 * cases, 4), outlook)
    mine = draw_events(lease, np.full(4 * cases, 4), outlook)
    assert other is not None
    assert mine is not None
    assert np.array_equal(other.late_months, mine.late_months)


def test_a_delay_beyond_the_power_counts_and_one_before_it_does_not() -> None:
    lease = replace(
        LEASE,
        delay=Delay(late_months=(3, 12), chance_frac=(0.5, 0.5)),
        queue=Delay(late_months=(15,), chance_frac=(1.0,)),
    )
    spread = spread_events(lease, np.full(100, 4, dtype=np.int64), cases=100, months=MONTHS)
    assert sorted(set(spread.late_months)) == [5, 12]


@pytest.mark.parametrize(("months", "first"), [(4, 0), (6, 0), (26, 20)])
def test_nothing_is_signed_that_would_stand_without_power(months: int, first: int) -> None:
    lease = replace(LEASE, queue=Delay(late_months=(months,), chance_frac=(1.0,)))
    outlook, _ = world(2)
    may = open_months(lease, outlook)
    if first == 0:
        assert may is None
    else:
        assert may is not None
        assert may[0].argmax() == first
        assert may[0, first:].all()
    assert not is_random(lease)


@pytest.mark.parametrize(("grace", "cap_months"), [(0, 99), (2, 99), (2, 5)])
def test_expected_delay_damages(grace: int, cap_months: int) -> None:
    """E[min((D - g)+, c)] of a geometric delay is the sum of q^k from k = g + 1 to g + c."""
    mean = 3.0
    lease = replace(
        LEASE,
        delay=Delay.geometric(mean),
        damages=DelayDamages(
            usd_per_kw_month=100.0, grace_months=grace, cap_usd_per_kw=100.0 * cap_months
        ),
    )
    cases = 5000
    decide = np.zeros(cases, dtype=np.int64)
    events = spread_events(lease, decide, cases=cases, months=MONTHS)
    owed = cash_of(lease, decide, events).money.damages_usd_per_mw
    assert owed is not None
    q = mean / (1.0 + mean)
    expected = RENT * sum(q**k for k in range(grace + 1, grace + cap_months + 1))
    assert owed.sum(axis=1).mean() == pytest.approx(expected, rel=3e-3)
    if cap_months == 99:
        assert expected == pytest.approx(RENT * mean * q**grace, rel=1e-6)


def test_a_delay_moves_rent_and_capex_stays() -> None:
    lease = replace(LEASE, delay=Delay(late_months=(0, 5), chance_frac=(0.5, 0.5)))
    late = cash_of(lease, START, certain(late_months=np.array([5])))
    on_time = cash_of(LEASE, START)
    assert (late.revenue_usd_per_mw[0, 11:59] == RENT).all()
    assert (late.revenue_usd_per_mw[0, :11] == 0.0).all()
    assert np.array_equal(late.conversion_usd_per_mw, on_time.conversion_usd_per_mw)
    assert late.late_months is not None
    assert late.late_months.tolist() == [5]


def test_damages_count_the_milestones_that_are_late() -> None:
    phases = (
        Phase(after_months=0, share_frac=0.25),
        Phase(after_months=3, share_frac=0.6),
        Phase(after_months=5, share_frac=1.0),
    )
    lease = replace(
        LEASE,
        conversion=replace(LEASE.conversion, phases=phases),
        delay=Delay(late_months=(2,), chance_frac=(1.0,)),
        damages=DelayDamages(usd_per_kw_month=50.0),
    )
    on_time = cash_of(replace(lease, delay=None, damages=None), START)
    assert (on_time.served_frac[0, 6:12] == [0.25, 0.25, 0.25, 0.6, 0.6, 1.0]).all()
    owed = cash_of(lease, START, certain(late_months=np.array([2]))).money.damages_usd_per_mw
    assert owed is not None
    expected = 50e3 * np.array([0.25, 0.25, 0.0, 0.35, 0.35, 0.4, 0.4, 0.0])
    assert owed[0, 6:14] == pytest.approx(expected)


def test_prepayment_is_credited_and_conserved() -> None:
    paid = Prepayment(usd_per_kw=600.0, credit_after_months=24, credit_over_months=12)
    held = cash_of(replace(LEASE, prepayment=paid), START).money.held_usd_per_mw
    assert held is not None
    assert held[0, 0] == pytest.approx(600e3)
    assert held[0, 30:42] == pytest.approx(np.full(12, -50e3))
    assert held.sum() == pytest.approx(0.0, abs=1e-6)
    assert np.flatnonzero(held[0]).tolist() == [0, *range(30, 42)]


def test_prepayment_not_yet_credited_goes_back_at_the_horizon() -> None:
    paid = Prepayment(usd_per_kw=600.0, credit_after_months=36, credit_over_months=12)
    lease = replace(LEASE, prepayment=paid)
    held = cash_of(lease, np.array([20])).money.held_usd_per_mw
    assert held is not None
    # Service in month 26; crediting would begin in month 62, after the horizon.
    assert held[0, 20] == pytest.approx(600e3)
    assert held[0, -1] == pytest.approx(-600e3)


def test_security_makes_good_what_default_takes_up_to_its_limit() -> None:
    """Default in month 16, four months empty, then let at 80 %: 4 x 100 + 38 x 20 kUSD are lost."""
    credit = TenantCredit(default_frac_per_year=0.1, deposit_months=3.0, letter_months=2.0)
    lease = replace(LEASE, credit=credit, relet_frac=0.8)
    cash = cash_of(lease, START, certain(default_month=np.array([16])))
    rent, money = cash.revenue_usd_per_mw[0], cash.money
    assert (rent[6:16] == RENT).all()
    assert (rent[16:20] == 0.0).all()
    assert rent[20:54] == pytest.approx(np.full(34, 0.8 * RENT))
    assert money.recoveries_usd_per_mw is not None
    assert money.held_usd_per_mw is not None
    back = money.recoveries_usd_per_mw[0]
    assert back[16:20] == pytest.approx(np.full(4, RENT))
    assert back[20:25] == pytest.approx(np.full(5, 0.2 * RENT))
    assert back.sum() == pytest.approx(5.0 * RENT)
    held = money.held_usd_per_mw[0]
    assert held[0] == pytest.approx(3 * RENT)
    assert held[16:19] == pytest.approx(np.full(3, -RENT))
    assert held.sum() == pytest.approx(0.0, abs=1e-6)
    # An empty hall costs its operation.
    assert (cash.operations_usd_per_mw[0, 6:] == 10e3).all()


def test_a_full_guarantee_leaves_the_owner_whole() -> None:
    credit = TenantCredit(default_frac_per_year=0.1, guarantee_frac=1.0)
    lease = replace(LEASE, credit=credit, relet_frac=0.7)
    cash = cash_of(lease, START, certain(default_month=np.array([2])))
    assert cash.money.recoveries_usd_per_mw is not None
    whole = cash.revenue_usd_per_mw + cash.money.recoveries_usd_per_mw
    assert whole[0, 6:54] == pytest.approx(np.full(48, RENT))


def test_deposit_left_over_goes_back_when_the_term_would_have_ended() -> None:
    credit = TenantCredit(default_frac_per_year=0.1, deposit_months=6.0)
    cash = cash_of(replace(LEASE, credit=credit), START, certain(default_month=np.array([16])))
    held = cash.money.held_usd_per_mw
    assert held is not None
    # Four months are lost; from month 20 the next tenant pays as much.
    assert np.flatnonzero(held[0]).tolist() == [0, 16, 17, 18, 19, 54]
    assert held[0, 54] == pytest.approx(-2.0 * RENT)


def test_exit_pays_its_fee_once_and_the_hall_is_let_anew() -> None:
    option = ExitOption(after_months=24, fee_months=6.0, chance_frac=0.3)
    lease = replace(LEASE, exit_option=option, escalator_frac_per_year=0.02)
    cash = cash_of(lease, START, certain(exits=np.array([True])))
    fees = cash.money.fees_usd_per_mw
    assert fees is not None
    assert np.flatnonzero(fees[0]).tolist() == [30]
    assert fees[0, 30] == pytest.approx(6 * RENT * 1.02**2)
    assert (cash.revenue_usd_per_mw[0, 30:34] == 0.0).all()
    assert cash.revenue_usd_per_mw[0, 34] == pytest.approx(RENT)
    decide = np.zeros(1000, dtype=np.int64)
    spread = spread_events(lease, decide, cases=1000, months=MONTHS)
    fees = cash_of(lease, decide, spread).money.fees_usd_per_mw
    assert fees is not None
    assert fees.sum() / 1000 == pytest.approx(0.3 * 6 * RENT * 1.02**2)


def test_a_tenant_that_does_not_renew_leaves_the_hall_empty() -> None:
    lease = replace(LEASE, term_months=24, renewal_chance_frac=0.5, renewal_frac=0.9)
    uniform = np.array([[0.7] * MONTHS, [0.2] * MONTHS])
    rent = cash_of(lease, np.array([0, 0]), certain(2, renewal_uniform=uniform)).revenue_usd_per_mw
    assert (rent[0, 30:34] == 0.0).all()
    assert rent[0, 34] == pytest.approx(RENT)
    assert rent[1, 30:54] == pytest.approx(np.full(24, 0.9 * RENT))


def test_long_stop_gives_the_money_back() -> None:
    lease = replace(
        LEASE,
        delay=Delay(late_months=(12,), chance_frac=(1.0,)),
        damages=DelayDamages(usd_per_kw_month=100.0, long_stop_months=9),
        prepayment=Prepayment(usd_per_kw=600.0, credit_over_months=12),
    )
    cash = cash_of(lease, START, certain(late_months=np.array([12])))
    money = cash.money
    assert money.held_usd_per_mw is not None
    assert money.damages_usd_per_mw is not None
    assert money.held_usd_per_mw[0, 15] == pytest.approx(-600e3)
    assert np.flatnonzero(money.damages_usd_per_mw[0]).tolist() == list(range(6, 15))
    # The hall is ready in month 18 and, four months after the tenant left in 15, let in 19.
    assert (cash.revenue_usd_per_mw[0, :19] == 0.0).all()
    assert cash.revenue_usd_per_mw[0, 19] == pytest.approx(RENT)


@pytest.mark.parametrize("notice", [0, 3])
def test_shedding_saves_the_dearest_hours_it_can_see(notice: int) -> None:
    rng = np.random.default_rng(1)
    hourly = rng.lognormal(3.5, 0.8, (1, 8760))
    terms = Flexibility(
        hours_per_year=246.0, depth_frac=0.4, notice_hours=notice, discount_frac=0.1
    )
    lease = replace(LEASE, flexibility=terms, load_factor_frac=0.8)
    outlook, meter = world(1, hourly)
    cash = hosting_cash(
        lease, decide_month=START, outlook=outlook, meter=meter, inflation_frac_per_year=0.0
    )
    prices = meter.power.library.hourly_usd_per_mwh[6][0]
    seen = np.full(prices.size, -np.inf)
    seen[notice:] = prices[: prices.size - notice]
    order = np.argsort(-seen, kind="stable")
    # 20.5 hours of July 2026 (month 6).
    cost = prices[order[:20]].sum() + 0.5 * prices[order[20]] + 20.5 * 5.0
    assert cash.curtailment_usd_per_mw is not None
    assert cash.curtailment_usd_per_mw[0, 6] == pytest.approx(0.4 * 0.8 * cost)
    assert cash.revenue_usd_per_mw[0, 6] == pytest.approx(0.9 * RENT)


def rated_meter(tariff: Tariff, meter: Meter) -> Meter:
    """Return the meter under a tariff, cut by its time-of-use rates where it has some."""
    schedule = tariff.time_of_use
    if schedule is None:
        return replace(meter, tariff=tariff)
    hourly = meter.power.library.hourly_usd_per_mwh
    rated = RatedDuration.build(hourly, schedule, meter.grid, "UTC")
    return replace(meter, tariff=tariff, rated=rated)


EVENING = TimeOfUse(
    periods=(
        TimeOfUsePeriod(name="rest", rate_usd_per_mwh=2.0, first_hour=20, end_hour=16),
        TimeOfUsePeriod(name="evening", rate_usd_per_mwh=30.0, first_hour=16, end_hour=20),
    )
)


def shed_in_july(tariff: Tariff, hourly: FloatArray) -> float:
    """Return what 20.5 hours of two fifths of a load of 0.8 MW save in July 2026 [USD/MW]."""
    terms = Flexibility(hours_per_year=246.0, depth_frac=0.4)
    lease = replace(LEASE, flexibility=terms, load_factor_frac=0.8)
    outlook, meter = world(1, hourly)
    cash = hosting_cash(
        lease,
        decide_month=START,
        outlook=outlook,
        meter=rated_meter(tariff, meter),
        inflation_frac_per_year=0.0,
    )
    assert cash.curtailment_usd_per_mw is not None
    return float(cash.curtailment_usd_per_mw[0, 6])


def test_shedding_saves_losses_and_the_rate_of_the_hour() -> None:
    hourly = np.random.default_rng(1).lognormal(3.5, 0.8, (1, 8760))
    july = hourly[0, 181 * 24 : 212 * 24]
    order = np.argsort(-july, kind="stable")
    hour = np.arange(744) % 24
    rate = np.where((hour >= 16) & (hour < 20), 30.0, 2.0)
    price = july / (1.0 - 0.04) + 5.0 + rate
    cost = price[order[:20]].sum() + 0.5 * price[order[20]]
    tariff = Tariff(adder_usd_per_mwh=5.0, losses_frac=0.04, time_of_use=EVENING)
    assert shed_in_july(tariff, hourly) == pytest.approx(0.4 * 0.8 * cost)


def test_at_a_fixed_price_the_dearest_rates_are_shed() -> None:
    tariff = Tariff(fixed_price_usd_per_mwh=40.0, time_of_use=EVENING)
    saved = shed_in_july(tariff, np.full((1, 8760), 1.0))
    assert saved == pytest.approx(0.4 * 0.8 * 20.5 * (40.0 + 30.0))


def test_a_cloud_that_sheds_loses_its_sales() -> None:
    cloud = GpuCloud(
        name="cloud", conversion=LEASE.conversion, kw_per_gpu=2.0, price_usd_per_gpu_hour=3.0,
        utilisation_frac=0.5, gpu_usd_per_mw=25e6, gpu_life_months=60, opex_usd_per_kw_month=20.0,
        load_factor_frac=0.9, sla_frac=0.999, availability_frac=0.999,
    )  # fmt: skip
    terms = Flexibility(hours_per_year=744.0, depth_frac=0.5)
    firm, flexible = cash_of(cloud, START), cash_of(replace(cloud, flexibility=terms), START)
    ratio = flexible.revenue_usd_per_mw[0, 6] / firm.revenue_usd_per_mw[0, 6]
    assert ratio == pytest.approx(1.0 - 0.5 * 62.0 / 744.0)
    saved = flexible.curtailment_usd_per_mw
    assert saved is not None
    assert saved[0, 6] == pytest.approx(0.5 * 0.9 * 62.0 * 45.0)
    late = replace(
        cloud,
        delay=Delay(late_months=(3,), chance_frac=(1.0,)),
        damages=DelayDamages(usd_per_kw_month=10.0),
        prepayment=Prepayment(usd_per_kw=100.0, credit_over_months=10),
    )
    cash = cash_of(late, START, certain(late_months=np.array([3])))
    assert np.flatnonzero(cash.servers_usd_per_mw[0])[0] == 8
    assert cash.money.damages_usd_per_mw is not None
    assert cash.money.held_usd_per_mw is not None
    assert cash.money.damages_usd_per_mw.sum() == pytest.approx(30e3)
    assert cash.money.held_usd_per_mw.sum() == pytest.approx(0.0, abs=1e-9)


def test_power_above_the_pue_cap_is_the_owners() -> None:
    conversion = replace(LEASE.conversion, pue_design=1.5, pue_mean=1.3)
    passed = replace(LEASE, conversion=conversion)
    capped = replace(passed, pue_cap=1.17)
    owned = replace(passed, power_payer="owner")
    assert passed.owner_power_frac == 0.0
    assert replace(passed, pue_cap=1.4).owner_power_frac == 0.0
    ratio = (
        cash_of(capped, START).power_usd_per_mw[0, 6] / cash_of(owned, START).power_usd_per_mw[0, 6]
    )
    assert ratio == pytest.approx(0.1)


def test_credits_are_capped_and_the_reliability_models_figure_is_taken() -> None:
    lease = replace(LEASE, availability_frac=0.96, credit_months_per_pp=0.5)
    assert lease.sla_credit_frac == 1.0
    assert replace(lease, credit_cap_frac=0.25).sla_credit_frac == 0.25
    assert replace(lease, expected_credit_frac=0.013).sla_credit_frac == 0.013


def test_refusals_name_the_term() -> None:
    with pytest.raises(InputError, match="sum to 100 %"):
        Delay(late_months=(0, 6), chance_frac=(0.5, 0.4))
    with pytest.raises(InputError, match=r"at most what the term pays, 4,800 USD/kW"):
        replace(LEASE, prepayment=Prepayment(usd_per_kw=5000.0, credit_over_months=12))
    with pytest.raises(InputError, match="crediting until month 60"):
        replace(
            LEASE,
            prepayment=Prepayment(usd_per_kw=50.0, credit_after_months=48, credit_over_months=12),
        )
    with pytest.raises(InputError, match="exit_option"):
        replace(LEASE, exit_option=ExitOption(after_months=48, fee_months=1.0, chance_frac=0.1))
    with pytest.raises(InputError, match="end at 100 %"):
        replace(LEASE.conversion, phases=(Phase(after_months=0, share_frac=0.5),))


def test_a_lower_rent_lowers_what_is_paid_of_it_in_advance() -> None:
    """A sensitivity must not prepay more than the rent that it has cut."""
    from rerack.study.levers import _paid

    lease = replace(LEASE, prepayment=Prepayment(usd_per_kw=4000.0, credit_over_months=48))
    cut = _paid(lease, 0.1)
    assert isinstance(cut, Lease)
    assert cut.prepayment is not None
    assert cut.prepayment.usd_per_kw == pytest.approx(400.0)
    assert cut.rate_usd_per_kw_month == pytest.approx(10.0)


CLOUD = GpuCloud(
    name="cloud",
    conversion=LEASE.conversion,
    kw_per_gpu=2.0,
    price_usd_per_gpu_hour=3.0,
    utilisation_frac=0.6,
    gpu_usd_per_mw=20e6,
    gpu_life_months=48,
    opex_usd_per_kw_month=0.0,
    load_factor_frac=1.0,
    sla_frac=0.999,
    availability_frac=1.0,
    contract=CloudContract(term_months=24, committed_frac=0.9, resale_frac=0.5),
)
#: Sales of a utility MW in an hour at the price signed, all sold [USD/MW].
HOURLY = 1e3 / 2.0 * 3.0


def month_hours() -> FloatArray:
    return np.asarray(MonthGrid(start_year=2026, start_month=1, months=MONTHS).hours)


def test_a_cloud_contract_pays_its_price_to_the_end_and_then_the_market() -> None:
    sold = cash_of(CLOUD, START).revenue_usd_per_mw[0]
    hours = month_hours()
    assert (sold[:6] == 0.0).all()
    assert sold[6:30] == pytest.approx(0.9 * HOURLY * hours[6:30])
    assert sold[30:] == pytest.approx(0.6 * 0.5 * HOURLY * hours[30:])
    assert CLOUD.contract_value_usd(1.0) == pytest.approx(0.9 * HOURLY * 8760.0 * 2.0)


def test_a_contract_is_deaf_to_the_market_price() -> None:
    outlook, meter = world(1)
    falling = replace(outlook, gpu_index=0.97 ** np.arange(MONTHS)[None, :])
    sold = hosting_cash(
        CLOUD, decide_month=START, outlook=falling, meter=meter, inflation_frac_per_year=0.0
    ).revenue_usd_per_mw[0]
    hours = month_hours()
    assert sold[6:30] == pytest.approx(0.9 * HOURLY * hours[6:30])
    # Servers were bought in month 5, and their price has fallen since.
    since = 0.97 ** (np.arange(30, MONTHS) - 5)
    assert sold[30:] == pytest.approx(0.6 * 0.5 * HOURLY * hours[30:] * since)


def test_a_customer_that_fails_leaves_the_market_and_its_security() -> None:
    credit = TenantCredit(default_frac_per_year=0.1, deposit_months=2.0, letter_months=1.0)
    cloud = replace(CLOUD, credit=credit)
    cash = cash_of(cloud, START, certain(default_month=np.array([18])))
    hours = month_hours()
    assert cash.revenue_usd_per_mw[0, 6:18] == pytest.approx(0.9 * HOURLY * hours[6:18])
    assert cash.revenue_usd_per_mw[0, 18:] == pytest.approx(0.3 * HOURLY * hours[18:])
    assert cash.money.recoveries_usd_per_mw is not None
    assert cash.money.held_usd_per_mw is not None
    lost = 0.6 * HOURLY * hours[18:30].sum()
    secured = 3.0 * 0.9 * HOURLY * 730.0
    assert cash.money.recoveries_usd_per_mw.sum() == pytest.approx(min(lost, secured))
    assert cash.money.held_usd_per_mw.sum() == pytest.approx(0.0, abs=1e-6)


def test_a_customer_whose_dates_are_missed_walks_and_gets_its_money_back() -> None:
    cloud = replace(
        CLOUD,
        delay=Delay(late_months=(0, 9), chance_frac=(0.5, 0.5)),
        damages=DelayDamages(rent_months=1.0, grace_months=1, long_stop_months=6),
        prepayment=Prepayment(rent_months=4.8, credit_over_months=24),
    )
    cash = cash_of(cloud, START, certain(late_months=np.array([9])))
    rent = 0.9 * HOURLY * 730.0
    held = cash.money.held_usd_per_mw
    assert held is not None
    assert held[0, 0] == pytest.approx(4.8 * rent)
    assert held[0, 12] == pytest.approx(-4.8 * rent)
    hours = month_hours()
    assert cash.revenue_usd_per_mw[0, 15:] == pytest.approx(0.3 * HOURLY * hours[15:])
    assert cash.money.damages_usd_per_mw is not None
    # Due in month 6, a month of grace, gone in month 12: five months of rent.
    assert cash.money.damages_usd_per_mw.sum() == pytest.approx(5.0 * rent)


def test_sums_in_months_of_rent_follow_the_rent() -> None:
    paid = Prepayment(rent_months=6.0, credit_over_months=12)
    for rate in (100.0, 150.0):
        cash = cash_of(replace(LEASE, rate_usd_per_kw_month=rate, prepayment=paid), START)
        assert cash.money.held_usd_per_mw is not None
        assert cash.money.held_usd_per_mw[0, 0] == pytest.approx(6.0 * rate * 1e3)


@pytest.mark.parametrize(
    "terms", [{"credit": TenantCredit(default_frac_per_year=0.1)},
              {"prepayment": Prepayment(rent_months=2.0)},
              {"damages": DelayDamages(rent_months=2.0)}],
)  # fmt: skip
def test_a_cloud_without_a_customer_has_no_terms_of_one(terms: dict[str, object]) -> None:
    with pytest.raises(InputError, match="without a contract"):
        replace(CLOUD, contract=None, **terms)  # type: ignore[arg-type]


def test_a_prepayment_above_what_the_contract_pays_is_refused() -> None:
    with pytest.raises(InputError, match="at most what the term pays"):
        replace(CLOUD, prepayment=Prepayment(rent_months=25.0))


def test_the_threshold_sees_what_changes_every_month() -> None:
    outlook, meter = world(1)

    def margin(use: Lease | GpuCloud) -> float:
        return float(signing_margin_usd_per_mw(use, outlook, meter, 0.0)[0, 0])

    firm = margin(LEASE)
    assert firm == pytest.approx(90e3)
    hours, grid = Flexibility(hours_per_year=120.0, depth_frac=0.5, discount_frac=0.1), 45.0
    # A tenth of the rent less, ten hours of half the load at 45 USD/MWh saved.
    assert margin(replace(LEASE, flexibility=hours)) == pytest.approx(80e3 + 10 * 0.5 * grid)
    credit = TenantCredit(default_frac_per_year=0.2, letter_months=1.0)
    hazard = credit.default_frac_per_month
    assert margin(replace(LEASE, credit=credit)) == pytest.approx(firm - hazard * 3.0 * RENT)
    assert margin(CLOUD) == pytest.approx(0.9 * HOURLY * 744.0 - 45.0 * 744.0)
