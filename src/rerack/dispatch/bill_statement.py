"""A power bill that adds up to the cent and explains every line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Tariff
from rerack.base.checks import FloatArray, as_finite, require
from rerack.dispatch.bill_lines import BillLine, month_lines
from rerack.dispatch.tariff_price import HourlyPrices


@dataclass(frozen=True, kw_only=True)
class Bill:
    """Lines by month, in whole cents.

    Parameters
    ----------
    lines : tuple of BillLine
        Month by month, charges before credits.
    """

    lines: tuple[BillLine, ...]

    @property
    def total_cents(self) -> int:
        """Sum of all lines [cent], exact."""
        return sum(line.amount_cents for line in self.lines)

    @property
    def total_usd(self) -> float:
        """Sum of all lines [USD]."""
        return self.total_cents / 100.0

    def by_month(self) -> dict[str, int]:
        """Return the sum of each month [cent]."""
        return self._sums("month")

    def by_part(self) -> dict[str, int]:
        """Return the sum of each part of the tariff [cent]."""
        return self._sums("part")

    def table(self) -> dict[str, list[str] | list[float]]:
        """Return the bill as columns, one row a line."""
        return {
            "month": [line.month for line in self.lines],
            "part": [line.part for line in self.lines],
            "quantity": [line.quantity for line in self.lines],
            "unit": [line.unit for line in self.lines],
            "price_usd": [line.price_usd for line in self.lines],
            "amount_usd": [line.amount_cents / 100.0 for line in self.lines],
            "formula": [line.formula for line in self.lines],
        }

    def explain(self) -> str:
        """Return the bill as text: every line with its formula, every month with its sum."""
        out = []
        for month, cents in self.by_month().items():
            out += [str(line) for line in self.lines if line.month == month]
            out.append(f"{month}  total: {cents / 100.0:,.2f} USD")
        return "\n".join((*out, f"all months: {self.total_usd:,.2f} USD"))

    def _sums(self, key: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self.lines:
            name = getattr(line, key)
            found[name] = found.get(name, 0) + line.amount_cents
        return found


def bill(
    import_mw: FloatArray,
    tariff: Tariff,
    prices: HourlyPrices,
    *,
    export_mw: FloatArray | None = None,
) -> Bill:
    """Return what a site pays for the power that it drew.

    Parameters
    ----------
    import_mw : ndarray
        Mean power drawn in each hour, or in each quarter-hour [MW utility], 0 or more, shape
        (hour,) or (4 * hour,).
    tariff : Tariff
        All terms of the tariff.
    prices : HourlyPrices
        Index, calendar, and system load where the tariff has a coincident peak.
    export_mw : ndarray or None
        Mean power sold back [MW utility], of the same shape.

    Returns
    -------
    Bill
        Costs positive, credits negative.

    Raises
    ------
    InputError
        If a series does not cover the calendar, is negative, or the site imports and exports in
        one hour, or exports more than the tariff allows.

    Notes
    -----
    Each line is rounded to the cent once; totals are sums of integers, so they add up however
    they are grouped. Demand charge and coincident peak are taken from the means given: from
    hourly ones a peak within the hour is not seen. Of a load by quarter-hour each one is charged
    at its own price, `quarter_usd_per_mwh`, and the coincident peak by the quarter-hour.
    The coincident peak charge is booked in the month whose load causes it and collected in the
    next year.

    Examples
    --------
    >>> from rerack.dispatch.tariff_calendar import HourCalendar
    >>> hours = HourCalendar(start_utc="2024-01-01T00", hours=2)
    >>> prices = HourlyPrices(calendar=hours, index_usd_per_mwh=np.array([20.0, 40.0]))
    >>> found = bill(np.array([10.0, 5.0]), Tariff(adder_usd_per_mwh=4.0), prices)
    >>> print(found.explain())
    2024-01  index energy: 15 MWh at 26.6667 USD = 400.00 USD; sum over hours of index * import
    2024-01  adder: 15 MWh at 4 USD = 60.00 USD; adder * import
    2024-01  total: 460.00 USD
    all months: 460.00 USD
    """
    hours = prices.calendar.hours
    drawn = _series(import_mw, "import_mw", (hours, 4 * hours))
    sold = np.zeros(drawn.size)
    if export_mw is not None:
        sold = _series(export_mw, "export_mw", (drawn.size,))
    allowed = 0.0 if tariff.export is None else tariff.export.limit_mw
    require(
        float(sold.max()) <= allowed * (1.0 + 1e-9) + 1e-9,
        "export_mw",
        given=f"{sold.max():g} MW",
        allowed=f"up to the tariff's export limit, {allowed:g} MW",
    )
    both = np.flatnonzero(np.minimum(drawn, sold) > 1e-9)
    require(
        both.size == 0,
        "import_mw, export_mw",
        given=f"both in {both.size} intervals, first in the hour from "
        f"{prices.calendar.label(int(both[0]) * hours // drawn.size)}"
        if both.size
        else "",
        allowed="one of the two in every interval",
        cure="Net them within the interval.",
    )
    return Bill(lines=tuple(month_lines(drawn, sold, tariff, prices)))


def _series(values: FloatArray, name: str, sizes: tuple[int, ...]) -> FloatArray:
    array = as_finite(values, name, ndim=1)
    require(
        array.size in sizes,
        name,
        given=f"{array.size} values",
        allowed=f"{' or '.join(map(str, sizes))}, as the calendar has hours or quarter-hours",
    )
    require(
        bool((array >= 0.0).all()),
        name,
        given=f"{array.min():g}" if array.size else "",
        allowed="0 MW or more",
    )
    return array
