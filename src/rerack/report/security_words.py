"""The security study in words: what a majority costs in each world, and what states would pay."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from rerack.network.world import NetworkSimulation
from rerack.report.format import hashrate, money, quantity, share
from rerack.report.security_figures import Columns, state_words
from rerack.report.tables import table_text
from rerack.security.guard_world import GuardedWorld

#: What a reader of a state's account must know.
STATE_CAVEAT = (
    "Net cost is power, rigs and sites by the year less the coins mined: where it is negative, "
    "power is so cheap that the share earns. The break-even chance of an attack is what the guard "
    "must ward off each year to be worth its net cost. What the power could be sold for is not "
    "counted."
)


def headline(
    curves: Mapping[str, Columns], share_frac: float, states: Columns | None = None
) -> str:
    """Return the finding: what states would pay, else the mix in the first world."""
    if states is not None:
        costs = ", ".join(
            f"{name} {money(net)}"
            for name, net in zip(states["state"], states["hold_net_usd_per_year"], strict=True)
        )
        return f"{share(states['hold_frac'][0])} of the hashrate costs a year, net: {costs}"
    name, curve = next(iter(curves.items()))
    rows = [i for i, route in enumerate(curve["route"]) if route == "mix"]
    first, last = rows[0], rows[-1]
    return (
        f"{share(share_frac)} of the hashrate: {money(curve['capex_p50_usd'][first])} in "
        f"{curve['month'][first]}, {money(curve['capex_p50_usd'][last])} in "
        f"{curve['month'][last]} ({name})"
    )


def facts(name: str, worlds: Mapping[str, NetworkSimulation]) -> str:
    """Return the line of facts above a page."""
    first = next(iter(worlds.values()))
    return (
        f"{name} · {len(worlds)} world{'s' if len(worlds) > 1 else ''}, {first.paths} scenarios, "
        f"{first.grid.labels[0]} to {first.grid.labels[-1]}"
    )


def reasons(
    curves: Mapping[str, Columns],
    states: Columns | None,
    guarded: GuardedWorld | None,
    inputs: Sequence[Any],
) -> dict[str, str]:
    """Return short texts by heading."""
    found = {"worlds": ". ".join(f"{n[0].upper()}{n[1:]}: {_ends(c)}" for n, c in curves.items())}
    if states is not None and guarded is not None:
        found["states"] = _states(guarded)
    weak = sum(row.status == "unverified" for row in inputs)
    found["inputs"] = (
        f"{weak} of {len(inputs)} numbers of this file are unverified; those of its worlds: "
        "rerack network FILE --assumptions"
    )
    return found


def study_text(
    name: str,
    curves: Mapping[str, Columns],
    share_frac: float,
    states: Columns | None,
    guarded: GuardedWorld | None,
) -> str:
    """Return the terminal's answer."""
    lines = [name, *textwrap.wrap(headline(curves, share_frac, states), 98)]
    for world, curve in curves.items():
        lines += ["", f"  {world}", table_text(_years(curve), width=98, indent=2)]
    if states is not None and guarded is not None:
        lines += [
            "",
            *textwrap.wrap(
                f"States: {_states(guarded)}", 96, initial_indent="  ", subsequent_indent="  "
            ),
        ]
        lines.append(table_text(state_words(states), width=98, indent=2))
    lines += [
        "",
        "  Costs are those of the share reached, for an attack decided on in that month; medians",
        "  and quantiles of scenarios. Rewards that an attacker mines are not deducted. All routes",
        "  and quantiles: --table curve; the page: --report FILE.",
    ]
    return "\n".join(lines)


def confirmation_words(table: Columns) -> dict[str, list[Any]]:
    """Return the table of waits for people."""
    return {
        "value at stake": [money(v) for v in table["value_usd"]],
        "against 10 % of the hashrate": _blocks(table["against_10_percent"]),
        "against 30 %": _blocks(table["against_30_percent"]),
        "against 45 %": _blocks(table["against_45_percent"]),
        "against a majority, by cost": _blocks(table["against_majority"]),
    }


