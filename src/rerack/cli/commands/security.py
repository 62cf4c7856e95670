"""``rerack security``."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.base.errors import InputError
from rerack.cli.commands.dispatch import number_of
from rerack.cli.output import output_options, print_table
from rerack.cli.places import OutFile, option_names

if TYPE_CHECKING:
    from rerack.security import NetworkState

_TABLES = (
    "routes",
    "exodus",
    "double-spend",
    "confirmations",
    "selfish",
    "concentration",
    "pools",
    "states",
    "assumptions",
    "curve",
    "protection",
)
#: Tables through time, which only a file has, and those of a file.
_THROUGH_TIME = ("curve", "protection")
_OF_FILE = (*_THROUGH_TIME, "concentration", "states", "assumptions")
_ROUTES = ("all", "buy", "build", "rent", "seize", "idle", "mix")


@click.command("security")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--table", type=click.Choice(_TABLES), help="By default routes, or curve of a FILE.")
@click.option(
    "--route",
    type=click.Choice(_ROUTES),
    default="all",
    show_default=True,
    help="Route to the share, with the steps to its cost.",
)
@click.option("--share", help="Share of hashrate to get.  [default: 51 %]")
@click.option("--within", help="Time allowed for buying.  [default: 12 months]")
@click.option(
    "--holders",
    type=click.Choice(["region", "owner", "pool"]),
    help="Who is seized.  [default: region]",
)
@click.option("--leaving", help='Share of the network that leaves first, such as "40 %".')
@click.option("--hashrate", help='Network hashrate, such as "1000 EH/s".')
@click.option("--efficiency", help='Mean efficiency of what is online, such as "21 J/TH".')
@click.option("--power-price", help='Power price of the attack, such as "4 c/kWh".')
@click.option("--rig-price", help='Price of a new rig, such as "16 USD/TH".')
@click.option("--rig-efficiency", help='Efficiency of a new rig, such as "13.5 J/TH".')
@click.option("--hashprice", help='Such as "35 USD/PH/day"; else it follows --hashrate.')
@click.option("--idle", help='Rigs that stand idle, such as "60 EH/s".')
@click.option("--scenarios", type=int, help="Of a FILE: number of scenarios.")
@click.option("--seed", type=int, help="Of a FILE: seed.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Of a FILE: a key.")
@click.option("--report", type=OutFile(), help="Of a FILE: write a page.")
@output_options
def command(
    file: Path | None,
    table: str | None,
    route: Any,
    share: str | None,
    within: str | None,
    holders: Any,
    leaving: str | None,
    scenarios: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
    report: Path | None,
    as_json: bool,
    as_csv: bool,
    **given: str | None,
) -> None:
    """Show what a majority of the hashrate costs, by route, and what a wait protects.

    Without FILE the network is that of December 2025 (figures: --table assumptions) but for what
    you give; with --route the steps to its cost are shown. FILE names worlds of cohorts, and the
    cost of an attack on them is shown through time.

    \b
    Examples:
      rerack security
      rerack security --route mix --leaving "40 %" --within "24 months"
      rerack security --table exodus --rig-price "16 USD/TH" --csv
      rerack security examples/network/attack.yaml --report attack.html
    """  # noqa: D301
    from rerack.security import ROUTES, exodus

    of_network = {"share": share, "within": within, "holders": holders, "leaving": leaving} | given
    of_file = {"scenarios": scenarios, "seed": seed, "set": overrides or None, "report": report}
    if file is not None:
        from rerack.cli.security_study import show_study

        _refuse(of_network, "an option of the built-in network", "Write it into the file.")
        _require_table(table, _OF_FILE, "a file")
        show_study(file, table, overrides, scenarios, seed, report, as_json=as_json, as_csv=as_csv)
        return
    _refuse(of_file, "an option of a file, and no file", "Name a security file.")
    table = table or "routes"
    _require_table(table, tuple(t for t in _TABLES if t not in _THROUGH_TIME), "no file")
    share, within, holders = share or "51 %", within or "12 months", holders or "region"
    wanted = number_of("--share", share, "frac")
    months = number_of("--within", within, "months")
    routes = ROUTES if route == "all" else (route,)
    with option_names(_PARAMETERS):
        state = _state(given)
        if leaving is not None:
            state = exodus(state, number_of("--leaving", leaving, "frac"))
        columns = _columns(state, table, routes, wanted, months, holders)
    if as_json or as_csv:
        print_table(columns, as_json=as_json, as_csv=as_csv)
        return
    if table not in ("selfish", "pools", "assumptions"):
        click.echo(_heading(state, table, wanted) + "\n")
    click.echo(_text(columns))
    if table == "routes" and route != "all":
        click.echo("\n" + "\n".join(f"  {line}" for line in columns["explanation"][0].split("; ")))
    elif table == "routes":
        click.echo("\n  Costs are those of the share reached. Steps and figures: --route NAME,")
        click.echo("  --table assumptions. Rewards that an attacker mines are not deducted.")
    elif table == "states":
        from rerack.report.security_words import STATE_CAVEAT

        click.echo(
            "\n" + textwrap.fill(STATE_CAVEAT, 98, initial_indent="  ", subsequent_indent="  ")
        )


def _columns(
    state: NetworkState,
    table: str,
    routes: Any,
    wanted: float,
    months: float,
    holders: Any,
) -> dict[str, list[Any]]:
    """Return a table of the built-in network, or of what the user made of it."""
    from rerack.security import tables
    from rerack.security.facts import assumptions, fact

    make: Mapping[str, Callable[[], dict[str, list[Any]]]] = {
        "routes": lambda: tables.route_table(
            state, routes, share_frac=wanted, within_months=months, holders=holders
        ),
        "exodus": lambda: tables.exodus_table(state, share_frac=wanted, within_months=months),
        "double-spend": lambda: tables.double_spend_table(state),
        "confirmations": lambda: tables.confirmation_table(state),
        "selfish": tables.selfish_table,
        "concentration": lambda: tables.concentration_table(state),
        "pools": tables.pool_table,
        "states": lambda: tables.reserve_table(state, btc_price_usd=fact("price_usd")),
        "assumptions": assumptions,
    }
    return make[table]()


def _refuse(options: Mapping[str, Any], what: str, cure: str) -> None:
    """Refuse options that do not fit, all at once."""
    given = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    if given:
        raise InputError.of(", ".join(given), given=what, allowed="none here", cure=cure)


def _require_table(table: str | None, allowed: tuple[str, ...], whose: str) -> None:
    if table is not None and table not in allowed:
        raise InputError.of(
            "--table",
            given=f"{table!r} with {whose}",
            allowed=", ".join(allowed),
            cure="Choose one of these.",
        )


#: Option by the place that a refusal names.
_PARAMETERS = {
    "share_frac": "--share",
    "within_months": "--within",
    "leaving_frac": "--leaving",
    "state.hashrate_eh_s": "--hashrate",
    "state.hashprice_usd_per_ph_day": "--hashprice",
    "state.efficiency_j_per_th": "--efficiency",
    "state.power_price_usd_per_mwh": "--power-price",
    "state.rig_price_usd_per_th": "--rig-price",
    "state.idle_eh_s": "--idle",
    "supply.rig_efficiency_j_per_th": "--rig-efficiency",
}
#: Option, field of the state, unit.
_FIELDS = (
    ("efficiency", "efficiency_j_per_th", "j_per_th"),
    ("power_price", "power_price_usd_per_mwh", "usd_per_mwh"),
    ("rig_price", "rig_price_usd_per_th", "usd_per_th"),
    ("idle", "idle_eh_s", "eh_s"),
)


def _state(given: Mapping[str, str | None]) -> NetworkState:
    """Return December 2025 with what the user gave in its place."""
    from rerack.security import december_2025

    state = december_2025()
    changes: dict[str, Any] = {}
    for option, field, kind in _FIELDS:
        text = given[option]
        if text is not None:
            changes[field] = number_of(f"--{option.replace('_', '-')}", text, kind)
    state = replace(state, **changes)
    hashrate, hashprice, rig = given["hashrate"], given["hashprice"], given["rig_efficiency"]
    if hashrate is not None:
        wanted = replace(state, hashrate_eh_s=number_of("--hashrate", hashrate, "eh_s"))
        # The same block rewards go to another hashrate.
        paid = state.hashprice_usd_per_ph_day * state.hashrate_eh_s / wanted.hashrate_eh_s
        state = replace(wanted, hashprice_usd_per_ph_day=paid)
    if hashprice is not None:
        paid = number_of("--hashprice", hashprice, "usd_per_ph_day")
        state = replace(state, hashprice_usd_per_ph_day=paid)
    if rig is not None:
        best = number_of("--rig-efficiency", rig, "j_per_th")
        state = replace(state, supply=replace(state.supply, rig_efficiency_j_per_th=best))
    return state


def _heading(state: NetworkState, table: str, share_frac: float) -> str:
    from rerack.report.format import hashrate, quantity
    from rerack.report.format import share as as_share

    what = f", {as_share(share_frac)} of the hashrate" if table == "routes" else ""
    return (
        f"Security in {state.date}{what}\n"
        f"{hashrate(state.hashrate_eh_s)} online at"
        f" {quantity(state.efficiency_j_per_th, 'j_per_th')} · {hashrate(state.idle_eh_s)} idle ·"
        f" power {quantity(state.power_price_usd_per_mwh, 'usd_per_mwh')} ·"
        f" rigs {quantity(state.rig_price_usd_per_th, 'usd_per_th')}"
    )


#: Columns that people do not need in a terminal.
_WORDY = {"explanation", "source", "note", "power_basis"}
#: Heading and divisor by ending of a column's name; the first that fits counts.
_UNITS = (
    ("_usd_per_hour", ", kUSD/h", 1e3),
    ("_usd_per_year", ", MUSD/year", 1e6),
    ("_usd_per_mwh", ", USD/MWh", 1.0),
    ("_flow_usd", " flow, MUSD", 1e6),
    ("value_usd", "value, MUSD", 1e6),
    ("_usd", ", bn USD", 1e9),
    ("_mw", ", MW utility", 1.0),
    ("_eh_s", ", EH/s", 1.0),
    ("_frac", "", 1.0),
)
#: Headings that a column's name does not give.
_HEADS = {
    "hashrate_frac": "hashrate",
    "against_10_percent": "against 10 %",
    "against_30_percent": "against 30 %",
    "against_45_percent": "against 45 %",
    "sm1_frac": "SM1, no tie won",
    "optimal_frac": "optimal, no tie won",
    "sm1_half_frac": "SM1, half of ties",
    "optimal_half_frac": "optimal, half of ties",
    "net_usd_per_year": "net cost, MUSD/year",
    "break_even_attack_per_year": "break-even chance of attack, a year",
}
#: Columns that are shares without saying so.
_SHARES = {"break_even_attack_per_year"}


def _text(columns: Mapping[str, list[Any]]) -> str:
    from rerack.report.format import number
    from rerack.report.tables import table_text

    shown, heads, formats = {}, {}, {}
    for name, values in columns.items():
        if name in _WORDY:
            continue
        ending, words, divisor = next(
            (unit for unit in _UNITS if name.endswith(unit[0])), ("", "", 1.0)
        )
        heads[name] = _HEADS.get(name, name.removesuffix(ending).replace("_", " ") + words)
        is_number = bool(values) and isinstance(values[0], float)
        shown[name] = [v / divisor for v in values] if is_number else values
        if is_number:
            formats[name] = _share if ending == "_frac" or name in _SHARES else number
    return table_text(shown, headings=heads, formats=formats, width=100, indent=2)


def _share(value_frac: float) -> str:
    """Write a share; what does not exist is "none"."""
    from rerack.report.format import share

    return "none" if math.isnan(value_frac) else share(value_frac)
