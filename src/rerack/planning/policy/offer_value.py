"""What an offer is worth at each decision date, given what is known on that date."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from rerack.assets import AiUse, Lease, Tariff
from rerack.base.checks import FloatArray, IntArray
from rerack.finance import discount_factors
from rerack.markets import MarketSpec, Outlook, PowerOutlook
from rerack.numerics.regression import predict
from rerack.planning.deal_events import DealEvents, is_random, spread_events
from rerack.planning.deal_money import DealMoney
from rerack.planning.deal_rent import rent_path
from rerack.planning.hosted_peaks import hosted_mw, hosted_peaks
from rerack.planning.hosting import HostingCash, hosting_cash
from rerack.planning.meter import Meter
from rerack.planning.policy.weights import ValueWeights
from rerack.planning.shedding import shed_share_of_mean
from rerack.planning.world import World

#: Evenly spread ways in which a contract may turn out, for each date that is valued.
CASES = 128


@dataclass(frozen=True, kw_only=True, eq=False)
class OfferValue:
    """An offer as a linear function of market paths.

    Parameters
    ----------
    fixed_usd_per_mw : ndarray, shape (date,)
        Known whatever happens: rent that is signed, operations, construction, servers, and GPU
        sales relative to the price at purchase.
    lease_usd_per_mw : ndarray, shape (month, date)
        Multiplies the lease index of the month: rent signed at the market, and renewals.
    renewed_usd_per_mw : ndarray, shape (month, date)
        Rent of renewals by the month in which they are signed; multiplies the index of that month.
        Its part of `lease_usd_per_mw` is what is expected of it when the offer is taken.
    expected_usd_per_mw : ndarray, shape (date,)
        That part, per unit of the index at the date.
    power_mwh_per_mw : ndarray, shape (month, date)
        Discounted owner-paid energy; multiplies the mean price at the meter [MWh/MW].
    """

    fixed_usd_per_mw: FloatArray
    lease_usd_per_mw: FloatArray
    renewed_usd_per_mw: FloatArray
    expected_usd_per_mw: FloatArray
    power_mwh_per_mw: FloatArray

    def on(self, world: World) -> FloatArray:
        """Return the present value per utility MW, shape (scenario, date) [USD/MW]."""
        value = self.fixed_usd_per_mw + predict(world.outlook.lease_index, self.lease_usd_per_mw)
        if self.power_mwh_per_mw.any():
            value = value - predict(world.meter.mean_usd_per_mwh(), self.power_mwh_per_mw)
        return np.asarray(value)

    def renewal_luck(self, world: World, dates: IntArray) -> FloatArray:
        """Return rent of renewals as it falls less as expected, shape (scenario, date) [USD/MW].

        Mean zero whatever was known at the date.
        """
        index = world.outlook.lease_index
        expected = index[:, dates] * self.expected_usd_per_mw
        return np.asarray(predict(index, self.renewed_usd_per_mw) - expected)


def offer_value(
    use: AiUse, world: World, market: MarketSpec, weights: ValueWeights, dates: IntArray
) -> OfferValue:
    """Reduce an offer to weights on market paths, in expectation from each decision on.

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer.
    world : World
        Gives months, tariff and inflation; its scenarios are not looked at.
    market : MarketSpec
        Growth of lease rates and decline of GPU prices.
    weights : ValueWeights
        Worth of a dollar by month.
    dates : ndarray of int, shape (date,)
        Decision months.

    Notes
    -----
    Amounts come from `hosting_cash` itself, run once with the dates in the place of scenarios and
    all drivers at 1, the GPU price at its expectation. Rent of a renewal in month u is expected at
    ``index_t (1 + g)^((u - t)/12)``, and a GPU price bought in b at ``(1 - d)^((u - b)/12)`` of its
    list price, exactly so in both models; owner-paid power is left as it falls.

    What chance does to a contract enters in expectation, as the mean over `CASES` evenly spread
    rows a date (`spread_events`); what security makes good of a default is taken at the market rent
    of the study start, which is exact where that is what the next tenant pays. Prepayments and
    deposits are discounted and not taxed. Savings by shedding follow the mean price.
    """
    cases = CASES if is_random(use) else 1
    rows = np.repeat(dates, cases)
    events = None
    if cases > 1:
        events = spread_events(use, rows, cases=cases, months=world.shape[1])
    cash = _unit_cash(use, world, rows, market, events)
    unit = _mean_of_cases(cash, cases)
    operating = weights.operating_frac
    fixed = -(
        unit.operations_usd_per_mw @ operating
        + unit.conversion_usd_per_mw @ weights.building_frac
        + unit.servers_usd_per_mw @ weights.servers_frac
    )
    lease = np.zeros((operating.size, dates.size))
    renewals, expected = np.zeros_like(lease), np.zeros(dates.size)
    if isinstance(use, Lease):
        rent = (cash.revenue_usd_per_mw - cash.credits_usd_per_mw) * operating
        signed, renewals = _rent_by_signing(use, rent, rows, events)
        signed = signed.reshape(-1, cases).mean(axis=1)
        renewals = renewals.reshape(renewals.shape[0], -1, cases).mean(axis=2)
        ahead = np.maximum(np.arange(operating.size)[:, None] - dates, 0)
        grown = (1.0 + market.lease.growth_frac_per_year) ** (ahead / 12.0)
        expected = (renewals * grown).sum(axis=0)
        fixed = fixed + signed
        lease[dates, np.arange(dates.size)] = expected
    else:
        fixed = fixed + unit.revenue_usd_per_mw @ operating
    drawn = hosted_mw(use, unit, world.meter.grid)
    for cost in hosted_peaks(use, drawn, world.meter).values():
        fixed = fixed - cost @ operating
    return OfferValue(
        fixed_usd_per_mw=fixed + _besides_rent(unit, weights, world),
        lease_usd_per_mw=lease,
        renewed_usd_per_mw=renewals,
        expected_usd_per_mw=expected,
        power_mwh_per_mw=((unit.power_usd_per_mw - _shed_mwh(use, unit, world)) * operating).T,
    )


def _mean_of_cases(cash: HostingCash, cases: int) -> HostingCash:
    """Return the mean over the cases of each date, every array of shape (..., date, month)."""
    if cases == 1:
        return cash

    def mean(values: FloatArray | None) -> FloatArray | None:
        if values is None:
            return None
        by_case = values.reshape(*values.shape[:-2], -1, cases, values.shape[-1])
        return np.asarray(by_case.mean(axis=-2))

    kept = {f.name: getattr(cash, f.name) for f in fields(cash)}
    money = DealMoney(**{f.name: mean(getattr(cash.money, f.name)) for f in fields(cash.money)})
    whole = {n: mean(v) for n, v in kept.items() if n not in ("late_months", "money")}
    averaged: dict[str, Any] = dict(whole)
    return HostingCash(**averaged, money=money)


def _besides_rent(unit: HostingCash, weights: ValueWeights, world: World) -> FloatArray:
    """Return the present value of what a contract moves besides rent, shape (date,) [USD/MW]."""
    money = unit.money
    total = np.zeros(unit.revenue_usd_per_mw.shape[0])
    for amount, sign in (
        (money.recoveries_usd_per_mw, 1.0),
        (money.fees_usd_per_mw, 1.0),
        (money.damages_usd_per_mw, -1.0),
    ):
        if amount is not None:
            total += sign * (amount @ weights.operating_frac)
    if money.held_usd_per_mw is not None:
        months = world.shape[1]
        rate = world.terms.discount_rate_frac_per_year
        total += money.held_usd_per_mw @ discount_factors(months, rate)
    return total


def _shed_mwh(use: AiUse, unit: HostingCash, world: World) -> FloatArray | float:
    """Return what shedding saves as energy at the mean price, shape (date, month) [MWh/MW]."""
    terms = use.flexibility
    if terms is None:
        return 0.0
    mw = use.conversion.critical_mw(1.0) * use.load_factor_frac * use.conversion.pue_mean
    hours = shed_share_of_mean(use, world.meter)
    shed: FloatArray = terms.owner_frac * terms.depth_frac * mw * hours * unit.served_frac
    return shed


def _unit_cash(
    use: AiUse, world: World, dates: IntArray, market: MarketSpec, events: DealEvents | None
) -> HostingCash:
    """Return an offer's cash, shape (date, month): rents at 1, power at 1 USD/MWh, GPU expected."""
    meter, shape = world.meter, (dates.size, world.shape[1])
    ones = np.ones(shape)
    # A price relative to that at purchase is expected at the ratio of these.
    gpu = (1.0 - market.gpu.decline_frac_per_year) ** (np.arange(shape[1]) / 12.0)
    power = PowerOutlook(
        library=meter.power.library, library_year=np.zeros(shape, dtype=np.int64), level=ones
    )
    outlook = Outlook(
        grid=meter.grid,
        seed=world.outlook.seed,
        first_path=0,
        btc_price_usd=ones,
        fees_btc_per_block=ones,
        network_shock=ones,
        lease_index=ones,
        gpu_index=np.broadcast_to(gpu, shape),
        power=power,
    )
    return hosting_cash(
        use,
        decide_month=dates,
        outlook=outlook,
        meter=Meter(
            grid=meter.grid,
            tariff=Tariff(fixed_price_usd_per_mwh=1.0),
            power=power,
            duration=meter.duration,
        ),
        inflation_frac_per_year=world.terms.inflation_frac_per_year,
        events=events,
    )


def _rent_by_signing(
    lease: Lease, rent: FloatArray, dates: IntArray, events: DealEvents | None
) -> tuple[FloatArray, FloatArray]:
    """Return discounted rent of the first term, shape (date,), and of renewals by signing month.

    Renewals have shape (month, date), per unit of the index of the month in which they are signed.
    """
    months = np.arange(rent.shape[1])
    if events is None:
        opens = dates[:, None] + lease.conversion.lead_months
        terms = np.maximum(months - opens, 0) // lease.term_months
        begins = opens + terms * lease.term_months
        first = terms == 0
    else:
        priced = rent_path(lease, dates, np.ones(rent.shape), events).priced_month
        assert priced is not None
        begins, first = priced, priced < 0
    signed: FloatArray = np.where(first, rent, 0.0).sum(axis=1)
    renewals = np.zeros((months.size, dates.size))
    date, month = np.nonzero(~first)
    np.add.at(renewals, (begins[date, month], date), rent[date, month])
    return signed, renewals
