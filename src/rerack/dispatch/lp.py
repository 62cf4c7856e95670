"""The oracle: the same hours as a linear program, solved by HiGHS."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.errors import SolverError


class LpOracle:
    """The dispatch of one site as a linear program that stays loaded between solves.

    Parameters
    ----------
    capacity_mw : ndarray
        Power that each class can draw [MW utility], shape (unit,).
    limit_mw : float
        Power that the classes share in every hour [MW utility].
    hours : int
        Hours, 1 or more.

    Notes
    -----
    ``max sum_hk margin_hk run_hk`` subject to ``sum_k run_hk <= limit`` for every hour h and
    ``0 <= run_hk <= capacity_k``. Arrays go in as compressed columns, one thread. A second solve
    changes the costs only and starts from the basis of the first. It exists to prove the fast
    route and for constraints that couple hours; without those `solve` is exact and much faster.

    Reference: Huangfu and Hall, Math. Prog. Comp. 10 (2018), doi:10.1007/s12532-017-0130-5.

    Examples
    --------
    >>> oracle = LpOracle(np.array([60.0, 60.0]), limit_mw=100.0, hours=1)
    >>> oracle.maximise(np.array([[10.0, 20.0]]))
    1600.0
    >>> oracle.run_mw.tolist()
    [[40.0, 60.0]]
    """

    def __init__(self, capacity_mw: FloatArray, *, limit_mw: float, hours: int) -> None:
        capacity = as_finite(capacity_mw, "capacity_mw", ndim=1)
        require(hours >= 1, "hours", given=hours, allowed="1 or more")
        require(
            bool((capacity >= 0.0).all()) and limit_mw >= 0.0,
            "capacity_mw, limit_mw",
            given=f"{capacity.tolist()}, {limit_mw}",
            allowed="0 MW or more",
        )
        self._shape = (hours, capacity.size)
        self._columns = np.arange(hours * capacity.size, dtype=np.int32)
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("primal_feasibility_tolerance", 1e-9),
            ("dual_feasibility_tolerance", 1e-9),
        ):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(_program(capacity, limit_mw, hours))

    def maximise(self, margin_usd_per_mwh: FloatArray) -> float:
        """Return the largest margin of all hours together.

        Parameters
        ----------
        margin_usd_per_mwh : ndarray
            Strike less price at the meter [USD/MWh], shape (hour, unit).

        Returns
        -------
        float
            Objective [USD].

        Raises
        ------
        InputError
            If a margin is NaN or infinite or the shape is another one.
        SolverError
            If HiGHS does not prove optimality.
        """
        margin = as_finite(margin_usd_per_mwh, "margin_usd_per_mwh", ndim=2)
        require(
            margin.shape == self._shape,
            "margin_usd_per_mwh",
            given=f"shape {margin.shape}",
            allowed=f"shape {self._shape}",
        )
        if margin.size == 0:
            return 0.0
        self._solver.changeColsCost(margin.size, self._columns, margin.ravel())
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"HiGHS did not prove the dispatch optimal: {status}")
        return float(self._solver.getInfo().objective_function_value)

    @property
    def run_mw(self) -> FloatArray:
        """Power of each class in the schedule last found [MW utility], shape (hour, unit)."""
        values = np.asarray(self._solver.getSolution().col_value, dtype=np.float64)
        return values.reshape(self._shape)


def _program(capacity: FloatArray, limit_mw: float, hours: int) -> highspy.HighsLp:
    """Return the program with zero costs; column h * units + k, row h."""
    units = capacity.size
    size = hours * units
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = size, hours
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.zeros(size)
    program.col_lower_, program.col_upper_ = np.zeros(size), np.tile(capacity, hours)
    program.row_lower_ = np.full(hours, -highspy.kHighsInf)
    program.row_upper_ = np.full(hours, limit_mw)
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = np.arange(size + 1, dtype=np.int32)
    matrix.index_ = np.repeat(np.arange(hours, dtype=np.int32), units)
    matrix.value_ = np.ones(size)
    return program
