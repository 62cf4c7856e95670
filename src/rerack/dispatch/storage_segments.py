"""Compiled: what a battery can do in each hour, as fills and draws of `numerics.concave`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


class Bus(NamedTuple):
    """What an hour's power is worth behind the meter, numbers only, as kernels take them.

    Uses compete for the interconnect's power: classes, selling it, and not buying it, which is
    worth the price for every MWh of the interconnect's limit.

    Parameters
    ----------
    limit_mw : float
        Interconnect [MW].
    room_mw : float
        Interconnect less firm load [MW].
    export_mw : float
        Export limit [MW].
    charge_mw, discharge_mw : float
        Battery power at the bus [MW].
    charge_frac, discharge_frac : float
        Efficiencies.
    wear_usd_per_mwh : float
        Wear per MWh discharged at the bus [USD/MWh].
    """

    limit_mw: float
    room_mw: float
    export_mw: float
    charge_mw: float
    discharge_mw: float
    charge_frac: float
    discharge_frac: float
    wear_usd_per_mwh: float


@kernel
def segments(
    bus: Bus,
    price: FloatArray,
    export_price: FloatArray,
    period_start: IntArray,
    strike: FloatArray,
    capacity: FloatArray,
    start: IntArray,
    split: IntArray,
    slope: FloatArray,
    width: FloatArray,
) -> None:
    """Fill `start` (hour + 1,), `split` (hour,), `slope` and `width` (segment,) for all hours.

    `strike` and `capacity` (period, unit) are sorted by falling strike and hold from
    `period_start` (period + 1,) on. An hour has at most three segments more than classes.

    Without exports, hours of a period with the same classes above the price differ only in the
    segments that are worth the price: the first such hour is built, later ones copy it.
    """
    units, at = strike.shape[1], 0
    like = np.empty(units + 1, np.int64)
    bought_at, unbought_at = np.empty(units + 1, np.int64), np.empty(units + 1, np.int64)
    per_charge, per_discharge = 1.0 / bus.charge_frac, 1.0 / bus.discharge_frac
    stack = np.zeros(units + 1)
    start[0] = 0
    for period in range(strike.shape[0]):
        served = 0
        for k in range(units):
            stack[k + 1] = stack[k] + capacity[period, k]
            served += stack[k + 1] <= bus.room_mw
        like[:] = -1
        for h in range(period_start[period], period_start[period + 1]):
            p = price[h]
            # Classes of strike above the price are served first; then not buying pays best.
            running = 0
            for k in range(units):
                running += strike[period, k] > p
            known = like[running]
            if known >= 0:
                from_, count = start[known], start[known + 1] - start[known]
                for j in range(count):
                    slope[at + j] = slope[from_ + j]
                    width[at + j] = width[from_ + j]
                if unbought_at[running] >= 0:
                    slope[at + unbought_at[running]] = p * per_charge
                if bought_at[running] >= 0:
                    worth = p - bus.wear_usd_per_mwh
                    slope[at + bought_at[running]] = bus.discharge_frac * worth
                split[h] = at + split[known] - from_
                at += count
                start[h + 1] = at
                continue
            if bus.export_mw == 0.0:
                like[running] = h
            unbought_at[running] = bought_at[running] = -1
            # Charging takes unbought power, then that of classes, lowest strike first.
            left, spot = min(bus.charge_mw, bus.room_mw), bus.room_mw
            worth, k = p, running
            while left > 0.0:
                piece = min(spot - stack[k], left)
                if piece > 0.0:
                    if k == running:
                        unbought_at[running] = at - start[h]
                    slope[at], width[at] = worth * per_charge, piece * bus.charge_frac
                    at += 1
                    left -= piece
                    spot -= piece
                k -= 1
                if k < 0:
                    break
                worth = strike[period, k]
            split[h] = at
            # Discharging serves classes that the interconnect could not, saves buying, then
            # serves classes below the price, with exports among them by their price.
            left, spot = bus.discharge_mw, max(bus.room_mw, stack[running])
            bought, sold = stack[running] + bus.limit_mw - spot, False
            k = min(served, running)
            while left > 0.0:
                by_price = k >= running and bought > 0.0
                if k < running:
                    worth, piece = strike[period, k], stack[k + 1] - max(bus.room_mw, stack[k])
                    k += 1
                elif bought > 0.0:
                    worth, piece, bought = p, bought, 0.0
                elif not sold and (k == units or strike[period, k] <= export_price[h]):
                    worth, piece, sold = export_price[h], bus.export_mw, True
                elif k < units:
                    worth, piece = strike[period, k], stack[k + 1] - stack[k]
                    k += 1
                else:
                    break
                piece = min(piece, left)
                if piece > 0.0:
                    if by_price:
                        bought_at[running] = at - start[h]
                    slope[at] = bus.discharge_frac * (worth - bus.wear_usd_per_mwh)
                    width[at] = piece * per_discharge
                    at += 1
                    left -= piece
            start[h + 1] = at


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
