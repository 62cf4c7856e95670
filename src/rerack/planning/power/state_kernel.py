"""Compiled: loads behind the meter brought to the form that says all there is to know of them."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def merge_kernel(strike: FloatArray, capacity: FloatArray) -> int:
    """Make one class of equal strikes and move empty ones behind; return the most classes left.

    Both arrays are (scenario, month, class), strikes falling along the last axis; they are changed
    in place, and what is left over becomes zero.
    """
    scenarios, months, classes = strike.shape
    most = 0
    for s in range(scenarios):
        for m in range(months):
            count = 0
            for k in range(classes):
                own, held = strike[s, m, k], capacity[s, m, k]
                if held <= 0.0:
                    continue
                if count > 0 and strike[s, m, count - 1] == own:
                    capacity[s, m, count - 1] += held
                else:
                    strike[s, m, count], capacity[s, m, count] = own, held
                    count += 1
            strike[s, m, count:], capacity[s, m, count:] = 0.0, 0.0
            most = max(most, count)
    return most


@kernel
def near_battery_kernel(
    charge: float,
    discharge: float,
    ai: FloatArray,
    room: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
) -> None:
    """Cut loads to what a battery without exports can tell of them, in place.

    `charge` and `discharge` are its power at the bus [MW]; `ai` and `room` (scenario, month), the
    classes as `merge_kernel` leaves them. See `near_battery` for why nothing is lost.
    """
    scenarios, months, classes = strike.shape
    for s in range(scenarios):
        for m in range(months):
            if room[s, m] < 0.0:
                continue
            ai[s, m] = min(ai[s, m], discharge)
            total = capacity[s, m].sum()
            if room[s, m] < total + charge:
                continue
            left = discharge - ai[s, m]
            held = 0.0
            for k in range(classes):
                capacity[s, m, k] = min(capacity[s, m, k], left)
                left -= capacity[s, m, k]
                held += capacity[s, m, k]
                if capacity[s, m, k] <= 0.0:
                    strike[s, m, k] = 0.0
            room[s, m] = held + charge
