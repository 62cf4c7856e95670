"""A supply with generators and battery behind it: losses of load per outage, exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.numerics.markov import transient
from rerack.reliability.blocks import Standby
from rerack.reliability.closed_forms import binomial_frac, own_and_common_frac
from rerack.reliability.component import HOURS_PER_YEAR, Component
from rerack.reliability.duration import OutageDuration


@dataclass(frozen=True, kw_only=True)
class SupplyLosses:
    """What a supply with reserve does to the load.

    Parameters
    ----------
    outages_per_year : float
        Outages of the primary [1/year].
    losses_per_outage : float
        Expected losses of the load in one of them; 2 are possible, one before the generators carry
        and one after they fail [count].
    lost_hours : float
        Expected hours without load in an outage [h].
    """

    outages_per_year: float
    losses_per_outage: float
    lost_hours: float

    @property
    def unavailability_frac(self) -> float:
        """Long-run share of time that the load is lost."""
        return self.outages_per_year * self.lost_hours / HOURS_PER_YEAR

    @property
    def mean_down_hours(self) -> float:
        """Mean length of a loss [h]; 0 if there are none."""
        if self.losses_per_outage == 0.0:
            return 0.0
        return self.lost_hours / self.losses_per_outage

    @property
    def failure_rate_per_year(self) -> float:
        """Losses per year of being up [1/year]."""
        return self.outages_per_year * self.losses_per_outage / (1.0 - self.unavailability_frac)


def supply_losses(
    standby: Standby, *, outages_per_year: float, mean_outage_hours: float
) -> SupplyLosses:
    r"""Return the losses of load of a supply with reserve.

    Parameters
    ----------
    standby : Standby
        The reserve; its notes say what happens in an outage.
    outages_per_year : float
        Outages of the primary [1/year].
    mean_outage_hours : float
        Their mean duration [h].

    Returns
    -------
    SupplyLosses
        Per outage and per year.

    Raises
    ------
    InputError
        `standby.duration` has another mean than the primary, or generators are in maintenance all
        year round.

    Notes
    -----
    Outages of the primary renew the process, so long-run shares are rates times expectations per
    outage. For an outage T exponential of mean m (kinds of a mixture are averaged), battery time b,
    start time s, generators started with probability P and carrying for a time D from s on:

        not started:  losses e^{-b/m},  hours m e^{-b/m}
        started:      gap  e^{-b/m} and m (e^{-b/m} - e^{-s/m})  if b < s
                      then e^{-max(b,s)/m} E[e^{-D/m}], hours m times that

    D is the least of the fuel and the time at which a Markov chain of running generators falls
    below the number needed: i -> i - 1 at i (1 - beta) f, i -> 0 at beta f. E[e^{-D/m}] is the
    chance that the chain with the return of the primary as a second way out (rate 1/m) ends by
    failure, or still runs when fuel is out. A sum of positive terms: no digits are lost.

    When not to use it: where outages follow each other before repairs are done, or where
    generators are repaired during outages of weeks (`rerack.reliability.survival`).
    """
    plant = _started(standby)
    losses = hours = 0.0
    for share, mean in _kinds(standby, mean_outage_hours):
        started = float(plant.sum())
        fails = _fails_in_outage(standby, plant, mean)
        for chance, ride in _battery(standby):
            lost, gone = _per_outage(standby, mean, ride, started, fails)
            losses += share * chance * lost
            hours += share * chance * gone
    result = SupplyLosses(
        outages_per_year=outages_per_year,
        losses_per_outage=losses,
        lost_hours=hours,
    )
    require(
        result.unavailability_frac < 1.0,
        f"standby {standby.name!r}: primary",
        given="a primary that is never up",
        allowed="a primary that is up at times",
    )
    return result


def _per_outage(
    standby: Standby, mean: float, ride: float, started: float, fails: float
) -> tuple[float, float]:
    """Return (losses, hours lost) per outage of mean `mean`, the battery carrying `ride` hours."""
    start = standby.start_hours
    beyond_battery, beyond_start = math.exp(-ride / mean), math.exp(-start / mean)
    losses = (1.0 - started) * beyond_battery
    hours = mean * losses
    if ride < start:
        losses += started * beyond_battery
        # m (e^{-b/m} - e^{-s/m}), without cancellation for times far below the mean.
        hours += started * mean * beyond_battery * -math.expm1((ride - start) / mean)
    late = min(beyond_battery, beyond_start) * fails
    return losses + late, hours + mean * late


def _kinds(standby: Standby, mean_outage_hours: float) -> Iterator[tuple[float, float]]:
    """Yield (share, mean) of each kind of outage."""
    duration = standby.duration
    if duration is None:
        if mean_outage_hours == 0.0:
            return
        duration = OutageDuration(shares_frac=(1.0,), means_hours=(mean_outage_hours,))
    require(
        math.isclose(duration.mean_hours, mean_outage_hours, rel_tol=1e-3),
        f"standby {standby.name!r}: duration",
        given=f"a mean of {duration.mean_hours:g} h",
        allowed=f"{mean_outage_hours:g} h, the mean outage of the primary",
        cure="Make mttr_hours of the primary and the mean of the durations equal.",
    )
    yield from zip(duration.shares_frac, duration.means_hours, strict=True)


def _battery(standby: Standby) -> Iterator[tuple[float, float]]:
    """Yield (probability, hours carried) of the battery at the start of an outage."""
    ready = 0.0 if standby.battery is None else _ready_frac(standby.battery)
    yield ready, standby.ride_through_hours
    yield 1.0 - ready, 0.0


def _ready_frac(unit: Component) -> float:
    in_service = 1.0 - unit.maintenance_hours_per_year / HOURS_PER_YEAR
    return in_service * (1.0 - unit.waiting_unavailability_frac) * (1.0 - unit.fail_to_start_frac)


def _started(standby: Standby) -> FloatArray:
    """Return the chance that j generators carry the load at first, j = needed .. installed."""
    unit, n, k = standby.generator, standby.installed, standby.needed
    if unit is None:
        return np.zeros(1)
    beta = standby.beta_frac or 0.0
    working = 1.0 - n * unit.maintenance_hours_per_year / HOURS_PER_YEAR
    require(
        working >= 0.0,
        f"standby {standby.name!r}: maintenance_hours_per_year",
        given=f"{unit.maintenance_hours_per_year:g} hours for each of {n} generators",
        allowed=f"{HOURS_PER_YEAR / n:g} hours: work is done on one at a time",
    )
    modes = ((unit.waiting_unavailability_frac, beta), (unit.fail_to_start_frac, beta))
    own, common = own_and_common_frac(modes)
    chances = working * binomial_frac(n, 1.0 - own)
    chances[:n] += (1.0 - working) * binomial_frac(n - 1, 1.0 - own)
    return np.asarray((1.0 - common) * chances[k:])


def _fails_in_outage(standby: Standby, started: FloatArray, mean: float) -> float:
    """Return the chance that the generators start and stop carrying before the primary is back."""
    unit = standby.generator
    if unit is None or started.sum() == 0.0:
        return 0.0
    beta, fails = standby.beta_frac or 0.0, unit.fail_to_run_per_hour
    states = started.size
    # States: needed .. installed running, then failed, then primary back.
    rates = np.zeros((states + 2, states + 2))
    for state in range(states):
        running = standby.needed + state
        lower = state - 1 if state > 0 else states
        rates[state, lower] += running * (1.0 - beta) * fails
        rates[state, states] += beta * fails
        rates[state, states + 1] = 1.0 / mean
        rates[state, state] = -rates[state].sum()
    if math.isinf(standby.fuel_hours):
        inside = rates[:states, :states]
        return float(started @ np.linalg.solve(-inside, rates[:states, states]))
    end = transient(rates, standby.fuel_hours, start=np.concatenate([started, [0.0, 0.0]]))
    return float(end[: states + 1].sum())
