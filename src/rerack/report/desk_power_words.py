"""What `rerack dispatch` says of a whole tariff: months, bill, programmes, and the gap."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.bill_statement import Bill
from rerack.dispatch.desk_power_result import BILLED, PowerSchedule
from rerack.report.format import fixed, money, money_unit, number, printable, share, statement
from rerack.report.tables import Written, lay_out, written

#: Months up to which the bill is printed month by month.
_MONTHS_IN_FULL = 1


def part_groups(parts: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the columns of a table for people: parts gathered by kind, empty ones left out.

    Parameters
    ----------
    parts : mapping of str to ndarray
        Income by part [USD], each of one shape.

    Examples
    --------
    >>> found = part_groups({"hashing": np.ones(1), "energy": -np.ones(1), "export": np.ones(1)})
    >>> {name: values.tolist() for name, values in found.items()}
    {'hashing': [1.0], 'utility': [0.0]}
    """
    groups: dict[str, FloatArray] = {}
    for part, values in parts.items():
        name = _group(part)
        groups[name] = groups.get(name, np.zeros_like(values)) + values
    return {name: groups[name] for name in _GROUPS if name in groups}


_GROUPS = ("hashing", "utility", "block", "generation", "programmes", "wear and other")


def _group(part: str) -> str:
    if part == "fixed block":
        return "block"
    if part in BILLED:
        return "utility"
    head = part.partition(":")[0]
    if head in ("ancillary", "demand response"):
        return "programmes"
    return head if head in ("hashing", "generation") else "wear and other"


def power_written(found: PowerSchedule, by: str) -> Written:
    """Return a schedule's sums by period with a row of totals.

    Parameters
    ----------
    found : PowerSchedule
        The schedule.
    by : str
        Period of the table: day, month or year.
    """
    table: dict[str, Any] = found.table(by)  # type: ignore[arg-type]
    parts = {name: table[f"{name}: usd"] for name in found.parts_usd}
    groups = part_groups(parts) | {"net": table["net_usd"]}
    factor, unit = money_unit(max(float(np.abs(v).sum()) for v in groups.values()))
    hours = table["hours"]
    mean = table["price_usd_per_mwh"]
    available = float(found.available_mwh.sum())
    ran = float(found.mining_mwh.sum()) / available if available else 0.0
    columns: dict[str, Any] = {
        "period": np.append(table["period"], "all"),
        "price": np.append(mean, np.average(mean, weights=hours)),
        "run": np.append(table["run_frac"], ran),
        "MWh bought": np.append(table["import_mwh"], table["import_mwh"].sum()),
    }
    formats: dict[str, Any] = {
        "price": lambda v: fixed(v, 1), "run": share, "MWh bought": lambda v: fixed(v, 0),
    }  # fmt: skip
    for name, values in groups.items():
        columns[name] = np.append(values, values.sum())
        formats[name] = lambda v: statement(v / factor, 2 if factor > 1 else 0)
    return written(columns, headings={"net": f"net, {unit}"}, formats=formats)


def bill_written(found: Bill) -> Written:
    """Return the bill's lines: month by month where there is one, else one line a part.

    Parameters
    ----------
    found : Bill
        The bill.

    Notes
    -----
    Amounts are sums of the lines' whole cents, so the total is exact.
    """
    if len(found.by_month()) <= _MONTHS_IN_FULL:
        rows = [
            (ln.part, ln.quantity, ln.unit, ln.price_usd, ln.amount_cents, ln.formula)
            for ln in found.lines
        ]
    else:
        rows = [_part_row(found, part) for part in found.by_part()]
    rows.append(("total", 0.0, "", 0.0, found.total_cents, ""))
    names = ("line", "quantity", "unit", "price, USD", "amount, USD", "how")
    columns = dict(zip(names, (list(c) for c in zip(*rows, strict=True)), strict=True))
    return written(
        columns,
        formats={
            "quantity": lambda v: f"{v:,.1f}" if v else "",
            "price, USD": lambda v: f"{v:,.4f}" if v else "",
            "amount, USD": _cents,
        },
    )


