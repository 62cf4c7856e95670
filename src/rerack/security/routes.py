"""Routes to a share of the hashrate, each as arithmetic on arrays: what it takes, costs, lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from rerack.base.checks import FloatArray
from rerack.security.conditions import Conditions
from rerack.security.state import PH_PER_EH, TH_PER_EH

Route = Literal["buy", "build", "rent", "seize", "idle", "mix"]


@dataclass(frozen=True, kw_only=True)
class Acquired:
    """What a route gives, in arrays of one shape.

    Parameters
    ----------
    hashrate_eh_s : array
        Attacker's hashrate [EH/s].
    reached_frac : array
        Its share of all hashrate; below the share asked for where the route falls short.
    rigs_usd, sites_usd : array
        Capital cost of rigs (design included) and of sites [USD].
    power_mw : array
        Utility power that the attacker pays for [MW].
    rent_usd_per_hour : array
        Rent of hashrate, power included [USD/h].
    months : array
        Time until the last rig runs [month].
    """

    hashrate_eh_s: FloatArray
    reached_frac: FloatArray
    rigs_usd: FloatArray
    sites_usd: FloatArray
    power_mw: FloatArray
    rent_usd_per_hour: FloatArray
    months: FloatArray


def clearing_price_usd_per_th(
    c: Conditions, extra_eh_s: FloatArray, within_months: float
) -> FloatArray:
    """Return the price at which makers ship so much beyond their normal output in time.

    Notes
    -----
    ``p = p0 (1 + A / (F m))^(1/epsilon)``: constant elasticity, F the normal output a month, m the
    months, everybody paying the price of the last rig. Normal demand is taken not to give way.
    """
    supply = c.supply
    stretch = 1.0 + extra_eh_s / (supply.output_eh_s_per_month * within_months)
    price: FloatArray = c.rig_price_usd_per_th * stretch ** (1.0 / supply.supply_elasticity)
    return price


def buy(c: Conditions, share_frac: float, within_months: float) -> Acquired:
    """Order new rigs on the market, on top of normal demand."""
    added = _added(c, share_frac)
    price = clearing_price_usd_per_th(c, added, within_months)
    months = np.where(added > 0.0, within_months, 0.0)
    return _new_rigs(c, added, price * TH_PER_EH * added, months)


def build(c: Conditions, share_frac: float, within_months: float) -> Acquired:
    """Design a chip and have it made, at the cost of making and at the pace of all makers today."""
    added = _added(c, share_frac)
    supply = c.supply
    rigs = supply.design_cost_usd + supply.manufacture_usd_per_th * TH_PER_EH * added
    return _new_rigs(c, added, rigs, supply.design_months + added / supply.output_eh_s_per_month)


def rent(c: Conditions, share_frac: float, within_months: float) -> Acquired:
    """Rent what is on offer; it stops mining for others, so a share of what exists is enough."""
    taken = np.minimum(share_frac * c.hashrate_eh_s, c.supply.rentable_eh_s)
    zero = np.zeros_like(taken)
    return Acquired(
        hashrate_eh_s=taken,
        reached_frac=np.minimum(taken / c.hashrate_eh_s, share_frac),
        rigs_usd=zero,
        sites_usd=zero,
        power_mw=zero,
        rent_usd_per_hour=_rent_usd_per_hour(c, taken),
        months=zero,
    )


def seize(c: Conditions, held_frac: FloatArray, share_frac: float, *, own_power: bool) -> Acquired:
    """Take over holders of a share of what exists; their rigs stay where they are and run on.

    With `own_power` false (pools) the miners go on paying for their power.
    """
    reached = np.broadcast_to(np.minimum(held_frac, share_frac), c.hashrate_eh_s.shape)
    taken = reached * c.hashrate_eh_s
    zero = np.zeros_like(taken)
    return Acquired(
        hashrate_eh_s=taken,
        reached_frac=reached,
        rigs_usd=zero,
        sites_usd=zero,
        power_mw=taken * c.efficiency_j_per_th if own_power else zero,
        rent_usd_per_hour=zero,
        months=zero,
    )


def idle(c: Conditions, share_frac: float, within_months: float) -> Acquired:
    """Buy rigs that stand idle, and sites for them: theirs have found another use."""
    supply = c.supply
    added = np.minimum(_added(c, share_frac), c.idle_eh_s)
    power_mw = added * supply.idle_efficiency_j_per_th
    return Acquired(
        hashrate_eh_s=added,
        reached_frac=np.minimum(added / (c.hashrate_eh_s + added), share_frac),
        rigs_usd=supply.idle_price_usd_per_th * TH_PER_EH * added,
        sites_usd=supply.site_usd_per_mw * power_mw,
        power_mw=power_mw,
        rent_usd_per_hour=np.zeros_like(added),
        months=np.where(added > 0.0, supply.idle_months, 0.0),
    )


def mix(c: Conditions, share_frac: float, within_months: float) -> Acquired:
    """Switch idle rigs on first, rent what is on offer, buy only the rest.

    Notes
    -----
    With I idle rigs and R rented out of the honest H, the attacker reaches the share s where
    I + R + B = s/(1-s) (H - R), which gives B, the rigs to be bought.
    """
    odds = share_frac / (1.0 - share_frac)
    used = idle(c, share_frac, within_months)
    wanted = odds * c.hashrate_eh_s - used.hashrate_eh_s
    rented = np.minimum(wanted / (1.0 + odds), c.supply.rentable_eh_s)
    bought = np.maximum(wanted - (1.0 + odds) * rented, 0.0)
    price = clearing_price_usd_per_th(c, bought, within_months)
    new_mw = bought * c.supply.rig_efficiency_j_per_th
    total = used.hashrate_eh_s + rented + bought
    return Acquired(
        hashrate_eh_s=total,
        reached_frac=np.full_like(total, share_frac),
        rigs_usd=used.rigs_usd + price * TH_PER_EH * bought,
        sites_usd=used.sites_usd + c.supply.site_usd_per_mw * new_mw,
        power_mw=used.power_mw + new_mw,
        rent_usd_per_hour=_rent_usd_per_hour(c, rented),
        months=np.where(bought > 0.0, np.maximum(used.months, within_months), used.months),
    )


#: Routes that need no holders, by name.
BY_ROUTE: Final[dict[str, Callable[[Conditions, float, float], Acquired]]] = {
    "buy": buy,
    "build": build,
    "rent": rent,
    "idle": idle,
    "mix": mix,
}


def _added(c: Conditions, share_frac: float) -> FloatArray:
    """Return what must come on top of the honest, who stay: A / (H + A) = s [EH/s]."""
    added: FloatArray = share_frac / (1.0 - share_frac) * c.hashrate_eh_s
    return added


def _new_rigs(
    c: Conditions, added: FloatArray, rigs_usd: FloatArray, months: FloatArray
) -> Acquired:
    power_mw = added * c.supply.rig_efficiency_j_per_th
    return Acquired(
        hashrate_eh_s=added,
        reached_frac=added / (c.hashrate_eh_s + added),
        rigs_usd=rigs_usd,
        sites_usd=c.supply.site_usd_per_mw * power_mw,
        power_mw=power_mw,
        rent_usd_per_hour=np.zeros_like(added),
        months=months,
    )


def _rent_usd_per_hour(c: Conditions, rented_eh_s: FloatArray) -> FloatArray:
    income = c.hashprice_usd_per_ph_day / 24.0 * PH_PER_EH * rented_eh_s
    paid: FloatArray = income * (1.0 + c.supply.rent_premium_frac)
    return paid
