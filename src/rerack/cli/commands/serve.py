"""``rerack serve``."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import click

#: New objects after which the interpreter looks for garbage; 700 as it comes.
_OBJECTS_BEFORE_COLLECTING = 100_000
#: Time after which a thread lets another run [s]; 0.005 as it comes.
_TURN_S = 0.0005


@click.command("serve")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8765, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
)
@click.option(
    "--live-scenarios",
    type=int,
    default=32,
    show_default=True,
    help="Scenarios behind the figures that sliders move.",
)
@click.option(
    "--reserves",
    type=click.Path(path_type=Path),
    help="Reserves file: what its miners sell stands on the finance page.",
)
@click.option(
    "--portfolio",
    type=click.Path(path_type=Path),
    help="Portfolio file: its decision stands on the page of deals.",
)
@click.option("--prepare", is_flag=True, help="Keep what a quick start needs, and stop.")
def command(
    file: Path,
    host: str,
    port: int,
    out: Path,
    live_scenarios: int,
    reserves: Path | None,
    portfolio: Path | None,
    *,
    prepare: bool,
) -> None:
    """Open the site in FILE in a browser, on this machine alone unless told otherwise.

    An address that others can reach needs a token: set RERACK_TOKEN to 16 characters or more. The
    prepared study is kept in ~/.cache/rerack (XDG_CACHE_HOME moves it), so that a second start is
    faster; --prepare does no more than that, ahead of the first. Any file there may be deleted.

    \b
    Examples:
      rerack serve examples/corsicana.yaml
      rerack serve site.yaml --reserves examples/network/reserves-rundown.yaml
      rerack serve site.yaml --portfolio examples/portfolio/two-companies.yaml
      RERACK_TOKEN=... rerack serve site.yaml --host 0.0.0.0
    """  # noqa: D301
    # A start makes many objects and hardly any garbage, but to look for it takes a twentieth.
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)
    # What answers takes turns with what prepares; ten turns of 5 ms would be half a page's time.
    sys.setswitchinterval(_TURN_S)
    from rerack.study.kept_study import cache_folder
    from rerack.web import ServeSettings, prepare_study, serve

    settings = ServeSettings(
        file=file,
        runs=out,
        reserves=reserves,
        portfolio=portfolio,
        host=host,
        port=port,
        token=os.environ.get("RERACK_TOKEN", ""),
        live_scenarios=live_scenarios,
        cache=cache_folder(),
    )
    if prepare:
        kept = prepare_study(settings)
        click.echo(f"prepared: rerack serve {file} opens it at once ({kept})")
        return
    serve(settings, ready=lambda address: click.echo(f"{address}  (Ctrl+C stops it)"))
