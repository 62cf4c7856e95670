"""``rerack history``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.commands.dispatch import number_of
from rerack.cli.output import output_options, print_table, table_option
from rerack.cli.places import OutFile, option_names

if TYPE_CHECKING:
    from rerack.network.history import MarginChange, MiningHistory

_FILE = click.Path(path_type=Path)
_TABLES = ("months", "years", "causes")
_PARAMETERS = {"efficiency_j_per_th": "--efficiency", "power_usd_per_mwh": "--power"}


@click.command("history")
@click.option("--prices", type=_FILE, help="CSV with date (or month) and price_usd: adds months.")
@click.option(
    "--efficiency", default="30 J/TH", show_default=True, help='Rig, or "fleet": the mean of all.'
)
@click.option(
    "--power", default="4.5 c/kWh", show_default=True, help='Power price, or "path": as paid.'
)
@click.option("--from", "first", default="2021-10", show_default=True, help="Month compared.")
@click.option("--to", "last", help="Month compared with it; default: the last one known.")
@table_option(_TABLES, default="months")
@click.option("--shock", help="ban-2021, storm-2026 or a CSV file: retargets instead of margins.")
@click.option("--backtest", is_flag=True, help="Score forecasts of hashrate instead.")
@click.option("--report", type=OutFile(), help="Write figures and tables to this HTML file.")
@output_options
def command(
    prices: Path | None,
    efficiency: str,
    power: str,
    first: str,
    last: str | None,
    table: str | None,
    shock: str | None,
    backtest: bool,
    report: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show what mining paid since 2017, and why that changed.

    \b
    Examples:
      rerack history
      rerack history --efficiency fleet --power path --from 2021-11 --to 2024-12
      rerack history --shock ban-2021
      rerack history --backtest --csv
      rerack history --report history.html
    """  # noqa: D301
    from rerack.network.history import explain_margin, mining_history
    from rerack.network.history.margin import month_of
    from rerack.report import history_tables as columns
    from rerack.report import history_words as words

    _refuse_mixtures(shock, backtest, report)
    plain = {"as_json": as_json, "as_csv": as_csv}
    if shock is not None:
        _show_shock(shock, plain)
        return
    if backtest:
        _show_backtest(plain)
        return
    rig = None if efficiency == "fleet" else number_of("--efficiency", efficiency, "j_per_th")
    paid = None if power == "path" else number_of("--power", power, "usd_per_mwh")
    history = mining_history(prices)
    until = last or history.labels[-1]
    given: dict[str, Any] = {"efficiency_j_per_th": rig, "power_usd_per_mwh": paid}
    with option_names(_PARAMETERS | {"month": "--from"}):
        before = month_of(history, first, **given)
    with option_names(_PARAMETERS | {"month": "--to"}):
        change = explain_margin(before, month_of(history, until, **given))
    months = columns.month_columns(history, rig, paid)
    if report is not None:
        _write(history, months, change, first, until, words.basis_words(rig, paid), report)
    if table is not None or as_json or as_csv:
        tables = {"months": months, "years": columns.year_columns(months),
                  "causes": columns.cause_columns(change)}  # fmt: skip
        print_table(tables[table or "months"], **plain)
        return
    click.echo(words.history_text(months, change, first, until, words.basis_words(rig, paid)))
    if report is not None:
        click.echo(f"  report   {report}")


def _refuse_mixtures(shock: str | None, backtest: bool, report: Path | None) -> None:
    from rerack.base.errors import InputError

    if (shock is not None) + backtest + (report is not None) > 1:
        raise InputError.of(
            "--shock, --backtest, --report",
            given="more than one of them",
            allowed="one of them",
            cure="The report holds shocks and backtest as well.",
        )


def _show_shock(name: str, plain: dict[str, bool]) -> None:
    from rerack.network.history import shock_of, trace_shock
    from rerack.report import history_tables as columns
    from rerack.report import history_words as words

    trace = trace_shock(shock_of(name))
    if any(plain.values()):
        print_table(columns.shock_columns(trace), **plain)
    else:
        click.echo(words.shock_text(trace))


def _show_backtest(plain: dict[str, bool]) -> None:
    from rerack.network.history import backtest_hashrate
    from rerack.report import history_tables as columns
    from rerack.report import history_words as words

    found = backtest_hashrate()
    if any(plain.values()):
        print_table(columns.score_columns(found), **plain)
    else:
        click.echo(words.score_text(found))


def _write(
    history: MiningHistory,
    months: dict[str, Any],
    change: MarginChange,
    first: str,
    last: str,
    basis: str,
    report: Path,
) -> None:
    from rerack.report.history_page import history_html
    from rerack.report.page import write_page

    write_page(history_html(history, months, change, first, last, basis), report)
