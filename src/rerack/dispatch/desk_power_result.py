"""The dispatch of a site under its whole tariff: money by part and hour, a bill, and a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.base.errors import SolverError
from rerack.dispatch.bill_statement import Bill
from rerack.dispatch.desk_periods import BY_NAMES, By
from rerack.dispatch.tariff_calendar import HourCalendar

#: Largest disagreement of parts, objective and bill, over all that was paid and earned.
_TOLERANCE_FRAC = 1e-7
#: Parts of the money that stand on the bill of the utility.
BILLED = (
    "energy", "coincident peak", "demand charge", "minimum take", "export", "fixed block",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PartRecord:
    """What one programme, engine or agreement did and earned.

    Parameters
    ----------
    part : str
        Kind and name, such as ``demand response: summer``.
    hours : int
        Hours in which it was used.
    starts : int
        Calls, starts or runs of hours.
    energy_mwh : float
        Energy given, curtailed or offered [MWh].
    revenue_usd : float
        Income, negative where it costs; fuel and starts included [USD].
    """

    part: str
    hours: int
    starts: int
    energy_mwh: float
    revenue_usd: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PowerSchedule:
    """A certified schedule with every price known beforehand, and how far from the best it can be.

    Parameters
    ----------
    site : str
        Name of the site.
    hours : ndarray of datetime64[h]
        Hours, UTC, shape (hour,).
    calendar : HourCalendar
        The same hours on the clock of the tariff.
    index_usd_per_mwh, meter_usd_per_mwh : ndarray
        Index, and price of one more MWh at the meter, peaks apart [USD/MWh], shape (hour,).
    hashprice_usd_per_ph_day : ndarray
        Hashprice [USD/PH/s/day], shape (hour,).
    available_mwh, mining_mwh : ndarray
        What rigs could draw and what they drew [MWh], shape (hour,).
    power_mw : mapping of str to ndarray
        Power of every part by its column name [MW utility], each of shape (hour,).
    parts_usd : mapping of str to ndarray
        Income of every part, cost negative [USD], each of shape (hour,).
    records : tuple of PartRecord
        What programmes, engines and agreements did.
    bill : Bill
        What the utility charges, by line.
    objective_usd, bound_usd : float
        What the schedule earns, as the solver states it, and what none exceeds [USD].
    method, bound_method : str
        Who found the schedule, and who proves the bound.
    notes : tuple of str
        What the reader must know of how the schedule was found.

    Raises
    ------
    SolverError
        If the parts do not add up to the objective, or the bill to the parts that are billed.

    Notes
    -----
    A month's demand charge is booked in the hour of its peak, minimum take in its last hour, a
    start in its hour. The bill is rounded line by line; parts are not.
    """

    site: str
    hours: np.ndarray[Any, np.dtype[np.datetime64]]
    calendar: HourCalendar
    index_usd_per_mwh: FloatArray
    meter_usd_per_mwh: FloatArray
    hashprice_usd_per_ph_day: FloatArray
    available_mwh: FloatArray
    mining_mwh: FloatArray
    power_mw: Mapping[str, FloatArray]
    parts_usd: Mapping[str, FloatArray]
    records: tuple[PartRecord, ...]
    bill: Bill
    objective_usd: float
    bound_usd: float
    method: str
    bound_method: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("power_mw", "parts_usd"):
            checked = {
                key: frozen_array(as_finite(values, f"{name}[{key!r}]", ndim=1))
                for key, values in getattr(self, name).items()
            }
            object.__setattr__(self, name, MappingProxyType(checked))
        scale = max(sum(float(np.abs(v).sum()) for v in self.parts_usd.values()), 1.0)
        if abs(self.total_usd - self.objective_usd) > _TOLERANCE_FRAC * scale:
            raise SolverError(
                f"{self.site}: the parts add up to {self.total_usd} USD, not to the "
                f"{self.objective_usd} USD that the {self.method} route reports"
            )
        billed = -sum(float(self.parts_usd[n].sum()) for n in BILLED if n in self.parts_usd)
        rounding = 0.005 * len(self.bill.lines)
        if abs(billed - self.bill.total_usd) > rounding + _TOLERANCE_FRAC * scale:
            raise SolverError(
                f"{self.site}: the bill says {self.bill.total_usd} USD, the schedule {billed} USD"
            )

    @property
    def total_usd(self) -> float:
        """Sum of all parts [USD]."""
        return float(sum(float(values.sum()) for values in self.parts_usd.values()))

    @property
    def net_usd(self) -> FloatArray:
        """All parts together [USD], shape (hour,)."""
        return np.asarray(sum(self.parts_usd.values(), np.zeros(self.hours.size)))

    @property
    def gap_frac(self) -> float:
        """How far from the best at most: (bound - objective) / |bound|, 0 or more."""
        gap = max(self.bound_usd - self.objective_usd, 0.0)
        return gap / max(abs(self.bound_usd), 1.0)

    def table(self, by: By = "month") -> dict[str, Any]:
        """Return sums by period as columns, each of shape (period,).

        Parameters
        ----------
        by : {"hour", "day", "month", "year"}
            Length of a period on the clock of the tariff; hours are labelled in UTC and carry the
            power of every part.

        Notes
        -----
        `gap_frac` is that of the whole answer, the same in every row.
        """
        labels, start = self._periods(by)
        count = np.diff(np.append(start, self.hours.size))

        def total(values: FloatArray) -> FloatArray:
            return np.asarray(np.add.reduceat(values, start), dtype=np.float64)

        available, mined = total(self.available_mwh), total(self.mining_mwh)
        table: dict[str, Any] = {
            "period": np.array(labels),
            "hours": count,
            "price_usd_per_mwh": total(self.index_usd_per_mwh) / count,
            "meter_price_usd_per_mwh": total(self.meter_usd_per_mwh) / count,
            "hashprice_usd_per_ph_day": total(self.hashprice_usd_per_ph_day) / count,
            "mining_mwh": mined,
            "run_frac": np.divide(mined, available, out=np.zeros_like(mined), where=available > 0),
            "import_mwh": total(self.power_mw["import_mw"]),
            "export_mwh": total(self.power_mw["export_mw"]),
        }
        table |= {f"{part}: usd": total(values) for part, values in self.parts_usd.items()}
        table["net_usd"] = total(self.net_usd)
        table["gap_frac"] = np.full(count.size, self.gap_frac)
        return table | (dict(self.power_mw) if by == "hour" else {})

    def _periods(self, by: By) -> tuple[list[str], Any]:
        """Return the labels of periods and their first hours."""
        require(by in BY_NAMES, "by", given=repr(by), allowed=", ".join(BY_NAMES))
        if by == "hour":
            return [f"{hour}:00Z" for hour in self.hours], np.arange(self.hours.size)
        length = {"day": 10, "month": 7, "year": 4}[by]
        names = [self.calendar.label(h)[:length] for h in range(self.hours.size)]
        start = [h for h, name in enumerate(names) if h == 0 or name != names[h - 1]]
        return [names[h] for h in start], np.array(start)

    def __repr__(self) -> str:
        return (
            f"PowerSchedule of {self.site} ({self.method}, {self.hours.size:,} h): "
            f"{self.total_usd:,.0f} USD, at most {100.0 * self.gap_frac:.4f} % below the best "
            f"({self.bound_method} bound); bill {self.bill.total_usd:,.2f} USD"
        )
