"""From the energy stored in every hour to the whole schedule: battery, halls, meter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Battery
from rerack.base.checks import FloatArray
from rerack.base.labelled import Labelled
from rerack.dispatch.storage_inputs import StorageCase, stack_of
from rerack.dispatch.storage_result import StorageDispatch


@dataclass(frozen=True, kw_only=True, eq=False)
class BusSchedule:
    """What halls and meter do: `run_mw` (hour, unit), `import_mw` and `export_mw` (hour,)."""

    run_mw: FloatArray
    import_mw: FloatArray
    export_mw: FloatArray


def battery_power_mw(battery: Battery, stored_mwh: FloatArray) -> FloatArray:
    """Return the power given to the bus, negative where it charges, from the energy stored.

    Parameters
    ----------
    battery : Battery
        The battery.
    stored_mwh : ndarray
        Energy stored at the end of the hour [MWh], shape (hour,).

    Returns
    -------
    ndarray
        Power [MW], shape (hour,).
    """
    before = np.concatenate([[battery.initial_mwh], stored_mwh[:-1]])
    taken = battery.hourly_keep_frac * before - stored_mwh
    return np.where(
        taken < 0.0,
        taken / battery.charge_efficiency_frac,
        taken * battery.discharge_efficiency_frac,
    )


def bus_schedule(case: StorageCase, battery_mw: FloatArray) -> BusSchedule:
    """Serve the uses of power in the order of what they pay.

    Parameters
    ----------
    case : StorageCase
        Site and prices.
    battery_mw : ndarray
        Power that the battery gives [MW], shape (hour,).

    Returns
    -------
    BusSchedule
        The best use of the power.

    Notes
    -----
    Classes compete with not buying, worth the price for each MWh of the interconnect, and with
    selling. With the battery's power the uses take ``interconnect - firm + battery`` MW in all,
    in the order of their worth.
    """
    limit_mw, most_mw = case.site.interconnect_mw, case.export_limit_mw
    price, sale = case.base.price_usd_per_mwh, case.export_price_usd_per_mwh
    # Hours innermost: element-wise work along the short unit axis costs several times more.
    stack = stack_of(case.strike_usd_per_mwh, case.capacity_mw)
    strike, capacity = stack.strike.T, stack.capacity.T
    power = limit_mw - case.site.firm_load_mw + battery_mw
    before = np.cumsum(capacity, axis=0) - capacity
    dear, dearer_than_sale = strike > price, strike > sale
    taken = before + limit_mw * ~dear + most_mw * ~dearer_than_sale
    run = np.clip(power - taken, 0.0, capacity)
    unbought = np.clip(power - (capacity * dear).sum(axis=0), 0.0, limit_mw)
    room = power - (capacity * dearer_than_sale).sum(axis=0) - limit_mw
    placed = np.empty_like(run)
    if stack.order.shape[0] == 1:
        placed[stack.order[0]] = run
    else:
        np.put_along_axis(placed, stack.order.T, run, axis=0)
    return BusSchedule(
        run_mw=placed.T,
        import_mw=limit_mw - unbought,
        export_mw=np.clip(room, 0.0, most_mw),
    )


def dispatch_of(
    case: StorageCase,
    stored_mwh: FloatArray,
    *,
    method: str,
    objective_usd: float,
    bound_usd: float,
    notes: tuple[str, ...] = (),
) -> StorageDispatch:
    """Return the certified dispatch that follows from the energy stored.

    Parameters
    ----------
    case : StorageCase
        Site and prices.
    stored_mwh : ndarray
        Energy stored at the end of the hour [MWh], shape (hour,).
    method : str
        Route that found it.
    objective_usd, bound_usd : float
        What that route says the schedule earns, and what none exceeds [USD].
    notes : tuple of str
        What the reader must know.
    """
    base = case.base
    power = battery_power_mw(case.battery, stored_mwh)
    bus = bus_schedule(case, power)
    return StorageDispatch(
        site=base.site,
        method=method,
        interconnect_mw=base.interconnect_mw,
        run_mw=Labelled(
            name=base.run_mw.name,
            values=bus.run_mw,
            dims=base.run_mw.dims,
            unit=base.run_mw.unit,
            coords=base.run_mw.coords,
        ),
        firm_mw=base.firm_mw,
        price_usd_per_mwh=base.price_usd_per_mwh,
        strike_usd_per_mwh=base.strike_usd_per_mwh,
        block_settlement_usd=base.block_settlement_usd,
        objective_usd=objective_usd,
        battery=case.battery,
        battery_mw=power,
        stored_mwh=stored_mwh,
        import_mw=bus.import_mw,
        export_mw=bus.export_mw,
        export_limit_mw=case.export_limit_mw,
        export_price_usd_per_mwh=case.export_price_usd_per_mwh,
        without_battery_usd=base.objective_usd,
        bound_usd=bound_usd,
        notes=notes,
    )
