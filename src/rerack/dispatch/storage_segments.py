"""Compiled: what a battery can do in each hour, as fills and draws of `numerics.concave`."""

from __future__ import annotations

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.storage_bus import Bus
from rerack.numerics.concave_kernel import Steps
from rerack.numerics.jit import kernel


@kernel
def segments(
    bus: Bus,
    price: FloatArray,
    export_price: FloatArray,
    period_start: IntArray,
    strike: FloatArray,
    capacity: FloatArray,
    known: IntArray,
    stack: FloatArray,
    room: Steps,
) -> Steps:
    """Return what the battery can do in every hour, written into the arrays of `room`.

    `strike` and `capacity` (period, unit) are sorted by falling strike and hold from
    `period_start` (period + 1,) on. An hour has at most three segments more than classes. `known`
    and `stack` (unit + 1,) are scratch.

    Without exports, hours of a period with the same classes above the price are of one kind: only
    the price differs. With exports every hour is of its own kind.
    """
    units, kinds = strike.shape[1], 0
    stack[0] = 0.0
    room.start[0] = 0
    for period in range(strike.shape[0]):
        for k in range(units):
            stack[k + 1] = stack[k] + capacity[period, k]
        known[: units + 1] = -1
        for h in range(period_start[period], period_start[period + 1]):
            # Classes of strike above the price are served first; then not buying pays best.
            running = 0
            for k in range(units):
                running += strike[period, k] > price[h]
            if known[running] < 0 or bus.export_mw > 0.0:
                _describe(bus, export_price[h], strike[period], stack, running, kinds, room)
                known[running] = kinds
                kinds += 1
            room.kind[h] = known[running]
    return Steps(
        room.kind, price, room.start[: kinds + 1], room.split[:kinds], room.slope, room.rate,
        room.width,
    )  # fmt: skip


@kernel
def _describe(
    bus: Bus,
    sale: float,
    strike: FloatArray,
    stack: FloatArray,
    running: int,
    kind: int,
    room: Steps,
) -> None:
    """Write the segments of a kind: those of an hour in which `running` classes pay the price."""
    at = room.start[kind]
    # Charging takes unbought power, then that of classes, lowest strike first.
    left, spot = min(bus.charge_mw, bus.room_mw), bus.room_mw
    for k in range(running, -1, -1):
        piece = min(spot - stack[k], left)
        if piece > 0.0:
            worth = strike[k] if k < running else 0.0
            room.slope[at] = worth / bus.charge_frac
            room.rate[at] = 0.0 if k < running else 1.0 / bus.charge_frac
            room.width[at] = piece * bus.charge_frac
            at += 1
            left -= piece
            spot -= piece
    room.split[kind] = at
    # Discharging serves classes that the interconnect could not, saves buying, then serves
    # classes below the price, with exports among them by their price.
    units = strike.size
    left, spot = bus.discharge_mw, max(bus.room_mw, stack[running])
    bought, sold, k = stack[running] + bus.limit_mw - spot, False, 0
    while k < running and stack[k + 1] <= bus.room_mw:
        k += 1
    while left > 0.0:
        worth, rate = 0.0, 0.0
        if k < running:
            worth, piece = strike[k], stack[k + 1] - max(bus.room_mw, stack[k])
            k += 1
        elif bought > 0.0:
            rate, piece, bought = bus.discharge_frac, bought, 0.0
        elif not sold and (k == units or strike[k] <= sale):
            worth, piece, sold = sale, bus.export_mw, True
        elif k < units:
            worth, piece = strike[k], stack[k + 1] - stack[k]
            k += 1
        else:
            break
        piece = min(piece, left)
        if piece > 0.0:
            room.slope[at] = bus.discharge_frac * (worth - bus.wear_usd_per_mwh)
            room.rate[at] = rate
            room.width[at] = piece / bus.discharge_frac
            at += 1
            left -= piece
    room.start[kind + 1] = at


def segments_plain(
    bus: Bus, price: float, export_price: float, strike: FloatArray, capacity: FloatArray
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return the fills and draws of one hour from one sorted list of all uses of power.

    Power p of the battery moves the end of the list, ``room + p``; what it passes over is gained
    or lost. Classes come in any order.
    """
    uses = [(price, bus.limit_mw), (export_price, bus.export_mw)]
    uses += list(zip(strike.tolist(), capacity.tolist(), strict=True))
    fills: list[tuple[float, float]] = []
    draws: list[tuple[float, float]] = []
    spot = 0.0
    for worth, size in sorted(uses, key=lambda use: -use[0]):
        below = min(spot + size, bus.room_mw) - max(spot, bus.room_mw - bus.charge_mw)
        above = min(spot + size, bus.room_mw + bus.discharge_mw) - max(spot, bus.room_mw)
        if below > 0.0:
            fills.insert(0, (worth / bus.charge_frac, below * bus.charge_frac))
        if above > 0.0:
            gain = bus.discharge_frac * (worth - bus.wear_usd_per_mwh)
            draws.append((gain, above / bus.discharge_frac))
        spot += size
    return fills, draws
