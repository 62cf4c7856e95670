"""Compiled: the course of one outage of a supply with reserve, rare turns drawn more often."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel

#: Chances with which rare turns are drawn; any between 0 and 1 give the same answer.
_BATTERY, _COMMON_START, _WORK, _START_CAP, _COMMON_RUN, _RUN = 0.3, 0.2, 0.3, 0.8, 0.3, 0.5
#: Share of courses in which they are.
_BIASED = 0.5


class Reserves(NamedTuple):
    """Reserves of all supplies, numbers only.

    Parameters
    ----------
    kind_frac, kind_hours : FloatArray
        Share and mean length of each kind of outage, shape (supply, kind); unused kinds have
        share 0 and stand last.
    battery_miss_frac, ride_hours : FloatArray
        Chance that the battery does not answer, and how long it carries, shape (supply,).
    start_hours, fuel_hours : FloatArray
        Start and fuel of the generators, shape (supply,).
    installed, needed : FloatArray
        Generators, shape (supply,).
    own_frac, common_frac, beta_frac : FloatArray
        Chance of one, and of all, not starting; share of common failures to run, shape (supply,).
    fail_per_hour, work_frac : FloatArray
        Failures per hour of running, and chance that one is in planned work, shape (supply,).
    """

    kind_frac: FloatArray
    kind_hours: FloatArray
    battery_miss_frac: FloatArray
    ride_hours: FloatArray
    start_hours: FloatArray
    fuel_hours: FloatArray
    installed: FloatArray
    needed: FloatArray
    own_frac: FloatArray
    common_frac: FloatArray
    beta_frac: FloatArray
    fail_per_hour: FloatArray
    work_frac: FloatArray


@kernel
def draw(random: np.random.Generator, chance: float, forced: float) -> tuple[bool, float]:
    """Return whether something of `chance` happens, drawn with at least `forced`, and the weight.

    The weight is the likelihood ratio: chance over the chance it was drawn with.
    """
    hit, ratio = _turn(random, chance, forced, True)
    return hit, 1.0 / ratio


@kernel
def _turn(
    random: np.random.Generator, chance: float, forced: float, biased: bool
) -> tuple[bool, float]:
    """Return whether something happens, and the outcome's forced probability over its own."""
    if chance <= 0.0 or chance >= 1.0:
        return chance >= 1.0, 1.0
    often = max(chance, forced)
    if random.random() < (often if biased else chance):
        return True, often / chance
    return False, (1.0 - often) / (1.0 - chance)


@kernel
def course(
    reserves: Reserves, s: int, forced: bool, random: np.random.Generator, span: FloatArray
) -> float:
    """Fill `span` (5,) with two losses (from, to, from, to) and the end [h]; return the weight.

    When forced, half of the courses are drawn with rare turns made frequent, half as they are; a
    weight is the course's probability over that of the mixture, which is at most 2.
    """
    biased = forced and random.random() < _BIASED
    ratio = _play(reserves, s, biased, random, span)
    return 1.0 / (1.0 - _BIASED + _BIASED * ratio) if forced else 1.0


@kernel
def _play(
    reserves: Reserves, s: int, biased: bool, random: np.random.Generator, span: FloatArray
) -> float:
    """Fill `span` and return the course's biased probability over its own."""
    length, ratio = _length(reserves, s, biased, random)
    ride = reserves.ride_hours[s]
    missed, turn = _turn(random, reserves.battery_miss_frac[s], _BATTERY, biased)
    ratio *= turn
    if missed:
        ride = 0.0
    running, turn = _started(reserves, s, biased, random)
    ratio *= turn
    span[:4] = 0.0
    span[4] = length
    begin, fuel = reserves.start_hours[s], reserves.fuel_hours[s]
    if running < reserves.needed[s] or running == 0:
        if ride < length:
            span[0], span[1] = ride, length
        return ratio
    if ride < begin and ride < length:
        span[0], span[1] = ride, min(begin, length)
    if length <= begin:
        return ratio
    stopped, turn = _stopped(reserves, s, running, min(length - begin, fuel), biased, random)
    ratio *= turn
    dark = begin + min(stopped, fuel) + max(ride - begin, 0.0)
    if dark < length:
        span[2], span[3] = dark, length
    return ratio


@kernel
def _length(
    reserves: Reserves, s: int, biased: bool, random: np.random.Generator
) -> tuple[float, float]:
    """Return (length, ratio): when biased, kinds evenly and longer than the battery lasts."""
    kinds = 0
    while kinds < reserves.kind_frac.shape[1] and reserves.kind_frac[s, kinds] > 0.0:
        kinds += 1
    even = 0.5 if biased else 0.0
    mark, chosen = random.random(), 0
    for kind in range(kinds):
        chosen = kind
        chance = (1.0 - even) * reserves.kind_frac[s, kind] + even / kinds
        if mark < chance:
            break
        mark -= chance
    kept = reserves.kind_frac[s, chosen]
    ratio = 0.5 + 0.5 / kinds / kept
    mean = reserves.kind_hours[s, chosen]
    longer = mean + reserves.ride_hours[s]
    length = -(longer if biased else mean) * math.log1p(-random.random())
    return length, ratio * mean / longer * math.exp(length * (1.0 / mean - 1.0 / longer))


@kernel
def _started(
    reserves: Reserves, s: int, biased: bool, random: np.random.Generator
) -> tuple[int, float]:
    """Return (generators that carry at first, ratio)."""
    units = int(reserves.installed[s])
    if units == 0:
        return 0, 1.0
    together, ratio = _turn(random, reserves.common_frac[s], _COMMON_START, biased)
    if together:
        return 0, ratio
    working, turn = _turn(random, reserves.work_frac[s], _WORK, biased)
    ratio *= turn
    if working:
        units -= 1
    # Enough failures to lose the load are then about as likely as not.
    often = min(_START_CAP, (units - reserves.needed[s] + 1.0) / max(units, 1))
    running = 0
    for _ in range(units):
        fails, turn = _turn(random, reserves.own_frac[s], often, biased)
        ratio *= turn
        if not fails:
            running += 1
    return running, ratio


@kernel
def _stopped(
    reserves: Reserves,
    s: int,
    running: int,
    horizon: float,
    biased: bool,
    random: np.random.Generator,
) -> tuple[float, float]:
    """Return (time at which too few run, ratio); infinity if that is beyond `horizon`."""
    beta, fails = reserves.beta_frac[s], reserves.fail_per_hour[s]
    elapsed, ratio = 0.0, 1.0
    while True:
        alone = running * (1.0 - beta) * fails
        rate = alone + beta * fails
        chance = -math.expm1(-rate * (horizon - elapsed))
        stops, turn = _turn(random, chance, _RUN, biased)
        ratio *= turn
        if not stops:
            return np.inf, ratio
        elapsed -= math.log1p(-random.random() * chance) / rate
        together, turn = _turn(random, beta * fails / rate, _COMMON_RUN, biased)
        ratio *= turn
        running = 0 if together else running - 1
        if running < reserves.needed[s]:
            return elapsed, ratio
