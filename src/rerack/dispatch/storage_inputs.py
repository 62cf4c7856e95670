"""A site, its battery and its prices as the storage routes take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Battery, Site, Tariff
from rerack.base.checks import FloatArray, IntArray, require
from rerack.base.errors import InputError
from rerack.dispatch.result import Dispatch
from rerack.dispatch.storage_bus import Bus


@dataclass(frozen=True, kw_only=True, eq=False)
class StorageCase:
    """One site-year to be dispatched with a battery.

    Parameters
    ----------
    site : Site
        The site.
    battery : Battery
        The battery.
    base : Dispatch
        The best schedule without the battery: prices at the meter, strikes, firm load.
    capacity_mw : ndarray
        Power that each hall's rigs can draw [MW utility], shape (unit,).
    strike_usd_per_mwh : ndarray
        Strike prices [USD/MWh], shape (1 or hour, unit): one row if they never change.
    export_price_usd_per_mwh : ndarray
        Price of exports [USD/MWh], shape (hour,).
    """

    site: Site
    battery: Battery
    base: Dispatch
    capacity_mw: FloatArray
    strike_usd_per_mwh: FloatArray
    export_price_usd_per_mwh: FloatArray

    @property
    def export_limit_mw(self) -> float:
        """Most that may be sold [MW utility]."""
        return export_limit_mw(self.site.tariff)


@dataclass(frozen=True, kw_only=True, eq=False)
class Stack:
    """Classes by falling strike: place in the site, strike, capacity; each (..., unit)."""

    order: IntArray
    strike: FloatArray
    capacity: FloatArray


def stack_of(strike: FloatArray, capacity_mw: FloatArray) -> Stack:
    """Return the classes by falling strike, of equal strikes the first first.

    Parameters
    ----------
    strike : ndarray
        Strike prices [USD/MWh], shape (..., unit).
    capacity_mw : ndarray
        Power that each class can draw [MW utility], shape (unit,).
    """
    order = np.argsort(-strike, axis=-1, kind="stable")
    return Stack(
        order=order,
        strike=np.take_along_axis(strike, order, axis=-1),
        capacity=capacity_mw[order],
    )


def bus_of(site: Site, battery: Battery) -> Bus:
    """Return the numbers that hold in every hour, as the kernels take them."""
    return Bus(
        limit_mw=float(site.interconnect_mw),
        room_mw=float(site.interconnect_mw - site.firm_load_mw),
        export_mw=export_limit_mw(site.tariff),
        charge_mw=float(battery.charge_mw),
        discharge_mw=float(battery.discharge_mw),
        charge_frac=float(battery.charge_efficiency_frac),
        discharge_frac=float(battery.discharge_efficiency_frac),
        wear_usd_per_mwh=float(battery.throughput_cost_usd_per_mwh),
    )


def energy_of(battery: Battery) -> FloatArray:
    """Return capacity, first and last state [MWh], and the share kept in an hour, shape (4,)."""
    return np.array(
        [battery.energy_mwh, battery.initial_mwh, battery.final_mwh, battery.hourly_keep_frac],
        dtype=np.float64,
    )


def prices_of(tariff: Tariff, index: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return what a MWh bought costs and what a MWh sold brings [USD/MWh], both like `index`.

    Parameters
    ----------
    tariff : Tariff
        Index plus adder or a fixed price, a block, and terms of export.
    index : ndarray
        Index price [USD/MWh], any shape.

    Returns
    -------
    tuple of ndarray
        Purchases and sales; a sale never brings more than a purchase costs.

    Raises
    ------
    InputError
        If the tariff has terms that couple hours or depend on the calendar.
    """
    unknown = [term for term in tariff.beyond_index if term != "export"]
    require(
        not unknown,
        "tariff",
        given=", ".join(unknown),
        allowed="index plus adder or a fixed price, a fixed-price block, and export",
        cure="Take these terms to solve_programmes, or leave the battery out.",
    )
    if tariff.fixed_price_usd_per_mwh is not None:
        price = np.full(index.shape, tariff.fixed_price_usd_per_mwh, dtype=np.float64)
    else:
        price = index + tariff.adder_usd_per_mwh
    if tariff.export is None:
        # Never used: with nothing to sell, this price stays out of every comparison.
        return price, price
    return price, index - tariff.export.discount_usd_per_mwh


def export_limit_mw(tariff: Tariff) -> float:
    """Return what may be sold at most [MW utility]."""
    return 0.0 if tariff.export is None else float(tariff.export.limit_mw)


def unreachable(battery: Battery) -> InputError:
    """Return the error of a battery that cannot end as full as it must."""
    return InputError.of(
        "battery: final_frac",
        given=f"{battery.final_mwh:g} MWh at the end, {battery.initial_mwh:g} MWh at the start",
        allowed="a final state that power, room at the interconnect and self-discharge allow",
        cure="Lower final_frac; 0 leaves the final state free.",
    )
