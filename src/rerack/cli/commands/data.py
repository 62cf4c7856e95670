"""``rerack data``."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.output import output_options, print_table

if TYPE_CHECKING:
    import numpy as np

    from rerack.livedata import Observations, Record

#: Exit code of a market that left the calibrated range.
EXIT_DRIFTED = 6
_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("data"),
    envvar="RERACK_DATA",
    show_default=True,
    help="Cache; or the environment variable RERACK_DATA.",
)


@click.group("data")
def command() -> None:
    """Fetch, keep and show live series; say how old they are and whether the market drifted.

    \b
    Examples:
      rerack data sources
      rerack data update coinmetrics_price ercot_north
      rerack data status
      rerack data show ercot_north --csv > prices.csv
      rerack data drift
    """  # noqa: D301


@command.command("update", short_help="Fetch series and merge them in.")
@click.argument("names", nargs=-1)
@_FOLDER
@click.option("--from", "first", metavar="DAY", help="First day asked for: 2024-01-31.")
@click.option("--within", "total_s", type=click.FloatRange(1, 7200), default=600, show_default=True,
              help="Longest time for one series, waits included [s].")  # fmt: skip
def update_command(names: tuple[str, ...], folder: Path, first: str | None, total_s: float) -> None:
    """Fetch NAMES, or everything that is in the cache, and merge it in.

    Credentials come from the environment only; `rerack data sources` names the variables. What
    fails is said at the end; what was cached stays as it was.
    """
    from rerack.base.errors import RerackError
    from rerack.livedata import Limits, cache, gaps, series_specs, update
    from rerack.livedata.catalogue import spec_of

    chosen = names or tuple(n for n in cache.names(folder) if n in series_specs())
    if not chosen:
        raise click.UsageError(f"{folder} is empty: name series. `rerack data sources` lists them.")
    for name in chosen:
        spec_of(name)
    start = None if first is None else _day(first)
    failures: list[RerackError] = []
    for name in chosen:
        try:
            done = update(name, folder, now=now_utc(), environment=os.environ, start=start,
                          limits=Limits(total_s=total_s))  # fmt: skip
        except RerackError as reason:
            failures.append(reason)
            click.echo(f"{name}: failed: {reason}", err=True)
            continue
        missing = sum(n for _, n in gaps(spec_of(name), done.seen))
        revised = f", {done.revised} revised" if done.revised else ""
        holes = f", {missing} {spec_of(name).step}s missing" if missing else ""
        click.echo(
            f"{name}: {done.added} new{revised}{holes}, "
            f"{len(done.seen)} from {done.seen.times[0]}Z to {done.seen.times[-1]}Z"
        )
    if failures:
        raise click.exceptions.Exit(max(f.exit_code for f in failures))


@command.command("import", short_help="Keep a file of yours as a series.")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@_FOLDER
@click.option("--column", help="Column or curve of FILE, where it has several.")
@click.option("--unit", default="USD/MWh", show_default=True, help="Unit of the prices.")
@click.option("--sheet", help="Sheet of a spreadsheet, where it has several.")
@click.option("--licence", default="", help="Terms on which you hold it.")
def import_command(name: str, file: Path, folder: Path, **given: Any) -> None:
    """Keep FILE as series NAME: hourly prices (CSV, Parquet) or a monthly curve (.xlsx).

    \b
    Examples:
      rerack data import my_node prices.parquet --column HB_NORTH
      rerack data import forward curves.xlsx --sheet Curves --column "ATC USD/MWh"
    """  # noqa: D301
    from rerack.livedata import bring_in

    done = bring_in(name, file, folder, now=now_utc(), **given)
    first, last = done.seen.times[[0, -1]]
    click.echo(f"{name}: {len(done.seen)} {done.record.step}s from {first}Z to {last}Z")


@command.command("status", short_help="Say how far series go and whether they are stale.")
@click.argument("names", nargs=-1)
@_FOLDER
@output_options
def status_command(names: tuple[str, ...], folder: Path, as_json: bool, as_csv: bool) -> None:
    """Say of each cached series how far it goes, what is missing, and whether it is stale."""
    from rerack.base.errors import DataError
    from rerack.livedata import age_of, cache, gaps

    chosen = names or cache.names(folder)
    if not chosen:
        click.echo(f"{folder}: nothing cached. `rerack data update NAME` fetches a series.")
        return
    rows: list[dict[str, Any]] = []
    damaged: list[DataError] = []
    for name in chosen:
        try:
            record, seen = cache.read(folder, name)
        except DataError as reason:
            damaged.append(reason)
            continue
        age = age_of(record, seen, now_utc())
        rows.append({
            "series": name, "unit": record.unit, "rows": len(seen),
            "from": f"{seen.times[0]}Z", "to": f"{seen.times[-1]}Z",
            "missing": sum(n for _, n in gaps(cache.spec_of_record(record), seen)),
            "state": "STALE" if age.stale else "fresh", "age": age.words,
        })  # fmt: skip
    if rows:
        print_table(
            {key: [r[key] for r in rows] for key in rows[0]}, as_json=as_json, as_csv=as_csv
        )
    if damaged:
        raise DataError(*(problem for error in damaged for problem in error.problems))


@command.command("show", short_help="Show a series; all of it with --csv.")
@click.argument("name")
@_FOLDER
@click.option("--from", "first", metavar="DAY", help="First day, UTC.")
@click.option("--to", "last", metavar="DAY", help="Last day, UTC, whole.")
@click.option("--fill", "rule", type=click.Choice(["none", "linear", "previous"]), default="none",
              show_default=True, help="How gaps are filled; filled values are marked.")  # fmt: skip
@click.option("--longest", type=click.IntRange(1), default=24, show_default=True,
              help="Longest gap that a rule may fill, in steps.")  # fmt: skip
@output_options
def show_command(
    name: str,
    folder: Path,
    first: str | None,
    last: str | None,
    rule: str,
    longest: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show a cached series; with --csv all of it, as other commands read it.

    Gaps are an error with --csv and --json unless a fill rule is chosen. The age goes to standard
    error, so that a file of prices holds prices only.
    """
    from rerack.livedata import age_of, cache, filled_by

    record, seen = cache.read(folder, name)
    age = age_of(record, seen, now_utc())
    seen = _between(seen, first, last)
    if not (as_json or as_csv):
        click.echo(_summary(record, seen, age.words))
        return
    whole = filled_by(cache.spec_of_record(record), seen, rule, longest=longest)
    note = f"{name}: {age.words}"
    if whole.filled.any():
        note += f"; {int(whole.filled.sum())} values filled by rule {rule}, marked in column filled"
    click.echo(note, err=True)
    if as_csv:
        click.echo(cache.text_of(record, whole), nl=False)
        return
    columns: dict[str, Any] = {"ts_utc": [f"{t}Z" for t in whole.times],
                               cache.column_of(record): whole.values,
                               "filled": whole.filled}  # fmt: skip
    print_table(columns, as_json=True, as_csv=False)


