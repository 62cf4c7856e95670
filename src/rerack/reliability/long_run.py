"""Long-run unavailability and frequency of a fault tree, exact, planned work included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.numerics.bdd import Diagram
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.fault_tree import MAINTENANCE_PER_YEAR, FaultTree

#: Events that the recursion of the diagrams is made for.
MOST_EVENTS = 700


@dataclass(frozen=True, kw_only=True)
class LongRun:
    """What a fault tree does in the long run.

    Parameters
    ----------
    unavailability_frac : float
        Share of time that the top is down.
    outages_per_year : float
        How often it goes down [1/year].
    """

    unavailability_frac: float
    outages_per_year: float

    @property
    def mean_outage_hours(self) -> float:
        """Mean time down [h]; 0 if it never is."""
        if self.outages_per_year == 0.0:
            return 0.0
        return self.unavailability_frac * HOURS_PER_YEAR / self.outages_per_year


def long_run(tree: FaultTree) -> LongRun:
    r"""Return the exact long-run unavailability and frequency of a fault tree.

    Parameters
    ----------
    tree : FaultTree
        Events, gates and planned work.

    Notes
    -----
    With u_i the unavailability of event i, U(u) that of the top, multilinear in u, is read off a
    binary decision diagram (Rauzy 1993, doi:10.1016/0951-8320(93)90060-C), repeated events
    included. The frequency of going down is

        w = sum_i dU/du_i w_i,    w_i = l_i (1 - u_i)

    (Birnbaum importance times event frequency: Vesely 1970,
    doi:10.1016/0029-5493(70)90162-6), which holds for any distributions of up and down times.

    Planned work on event i puts the site for a share p_i = hours / 8760 into a mode with u_i = 1,
    independent of failures, never two at once, started once a year. U and w are averages over the
    modes, and every start of work adds U_i - U_0 outages.

    Examples
    --------
    >>> from rerack.reliability.fault_tree import Event
    >>> pump = Event(name="pump", failure_rate_per_year=1.0, mean_down_hours=8760.0)
    >>> long_run(FaultTree(events=(pump,), gates=(), top=0, maintenance=()))
    LongRun(unavailability_frac=0.5, outages_per_year=0.5)
    """
    diagram, lost = diagram_of(tree)
    shares, unavailabilities = _modes(tree)
    losses, importance = diagram.derivatives(lost, unavailabilities)
    rates = np.array([event.failure_rate_per_year for event in tree.events])
    by_failure = (importance * rates * (1.0 - unavailabilities)).sum(axis=1)
    by_plan = MAINTENANCE_PER_YEAR * (losses[1:] - losses[0]).sum()
    return LongRun(
        unavailability_frac=float(shares @ losses),
        outages_per_year=float(shares @ by_failure + by_plan),
    )


def diagram_of(tree: FaultTree) -> tuple[Diagram, int]:
    """Return the decision diagram of "the load is lost", and its root."""
    require(
        len(tree.events) <= MOST_EVENTS,
        "topology: components",
        given=f"{len(tree.events)} events",
        allowed=f"at most {MOST_EVENTS} behind one load",
        cure="Evaluate one block of the site: no plant this large hangs on one bus.",
    )
    diagram = Diagram()
    nodes = [diagram.variable(i) for i in range(len(tree.events))]
    for gate in tree.gates:
        nodes.append(diagram.at_least(gate.threshold, [nodes[i] for i in gate.inputs]))
    return diagram, nodes[tree.top]


def _modes(tree: FaultTree) -> tuple[FloatArray, FloatArray]:
    """Return the share of time of each mode (mode,) and the unavailabilities (mode, event).

    Mode 0 is no planned work.
    """
    base = np.array([e.unavailability_frac for e in tree.events])
    rows = np.tile(base, (1 + len(tree.maintenance), 1))
    shares = np.ones(1 + len(tree.maintenance))
    for row, work in enumerate(tree.maintenance, start=1):
        rows[row, work.event] = 1.0
        shares[row] = work.hours_per_year / HOURS_PER_YEAR
    shares[0] = 1.0 - shares[1:].sum()
    return shares, rows
