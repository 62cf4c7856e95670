"""Rare-event simulation of a topology: an independent check of the exact answer, with an error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require, require_between
from rerack.base.streams import Streams
from rerack.reliability.blocks import Standby
from rerack.reliability.closed_forms import own_and_common_frac
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.duration import OutageDuration
from rerack.reliability.fault_tree import MAINTENANCE_PER_YEAR, FaultTree
from rerack.reliability.long_run import long_run
from rerack.reliability.resolve import resolve
from rerack.reliability.simulate_course import Reserves
from rerack.reliability.simulate_kernel import Net, cycles
from rerack.reliability.supply import supply_losses
from rerack.reliability.topology import Topology, walk

#: Cycles of each stratum that find out where more are worth most.
_PILOT = 400
#: Share of all cycles that are spread evenly over strata, whatever the pilot saw.
_EVEN_FRAC = 0.3
#: Share of the cycles that measure how long a cycle takes, without forcing.
_UNFORCED_FRAC = 0.2
#: Edges between which lengths of outages are counted [h].
LENGTH_EDGES_HOURS = np.geomspace(1.0 / 60.0, 1000.0, 61)
_Z95 = 1.959963984540054


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What a simulation found, with standard errors.

    Parameters
    ----------
    unavailability_frac : float
        Share of time that the load is lost.
    unavailability_error_frac : float
        Its standard error.
    outages_per_year : float
        Losses of the load [1/year].
    outages_error_per_year : float
        Its standard error [1/year].
    longer_than_frac : FloatArray
        Share of outages longer than each of `LENGTH_EDGES_HOURS`, shape (edge,).
    cycles : int
        Cycles simulated.
    """

    unavailability_frac: float
    unavailability_error_frac: float
    outages_per_year: float
    outages_error_per_year: float
    longer_than_frac: FloatArray
    cycles: int

    @property
    def half_width_frac(self) -> float:
        """Half the width of the 95 % interval of the unavailability, over the unavailability."""
        if self.unavailability_frac == 0.0:
            return math.inf
        return _Z95 * self.unavailability_error_frac / self.unavailability_frac


def simulate(topology: Topology, *, cycles: int = 200_000, seed: int = 1) -> Simulation:
    r"""Return unavailability and frequency of outages by rare-event simulation.

    Parameters
    ----------
    topology : Topology
        What keeps the load running.
    cycles : int
        Cycles to simulate, at least 10,000.
    seed : int
        Seed; the same one replays the same numbers.

    Returns
    -------
    Simulation
        Estimates with standard errors.

    Notes
    -----
    A cycle begins with a failure while everything is in order and ends when it is again. With
    rates h_i of what may begin it and H their sum, renewal theory gives

        U = sum_i (h_i / H) E[lost | i] / (1 / H + sum_i (h_i / H) E[busy | i])

    (Goyal et al. 1992, doi:10.1109/12.123381, measure-specific dynamic importance sampling). First
    failures are strata, sampled where they add most variance (Neyman). Within a cycle and until
    the load is lost, a further failure before the next return is *forced* with chance 1/2, and
    drawn half by rate and half evenly (balanced failure biasing, Shahabuddin 1994,
    doi:10.1287/mnsc.40.3.333); each draw multiplies the cycle's weight by its likelihood ratio,
    which is at most 2 where nothing fails. The time to the next return is never biased, so that
    weights stay bounded whatever the distributions. Busy time is measured in cycles of its own.

    An outage of a supply is played in full: battery, start, runs, common causes, fuel. Its
    primary enters by its exact frequency and mean length.

    When not to use it: for what `evaluate` gives exactly.

    Examples
    --------
    >>> from rerack.reliability import Component, Leaf
    >>> pump = Component(name="pump", failure_rate_per_year=1.0, mttr_hours=87.6)
    >>> one = Topology(name="one", blocks=Leaf(component=pump), critical_mw=1.0)
    >>> result = simulate(one, cycles=20_000)
    >>> abs(result.unavailability_frac - 0.01 / 1.01) < 4 * result.unavailability_error_frac
    True
    """
    require(cycles >= 10_000, "simulate: cycles", given=cycles, allowed="10,000 or more")
    tree = resolve(topology.blocks)
    supplies = {b.name: b for b in walk(topology.blocks) if isinstance(b, Standby)}
    places = [supplies[e.name] for e in tree.events if e.kind == "supply"]
    reserves, net = _reserves(places), _net(tree, supplies)
    rates = np.concatenate([net.hazard, net.work_hazard])
    total = float(rates.sum())
    if total == 0.0:
        nothing = np.zeros(LENGTH_EDGES_HOURS.size)
        return Simulation(
            unavailability_frac=0.0,
            unavailability_error_frac=0.0,
            outages_per_year=0.0,
            outages_error_per_year=0.0,
            longer_than_frac=frozen_array(nothing),
            cycles=0,
        )
    sampler = _Sampler(net=net, reserves=reserves, weights=rates / total, streams=Streams(seed))
    busy = sampler.run(int(_UNFORCED_FRAC * cycles), forced=False)
    lost = sampler.run(cycles - int(_UNFORCED_FRAC * cycles), forced=True)
    length = 1.0 / total + busy.mean[2]
    share, often = lost.mean[0] / length, lost.mean[1] / length
    slack = busy.error[2] / length
    longer = lost.histogram[::-1].cumsum()[::-1][1:]
    return Simulation(
        unavailability_frac=share,
        unavailability_error_frac=math.hypot(lost.error[0] / length, share * slack),
        outages_per_year=often * HOURS_PER_YEAR,
        outages_error_per_year=math.hypot(lost.error[1] / length, often * slack) * HOURS_PER_YEAR,
        longer_than_frac=frozen_array(longer / max(float(lost.histogram.sum()), 1e-300)),
        cycles=busy.cycles + lost.cycles,
    )