@command.command("drift")
@_FOLDER
@click.option("--parameters", type=click.Path(path_type=Path),
              help="Folder of the parameter files; default: those built in.")  # fmt: skip
@click.option("--power", default="ercot_north", show_default=True,
              help="Cached power series, and the parameter set of that name.")  # fmt: skip
@click.option("--stale", "allow_stale", is_flag=True, help="Test stale series all the same.")
@click.option("--seed", default=0, show_default=True, help="Seed of the reference draws.")
@output_options
def drift_command(
    folder: Path,
    parameters: Path | None,
    power: str,
    allow_stale: bool,
    seed: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Tell whether today's market has left the calibrated range; exit code 6 where it has.

    A recent window of each cached driver (Bitcoin, fees, power, hashrate, block time) is compared
    with what its parameter file, or the history that it rests on, would give; a driver that did not
    drift is said to have with odds of 1 %. Stale series are refused.
    """
    from rerack.cli.drift_study import drift_tests

    tests = drift_tests(folder, parameters, power, now_utc(), allow_stale=allow_stale, seed=seed)
    columns: dict[str, Any] = {
        "driver": [t.driver for t in tests],
        "statistic": [t.statistic for t in tests],
        "value": [t.value for t in tests],
        "low_95": [t.low for t in tests],
        "high_95": [t.high for t in tests],
        "p": [t.p_frac for t in tests],
        "verdict": ["DRIFTED" if t.drifted else "in range" for t in tests],
    }
    print_table(columns, as_json=as_json, as_csv=as_csv)
    if any(t.drifted for t in tests):
        raise click.exceptions.Exit(EXIT_DRIFTED)


@command.command("sources")
@output_options
def sources_command(as_json: bool, as_csv: bool) -> None:
    """List the series that can be fetched: unit, step, source, licence, credentials."""
    from rerack.livedata import series_specs, sources

    specs = series_specs().values()
    places = [sources()[s.source] for s in specs]
    columns = {
        "series": [s.name for s in specs],
        "unit": [s.unit for s in specs],
        "step": [s.step for s in specs],
        "what": [s.summary for s in specs],
        "licence": [p.licence for p in places],
        "credentials": [" ".join(p.credentials) for p in places],
    }
    print_table(columns, as_json=as_json, as_csv=as_csv)


def now_utc() -> np.datetime64:
    """Return this moment, UTC, without a zone."""
    import numpy as np

    return np.datetime64(datetime.now(UTC).replace(tzinfo=None, microsecond=0), "s")


def _day(text: str) -> np.datetime64:
    import numpy as np

    from rerack.base.errors import InputError

    try:
        return np.datetime64(date.fromisoformat(text), "D")
    except ValueError:
        raise InputError.of("day", given=repr(text), allowed="a date such as 2024-01-31",
                            cure="Write year, month and day.") from None  # fmt: skip


def _between(seen: Observations, first: str | None, last: str | None) -> Observations:
    import numpy as np

    from rerack.base.errors import InputError
    from rerack.livedata import Observations

    begin = seen.times[0] if first is None else _day(first)
    end = seen.times[-1] if last is None else _day(last) + np.timedelta64(86_399, "s")
    kept = (seen.times >= begin) & (seen.times <= end)
    if not kept.any():
        raise InputError.of(
            "--from and --to",
            given=f"{first} to {last}",
            allowed=f"days within {seen.times[0]}Z to {seen.times[-1]}Z",
            cure="Choose others.",
        )
    return Observations(times=seen.times[kept], values=seen.values[kept], filled=seen.filled[kept])


def _summary(record: Record, seen: Observations, age: str) -> str:
    from rerack.livedata import cache, gaps

    missing = gaps(cache.spec_of_record(record), seen)
    holes = ", ".join(f"{n} from {first}" for first, n in missing[:5]) or "none"
    values = seen.values
    lines = [
        f"{record.name}: {record.summary} [{record.unit}], by {record.step}",
        f"  source    {record.source}, {record.origin}",
        f"  licence   {record.licence}",
        f"  age       {age}",
        f"  holds     {len(seen)} from {seen.times[0]}Z to {seen.times[-1]}Z",
        f"  values    last {values[-1]:.6g}, mean {values.mean():.6g}, "
        f"{values.min():.6g} to {values.max():.6g}",
        f"  gaps      {holes}" + (f" and {len(missing) - 5} more" if len(missing) > 5 else ""),
        f"  filled    {int(seen.filled.sum())}",
    ]
    return "\n".join(lines)
