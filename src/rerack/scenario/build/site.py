"""Section ``site`` to a `Site`."""

from __future__ import annotations

from rerack.assets import FixedBlock, Hall, RigFleet, Site, Tariff
from rerack.base.timegrid import MonthGrid
from rerack.catalog import find
from rerack.scenario.schema.site import RigsSection, SiteSection, TariffSection


def build_site(section: SiteSection, grid: MonthGrid) -> Site:
    """Return the site that a section describes."""
    halls = tuple(
        Hall(
            name=name,
            utility_mw=hall.power,
            rigs=None if hall.rigs is None else build_fleet(hall.rigs, grid),
        )
        for name, hall in section.halls.items()
    )
    return Site(
        name=section.name,
        interconnect_mw=section.interconnect,
        halls=halls,
        tariff=build_tariff(section.power, grid),
    )


def build_tariff(section: TariffSection, grid: MonthGrid) -> Tariff:
    """Return the tariff; a block's last month counts whole, and it may outlive the study."""
    block = section.block
    return Tariff(
        adder_usd_per_mwh=section.adder or 0.0,
        fixed_price_usd_per_mwh=section.fixed,
        block=None
        if block is None
        else FixedBlock(
            block_mw=block.size,
            price_usd_per_mwh=block.price,
            months=min(grid.index_of(block.until) + 1, grid.months),
        ),
    )


def build_fleet(section: RigsSection, grid: MonthGrid) -> RigFleet:
    """Return the rigs of a hall, with the catalogue's figures where the file gives none."""
    first = section.refresh
    if section.first_refresh is not None:
        first = grid.index_of(section.first_refresh)
    return RigFleet(
        model=section.model,
        efficiency_j_per_th=rig_efficiency_j_per_th(section),
        pool_fee_frac=section.pool_fee,
        variable_om_usd_per_mwh=section.variable_om,
        fixed_om_usd_per_mw_year=section.fixed_om,
        uptime_frac=section.uptime,
        refresh_months=section.refresh,
        first_refresh_month=first,
        refresh_payback_months=section.refresh_payback,
    )


def rig_efficiency_j_per_th(section: RigsSection) -> float:
    """Return energy per hash: as given, or power over hashrate with the catalogue's for a gap."""
    if section.efficiency is not None:
        return section.efficiency
    hashrate, power = section.hashrate, section.power
    if hashrate is not None and power is not None:
        return power / hashrate
    row = find("rigs", model=section.model)
    if hashrate is None and power is None:
        return row.number("efficiency_j_per_th")
    return (power or row.number("power_w")) / (hashrate or row.number("hashrate_th_s"))
