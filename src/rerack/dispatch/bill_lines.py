"""The lines of a power bill: quantity, price, amount in cents, and the formula in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from rerack.assets import Tariff
from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.tariff_price import (
    HourlyPrices,
    coincident_weight_frac,
    quarter_weight_frac,
    time_of_use_period,
)


@dataclass(frozen=True, kw_only=True)
class BillLine:
    """One line of a bill.

    Parameters
    ----------
    month : str
        Month, ``YYYY-MM``.
    part : str
        Part of the tariff.
    quantity : float
        What is charged, in `unit`.
    unit : str
        ``MWh`` or ``kW``.
    price_usd : float
        Price of one unit, a mean where it changes by the hour [USD].
    amount_cents : int
        Amount, credits negative [cent].
    formula : str
        How the amount comes about.
    """

    month: str
    part: str
    quantity: float
    unit: str
    price_usd: float
    amount_cents: int
    formula: str

    def __str__(self) -> str:
        return (
            f"{self.month}  {self.part}: {self.quantity:,.6g} {self.unit} at "
            f"{self.price_usd:,.6g} USD = {self.amount_cents / 100.0:,.2f} USD; {self.formula}"
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Month:
    """Intervals of one month, each of `length_h` hours, and the lines that they make."""

    label: str
    length_h: float
    hours: BoolArray
    drawn: FloatArray
    sold: FloatArray
    index: FloatArray

    def line(
        self, part: str, quantity: float, unit: str, amount_usd: float, formula: str
    ) -> BillLine:
        return BillLine(
            month=self.label,
            part=part,
            quantity=quantity,
            unit=unit,
            price_usd=amount_usd / quantity if quantity else 0.0,
            amount_cents=round(100.0 * amount_usd),
            formula=formula,
        )


def month_lines(
    drawn: FloatArray, sold: FloatArray, tariff: Tariff, prices: HourlyPrices
) -> Iterator[BillLine]:
    """Yield the lines of all months.

    Parameters
    ----------
    drawn, sold : ndarray
        Import and export [MW utility], shape (hour,) or (4 * hour,) by quarter-hour.
    tariff : Tariff
        The tariff.
    prices : HourlyPrices
        Index, calendar, system load.

    Yields
    ------
    BillLine
        Month by month.
    """
    calendar = prices.calendar
    parts = drawn.size // calendar.hours
    month_of = np.repeat(calendar.month, parts)
    index = np.repeat(prices.index_usd_per_mwh, parts)
    if parts > 1 and prices.quarter_usd_per_mwh is not None:
        index = prices.quarter_usd_per_mwh
    period = weight = None
    if tariff.time_of_use is not None:
        period = np.repeat(time_of_use_period(tariff.time_of_use, calendar), parts)
    if tariff.coincident_peak is not None:
        weigh = coincident_weight_frac if parts == 1 else quarter_weight_frac
        weight = weigh(tariff.coincident_peak, prices)

    def start_of(interval: int) -> str:
        hour, part = divmod(interval, parts)
        return f"{calendar.label(hour)[:-2]}{60 * part // parts:02d}"

    for m, label in enumerate(calendar.month_labels):
        hours = month_of == m
        month = _Month(
            label=label,
            length_h=1.0 / parts,
            hours=hours,
            drawn=drawn[hours],
            sold=sold[hours],
            index=index[hours],
        )
        yield from _energy_lines(month, tariff)
        if tariff.time_of_use is not None and period is not None:
            for i, rate in enumerate(tariff.time_of_use.periods):
                energy = month.length_h * float(month.drawn[period[hours] == i].sum())
                amount = rate.rate_usd_per_mwh * energy
                formula = "rate * import in the period"
                yield month.line(f"time of use: {rate.name}", energy, "MWh", amount, formula)
        yield from _peak_lines(month, tariff, weight, start_of)
        yield from _settlement_lines(month, tariff)


def _energy_lines(month: _Month, tariff: Tariff) -> Iterator[BillLine]:
    energy = month.length_h * float(month.drawn.sum())
    if tariff.fixed_price_usd_per_mwh is not None:
        amount = tariff.fixed_price_usd_per_mwh * energy
        yield month.line("fixed price energy", energy, "MWh", amount, "fixed price * import")
        return
    amount = month.length_h * float(month.drawn @ month.index)
    formula = "sum over hours of index * import"
    yield month.line("index energy", energy, "MWh", amount, formula)
    if tariff.losses_frac:
        more = tariff.losses_frac / (1.0 - tariff.losses_frac)
        formula = f"{more:.6f} MWh lost for each MWh metered, sum of index * loss"
        yield month.line("losses", more * energy, "MWh", more * amount, formula)
    if tariff.adder_usd_per_mwh:
        amount = tariff.adder_usd_per_mwh * energy
        yield month.line("adder", energy, "MWh", amount, "adder * import")


def _peak_lines(
    month: _Month, tariff: Tariff, weight: FloatArray | None, label_of: Callable[[int], str]
) -> Iterator[BillLine]:
    if tariff.demand_charge is not None:
        at = int(np.flatnonzero(month.hours)[np.argmax(month.drawn)])
        peak_kw = 1e3 * float(month.drawn.max())
        amount = tariff.demand_charge.charge_usd_per_kw_month * peak_kw
        word = "hourly" if month.length_h == 1.0 else "quarter-hourly"
        formula = f"highest {word} import, {label_of(at)}"
        yield month.line("demand charge", peak_kw, "kW", amount, formula)
    if tariff.coincident_peak is not None and weight is not None:
        share = weight[month.hours]
        if share.any():
            load_kw = 1e3 * float(month.drawn @ share)
            amount = tariff.coincident_peak.usd_per_mw * load_kw / 1e3
            at = int(np.flatnonzero(month.hours)[np.argmax(share)])
            months = len(tariff.coincident_peak.months)
            formula = (
                f"load at the system peak, {label_of(at)}, * charge / {months} months; "
                "collected next year"
            )
            yield month.line("coincident peak", load_kw, "kW", amount, formula)
    if tariff.minimum_take is not None:
        term = tariff.minimum_take
        owed = term.contract_mw * term.take_frac * month.drawn.size * month.length_h
        taken = month.length_h * float(month.drawn.sum() - month.sold.sum())
        short = max(owed - taken, 0.0)
        formula = f"{owed:,.3f} MWh owed less {taken:,.3f} MWh taken, not below 0"
        amount = term.shortfall_usd_per_mwh * short
        yield month.line("minimum take", short, "MWh", amount, formula)


def _settlement_lines(month: _Month, tariff: Tariff) -> Iterator[BillLine]:
    if tariff.export is not None:
        sale = month.index - tariff.export.discount_usd_per_mwh
        amount = -month.length_h * float(month.sold @ sale)
        formula = "sum over hours of (index - discount) * export, a credit"
        energy = month.length_h * float(month.sold.sum())
        yield month.line("export", energy, "MWh", amount, formula)
    if tariff.block is not None:
        block_mwh = tariff.block.block_mw * month.length_h
        energy = block_mwh * month.index.size
        amount = block_mwh * float((tariff.block.price_usd_per_mwh - month.index).sum())
        formula = "sum over hours of (fixed price - index) * block, whatever runs"
        yield month.line("fixed block", energy, "MWh", amount, formula)
