"""The dispatch of a site with its programmes: what ran, what each part earned, how good it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import SolverError
from rerack.base.labelled import Labelled
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule


@dataclass(frozen=True, kw_only=True, eq=False)
class ProgrammeDispatch:
    """A certified schedule and the proof of how far from the best it can be.

    Parameters
    ----------
    problem : Problem
        Site, tariff, prices and programmes as arrays by hour.
    schedule : Schedule
        Power of every part by hour.
    revenue_usd : Labelled
        What each part earns or costs, income positive [USD], shape (unit,); adds up to the
        objective.
    bound_usd : float
        What no schedule exceeds [USD].
    method : str
        ``"dual"``, ``"windows"`` or ``"lp"``.
    bound_method : str
        ``"dual"``, ``"lp relaxation"`` or ``"lp"``: who proves the bound.
    without_battery_usd : float or None
        What the same route earns without the battery [USD]; None without one.

    Notes
    -----
    What tenants pay for the firm load is not in the objective.
    """

    problem: Problem
    schedule: Schedule
    revenue_usd: Labelled
    bound_usd: float
    method: str
    bound_method: str
    without_battery_usd: float | None = None

    def __post_init__(self) -> None:
        slack = 1e-7 * max(float(np.abs(self.revenue_usd.values).sum()), 1.0)
        if not self.objective_usd <= self.bound_usd + slack:
            raise SolverError(
                f"{self.problem.site}: {self.objective_usd} USD earned above the bound of "
                f"{self.bound_usd} USD"
            )

    @property
    def objective_usd(self) -> float:
        """Sum of all parts [USD]."""
        return float(self.revenue_usd.values.sum())

    @property
    def gap_frac(self) -> float:
        """How far from the best the answer can be: (bound - objective) / |bound|, 0 or more."""
        return max(self.bound_usd - self.objective_usd, 0.0) / max(abs(self.bound_usd), 1.0)

    @property
    def hall_mw(self) -> Labelled:
        """Power of the rigs of each hall, idle draw left out [MW utility], (hour, unit)."""
        p = self.problem
        power = np.zeros((p.hours, len(p.halls)))
        for k in range(len(p.halls)):
            power[:, k] = self.schedule.step_mw[:, p.step_hall == k].sum(axis=1)
        return Labelled(
            name="power of rigs",
            values=power,
            dims=("hour", "unit"),
            unit="MW utility",
            coords={"unit": p.halls},
        )

    def earned_usd(self, part: str) -> float:
        """Return what one part earns, such as ``hashing`` or ``ancillary: ECRS`` [USD]."""
        return float(self.revenue_usd.values[self.revenue_usd.coords["unit"].index(part)])

    def table(self) -> dict[str, FloatArray]:
        """Return the schedule as columns, one row an hour."""
        p, s = self.problem, self.schedule
        columns = {
            "hour": np.arange(p.hours, dtype=np.float64),
            "meter_usd_per_mwh": p.meter_usd_per_mwh,
            "import_mw": s.import_mw,
            "export_mw": s.export_mw,
            "ai_mw": p.ai_mw - s.ai_cut_mw,
            "idle_mw": p.idle_mw,
            "renewable_mw": s.renewable_mw,
        }
        for k, hall in enumerate(p.halls):
            columns[f"{hall}: run_mw"] = self.hall_mw.values[:, k]
        for g, generator in enumerate(p.generators):
            columns[f"{generator.name}: output_mw"] = s.generator_mw[:, g]
        if p.store is not None:
            columns["battery_mw"] = s.discharge_mw - s.charge_mw
            columns["stored_mwh"] = s.stored_mwh
        for a, service in enumerate(p.services):
            columns[f"{service}: offer_mw"] = s.offer_mw[:, :, a].sum(axis=1)
            if p.store is not None and p.store.fits[a]:
                columns[f"{service}: battery_mw"] = s.reserve_mw[:, a]
        for i, switch in enumerate(p.switches):
            columns[f"{switch.name}: on"] = s.on[:, i].astype(np.float64)
        return columns

    def __repr__(self) -> str:
        return (
            f"ProgrammeDispatch of {self.problem.site} ({self.method}, {self.problem.hours:,} h): "
            f"{self.objective_usd:,.0f} USD, at most {100 * self.gap_frac:.4f} % below the best "
            f"({self.bound_method} bound)"
        )
