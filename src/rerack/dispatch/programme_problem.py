"""A site, its tariff, its prices and its programmes as plain arrays by hour."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from rerack.assets.generation import Generator
from rerack.assets.operating_points import HallOperation
from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.commitment import BoolArray, Switch
from rerack.dispatch.programme_store import Store


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """What all routes solve; build it with `resolve`.

    Parameters
    ----------
    site : str
        Name of the site.
    halls : tuple of str
        Names of the halls with rigs.
    operations : tuple of HallOperation
        How each of them can be run, shape (hall,).
    rated_mw : ndarray
        Rated power of each, mean outage taken off [MW utility], shape (hall,).
    step_hall : ndarray of int
        Hall of each step of power, shape (step,).
    step_full_mw : ndarray
        Power of each step where nothing forbids it [MW utility], shape (step,).
    interconnect_mw : float
        Limit of import [MW utility].
    month : ndarray of int
        Month of every hour, from 0, shape (hour,).
    meter_usd_per_mwh : ndarray
        Price at the meter without peaks [USD/MWh], shape (hour,).
    peak_usd_per_mwh : ndarray
        Coincident peak charge that falls on the hour [USD/MWh], shape (hour,).
    sale_usd_per_mwh, export_mw : ndarray
        Price and limit of export [USD/MWh, MW utility], shape (hour,).
    idle_mw : ndarray
        Idle draw of all halls [MW utility], shape (hour,).
    ai_mw : ndarray
        Firm load [MW utility], shape (hour,).
    ai_flexible_mw : ndarray
        Part of it that may be curtailed [MW utility], shape (hour,).
    ai_usd_per_mwh : float
        Compensation of a curtailed MWh [USD/MWh].
    ai_limit_mwh : float
        Most energy curtailed [MWh].
    step_mw : ndarray
        Power of each step, 0 where the hall must idle [MW utility], shape (hour, step).
    strike_usd_per_mwh : ndarray
        What a MWh of the step earns before power [USD/MWh], shape (hour, step).
    services : tuple of str
        Ancillary services.
    offer_frac : ndarray
        Largest share of a running step that may be offered, shape (step, service).
    offer_usd_per_mwh : ndarray
        Worth of offering a MW of a step for an hour, calls included [USD/MWh],
        shape (hour, step, service).
    renewable_mw : ndarray
        Sun and wind that can be used [MW utility], shape (hour,).
    generators : tuple of Generator
        Engines and turbines.
    switches : tuple of Switch
        Calls first, then committed generators.
    calls : int
        Number of calls.
    committed : tuple of int
        Switch of each generator, -1 where it needs none.
    call_mw : ndarray
        Import cap of each call [MW utility], shape (call,).
    call_ai : ndarray of bool
        Whether AI load may help in the call, shape (call,).
    call_usd : ndarray
        Payment for an hour of call, shape (hour, call) [USD]; 0 where there is no call.
    call_allowed : ndarray of bool
        Hours in which calls are possible, shape (hour, call).
    demand_usd_per_mw : float
        Demand charge of a month [USD/MW].
    take_mwh : ndarray
        Energy that must be taken in each month [MWh], shape (month,).
    take_usd_per_mwh : float
        Price of energy not taken [USD/MWh].
    block_usd : float
        Settlement of the fixed-price block [USD].
    standing_usd : ndarray
        Standing payments of demand response [USD], shape (call,).
    store : Store or None
        Battery, and what its reserve is worth.
    """

    site: str
    halls: tuple[str, ...]
    operations: tuple[HallOperation, ...]
    rated_mw: FloatArray
    step_hall: IntArray
    step_full_mw: FloatArray
    interconnect_mw: float
    month: IntArray
    meter_usd_per_mwh: FloatArray
    peak_usd_per_mwh: FloatArray
    sale_usd_per_mwh: FloatArray
    export_mw: FloatArray
    idle_mw: FloatArray
    ai_mw: FloatArray
    ai_flexible_mw: FloatArray
    ai_usd_per_mwh: float
    ai_limit_mwh: float
    step_mw: FloatArray
    strike_usd_per_mwh: FloatArray
    services: tuple[str, ...]
    offer_frac: FloatArray
    offer_usd_per_mwh: FloatArray
    renewable_mw: FloatArray
    generators: tuple[Generator, ...]
    switches: tuple[Switch, ...]
    calls: int
    committed: tuple[int, ...]
    call_mw: FloatArray
    call_ai: BoolArray
    call_usd: FloatArray
    call_allowed: BoolArray
    demand_usd_per_mw: float
    take_mwh: FloatArray
    take_usd_per_mwh: float
    block_usd: float
    standing_usd: FloatArray
    store: Store | None = None

    @property
    def hours(self) -> int:
        """Hours dispatched."""
        return int(self.month.size)

    @property
    def months(self) -> int:
        """Months touched."""
        return int(self.month[-1]) + 1

    @property
    def import_usd_per_mwh(self) -> FloatArray:
        """Price of import, coincident peaks included [USD/MWh], shape (hour,)."""
        return self.meter_usd_per_mwh + self.peak_usd_per_mwh

    def first_step(self, hall: int) -> int:
        """Return the step that tells which share of a hall is on."""
        return int(np.argmax(self.step_hall == hall))

    @property
    def couples_rigs(self) -> bool:
        """Whether starts, minimum run times or restoring tie the hours of a hall together."""
        return any(o.couples_hours for o in self.operations)

    def window(self, first: int, end: int) -> Self:
        """Return hours `first` to ``end - 1`` alone, months numbered from 0; limits unchanged."""
        by_hour = [
            f.name
            for f in fields(self)
            if isinstance(value := getattr(self, f.name), np.ndarray)
            and value.shape[:1] == (self.hours,)
            and f.name not in _NOT_BY_HOUR
        ]
        cut = {name: getattr(self, name)[first:end] for name in by_hour}
        months = cut["month"]
        return replace(
            self,
            **{**cut, "month": months - months[0]},
            store=None if self.store is None else self.store.window(first, end),
            take_mwh=self.take_mwh[months[0] : months[-1] + 1],
        )


#: Arrays whose first axis is not the hour, whatever its length.
_NOT_BY_HOUR = frozenset(
    {
        "rated_mw",
        "step_hall",
        "step_full_mw",
        "offer_frac",
        "call_mw",
        "call_ai",
        "take_mwh",
        "standing_usd",
    }
)