def account_words(table: Columns) -> dict[str, list[Any]]:
    """Return the yearly account of states that hold a share of the hashrate, for people."""
    chances = table["break_even_attack_per_year"]
    return {
        "state": list(table["state"]),
        "share": [share(v) for v in table["share_frac"]],
        "MW utility": list(table["power_mw"]),
        "power, USD/MWh": list(table["power_usd_per_mwh"]),
        "capex, bn USD": [v * 1e-9 for v in table["capex_usd"]],
        "net cost, MUSD/year": [v * 1e-6 for v in table["net_usd_per_year"]],
        "reserve, bn USD": [v * 1e-9 for v in table["reserve_usd"]],
        "break-even chance of attack, a year": [share(v) for v in chances],
    }


def _blocks(counts: Sequence[Any]) -> list[str]:
    return [f"{int(c):,}" if str(c).isdigit() else str(c) for c in counts]


#: Columns of the waits that are numbers, or say that no number is enough.
WAITS = (
    "against 10 % of the hashrate",
    "against 30 %",
    "against 45 %",
    "against a majority, by cost",
)


def input_columns(inputs: Sequence[Any]) -> dict[str, list[Any]]:
    """Return every number of the file with its source and status."""
    return {
        name: [getattr(row, name) for row in inputs]
        for name in ("path", "value", "status", "as_of", "source", "where")
    }


def _years(curve: Columns) -> dict[str, list[Any]]:
    """Return the curve in one row a month."""
    by_route = {
        route: [i for i, r in enumerate(curve["route"]) if r == route]
        for route in ("buy", "build", "mix", "idle", "seize")
    }

    def column(route: str, name: str) -> list[float]:
        return [curve[name][i] for i in by_route[route]]

    def bn_usd(route: str, quantile: str) -> list[float]:
        return [v * 1e-9 for v in column(route, f"capex_{quantile}_usd")]

    return {
        "month": [curve["month"][i] for i in by_route["mix"]],
        "buy, bn USD": bn_usd("buy", "p50"),
        "build, bn USD": bn_usd("build", "p50"),
        "mix, bn USD": bn_usd("mix", "p50"),
        "mix, P5": bn_usd("mix", "p5"),
        "mix, P95": bn_usd("mix", "p95"),
        "idle rigs reach": [share(v) for v in column("idle", "reached_p50_frac")],
        "holders to seize": column("seize", "holders_taken"),
        "mix, kUSD/h": [v * 1e-3 for v in column("mix", "running_p50_usd_per_hour")],
    }


def _ends(curve: Columns) -> str:
    rows = [i for i, route in enumerate(curve["route"]) if route == "mix"]
    idle = [i for i, route in enumerate(curve["route"]) if route == "idle"][-1]
    first, last = rows[0], rows[-1]
    return (
        f"the cheapest mix costs {money(curve['capex_p50_usd'][first])} at first and "
        f"{money(curve['capex_p50_usd'][last])} in {curve['month'][last]} (P5 to P95 "
        f"{money(curve['capex_p5_usd'][last])} to {money(curve['capex_p95_usd'][last])}); idle "
        f"rigs alone then reach {share(curve['reached_p50_frac'][idle])}"
    )


def _states(guarded: GuardedWorld) -> str:
    floors = ", ".join(
        f"{f.guard.name} {share(f.share_frac)} ({hashrate(f.hashrate_eh_s)})"
        for f in guarded.floors
    )
    return (
        f"{floors}; hashrate {hashrate(guarded.before_eh_s)} to {hashrate(guarded.hashrate_eh_s)}, "
        f"hashprice {quantity(guarded.before_usd_per_ph_day, 'usd_per_ph_day')} to "
        f"{quantity(guarded.hashprice_usd_per_ph_day, 'usd_per_ph_day')} once others have answered"
    )
