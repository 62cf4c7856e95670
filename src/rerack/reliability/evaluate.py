"""The exact answer for a topology: availability, outages a year, their length, what causes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.bdd_cuts import likeliest_cut_sets
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.fault_tree import FaultTree
from rerack.reliability.long_run import diagram_of, long_run
from rerack.reliability.resolve import resolve
from rerack.reliability.topology import Topology

MINUTES_PER_YEAR = HOURS_PER_YEAR * 60.0


@dataclass(frozen=True, kw_only=True)
class CutSet:
    """A smallest set of events that together lose the load.

    Parameters
    ----------
    events : tuple of str
        Names of the events.
    unavailability_frac : float
        Long-run share of time that all of them are down, planned maintenance of one included.
    minutes_per_year : float
        The same [min/year].
    share_frac : float
        The same over the unavailability of the load; shares overlap, so they add up to 1 or more.
    """

    events: tuple[str, ...]
    unavailability_frac: float
    minutes_per_year: float
    share_frac: float


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Long-run reliability of a topology.

    Parameters
    ----------
    availability_frac : float
        Share of time that the load runs; 1 less than the spacing of floats is 1.
    unavailability : float
        Share of time that it does not, at full precision [frac].
    minutes_lost_per_year : float
        Expected minutes without power or cooling in a year [min/year].
    outages_per_year : float
        Expected losses of the load in a year [1/year].
    mean_outage_hours : float
        Mean length of an outage [h]; 0 if there are none.
    cut_sets : tuple of CutSet
        The largest contributions, largest first.
    capex_usd : float
        Installed cost [USD].
    """

    availability_frac: float
    unavailability: float
    minutes_lost_per_year: float
    outages_per_year: float
    mean_outage_hours: float
    cut_sets: tuple[CutSet, ...]
    capex_usd: float


def evaluate(
    topology: Topology, *, cut_sets: int = 10, least_share_frac: float = 0.0
) -> Reliability:
    """Return the exact long-run reliability of a topology.

    Parameters
    ----------
    topology : Topology
        What keeps the load running.
    cut_sets : int
        How many of the largest contributions to list; 0 saves their search.
    least_share_frac : float
        Share of the unavailability below which contributions are not looked for.

    Returns
    -------
    Reliability
        Exact for the model: independent events of exponential up times and any repair times,
        one planned work at a time, common causes split off by `resolve`.

    Notes
    -----
    Blocks become a fault tree (`resolve`), supplies with reserve become events of it
    (`rerack.reliability.supply`), and the tree is solved exactly (`long_run`).

    When not to use it: for the chance of an outage in a given year (sla), and where repair crews
    are fewer than failures: events are repaired independently.

    Examples
    --------
    >>> from rerack.reliability import Component, KofN, Leaf
    >>> units = tuple(Leaf(component=Component(name=f"UPS {i}", failure_rate_per_year=0.010,
    ...               mttr_hours=2.0)) for i in range(5))
    >>> plant = Topology(name="4+1", blocks=KofN(k=4, children=units, beta_frac=0.0),
    ...                  critical_mw=1.0)
    >>> f"{evaluate(plant).unavailability:.6e}"
    '5.212521e-11'
    """
    tree = resolve(topology.blocks)
    result = long_run(tree)
    return Reliability(
        availability_frac=1.0 - result.unavailability_frac,
        unavailability=result.unavailability_frac,
        minutes_lost_per_year=result.unavailability_frac * MINUTES_PER_YEAR,
        outages_per_year=result.outages_per_year,
        mean_outage_hours=result.mean_outage_hours,
        cut_sets=_largest_cut_sets(tree, result.unavailability_frac, cut_sets, least_share_frac),
        capex_usd=topology.capex_usd,
    )


def _largest_cut_sets(
    tree: FaultTree, unavailability: float, count: int, least_share_frac: float
) -> tuple[CutSet, ...]:
    if count == 0:
        return ()
    down = np.array([e.unavailability_frac for e in tree.events])
    planned = np.zeros(len(tree.events))
    for work in tree.maintenance:
        planned[work.event] = work.hours_per_year / HOURS_PER_YEAR
    diagram, failed = diagram_of(tree)
    found = likeliest_cut_sets(
        diagram,
        failed,
        np.minimum(down + planned, 1.0),
        count,
        least=least_share_frac * unavailability,
    )
    listed = []
    for cut in found:
        share = _together(down[list(cut)], planned[list(cut)])
        listed.append(
            CutSet(
                events=tuple(tree.events[i].name for i in cut),
                unavailability_frac=share,
                minutes_per_year=share * MINUTES_PER_YEAR,
                share_frac=share / unavailability if unavailability > 0.0 else 0.0,
            )
        )
    return tuple(sorted(listed, key=lambda c: -c.unavailability_frac))


def _together(down: FloatArray, planned: FloatArray) -> float:
    """Return the share of time that all events of a cut set are down, one of them by plan or none.

    Parameters
    ----------
    down : FloatArray
        Unavailability by failure of the events of the set, shape (event,).
    planned : FloatArray
        Share of time in planned work, shape (event,).
    """
    without = np.array([float(np.prod(np.delete(down, i))) for i in range(down.size)])
    return (1.0 - float(planned.sum())) * float(np.prod(down)) + float(planned @ without)