@dataclass(frozen=True, kw_only=True)
class _Estimate:
    """Means and errors a cycle of (lost hours, losses, busy hours), and lengths of outages."""

    mean: tuple[float, float, float]
    error: tuple[float, float, float]
    histogram: FloatArray
    cycles: int


@dataclass(frozen=True, kw_only=True)
class _Sampler:
    """Draws cycles by stratum: a pilot to see the variances, then the estimate."""

    net: Net
    reserves: Reserves
    weights: FloatArray
    streams: Streams

    def run(self, count: int, *, forced: bool) -> _Estimate:
        name = f"reliability {'forced' if forced else 'plain'}"
        strata = np.flatnonzero(self.weights)
        pilot = np.full(strata.size, _PILOT)
        sums, _ = self.stage(strata, pilot, forced, f"{name} pilot")
        weight = self.weights[strata]
        shares = _neyman(sums, pilot, weight, (0, 2) if forced else (4,))
        shares = _EVEN_FRAC / strata.size + (1.0 - _EVEN_FRAC) * shares
        numbers = np.maximum(_PILOT, (shares * count).astype(np.int64))
        sums, histograms = self.stage(strata, numbers, forced, name)
        mean = [float(weight @ (sums[:, c] / numbers)) for c in (0, 2, 4)]
        error = [
            math.sqrt(float((weight**2 / numbers) @ _variance(sums, numbers, c))) for c in (0, 2, 4)
        ]
        return _Estimate(
            mean=(mean[0], mean[1], mean[2]),
            error=(error[0], error[1], error[2]),
            histogram=np.asarray((weight / numbers) @ histograms),
            cycles=int(numbers.sum() + pilot.sum()),
        )

    def stage(
        self, strata: np.ndarray, numbers: np.ndarray, forced: bool, name: str
    ) -> tuple[FloatArray, FloatArray]:
        """Return sums (stratum, 6) and histograms (stratum, length)."""
        sums = np.zeros((strata.size, 6))
        histograms = np.zeros((strata.size, LENGTH_EDGES_HOURS.size + 1))
        for row, (first, number) in enumerate(zip(strata, numbers, strict=True)):
            random = self.streams.generator(name, int(first))
            cycles(
                self.net,
                self.reserves,
                int(first),
                int(number),
                forced,
                random,
                LENGTH_EDGES_HOURS,
                sums[row],
                histograms[row],
            )
        return sums, histograms


def _neyman(
    sums: FloatArray, numbers: np.ndarray, weight: FloatArray, columns: tuple[int, ...]
) -> FloatArray:
    """Return the share of cycles of each stratum by what it adds to the relative errors."""
    spread = np.zeros(weight.size)
    for column in columns:
        mean = float(weight @ (sums[:, column] / numbers))
        if mean > 0.0:
            spread += _variance(sums, numbers, column) / mean**2
    wanted = weight * np.sqrt(spread)
    return np.asarray(wanted / max(float(wanted.sum()), 1e-300))


def _variance(sums: FloatArray, numbers: np.ndarray, column: int) -> FloatArray:
    """Return the variance within each stratum, shape (stratum,)."""
    mean = sums[:, column] / numbers
    spread = sums[:, column + 1] / numbers - mean**2
    return np.asarray(np.maximum(spread, 0.0) * numbers / (numbers - 1))


