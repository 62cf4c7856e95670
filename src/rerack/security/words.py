"""How an attack cost came about, in lines for people."""

from __future__ import annotations

from rerack.security.conditions import Conditions
from rerack.security.routes import Acquired, Route
from rerack.security.state import TH_PER_EH


def explain(
    c: Conditions,
    a: Acquired,
    route: Route,
    share_frac: float,
    taken: tuple[tuple[str, float], ...],
) -> tuple[str, ...]:
    """Return the steps from the state to the cost of one route, one a line.

    Parameters
    ----------
    c : Conditions
        The state, without paths.
    a : Acquired
        What the route gives.
    route : str
        The route.
    share_frac : float
        Share asked for.
    taken : tuple of (str, float)
        Holders seized with their shares, else empty.
    """
    honest, got = float(c.hashrate_eh_s), float(a.hashrate_eh_s)
    lines = [f"{honest:,.0f} EH/s honest hashrate at {float(c.efficiency_j_per_th):.1f} J/TH"]
    if route in ("rent", "seize"):
        lines.append(f"taken from it: {share_frac:.1%} of it needed, {got:,.1f} EH/s got")
    else:
        need = share_frac / (1.0 - share_frac) * honest
        lines.append(f"added to it: s/(1-s) = {need:,.0f} EH/s needed, {got:,.1f} EH/s got")
    lines.extend(f"{name} {share:.1%}" for name, share in taken)
    rigs = float(a.rigs_usd)
    if rigs > 0.0:
        mean = rigs / (TH_PER_EH * got)
        market = float(c.rig_price_usd_per_th)
        lines.append(f"rigs {rigs / 1e9:,.2f} bn USD, {mean:,.1f} USD/TH (market {market:,.1f})")
        lines.append(
            f"sites {float(a.sites_usd) / 1e9:,.2f} bn USD at"
            f" {float(c.supply.site_usd_per_mw) / 1e6:.2f} MUSD/MW utility"
        )
    if float(a.power_mw) > 0.0:
        lines.append(
            f"power {float(a.power_mw) / 1e3:,.2f} GW utility at"
            f" {float(c.power_price_usd_per_mwh):.1f} USD/MWh"
        )
    if float(a.rent_usd_per_hour) > 0.0:
        lines.append(
            f"rent at hashprice {float(c.hashprice_usd_per_ph_day):.1f} USD/PH/day plus"
            f" {float(c.supply.rent_premium_frac):.0%}"
        )
    if float(a.reached_frac) < share_frac - 1e-9:
        lines.append(f"falls short: {float(a.reached_frac):.1%} of {share_frac:.1%}")
    return tuple(lines)
