"""The oracle with a battery: all hours in one linear or mixed-integer program, solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.errors import SolverError
from rerack.dispatch.storage_inputs import StorageCase, unreachable
from rerack.dispatch.storage_program import StorageProgram, hours_to_guard
from rerack.dispatch.storage_result import LIMIT_TOLERANCE_FRAC

#: Relative gap to which a mixed-integer program is proved.
MIP_GAP_FRAC = 1e-10


class StorageOracle:
    """A site with a battery as a program that stays loaded between solves.

    Parameters
    ----------
    program : StorageProgram
        The site. Without guarded hours it is linear and a second solve starts warm.
    time_limit_s : float
        After this long a mixed-integer program returns its best schedule, with its bound; a
        linear one fails [s].

    Notes
    -----
    ``max sum_h [ sum_k run_k (strike_k - p) - p charge + (p - wear) discharge + (q - p) export ]``
    subject to ``0 <= firm + sum_k run_k + charge - discharge + export <= interconnect`` and
    ``stored = keep * stored_before + eta_c * charge - discharge / eta_d``, with price p at the
    meter and q for exports. The cost of the firm load is a constant and left out. It exists to
    prove the fast route and to stand in where that is not exact.

    Reference: Huangfu and Hall, Math. Prog. Comp. 10 (2018), doi:10.1007/s12532-017-0130-5.

    Examples
    --------
    >>> from rerack.assets import Battery
    >>> program = StorageProgram(
    ...     capacity_mw=np.array([2.0]), interconnect_mw=2.0, firm_mw=0.0, export_limit_mw=0.0,
    ...     battery=Battery(charge_mw=1.0, discharge_mw=1.0, energy_mwh=1.0, initial_frac=0.0),
    ...     hours=2, guarded_hours=np.empty(0, dtype=np.int64))
    >>> price = np.array([10.0, 80.0])
    >>> oracle = StorageOracle(program)
    >>> oracle.maximise(np.full((2, 1), 90.0), price, price)
    180.0
    """

    def __init__(self, program: StorageProgram, *, time_limit_s: float = 60.0) -> None:
        self._program = program
        #: Whether the last solve ended at the time limit.
        self.timed_out = False
        self._columns = np.arange(program.hours * program.width, dtype=np.int32)
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("primal_feasibility_tolerance", 1e-9),
            ("dual_feasibility_tolerance", 1e-9),
            ("mip_feasibility_tolerance", 1e-9),
            ("mip_rel_gap", MIP_GAP_FRAC),
            ("mip_abs_gap", 1e-6),
            ("time_limit", time_limit_s),
        ):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(program.build())

    def maximise(self, strike: FloatArray, price: FloatArray, export_price: FloatArray) -> float:
        """Return the largest margin of all hours together, the firm load's cost apart.

        Parameters
        ----------
        strike : ndarray
            Strike prices [USD/MWh], shape (hour, unit).
        price, export_price : ndarray
            Price at the meter, and of exports, which is at most that [USD/MWh], shape (hour,).

        Returns
        -------
        float
            Objective [USD].

        Raises
        ------
        InputError
            If the battery's final state cannot be reached.
        SolverError
            If HiGHS finds no schedule, or does not prove a linear program optimal.
        """
        cost = self._program.costs(strike, price, export_price)
        self._solver.changeColsCost(cost.size, self._columns, cost)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise unreachable(self._program.battery)
        self.timed_out = status == highspy.HighsModelStatus.kTimeLimit
        if status != highspy.HighsModelStatus.kOptimal and not (self.timed_out and self._found):
            raise SolverError(f"HiGHS did not solve the dispatch with a battery: {status}")
        return float(self._solver.getInfo().objective_function_value)

    @property
    def _found(self) -> bool:
        """Whether a mixed-integer search has a schedule to show."""
        status = self._solver.getInfo().primal_solution_status
        feasible = status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        return bool(self._program.guarded_hours.size and feasible)

    @property
    def bound_usd(self) -> float:
        """No schedule earns more than this, as the last solve proved [USD]."""
        info = self._solver.getInfo()
        if self._program.guarded_hours.size:
            return float(info.mip_dual_bound)
        return float(info.objective_function_value)

    @property
    def stored_mwh(self) -> FloatArray:
        """Energy stored at the end of each hour in the schedule last found [MWh], (hour,)."""
        return self._hourly[:, self._program.units + 2]

    @property
    def mixed_hours(self) -> IntArray:
        """Hours in which the schedule last found wastes power by charging and discharging."""
        battery, k = self._program.battery, self._program.units
        least_mw = LIMIT_TOLERANCE_FRAC * max(battery.charge_mw, battery.discharge_mw)
        both = np.minimum(self._hourly[:, k], self._hourly[:, k + 1]) > least_mw
        return np.flatnonzero(both & (battery.round_trip_frac < 1.0)).astype(np.int64)

    @property
    def _hourly(self) -> FloatArray:
        """Columns of the schedule last found, shape (hour, column)."""
        program = self._program
        values = np.asarray(self._solver.getSolution().col_value, dtype=np.float64)
        return values[: program.hours * program.width].reshape(program.hours, program.width)


@dataclass(frozen=True, kw_only=True, eq=False)
class Proved:
    """What HiGHS found: route, energy stored, objective of the site, bound and notes."""

    method: str
    stored_mwh: FloatArray
    objective_usd: float
    bound_usd: float
    notes: tuple[str, ...]


def proved_schedule(case: StorageCase, time_limit_s: float) -> Proved:
    """Return the best schedule of a site-year as HiGHS finds it.

    Parameters
    ----------
    case : StorageCase
        Site, battery and prices.
    time_limit_s : float
        Longest search where charging and discharging at once must be forbidden [s].

    Returns
    -------
    Proved
        By linear program, or by mixed-integer program where hours had to be guarded.
    """
    base, sale = case.base, case.export_price_usd_per_mwh
    price, strike = base.price_usd_per_mwh, base.strike_usd_per_mwh.values
    program = StorageProgram(
        capacity_mw=case.capacity_mw,
        interconnect_mw=case.site.interconnect_mw,
        firm_mw=case.site.firm_load_mw,
        export_limit_mw=case.export_limit_mw,
        battery=case.battery,
        hours=price.size,
        guarded_hours=np.empty(0, dtype=np.int64),
    )
    worth = np.minimum(sale, strike[:, case.capacity_mw > 0.0].min(axis=1, initial=np.inf))
    guarded = hours_to_guard(program, price, worth)
    while True:
        oracle = StorageOracle(replace(program, guarded_hours=guarded), time_limit_s=time_limit_s)
        earned = oracle.maximise(strike, price, sale)
        wasted = np.setdiff1d(oracle.mixed_hours, guarded)
        if wasted.size == 0:
            break
        # Where stored energy is worth nothing, wasting it earns as much as keeping it.
        guarded = np.union1d(guarded, wasted)
    rest = base.block_settlement_usd - base.firm_cost_usd
    gap = oracle.bound_usd - earned
    late = f"HiGHS stopped after {time_limit_s:g} s with a gap of {gap:,.2f} USD"
    return Proved(
        method="milp" if guarded.size else "lp",
        stored_mwh=np.clip(oracle.stored_mwh, 0.0, case.battery.energy_mwh),
        objective_usd=earned + rest,
        bound_usd=max(oracle.bound_usd, earned) + rest,
        notes=(late,) if oracle.timed_out else (),
    )