def _net(tree: FaultTree, supplies: dict[str, Standby]) -> Net:
    count = len(tree.events)
    hazard, repair = np.zeros(count), np.zeros(count)
    supply = np.full(count, -1, np.int64)
    for number, event in enumerate(tree.events):
        if event.kind == "supply":
            supply[number] = int((supply >= 0).sum())
            hazard[number] = _outage_hazard(supplies[event.name], event.failure_rate_per_year)
        else:
            hazard[number] = event.failure_rate_per_year / HOURS_PER_YEAR
            repair[number] = 1.0 / event.mean_down_hours if event.mean_down_hours > 0.0 else 0.0
    hours = np.array([w.hours_per_year / MAINTENANCE_PER_YEAR for w in tree.maintenance])
    shares = hours / HOURS_PER_YEAR * MAINTENANCE_PER_YEAR
    # Once a year on average, never two at once: while none is under way the rate is higher.
    work_hazard = shares / hours / (1.0 - shares.sum()) if hours.size else np.zeros(0)
    inputs = [i for gate in tree.gates for i in gate.inputs]
    starts = np.cumsum([0, *(len(gate.inputs) for gate in tree.gates)])
    return Net(
        hazard=hazard,
        repair=repair,
        supply=supply,
        work_event=np.array([w.event for w in tree.maintenance], np.int64),
        work_hazard=np.asarray(work_hazard, np.float64),
        work_hours=hours.astype(np.float64),
        threshold=np.array([gate.threshold for gate in tree.gates], np.int64),
        input_start=starts.astype(np.int64),
        inputs=np.array(inputs, np.int64),
        top=tree.top,
    )


def _outage_hazard(standby: Standby, failure_rate_per_year: float) -> float:
    """Return outages of the primary per hour of its being up, less what common causes took over."""
    feed = long_run(resolve(standby.primary))
    losses = supply_losses(
        standby,
        outages_per_year=feed.outages_per_year,
        mean_outage_hours=feed.mean_outage_hours,
    )
    if losses.failure_rate_per_year == 0.0:
        return 0.0
    kept = failure_rate_per_year / losses.failure_rate_per_year
    up = 1.0 - feed.unavailability_frac
    return kept * feed.outages_per_year / HOURS_PER_YEAR / up


def _reserves(places: list[Standby]) -> Reserves:
    rows = [_reserve(standby) for standby in places]
    kinds = max((len(row[0]) for row in rows), default=1)
    share, mean = np.zeros((len(rows), kinds)), np.ones((len(rows), kinds))
    for number, (shares, means, _) in enumerate(rows):
        share[number, : len(shares)], mean[number, : len(means)] = shares, means
    plain = np.array([row[2] for row in rows]).reshape(len(rows), 11).T
    columns = [np.ascontiguousarray(column) for column in plain]
    return Reserves(share, mean, *columns)


def _reserve(
    standby: Standby,
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Return shares and means of the kinds of outage, and the numbers of `Reserves` in order."""
    feed = long_run(resolve(standby.primary))
    duration = standby.duration or OutageDuration(
        shares_frac=(1.0,), means_hours=(max(feed.mean_outage_hours, 1e-9),)
    )
    beta = standby.beta_frac or 0.0
    battery, unit = standby.battery, standby.generator
    missing = 1.0
    if battery is not None:
        in_service = 1.0 - battery.maintenance_hours_per_year / HOURS_PER_YEAR
        answers = (1.0 - battery.waiting_unavailability_frac) * (1.0 - battery.fail_to_start_frac)
        missing = 1.0 - in_service * answers
    own = common = fails = work = 0.0
    if unit is not None:
        modes = ((unit.waiting_unavailability_frac, beta), (unit.fail_to_start_frac, beta))
        own, common = own_and_common_frac(modes)
        fails = unit.fail_to_run_per_hour
        work = standby.installed * unit.maintenance_hours_per_year / HOURS_PER_YEAR
    require_between(work, 0.0, 1.0, f"standby {standby.name!r}: maintenance_hours_per_year")
    kinds = [
        (share, mean)
        for share, mean in zip(duration.shares_frac, duration.means_hours, strict=True)
        if share > 0.0
    ]
    numbers = (
        missing,
        standby.ride_through_hours,
        standby.start_hours,
        standby.fuel_hours,
        float(standby.installed),
        float(standby.needed),
        own,
        common,
        beta,
        fails,
        work,
    )
    return tuple(s for s, _ in kinds), tuple(m for _, m in kinds), numbers
