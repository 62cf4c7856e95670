"""Months of a company file counted from the start of its market."""

from __future__ import annotations

from rerack.base.timegrid import MonthGrid, parse_month


def month_of(text: str, grid: MonthGrid) -> int:
    """Return a month counted from the start, negative before it."""
    year, month = parse_month(text, "month")
    first_year, first_month = parse_month(grid.labels[0], "start")
    return 12 * (year - first_year) + month - first_month
