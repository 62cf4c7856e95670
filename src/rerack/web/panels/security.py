"""What a majority costs now and through time, what a wait protects, who holds how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rerack.report.tables import written
from rerack.web.models import Panel, PanelSheet
from rerack.web.panel import Asking, PanelSpec, Selector, panel, panel_sheet
from rerack.web.panels.study import world_of
from rerack.web.server import Server

if TYPE_CHECKING:
    from rerack.report.security_figures import Columns
    from rerack.security import NetworkState

#: Months between points of a curve.
_EVERY_MONTHS = 6


def security_panel(_server: Server) -> PanelSpec:
    """Return the panel of attacks."""
    return PanelSpec(
        name="security",
        view="security",
        title="Attack cost through time",
        about="What a majority of the hashrate costs by route, in the world that the network page "
        "shows.",
        make=_make,
        leads=True,
        selectors=(
            Selector(
                name="share",
                label="Share wanted",
                about="Share of the hashrate that the attacker wants.",
                choices=(("0.34", "34 %"), ("0.51", "51 %"), ("0.67", "67 %")),
                default="0.51",
            ),
            Selector(
                name="within",
                label="Time allowed",
                about="Months that the attacker has for buying.",
                choices=(("6", "6 months"), ("12", "12 months"), ("24", "24 months")),
                default="12",
            ),
            Selector(
                name="holders",
                label="Who is seized",
                about="Kind of holder that a state seizes.",
                choices=(("region", "regions"), ("owner", "owners")),
                default="region",
            ),
        ),
    )


def _make(asking: Asking) -> Panel:
    from rerack.report import security_figures as figures
    from rerack.report import security_words as words
    from rerack.security import ROUTES, attack_curve, december_2025, network_state, protection_curve
    from rerack.security.tables import route_table

    world = world_of(asking)
    wanted, within = float(asking.values["share"]), float(asking.values["within"])
    holders: Any = asking.values["holders"]
    name = asking.server.scenario.name
    curve: dict[str, list[Any]] = {}
    for route in ROUTES:
        asking.step(f"costing the route {route}")
        part = attack_curve(
            world,
            [route],
            share_frac=wanted,
            within_months=within,
            holders=holders,
            every_months=_EVERY_MONTHS,
        )
        for column, values in part.items():
            curve.setdefault(column, []).extend(values)
    asking.step("weighing waits")
    now = network_state(world)
    waits = protection_curve(world, every_months=_EVERY_MONTHS)
    known = december_2025()
    shares = {
        "pool": known.pool_shares,
        "region": now.region_shares,
        "owner": known.owner_shares,
    }
    command = "rerack security SECURITY.yaml --table curve --csv"
    routes = route_table(now, ROUTES, share_frac=wanted, within_months=within, holders=holders)
    curves = {name: curve}
    return panel(
        words.headline(curves, wanted),
        facts=words.facts(name, {name: world}),
        reasons={
            "not deducted": "rewards that an attacker mines",
            "pools": "of December 2025, "
            "which can be left within hours; a world of cohorts knows none",
        },
        charts={
            "capital": (figures.capital_figure(curve, name, wanted), command),
            "hour": (figures.hour_figure(curve, name), command),
            "waits": (
                figures.waits_figure(waits),
                "rerack security SECURITY.yaml --table protection --csv",
            ),
            "concentration": (
                figures.concentration_figure(shares, now.date),
                "rerack security --table concentration",
            ),
        },
        sheets=_sheets(asking, now, routes),
    )


def _sheets(asking: Asking, now: NetworkState, routes: Columns) -> tuple[PanelSheet, ...]:
    """Return the tables of the first month: routes, waits, what states would pay."""
    from rerack.report import security_words as words
    from rerack.security.tables import confirmation_table, reserve_table

    price_usd = asking.server.live.changed(asking.change).market.bitcoin.price_usd
    return (
        panel_sheet(
            f"Routes in {now.date}",
            "first scenario, first month; bn USD of capital, kUSD an hour to run",
            written(_routes(routes), right=("reached",)),
            "rerack security --table routes",
        ),
        panel_sheet(
            "Confirmations by value at stake",
            "blocks to wait; minorities by a tolerated loss of 1,000 USD, a majority by its "
            "cost alone",
            written(words.confirmation_words(confirmation_table(now)), right=words.WAITS),
            "rerack security --table confirmations",
        ),
        panel_sheet(
            "What a state would pay for a share",
            words.STATE_CAVEAT,
            written(words.account_words(reserve_table(now, btc_price_usd=price_usd))),
            "rerack security --table states",
        ),
    )


def _routes(table: Columns) -> dict[str, list[Any]]:
    """Return what people read of the routes."""
    from rerack.report.format import share

    shown: dict[str, list[Any]] = {"route": list(table["route"])}
    shown["reached"] = [share(v) for v in table["reached_frac"]]
    shown["capital, bn USD"] = [v * 1e-9 for v in table["capex_usd"]]
    shown["running, kUSD/h"] = [
        (power + rent) * 1e-3
        for power, rent in zip(table["power_usd_per_hour"], table["rent_usd_per_hour"], strict=True)
    ]
    shown["months to acquire"] = list(table["months_to_acquire"])
    return shown