def _part_row(found: Bill, part: str) -> tuple[str, float, str, float, int, str]:
    lines = [ln for ln in found.lines if ln.part == part]
    quantity = sum(ln.quantity for ln in lines)
    cents = sum(ln.amount_cents for ln in lines)
    price = cents / 100.0 / quantity if quantity else 0.0
    how = f"{len(lines)} months" if len(lines) > 1 else lines[0].formula
    return part, quantity, lines[0].unit, price, cents, how


def _cents(cents: int) -> str:
    """Write whole cents as dollars without a detour through binary fractions."""
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole:,}.{rest:02d}"
    return f"({text})" if cents < 0 else text


def records_written(found: PowerSchedule) -> Written:
    """Return what programmes, engines and agreements did and earned.

    Parameters
    ----------
    found : PowerSchedule
        The schedule.
    """
    records = found.records
    return written(
        {
            "programme": [r.part for r in records],
            "hours": [r.hours for r in records],
            "starts": [r.starts for r in records],
            "MWh": [r.energy_mwh for r in records],
            "revenue, USD": [r.revenue_usd for r in records],
        },
        formats={
            "hours": lambda v: f"{v:,}",
            "starts": lambda v: f"{v:,}",
            "MWh": lambda v: f"{v:,.1f}",
            "revenue, USD": lambda v: statement(v, 0),
        },
    )


def power_text(found: PowerSchedule, *, by: str, prices: str, width: int = 100) -> str:
    """Return what `rerack dispatch` prints for a site with a whole tariff.

    Parameters
    ----------
    found : PowerSchedule
        The schedule.
    by : str
        Period of the table: day, month or year.
    prices : str
        Name of the price file.
    width : int
        Characters to keep within.
    """
    span = f"{found.hours[0]}:00Z to {found.hours[-1]}:00Z"
    head = f"{found.site} · {span} · {found.hours.size:,} hours · {prices}"
    lines = [*textwrap.wrap(printable(head), width), "", *_finding(found, width), ""]
    lines += [lay_out(power_written(found, by), width=width, indent=2), ""]
    lines += [*bill_lines(found.bill, width), ""]
    if found.records:
        lines += ["  Programmes, generation and agreements", ""]
        lines += [lay_out(records_written(found), width=width, indent=2), ""]
    lines += _foot(found, width)
    return "\n".join(lines)


def bill_lines(found: Bill, width: int) -> list[str]:
    """Return the bill as text under its heading.

    Parameters
    ----------
    found : Bill
        The bill.
    width : int
        Characters to keep within.
    """
    return ["  The bill", "", lay_out(bill_written(found), width=width, indent=2)]


def _finding(found: PowerSchedule, width: int) -> list[str]:
    available = float(found.available_mwh.sum())
    ran = share(float(found.mining_mwh.sum()) / available) if available else "none"
    text = (
        f"Rigs draw {ran} of what they could. The site nets {money(found.total_usd)} after a bill "
        f"of {money(found.bill.total_usd)}; {gap_text(found)}."
    )
    return textwrap.wrap(text, width)


def gap_text(found: PowerSchedule) -> str:
    """Return how far from the best the answer can be, in words.

    Parameters
    ----------
    found : PowerSchedule
        The schedule.
    """
    by = f"{found.bound_method} bound of {money(found.bound_usd)}"
    if found.gap_frac < 1e-9:
        return f"no schedule nets more ({by})"
    return f"no schedule nets more than {number(100.0 * found.gap_frac)} % above that ({by})"


def _foot(found: PowerSchedule, width: int) -> list[str]:
    zone = found.calendar.zone
    said = [
        f"price: index, USD/MWh. Days, months and the bill on the clock of {zone}; hours in UTC. "
        "utility: energy, peaks, minimum take and export. Tenants' payments for AI load are not "
        "in it. Limits by the year hold for the hours dispatched.",
        "All prices and calls known beforehand: an upper bound on what a desk makes.",
        *found.notes,
    ]
    if any(record.part == "battery" for record in found.records):
        said.append("Revenue of the battery: what the site nets more than without it.")
    return [
        line
        for text in said
        for line in textwrap.wrap(
            printable(text), width, initial_indent="  ", subsequent_indent="  "
        )
    ]
