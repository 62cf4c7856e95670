"""``rerack security FILE``: worlds of cohorts through time, states, and the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.output import print_table

if TYPE_CHECKING:
    from rerack.network.world import NetworkSimulation
    from rerack.scenario.security_file import SecurityStudy
    from rerack.security.guard_world import GuardedWorld
    from rerack.security.state import NetworkState

Columns = dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What a security file gives: worlds along their scenarios, states, the network before."""

    worlds: dict[str, NetworkSimulation]
    before: NetworkState
    guarded: GuardedWorld | None


def show_study(
    file: Path,
    table: str | None,
    overrides: tuple[str, ...],
    scenarios: int | None,
    seed: int | None,
    report: Path | None,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Read a security file, run its worlds, print or write what was asked for."""
    from rerack.report import security_words as words
    from rerack.scenario.security_file import load_security

    study = load_security(file, overrides=overrides, scenarios=scenarios, seed=seed)
    if table == "assumptions":
        _print(words.input_columns(study.inputs), as_json, as_csv)
        return
    found = _run(study)
    if report is not None:
        _write(study, found, report)
    if table is not None or as_json or as_csv:
        _print(_table(table or "curve", study, found), as_json, as_csv)
    else:
        states = None if found.guarded is None else _states(study, found)
        curves = {name: _curve(study, world, 12) for name, world in found.worlds.items()}
        click.echo(words.study_text(study.name, curves, study.share_frac, states, found.guarded))
    if report is not None:
        click.echo(f"\n  report   {report}")


def _run(study: SecurityStudy) -> _Found:
    from rerack.security import network_state
    from rerack.security.guard_world import guarded_world
    from rerack.study.network_study import run_network

    first = next(iter(study.worlds.values()))
    price = first.market.bitcoin.price_usd
    fees = first.market.fees.level_btc_per_block
    guarded = None
    if study.guards:
        guarded = guarded_world(first.world, study.guards, price_usd=price, fees_btc=fees)
    return _Found(
        worlds={name: run_network(one) for name, one in study.worlds.items()},
        before=network_state(first.world, price_usd=price, fees_btc=fees),
        guarded=guarded,
    )


def _curve(study: SecurityStudy, world: NetworkSimulation, every: int) -> Columns:
    from rerack.security import attack_curve

    holders: Any = study.holders
    return attack_curve(
        world,
        share_frac=study.share_frac,
        within_months=study.within_months,
        holders=holders,
        every_months=every,
    )


def _states(study: SecurityStudy, found: _Found) -> Columns:
    from rerack.security.guard_table import guard_table

    assert found.guarded is not None
    return guard_table(found.guarded, found.before, hold_frac=study.hold_frac)


def _table(name: str, study: SecurityStudy, found: _Found) -> Columns:
    from rerack.base.errors import InputError
    from rerack.security import concentration_curve, protection_curve

    if name == "states":
        if found.guarded is None:
            raise InputError.of(
                "--table",
                given="states, of a file without any",
                allowed="a table that the file has the inputs of",
                cure="Add a section `states` to the file.",
            )
        return _states(study, found)
    columns: Columns = {}
    for world, simulation in found.worlds.items():
        if name == "curve":
            part = _curve(study, simulation, 1)
        elif name == "protection":
            part = protection_curve(simulation, hashrate_ratio=study.hashrate_ratio)
        else:
            part = concentration_curve(simulation)
        part = {"world": [world] * len(part["month"]), **part}
        for column, values in part.items():
            columns.setdefault(column, []).extend(values)
    return columns


def _print(columns: Columns, as_json: bool, as_csv: bool) -> None:
    print_table(columns, as_json=as_json, as_csv=as_csv)


def _write(study: SecurityStudy, found: _Found, report: Path) -> None:
    from rerack.report import security_figures as figures
    from rerack.report import security_words as words
    from rerack.report.network_page import network_html
    from rerack.report.page import write_page
    from rerack.report.tables import written
    from rerack.security import december_2025, protection_curve
    from rerack.security.tables import confirmation_table

    curves = {name: _curve(study, world, 1) for name, world in found.worlds.items()}
    first, curve = next(iter(curves.items()))
    waits = protection_curve(found.worlds[first], hashrate_ratio=study.hashrate_ratio)
    known = december_2025()
    drawn = {
        "capital": figures.capital_figure(curve, first, study.share_frac),
        "hour": figures.hour_figure(curve, first),
        "waits": figures.waits_figure(waits),
        "concentration": figures.concentration_figure(
            {
                "pool": known.pool_shares,
                "region": found.before.region_shares,
                "owner": known.owner_shares,
            },
            found.before.date,
        ),
    }
    if len(curves) > 1:
        drawn = {"worlds": figures.worlds_figure(curves, "mix"), **drawn}
    sheets = {}
    states = None
    if found.guarded is not None:
        states = _states(study, found)
        drawn["states"] = figures.states_figure(states, study.hold_frac)
        sheets["States"] = written(figures.state_words(states))
    sheets["Confirmations by value at stake"] = written(
        words.confirmation_words(
            confirmation_table(found.before, hashrate_ratio=study.hashrate_ratio)
        )
    )
    sheets["Inputs of this file, with their standing"] = written(words.input_columns(study.inputs))
    page = network_html(
        drawn,
        title=words.headline(curves, study.share_frac, states),
        facts=words.facts(study.name, found.worlds),
        reasons=words.reasons(curves, states, found.guarded, study.inputs),
        sheets=sheets,
        explain=f"rerack security {study.path} --table curve --csv",
    )
    write_page(page, report)
