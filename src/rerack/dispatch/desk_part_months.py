"""Months that are charged for a peak although the hours dispatched hold only a part of them."""

from __future__ import annotations

from rerack.assets import Tariff
from rerack.dispatch.tariff_calendar import HourCalendar


def part_months(tariff: Tariff, calendar: HourCalendar) -> tuple[str, ...]:
    """Return a sentence for each month charged in full for the peak of a part.

    Parameters
    ----------
    tariff : Tariff
        The tariff.
    calendar : HourCalendar
        The hours dispatched, on its clock.

    Examples
    --------
    >>> from rerack.assets.tariff_terms import DemandCharge
    >>> charged = Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=1.0))
    >>> len(part_months(charged, HourCalendar(start_utc="2024-06-01T00", hours=721)))
    1
    """
    peaks = () if tariff.coincident_peak is None else tariff.coincident_peak.months
    notes = []
    for label, given, whole in zip(
        calendar.month_labels, calendar.month_hours, calendar.whole_month_hours, strict=True
    ):
        demand, system = tariff.demand_charge is not None, int(label[5:]) in peaks
        if given == whole or not (demand or system):
            continue
        terms = " and ".join(["demand charge"] * demand + ["coincident peak"] * system)
        notes.append(
            f"Charged in full on a part of the month: {terms} of {label}, of which {given} of "
            f"{whole} hours on the clock of {calendar.zone} are given."
        )
    return tuple(notes)
