"""Laws of contracts: credit, windows, streams and money, over random terms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import (
    CapexItem,
    Conversion,
    Delay,
    DelayDamages,
    ExitOption,
    Lease,
    OfferWindow,
    Prepayment,
    Tariff,
    TenantCredit,
)
from rerack.base import MonthGrid
from rerack.base.checks import FloatArray
from rerack.dispatch import PriceDuration
from rerack.markets import Outlook, PowerOutlook
from rerack.markets.power.library import PriceLibrary
from rerack.planning import HostingCash, Meter, hosting_cash
from rerack.planning.deal_events import draw_events
from rerack.planning.windows import first_open, open_months

MONTHS = 72
ROWS = 128
LEASE = Lease(
    name="shell",
    kind="colocation",
    conversion=Conversion(
        capex=(CapexItem(component="all", usd_per_mw=1e6),),
        lead_months=4,
        dark_months=2,
        ramp_months=3,
        pue_design=1.3,
        pue_mean=1.2,
    ),
    rate_usd_per_kw_month=120.0,
    escalator_frac_per_year=0.02,
    term_months=36,
    opex_usd_per_kw_month=15.0,
    power_payer="tenant",
    load_factor_frac=0.8,
    sla_frac=0.999,
    availability_frac=0.999,
)


def flat(rows: int = ROWS, seed: int = 7, first_path: int = 0) -> tuple[Outlook, Meter]:
    grid = MonthGrid(start_year=2026, start_month=1, months=MONTHS)
    library = PriceLibrary.from_years("flat", "test", np.full((1, 8760), 40.0))
    ones = np.ones((rows, MONTHS))
    power = PowerOutlook(
        library=library, library_year=np.zeros((rows, MONTHS), dtype=np.int64), level=ones
    )
    outlook = Outlook(
        grid=grid, seed=seed, first_path=first_path, btc_price_usd=ones, fees_btc_per_block=ones,
        network_shock=ones, lease_index=ones, gpu_index=ones, power=power,
    )  # fmt: skip
    duration = PriceDuration.build(library.hourly_usd_per_mwh)
    return outlook, Meter(grid=grid, tariff=Tariff(), power=power, duration=duration)


def cash_of(lease: Lease, decide: int, outlook: Outlook, meter: Meter) -> HostingCash:
    months = np.full(outlook.paths, decide, dtype=np.int64)
    return hosting_cash(
        lease,
        decide_month=months,
        outlook=outlook,
        meter=meter,
        inflation_frac_per_year=0.0,
        events=draw_events(lease, months, outlook),
    )


def received(cash: HostingCash) -> FloatArray:
    """Return all that passes between owner and tenant, in sum by scenario."""
    money = cash.money
    total = cash.revenue_usd_per_mw.copy()
    for part in (money.held_usd_per_mw, money.recoveries_usd_per_mw, money.fees_usd_per_mw):
        if part is not None:
            total += part
    if money.damages_usd_per_mw is not None:
        total -= money.damages_usd_per_mw
    return np.asarray(total.sum(axis=1))


credits = st.builds(
    TenantCredit,
    default_frac_per_year=st.floats(0.0, 0.6),
    deposit_months=st.floats(0.0, 12.0),
    letter_months=st.floats(0.0, 12.0),
    guarantee_frac=st.floats(0.0, 1.0),
)


@given(
    credit=credits,
    worse=st.floats(0.0, 0.4),
    relet=st.floats(0.0, 1.0),
    vacancy=st.integers(0, 12),
    prepaid=st.floats(0.0, 500.0),
    seed=st.integers(0, 1000),
)
@settings(max_examples=25, deadline=None)
def test_a_worse_credit_is_never_worth_more(
    credit: TenantCredit, worse: float, relet: float, vacancy: int, prepaid: float, seed: int
) -> None:
    """Scenario by scenario, where the next tenant pays no more than the first.

    Between two tenants that may fail it holds where nobody follows them: with a next tenant, who is
    not modelled to fail, an early default can cost less than a late one.
    """
    outlook, meter = flat(seed=seed)
    lease = replace(
        LEASE,
        escalator_frac_per_year=0.0,
        relet_frac=relet,
        renewal_frac=relet,
        vacancy_months=vacancy,
        prepayment=Prepayment(usd_per_kw=prepaid, credit_over_months=24),
    )
    rate = min(1.0, credit.default_frac_per_year + worse)
    bad = replace(credit, default_frac_per_year=rate)
    safe = replace(credit, default_frac_per_year=0.0)
    low = received(cash_of(replace(lease, credit=bad), 2, outlook, meter))
    high = received(cash_of(replace(lease, credit=safe), 2, outlook, meter))
    assert (low <= high + 1e-3).all()
    alone = replace(lease, relet_frac=0.0, renewal_frac=0.0)
    low = received(cash_of(replace(alone, credit=bad), 2, outlook, meter))
    high = received(cash_of(replace(alone, credit=credit), 2, outlook, meter))
    assert (low <= high + 1e-3).all()


@given(
    credit=credits,
    delay=st.floats(0.0, 12.0),
    stop=st.integers(1, 24),
    prepaid=st.floats(1.0, 1000.0),
    after=st.integers(0, 12),
    decide=st.integers(0, MONTHS - 1),
    chance=st.floats(0.0, 1.0),
)
@settings(max_examples=40, deadline=None)
def test_tenants_money_is_neither_made_nor_lost(
    credit: TenantCredit,
    delay: float,
    stop: int,
    prepaid: float,
    after: int,
    decide: int,
    chance: float,
) -> None:
    """What is held comes back to the cent, and recoveries exceed neither loss nor security."""
    outlook, meter = flat()
    lease = replace(
        LEASE,
        credit=credit,
        delay=Delay.geometric(delay),
        damages=DelayDamages(usd_per_kw_month=120.0, cap_usd_per_kw=400.0, long_stop_months=stop),
        prepayment=Prepayment(usd_per_kw=prepaid, credit_after_months=after, credit_over_months=12),
        exit_option=ExitOption(after_months=20, fee_months=3.0, chance_frac=chance),
        renewal_chance_frac=chance,
    )
    money = cash_of(lease, decide, outlook, meter).money
    assert money.held_usd_per_mw is not None
    assert money.recoveries_usd_per_mw is not None
    assert money.damages_usd_per_mw is not None
    assert np.abs(money.held_usd_per_mw.sum(axis=1)).max() < 0.005
    running = np.cumsum(money.held_usd_per_mw, axis=1)
    assert running.min() > -0.005
    kw = 1e3 / 1.3
    security = credit.deposit_months * 120.0 + prepaid + credit.letter_months * 120.0
    security += credit.guarantee_frac * lease.contract_value_usd(1.0) / 1e3
    assert money.recoveries_usd_per_mw.min() > -1e-6
    assert money.recoveries_usd_per_mw.sum(axis=1).max() <= security * kw + 1e-3
    assert money.damages_usd_per_mw.sum(axis=1).max() <= 400.0 * kw + 1e-3


@given(
    first=st.integers(0, 30),
    length=st.integers(0, 30),
    longer=st.integers(0, 30),
    arrival=st.one_of(st.none(), st.floats(0.0, 0.5)),
    open_for=st.integers(1, 12),
    decide=st.integers(0, 40),
)
@settings(max_examples=40, deadline=None)
def test_a_longer_expiry_never_closes_a_month(
    first: int, length: int, longer: int, arrival: float | None, open_for: int, decide: int
) -> None:
    """So the best of signing and waiting is never worth less, whatever signing is worth."""
    outlook, _ = flat(rows=64)
    window = OfferWindow(
        from_month=first,
        until_month=first + length,
        arrival_frac_per_month=arrival,
        open_months=open_for,
    )
    short = open_months(replace(LEASE, window=window), outlook)
    wider = replace(window, until_month=first + length + longer)
    long = open_months(replace(LEASE, window=wider), outlook)
    assert short is not None
    assert long is not None
    assert (long | ~short).all()
    value = np.random.default_rng(first).normal(size=short.shape)
    best = [np.where(may, value, -np.inf).max(axis=1, initial=0.0) for may in (short, long)]
    assert (best[1] >= best[0]).all()
    months = np.full(64, decide, dtype=np.int64)
    signed, signed_long = first_open(months, short), first_open(months, long)
    assert (signed_long <= signed).all()
    assert (signed >= decide).all()


def test_scenarios_do_not_depend_on_the_block() -> None:
    lease = replace(
        LEASE,
        credit=TenantCredit(default_frac_per_year=0.2),
        delay=Delay.geometric(3.0),
        renewal_chance_frac=0.5,
        window=OfferWindow(arrival_frac_per_month=0.1),
    )
    whole, meter = flat(rows=192)
    part, part_meter = flat(rows=64, first_path=128)
    a = cash_of(lease, 3, whole, meter).revenue_usd_per_mw
    b = cash_of(lease, 3, part, part_meter).revenue_usd_per_mw
    assert np.array_equal(a[128:], b)
    opened, opened_part = open_months(lease, whole), open_months(lease, part)
    assert opened is not None
    assert opened_part is not None
    assert np.array_equal(opened[128:], opened_part)


def test_a_term_shifts_no_other_terms_draws() -> None:
    outlook, _ = flat()
    decide = np.zeros(ROWS, dtype=np.int64)
    credit = TenantCredit(default_frac_per_year=0.2)
    alone = draw_events(replace(LEASE, credit=credit), decide, outlook)
    beside = draw_events(replace(LEASE, credit=credit, delay=Delay.geometric(4.0)), decide, outlook)
    other = draw_events(replace(LEASE, name="other", credit=credit), decide, outlook)
    assert alone is not None
    assert beside is not None
    assert other is not None
    assert np.array_equal(alone.default_month, beside.default_month)
    assert not np.array_equal(alone.default_month, other.default_month)
    assert draw_events(LEASE, decide, outlook) is None


def test_an_offer_arrives_as_often_as_stated() -> None:
    outlook, _ = flat(rows=6400)
    window = OfferWindow(arrival_frac_per_month=0.05, open_months=1)
    may = open_months(replace(LEASE, window=window), outlook)
    assert may is not None
    n = may.size
    assert abs(may.mean() - 0.05) < 4.0 * np.sqrt(0.05 * 0.95 / n)
    longer = open_months(replace(LEASE, window=replace(window, open_months=6)), outlook)
    assert longer is not None
    expected = 1.0 - 0.95**6
    assert abs(longer[:, 10:].mean() - expected) < 0.01
