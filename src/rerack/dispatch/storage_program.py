"""A site with a battery as rows and columns for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from rerack.assets import Battery
from rerack.base.checks import FloatArray, IntArray

#: Row, column and value of coefficients.
Entries = tuple[IntArray, IntArray, FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class StorageProgram:
    """What the rows and columns are made from.

    Hour h has the columns ``h * width`` and on: classes, charge, discharge, stored, and export
    where the site may sell. Binaries of guarded hours follow, 1 where charging is allowed. Rows:
    meter of every hour, state of every hour, two for every guarded hour.

    Parameters
    ----------
    capacity_mw : ndarray
        Power that each class can draw [MW utility], shape (unit,).
    interconnect_mw, firm_mw, export_limit_mw : float
        Limit of purchases, firm load, limit of sales [MW utility].
    battery : Battery
        The battery.
    hours : int
        Hours.
    guarded_hours : ndarray of int
        Hours in which it may not charge and discharge at once, shape (guarded,).
    """

    capacity_mw: FloatArray
    interconnect_mw: float
    firm_mw: float
    export_limit_mw: float
    battery: Battery
    hours: int
    guarded_hours: IntArray

    @property
    def units(self) -> int:
        """Classes."""
        return self.capacity_mw.size

    @property
    def exports(self) -> bool:
        """Whether there is a column for sales."""
        return bool(self.export_limit_mw > 0.0)

    @property
    def width(self) -> int:
        """Columns of an hour."""
        return self.units + 3 + self.exports

    def costs(self, strike: FloatArray, price: FloatArray, export_price: FloatArray) -> FloatArray:
        """Return the objective of the hourly columns [USD/MWh], shape (hours * width,)."""
        cost = np.zeros((self.hours, self.width))
        k = self.units
        cost[:, :k] = strike - price[:, np.newaxis]
        cost[:, k] = -price
        cost[:, k + 1] = price - self.battery.throughput_cost_usd_per_mwh
        if self.exports:
            cost[:, k + 3] = export_price - price
        return cost.ravel()

    def build(self) -> highspy.HighsLp:
        """Return the program with zero costs."""
        program = highspy.HighsLp()
        program.sense_ = highspy.ObjSense.kMaximize
        size, guards = self.hours * self.width, self.guarded_hours.size
        program.num_col_, program.num_row_ = size + guards, 2 * self.hours + 2 * guards
        program.col_cost_ = np.zeros(size + guards)
        program.col_lower_, program.col_upper_ = self._bounds()
        program.row_lower_, program.row_upper_ = self._limits()
        if guards:
            kinds = [highspy.HighsVarType.kContinuous] * size
            program.integrality_ = kinds + [highspy.HighsVarType.kInteger] * guards
        parts = [self._meter(), self._state(), self._guards()]
        row, column, value = (np.concatenate(p) for p in zip(*parts, strict=True))
        order = np.lexsort((row, column))
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = np.searchsorted(column[order], np.arange(size + guards + 1)).astype(
            np.int32
        )
        matrix.index_, matrix.value_ = row[order].astype(np.int32), value[order]
        return program

    def _bounds(self) -> tuple[FloatArray, FloatArray]:
        battery = self.battery
        top = [*self.capacity_mw, battery.charge_mw, battery.discharge_mw, battery.energy_mwh]
        top += [self.export_limit_mw] * self.exports
        upper = np.concatenate([np.tile(top, self.hours), np.ones(self.guarded_hours.size)])
        lower = np.zeros(upper.size)
        lower[(self.hours - 1) * self.width + self.units + 2] = battery.final_mwh
        return lower, upper

    def _limits(self) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the rows: purchases within the interconnect, states, guards."""
        guards = self.guarded_hours.size
        state = np.zeros(self.hours)
        state[0] = self.battery.hourly_keep_frac * self.battery.initial_mwh
        meter = np.full(self.hours, -self.firm_mw)
        lower = np.concatenate([meter, state, np.full(2 * guards, -highspy.kHighsInf)])
        release = np.tile([0.0, self.battery.discharge_mw], guards)
        return lower, np.concatenate([meter + self.interconnect_mw, state, release])

    def _meter(self) -> Entries:
        """Return ``sum_k run_k + charge - discharge + export`` of every hour."""
        k = self.units
        sign = np.concatenate([np.ones(k + 1), [-1.0], np.ones(int(self.exports))])
        place = np.delete(np.arange(self.width), k + 2)
        hour = np.arange(self.hours)
        column = hour[:, np.newaxis] * self.width + place
        return np.repeat(hour, place.size), column.ravel(), np.tile(sign, self.hours)

    def _state(self) -> Entries:
        """Return ``stored - keep * stored before - eta_c * charge + discharge / eta_d``."""
        battery, k = self.battery, self.units
        hour = np.arange(self.hours)
        first = hour * self.width + k
        row = self.hours + np.concatenate([hour, hour, hour, hour[1:]])
        column = np.concatenate([first, first + 1, first + 2, first[:-1] + 2])
        rates = (
            -battery.charge_efficiency_frac,
            1.0 / battery.discharge_efficiency_frac,
            1.0,
            -battery.hourly_keep_frac,
        )
        value = np.repeat(rates, (self.hours, self.hours, self.hours, self.hours - 1))
        return row, column, value

    def _guards(self) -> Entries:
        """Return ``charge <= charge_mw * b`` and ``discharge <= discharge_mw * (1 - b)``."""
        guards = self.guarded_hours.size
        first = self.guarded_hours * self.width + self.units
        binary = self.hours * self.width + np.arange(guards)
        column = np.stack([first, binary, first + 1, binary], axis=1)
        row = 2 * self.hours + np.repeat(np.arange(2 * guards), 2)
        most = (1.0, -self.battery.charge_mw, 1.0, self.battery.discharge_mw)
        return row, column.ravel(), np.tile(most, guards)


def hours_to_guard(program: StorageProgram, price: FloatArray, worth: FloatArray) -> IntArray:
    """Return the hours in which wasting power in the battery could pay.

    Parameters
    ----------
    program : StorageProgram
        The site and its battery, whatever hours it guards.
    price : ndarray
        Price at the meter [USD/MWh], shape (hour,).
    worth : ndarray
        Least that a use of power pays (price, export price, strikes) [USD/MWh], shape (hour,).

    Returns
    -------
    ndarray of int
        Hours, ascending; more than needed rather than fewer.

    Notes
    -----
    A MWh charged and at once discharged wastes ``1 - eta`` MWh, ``eta`` the round trip, and
    wears ``eta`` MWh. That pays only where a MWh at the bus is worth less than
    ``-wear * eta / (1 - eta)``, or where the site has no use for what it discharges. Without a
    negative price stored energy is never a burden: wasting it may then earn as much as keeping it,
    but not more.
    """
    battery = program.battery
    waste = 1.0 - battery.round_trip_frac
    idle = min(battery.charge_mw, battery.discharge_mw) == 0.0
    if waste <= 0.0 or idle or price.min() >= 0.0:
        return np.empty(0, dtype=np.int64)
    dear = battery.throughput_cost_usd_per_mwh * battery.round_trip_frac / waste
    uses = program.capacity_mw.sum() + program.firm_mw + program.export_limit_mw
    burden = (np.minimum(worth, price) < -dear) | (uses < battery.discharge_mw)
    return np.flatnonzero(burden).astype(np.int64)
