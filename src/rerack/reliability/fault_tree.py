"""A fault tree: independent events and threshold gates, for exact evaluation and simulation."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.reliability.component import down_frac

#: Planned maintenance of a component comes once a year, in one piece.
MAINTENANCE_PER_YEAR = 1.0


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that is up or down, independently of every other event.

    Parameters
    ----------
    name : str
        Name of the component or supply, or ``common cause: <group>``.
    failure_rate_per_year : float
        Failures per year of being up [1/year].
    mean_down_hours : float
        Mean time down [h].
    kind : str
        ``"component"``, ``"supply"`` (a `Standby`) or ``"common cause"``.
    """

    name: str
    failure_rate_per_year: float
    mean_down_hours: float
    kind: str = "component"

    @property
    def unavailability_frac(self) -> float:
        """Long-run share of time down."""
        return down_frac(self.failure_rate_per_year, self.mean_down_hours)


@dataclass(frozen=True, kw_only=True)
class Gate:
    """Down when at least `threshold` of its inputs are: 1 is OR, all of them is AND.

    Parameters
    ----------
    threshold : int
        Inputs that have to be down.
    inputs : tuple of int
        Indices below the gate's own: event ``i`` is index i, gate ``j`` is index events + j.
    name : str
        Name of the block.
    """

    threshold: int
    inputs: tuple[int, ...]
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """Planned work that takes an event down; never two at once on a site.

    Parameters
    ----------
    event : int
        Index of the event.
    hours_per_year : float
        Hours out of service in a year, in one piece [h/year].
    """

    event: int
    hours_per_year: float


@dataclass(frozen=True, kw_only=True)
class FaultTree:
    """A topology resolved: what may fail, and which combinations lose the load.

    Parameters
    ----------
    events : tuple of Event
        Independent events, in order of appearance.
    gates : tuple of Gate
        Gates, inputs before users.
    top : int
        Index (event or gate) that is down when the load is.
    maintenance : tuple of Maintenance
        Planned work; at most one at a time, independent of failures.
    """

    events: tuple[Event, ...]
    gates: tuple[Gate, ...]
    top: int
    maintenance: tuple[Maintenance, ...]
