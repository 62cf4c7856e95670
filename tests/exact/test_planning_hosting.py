"""Leases and GPU clouds against figures worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rerack.assets import CapexItem, Conversion, GpuCloud, Lease, Tariff
from rerack.base import MonthGrid
from rerack.dispatch import PriceDuration
from rerack.markets import Outlook, PowerOutlook
from rerack.markets.power.library import PriceLibrary
from rerack.planning import NEVER, Meter, hosting_cash

MONTHS = 36
CONVERSION = Conversion(
    capex=(
        CapexItem(component="shell", usd_per_mw=2e6, owner_frac=1.0),
        CapexItem(component="fit-out", usd_per_mw=6e6, owner_frac=0.25),
    ),
    lead_months=6,
    dark_months=3,
    ramp_months=2,
    pue_design=1.25,
    pue_mean=1.2,
)
LEASE = Lease(
    name="shell",
    kind="powered_shell",
    conversion=CONVERSION,
    rate_usd_per_kw_month=120.0,
    escalator_frac_per_year=0.03,
    term_months=24,
    opex_usd_per_kw_month=10.0,
    power_payer="owner",
    load_factor_frac=0.8,
    sla_frac=0.99999,
    availability_frac=0.9989,
    credit_months_per_pp=0.5,
    renewal_frac=0.5,
)


@pytest.fixture
def flat() -> tuple[Outlook, Meter]:
    """Two scenarios of flat drivers: power 40 + 10 USD/MWh, lease index growing 1 a month."""
    grid = MonthGrid(start_year=2026, start_month=1, months=MONTHS)
    library = PriceLibrary.from_years("flat", "test", np.full((1, 8760), 40.0))
    ones = np.ones((2, MONTHS))
    power = PowerOutlook(
        library=library, library_year=np.zeros((2, MONTHS), dtype=np.int64), level=ones
    )
    outlook = Outlook(
        grid=grid,
        seed=0,
        first_path=0,
        btc_price_usd=ones,
        fees_btc_per_block=ones,
        network_shock=ones,
        lease_index=ones * (1.0 + np.arange(MONTHS)),
        gpu_index=ones * 0.98 ** np.arange(MONTHS),
        power=power,
    )
    meter = Meter(
        grid=grid,
        tariff=Tariff(adder_usd_per_mwh=10.0),
        power=power,
        duration=PriceDuration.build(library.hourly_usd_per_mwh),
    )
    return outlook, meter


def test_lease_by_hand(flat: tuple[Outlook, Meter]) -> None:
    outlook, meter = flat
    cash = hosting_cash(
        LEASE,
        decide_month=np.array([0, NEVER]),
        outlook=outlook,
        meter=meter,
        inflation_frac_per_year=0.0,
    )
    critical_kw = 50.0 / 1.25 * 1e3
    revenue = 50.0 * cash.revenue_usd_per_mw[0]
    assert (revenue[:6] == 0.0).all()
    assert revenue[6] == pytest.approx(120 * critical_kw / 2)
    assert revenue[7] == pytest.approx(120 * critical_kw)
    assert revenue[18] == pytest.approx(120 * critical_kw * 1.03)
    # The term ends after 24 months; the renewal is half the market rate of month 30, 31 times.
    assert revenue[30] == pytest.approx(120 * critical_kw * 31 * 0.5)
    # 0.109 percentage points missed at half a month of rent each.
    assert 50.0 * cash.credits_usd_per_mw[0, 7] == pytest.approx(revenue[7] * 0.109 * 0.5)
    # July 2026: 744 hours, 40 MW critical, load factor 0.8, PUE 1.2, 50 USD/MWh, half ramped.
    assert 50.0 * cash.power_usd_per_mw[0, 6] == pytest.approx(744 * 40 * 0.8 * 1.2 * 50 / 2)
    assert 50.0 * cash.conversion_usd_per_mw[0].sum() == pytest.approx((2e6 + 1.5e6) * 40)
    assert 50.0 * cash.tenant_usd_per_mw[0].sum() == pytest.approx(4.5e6 * 40)
    assert np.flatnonzero(50.0 * cash.conversion_usd_per_mw[0]).tolist() == [0, 1, 2, 3, 4, 5]
    for amount in (
        50.0 * cash.revenue_usd_per_mw,
        50.0 * cash.conversion_usd_per_mw,
        50.0 * cash.power_usd_per_mw,
        50.0 * cash.operations_usd_per_mw,
    ):
        assert (amount[1] == 0.0).all()


def test_gpu_generations_by_hand(flat: tuple[Outlook, Meter]) -> None:
    outlook, meter = flat
    cloud = GpuCloud(
        name="cloud",
        conversion=replace(CONVERSION, ramp_months=0),
        kw_per_gpu=2.0,
        price_usd_per_gpu_hour=3.0,
        utilisation_frac=0.5,
        gpu_usd_per_mw=25e6,
        gpu_life_months=12,
        opex_usd_per_kw_month=20.0,
        load_factor_frac=0.9,
        sla_frac=0.999,
        availability_frac=0.999,
    )
    cash = hosting_cash(
        cloud,
        decide_month=np.array([0, NEVER]),
        outlook=outlook,
        meter=meter,
        inflation_frac_per_year=0.0,
    )
    # Bought in the month before service and each 12 months after; in month 29 seven of 36 remain,
    # more than half a life, so the third generation is bought too.
    assert np.flatnonzero(50.0 * cash.servers_usd_per_mw[0]).tolist() == [5, 17, 29]
    assert 50.0 * cash.servers_usd_per_mw[0, 5] == pytest.approx(25e6 * 40)
    gpus = 40e3 / 2.0
    assert 50.0 * cash.revenue_usd_per_mw[0, 6] == pytest.approx(
        gpus * 744 * 0.5 * 0.999 * 3.0 * 0.98
    )
    # August 2027 (month 19) is two months after the second purchase.
    assert 50.0 * cash.revenue_usd_per_mw[0, 19] == pytest.approx(
        gpus * 744 * 0.5 * 0.999 * 3.0 * 0.98**2
    )
    assert 50.0 * cash.servers_usd_per_mw[1].sum() == 0.0


def test_servers_that_would_serve_less_than_half_their_life_are_not_bought(
    flat: tuple[Outlook, Meter],
) -> None:
    outlook, meter = flat
    cloud = GpuCloud(
        name="cloud",
        conversion=replace(CONVERSION, ramp_months=0),
        kw_per_gpu=2.0,
        price_usd_per_gpu_hour=3.0,
        utilisation_frac=0.5,
        gpu_usd_per_mw=25e6,
        gpu_life_months=24,
        opex_usd_per_kw_month=20.0,
        load_factor_frac=0.9,
        sla_frac=0.999,
        availability_frac=0.999,
    )
    cash = hosting_cash(
        cloud,
        decide_month=np.array([0, 0]),
        outlook=outlook,
        meter=meter,
        inflation_frac_per_year=0.0,
    )
    # The second generation would come in month 29 and serve 7 of 24 months: the first runs on.
    assert np.flatnonzero(cash.servers_usd_per_mw[0]).tolist() == [5]
    sold = cash.revenue_usd_per_mw[0] / meter.grid.hours
    assert sold[35] / sold[6] == pytest.approx(0.98**29)
