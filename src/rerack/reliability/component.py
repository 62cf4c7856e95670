"""One piece of equipment: how often it fails, how long it stays down, what it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rerack.base.checks import require, require_between

#: Hours of the year that every rate and availability of this package counts with.
HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, kw_only=True)
class Component:
    """Equipment that is up or down, independently of everything else but for common causes.

    Parameters
    ----------
    name : str
        Identity: two components of one name are one machine, and must be equal.
    failure_rate_per_year : float
        Failures per year of being up [1/year]; for a unit in reserve, those found while it waits.
    mttr_hours : float
        Mean time from failure to service [h].
    fail_to_start_frac : float
        Probability that a unit in reserve does not start, or not take load, when called.
    fail_to_run_per_hour : float
        Failures per hour of running [1/h]. Do not give it besides a `failure_rate_per_year` that
        already holds the failures in service: the two are added where the unit always runs.
    maintenance_hours_per_year : float
        Planned hours out of service in a year, taken in one piece [h/year].
    capex_usd : float
        Installed cost [USD].
    capacity_mw : float
        What it can carry [MW critical]; infinite if it never limits.
    source : str
        Where the figures come from.
    kind : str
        Kind of equipment: units of one kind share the causes that are common to a redundant group,
        so that the group counts them once. Empty is a kind of its own.

    Notes
    -----
    Up and down times alternate; with failure rate l [1/h] and mean repair r the long-run
    unavailability is l r / (1 + l r), whatever the distribution of repair times (renewal theory).

    Examples
    --------
    >>> ups = Component(name="UPS 1", failure_rate_per_year=0.010, mttr_hours=2.0)
    >>> f"{ups.unavailability_frac:.6e}"
    '2.283100e-06'
    """

    name: str
    failure_rate_per_year: float
    mttr_hours: float
    fail_to_start_frac: float = 0.0
    fail_to_run_per_hour: float = 0.0
    maintenance_hours_per_year: float = 0.0
    capex_usd: float = 0.0
    capacity_mw: float = math.inf
    source: str = ""
    kind: str = ""

    def __post_init__(self) -> None:
        where = f"component {self.name!r}"
        require(
            bool(self.name.strip()),
            "component: name",
            given="no name",
            allowed="a name",
            cure="Name the component: its name is its identity.",
        )
        cure = "Give a rate of 0 or more; a time between failures of M hours is 8760 / M a year."
        require_between(
            self.failure_rate_per_year, 0.0, 1e6, f"{where}: failure_rate_per_year", cure=cure
        )
        require_between(self.mttr_hours, 0.0, 1e5, f"{where}: mttr_hours")
        require_between(self.fail_to_start_frac, 0.0, 1.0, f"{where}: fail_to_start_frac")
        require_between(self.fail_to_run_per_hour, 0.0, 1e3, f"{where}: fail_to_run_per_hour")
        hours = self.maintenance_hours_per_year
        require_between(hours, 0.0, HOURS_PER_YEAR, f"{where}: maintenance_hours_per_year")
        require_between(self.capex_usd, 0.0, 1e12, f"{where}: capex_usd")
        require(
            self.capacity_mw > 0.0,
            f"{where}: capacity_mw",
            given=self.capacity_mw,
            allowed="more than 0",
        )
        require(
            self.failure_rate_per_year == 0.0 or self.mttr_hours > 0.0,
            f"{where}: mttr_hours",
            given=self.mttr_hours,
            allowed="more than 0 where the failure rate is",
            cure="Give the mean time to restore service.",
        )

    @property
    def running_rate_per_year(self) -> float:
        """Failures per year of a unit that always runs [1/year]."""
        return self.failure_rate_per_year + HOURS_PER_YEAR * self.fail_to_run_per_hour

    @property
    def unavailability_frac(self) -> float:
        """Long-run share of time failed, when always running, planned maintenance apart."""
        return down_frac(self.running_rate_per_year, self.mttr_hours)

    @property
    def waiting_unavailability_frac(self) -> float:
        """Share of time failed while waiting in reserve, planned maintenance apart."""
        return down_frac(self.failure_rate_per_year, self.mttr_hours)


def down_frac(failure_rate_per_year: float, mean_down_hours: float) -> float:
    """Return the long-run share of time down, l r / (1 + l r) with l r in years per year.

    Parameters
    ----------
    failure_rate_per_year : float
        Failures per year of being up [1/year].
    mean_down_hours : float
        Mean time down [h].

    Examples
    --------
    >>> round(1.0 - down_frac(1.956, 1.32), 6)
    0.999705
    """
    load = failure_rate_per_year * mean_down_hours / HOURS_PER_YEAR
    return load / (1.0 + load)
