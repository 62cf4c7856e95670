"""Outages of a topology by kind: how often each comes and how long it lasts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray, require_between
from rerack.numerics.bdd_cuts import likeliest_cut_sets
from rerack.reliability.blocks import Standby
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.duration import OutageDuration
from rerack.reliability.fault_tree import MAINTENANCE_PER_YEAR, FaultTree
from rerack.reliability.long_run import diagram_of, long_run
from rerack.reliability.resolve import resolve
from rerack.reliability.supply import supply_losses
from rerack.reliability.topology import Topology, walk

#: Cut sets looked at; what the others add is spread over these.
_CUT_SETS = 200
#: Kinds of one cause and of lengths nearer than this are one.
_SAME_LENGTH = 1e-6

#: Share of a supply's losses below which gaps before its generators are not told apart.
_LEAST_GAPS = 1e-6

#: (share of the time down, mean length in hours) of each kind of an event.
_Lengths = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class OutageKind:
    """Outages of one cause.

    Parameters
    ----------
    cause : str
        Events that are down together.
    outages_per_year : float
        How often [1/year].
    mean_hours : float
        Mean length, exponential [h].
    """

    cause: str
    outages_per_year: float
    mean_hours: float


@dataclass(frozen=True, kw_only=True)
class OutageProfile:
    """All unplanned outages by kind, and planned ones.

    Parameters
    ----------
    kinds : tuple of OutageKind
        Unplanned outages, most minutes first; kinds come independently, as Poisson processes.
    planned_hours : tuple of float
        Length of each planned outage of a year [h]; each comes once.
    """

    kinds: tuple[OutageKind, ...]
    planned_hours: tuple[float, ...] = ()

    @property
    def outages_per_year(self) -> float:
        """Unplanned outages in a year [1/year]."""
        return math.fsum(k.outages_per_year for k in self.kinds)

    @property
    def minutes_lost_per_year(self) -> float:
        """Expected unplanned minutes without load in a year [min/year]."""
        return 60.0 * math.fsum(k.outages_per_year * k.mean_hours for k in self.kinds)

    @property
    def planned_minutes_per_year(self) -> float:
        """Planned minutes without load in a year [min/year]."""
        return 60.0 * math.fsum(self.planned_hours)

    def longer_than_frac(self, hours: float) -> float:
        """Return the share of unplanned outages that last longer than `hours` [h].

        Examples
        --------
        >>> short = OutageKind(cause="a", outages_per_year=3.0, mean_hours=1.0)
        >>> long = OutageKind(cause="b", outages_per_year=1.0, mean_hours=10.0)
        >>> round(OutageProfile(kinds=(short, long)).longer_than_frac(5.0), 4)
        0.1567
        """
        total = self.outages_per_year
        if total == 0.0:
            return 0.0
        longer = (k.outages_per_year * math.exp(-hours / k.mean_hours) for k in self.kinds)
        return math.fsum(longer) / total

    def quantile_hours(self, frac: float) -> float:
        """Return the length that a share `frac` of unplanned outages stays within [h]."""
        require_between(frac, 0.0, 1.0 - 1e-9, "outage profile: frac")
        if not self.kinds:
            return 0.0
        low, high = 0.0, max(k.mean_hours for k in self.kinds)
        while self.longer_than_frac(high) > 1.0 - frac:
            high *= 2.0
        for _ in range(60):
            middle = 0.5 * (low + high)
            if self.longer_than_frac(middle) > 1.0 - frac:
                low = middle
            else:
                high = middle
        return high


def outage_profile(topology: Topology) -> OutageProfile:
    r"""Return the outages of a topology by kind.

    Parameters
    ----------
    topology : Topology
        What keeps the load running.

    Notes
    -----
    Every minimal cut set C is a kind. With repair times exponential of mean r_i and shares of time
    down u_i, all of C is down for a share prod u_i, and each time until the first repair:

        length d = 1 / sum(1 / r_i),    frequency prod(u_i) / d

    Where planned work takes one of C down, its u_i is the work's share of time and its r_i the
    work's length. A supply with reserve has two lengths for each kind of outage of its primary:
    the gap until its generators carry, where the battery does not bridge it, and the outage itself.
    Frequencies and lengths are then scaled by one factor each, so that total frequency and total
    time down are the exact ones of `evaluate`: cut sets overlap, but rarely. Planned work that by
    itself takes the load down stands apart, as it comes once a year and not by chance.

    When not to use it: where outages are so common that cut sets overlap (unavailability of some
    per cent), or where one crew repairs everything.

    Examples
    --------
    >>> from rerack.reliability import Component, Leaf, Parallel
    >>> a, b = (Leaf(component=Component(name=n, failure_rate_per_year=1.0, mttr_hours=10.0))
    ...         for n in "ab")
    >>> pair = Topology(name="pair", critical_mw=1.0,
    ...                 blocks=Parallel(children=(a, b), beta_frac=0.1, name="pair"))
    >>> [(k.cause, round(k.outages_per_year, 5), round(k.mean_hours, 2))
    ...  for k in outage_profile(pair).kinds]
    [('common cause: pair', 0.09999, 10.0), ('a + b', 0.00185, 5.0)]
    """
    tree = resolve(topology.blocks)
    diagram, lost = diagram_of(tree)
    down = np.array([e.unavailability_frac for e in tree.events])
    hours = np.zeros(len(tree.events))
    for work in tree.maintenance:
        hours[work.event] = work.hours_per_year / MAINTENANCE_PER_YEAR
    planned = hours / HOURS_PER_YEAR
    cuts = likeliest_cut_sets(diagram, lost, np.minimum(down + planned, 1.0), _CUT_SETS)
    alone = [cut[0] for cut in cuts if len(cut) == 1 and hours[cut[0]] > 0.0]
    lengths = _lengths(topology, tree)
    kinds = [
        kind
        for cut in cuts
        for kind in _kinds_of(tree, cut, down, hours, lengths)
        if kind.outages_per_year > 0.0
    ]
    unplanned = replace(
        tree, maintenance=tuple(m for m in tree.maintenance if m.event not in alone)
    )
    exact = long_run(unplanned)
    return OutageProfile(
        kinds=_scaled(kinds, exact.outages_per_year, exact.unavailability_frac * HOURS_PER_YEAR),
        planned_hours=tuple(float(hours[i]) for i in alone),
    )


def _kinds_of(
    tree: FaultTree,
    cut: tuple[int, ...],
    down: FloatArray,
    hours: FloatArray,
    lengths: dict[int, _Lengths],
) -> Iterator[OutageKind]:
    """Yield the kinds of one cut set: by failures alone, and beside planned work on one event."""
    cause = " + ".join(tree.events[i].name for i in cut)
    work_frac = float(hours[list(cut)].sum()) / HOURS_PER_YEAR
    for parts in itertools.product(*(lengths[i] for i in cut)):
        share = (1.0 - work_frac) * math.prod(
            float(down[i]) * part for i, (part, _) in zip(cut, parts, strict=True)
        )
        yield _kind(cause, share, [mean for _, mean in parts])
    for work in cut:
        others = [i for i in cut if i != work]
        if hours[work] == 0.0 or not others:
            continue
        label = " + ".join([f"work on {tree.events[work].name}", *_names(tree, others)])
        for parts in itertools.product(*(lengths[i] for i in others)):
            share = float(hours[work]) / HOURS_PER_YEAR
            share *= math.prod(
                float(down[i]) * part for i, (part, _) in zip(others, parts, strict=True)
            )
            yield _kind(label, share, [float(hours[work]), *(mean for _, mean in parts)])


def _names(tree: FaultTree, events: list[int]) -> list[str]:
    return [tree.events[i].name for i in events]


def _kind(cause: str, share: float, means: list[float]) -> OutageKind:
    mean = 1.0 / sum(1.0 / m for m in means) if share > 0.0 else 0.0
    often = share * HOURS_PER_YEAR / mean if share > 0.0 else 0.0
    return OutageKind(cause=cause, outages_per_year=often, mean_hours=mean)


def _scaled(
    kinds: list[OutageKind], outages_per_year: float, lost_hours: float
) -> tuple[OutageKind, ...]:
    """Return kinds merged, with the exact totals, most time first."""
    merged: dict[tuple[str, int], OutageKind] = {}
    for kind in kinds:
        key = (kind.cause, round(math.log(kind.mean_hours) / _SAME_LENGTH))
        have = merged.get(key)
        often = kind.outages_per_year + (have.outages_per_year if have else 0.0)
        merged[key] = replace(kind, outages_per_year=often)
    often = math.fsum(k.outages_per_year for k in merged.values())
    if often == 0.0:
        return ()
    time = math.fsum(k.outages_per_year * k.mean_hours for k in merged.values())
    rate, length = outages_per_year / often, lost_hours / outages_per_year * often / time
    found = [
        replace(k, outages_per_year=k.outages_per_year * rate, mean_hours=k.mean_hours * length)
        for k in merged.values()
    ]
    return tuple(sorted(found, key=lambda k: -k.outages_per_year * k.mean_hours))


def _lengths(topology: Topology, tree: FaultTree) -> dict[int, _Lengths]:
    """Return the lengths of each event, one kind each but for supplies with reserve."""
    supplies = {b.name: b for b in walk(topology.blocks) if isinstance(b, Standby)}
    found: dict[int, _Lengths] = {}
    for number, event in enumerate(tree.events):
        if event.name in supplies and event.kind == "supply":
            found[number] = _supply_lengths(supplies[event.name])
        else:
            found[number] = ((1.0, event.mean_down_hours),)
    return found


def _supply_lengths(standby: Standby) -> _Lengths:
    feed = long_run(resolve(standby.primary))
    duration = standby.duration or OutageDuration(
        shares_frac=(1.0,), means_hours=(feed.mean_outage_hours,)
    )
    found = []
    for share, mean in zip(duration.shares_frac, duration.means_hours, strict=True):
        one = replace(standby, duration=OutageDuration(shares_frac=(1.0,), means_hours=(mean,)))
        often = feed.outages_per_year * share
        whole = supply_losses(one, outages_per_year=often, mean_outage_hours=mean)
        # With generators that carry at once there is no gap before them: the rest are gaps.
        later = supply_losses(
            replace(one, start_hours=0.0), outages_per_year=often, mean_outage_hours=mean
        )
        gaps = whole.losses_per_outage - later.losses_per_outage
        if gaps > _LEAST_GAPS * whole.losses_per_outage:
            hours = whole.lost_hours - later.lost_hours
            found.append((often * hours, hours / gaps))
            whole = later
        if whole.lost_hours > 0.0:
            found.append((often * whole.lost_hours, whole.mean_down_hours))
    total = sum(part for part, _ in found)
    return tuple((part / total, mean) for part, mean in found if part > 0.0) or ((1.0, 1.0),)
