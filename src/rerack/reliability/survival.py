"""Survival of one long outage, step by step: generators that fail, a battery that runs empty."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.reliability.closed_forms import binomial_frac, run_failure_frac
from rerack.reliability.component import HOURS_PER_YEAR, Component

#: Levels between empty and full at which the battery's charge is followed.
CHARGE_LEVELS = 400
#: Charge this far from a level counts as on it [levels].
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class GeneratorFleet:
    """Like generators that start together when the outage begins.

    Parameters
    ----------
    units : int
        Number of generators.
    unit_mw : float
        Capacity of one [MW].
    available_frac : float
        Chance that a unit is in service when the outage begins.
    fail_to_start_frac : float
        Chance that a unit in service does not start.
    fail_to_run_frac : float
        Chance that a running unit fails in a time step, before it serves that step.
    """

    units: int
    unit_mw: float
    available_frac: float = 1.0
    fail_to_start_frac: float = 0.0
    fail_to_run_frac: float = 0.0

    def __post_init__(self) -> None:
        require(self.units >= 1, "fleet: units", given=self.units, allowed="1 or more")
        require_between(self.unit_mw, 0.0, 1e5, "fleet: unit_mw")
        require_between(self.available_frac, 0.0, 1.0, "fleet: available_frac")
        require_between(self.fail_to_start_frac, 0.0, 1.0, "fleet: fail_to_start_frac")
        require_between(self.fail_to_run_frac, 0.0, 1.0, "fleet: fail_to_run_frac")

    @classmethod
    def of(cls, unit: Component, units: int, *, step_hours: float = 1.0) -> GeneratorFleet:
        """Return a fleet of `units` of a catalogue component, for steps of `step_hours` [h]."""
        planned = unit.maintenance_hours_per_year / HOURS_PER_YEAR
        return cls(
            units=units,
            unit_mw=unit.capacity_mw,
            available_frac=(1.0 - planned) * (1.0 - unit.waiting_unavailability_frac),
            fail_to_start_frac=unit.fail_to_start_frac,
            fail_to_run_frac=run_failure_frac(unit.fail_to_run_per_hour, step_hours),
        )


@dataclass(frozen=True, kw_only=True)
class OutageBattery:
    """A battery that helps the generators through.

    Parameters
    ----------
    energy_mwh : float
        Energy when full [MWh].
    power_mw : float
        Limit of charging and of discharging [MW].
    start_frac : float
        Charge when the outage begins, as a share of `energy_mwh`.
    minimum_frac : float
        Charge below which it does not go, as a share of `energy_mwh`.
    charge_efficiency_frac : float
        Energy stored over energy taken.
    discharge_efficiency_frac : float
        Energy given over energy drawn from the store.
    """

    energy_mwh: float
    power_mw: float
    start_frac: float = 1.0
    minimum_frac: float = 0.0
    charge_efficiency_frac: float = 1.0
    discharge_efficiency_frac: float = 1.0

    def __post_init__(self) -> None:
        require(
            0.0 < self.energy_mwh < math.inf,
            "battery: energy_mwh",
            given=self.energy_mwh,
            allowed="more than 0",
        )
        require_between(self.power_mw, 0.0, 1e6, "battery: power_mw")
        require_between(self.minimum_frac, 0.0, 0.999, "battery: minimum_frac")
        require_between(self.start_frac, self.minimum_frac, 1.0, "battery: start_frac")
        for name in ("charge_efficiency_frac", "discharge_efficiency_frac"):
            require_between(getattr(self, name), 1e-3, 1.0, f"battery: {name}")


def start_states(fleets: tuple[GeneratorFleet, ...]) -> FloatArray:
    """Return the chance of each number of running generators just after the start.

    Parameters
    ----------
    fleets : tuple of GeneratorFleet
        Kinds of generators, independent of each other.

    Returns
    -------
    FloatArray
        Binomial in available_frac (1 - fail_to_start_frac), shape (units_1 + 1, units_2 + 1, ...).

    Examples
    --------
    >>> start_states((GeneratorFleet(units=1, unit_mw=1.0, fail_to_start_frac=0.25),)).tolist()
    [0.25, 0.75]
    """
    state = np.ones(())
    for fleet in fleets:
        running = fleet.available_frac * (1.0 - fleet.fail_to_start_frac)
        state = np.multiply.outer(state, binomial_frac(fleet.units, running))
    return state


def survival_frac(
    load_mw: ArrayLike,
    fleets: tuple[GeneratorFleet, ...],
    *,
    battery: OutageBattery | None = None,
    step_hours: float = 1.0,
) -> FloatArray:
    """Return the chance that the load has been served without a break up to the end of each step.

    Parameters
    ----------
    load_mw : array_like
        Critical load in each step of the outage, shape (time,) [MW].
    fleets : tuple of GeneratorFleet
        Generators; independent, no repair, fuel for the whole outage.
    battery : OutageBattery or None
        Stores what generators have to spare and covers what they lack.
    step_hours : float
        Length of a step [h].

    Returns
    -------
    FloatArray
        Shape (time,), falling.

    Notes
    -----
    A Markov chain in discrete time, on running generators of each kind times charge. In a step
    units fail first, then the rest serve it, the order of NREL's REopt
    (src/outagesim/backup_reliability.jl), whose test cases come out. Charge is kept on
    `CHARGE_LEVELS` levels, what is stored rounded down and what is drawn rounded up: survival is
    never overstated, and exact where steps of charge fall on levels.

    When not to use it: where generators share causes of failure (`too_few_frac`, `Standby`).

    Examples
    --------
    >>> pair = GeneratorFleet(units=2, unit_mw=1.0, fail_to_run_frac=0.2)
    >>> survival_frac([1.0, 2.0, 2.0], (pair,)).round(6).tolist()
    [0.96, 0.4096, 0.262144]
    """
    load = as_finite(load_mw, "survival: load_mw", ndim=1)
    require(bool((load >= 0.0).all()), "survival: load_mw", given=load.min(), allowed="0 or more")
    require_between(step_hours, 1e-3, 1e3, "survival: step_hours")
    state = start_states(fleets)[..., None] * _first_charge(battery)
    supply = _capacities(fleets)
    steps = [_surviving(fleet.units, fleet.fail_to_run_frac) for fleet in fleets]
    served = np.empty(load.size)
    for time, need in enumerate(load):
        for axis, step in enumerate(steps):
            state = np.moveaxis(np.tensordot(state, step, axes=(axis, 0)), -1, axis)
        for running in np.ndindex(supply.shape):
            state[running] = _after(state[running], supply[running] - need, battery, step_hours)
        served[time] = state.sum()
    return served


def _after(
    chances: FloatArray, spare_mw: float, battery: OutageBattery | None, step_hours: float
) -> FloatArray:
    """Return the chance of each charge level after a step in which `spare_mw` is left over."""
    if battery is None:
        return chances if spare_mw >= -1e-12 else np.zeros_like(chances)
    level_mwh = battery.energy_mwh * (1.0 - battery.minimum_frac) / CHARGE_LEVELS
    after = np.zeros_like(chances)
    if spare_mw >= 0.0:
        taken = min(spare_mw, battery.power_mw) * battery.charge_efficiency_frac * step_hours
        up = min(math.floor(taken / level_mwh + _ROUNDING), CHARGE_LEVELS)
        after[up:] = chances[: CHARGE_LEVELS + 1 - up]
        after[CHARGE_LEVELS] += chances[CHARGE_LEVELS + 1 - up :].sum()
    elif -spare_mw <= battery.power_mw * (1.0 + _ROUNDING):
        drawn = -spare_mw * step_hours / battery.discharge_efficiency_frac
        down = math.ceil(drawn / level_mwh - _ROUNDING)
        if down <= CHARGE_LEVELS:
            after[: CHARGE_LEVELS + 1 - down] = chances[down:]
    return after


def _first_charge(battery: OutageBattery | None) -> FloatArray:
    if battery is None:
        return np.ones(1)
    usable = (battery.start_frac - battery.minimum_frac) / (1.0 - battery.minimum_frac)
    chances = np.zeros(CHARGE_LEVELS + 1)
    chances[math.floor(usable * CHARGE_LEVELS + _ROUNDING)] = 1.0
    return chances


def _capacities(fleets: tuple[GeneratorFleet, ...]) -> FloatArray:
    """Return the capacity [MW] for each number of running units, shape (units_1 + 1, ...)."""
    total = np.zeros(())
    for fleet in fleets:
        total = np.add.outer(total, fleet.unit_mw * np.arange(fleet.units + 1))
    return total


def _surviving(units: int, fails_frac: float) -> FloatArray:
    """Return the chance that j of i running units go on, shape (units + 1, units + 1)."""
    step = np.zeros((units + 1, units + 1))
    for i in range(units + 1):
        step[i, : i + 1] = binomial_frac(i, 1.0 - fails_frac)
    return step
