"""Entry point: finds the command, runs it, turns errors into messages and exit codes."""

from __future__ import annotations

import errno
import os
import sys
from difflib import get_close_matches
from importlib import import_module

import click

from rerack import __version__
from rerack.base.errors import RerackError

#: Commands in the order of `--help`, with their one-line help, so that help imports none of them.
COMMANDS = {
    "run": "Evaluate every plan of a site file; write tables and an HTML report.",
    "serve": "Open a site in the browser: live answers, runs, assumptions.",
    "init": "Write a commented starter file.",
    "check": "Validate a file of any kind and stop.",
    "schema": "Print the JSON Schema of site files, for editors.",
    "sweep": "Run a study for every combination of some inputs.",
    "resume": "Go on with a run that was stopped.",
    "runs": "List the runs kept so far, with their state.",
    "compare": "Set two runs side by side.",
    "explain": "Show the tree behind a figure, down to its sources.",
    "stress": "Put every plan under named stresses; regret and break-even rents.",
    "export": "Write a run as a workbook with live formulas.",
    "catalog": "Show dated facts: rigs, GPUs, deals, capex, regions.",
    "deals": "Show the deal book: public contracts or a file's offers; time to power.",
    "dispatch": "Dispatch a site hour by hour on your own price file.",
    "strike": "Print the power price up to which each rig pays its way.",
    "backtest": "Show what a desk would have earned, knowing only what it could.",
    "reliability": "Evaluate a topology: availability, outages, causes, SLA and credits.",
    "design": "Find the cheapest topology that keeps an SLA.",
    "network": "Simulate the world's hashrate: who mines where, who leaves, what it pays.",
    "history": "Show what mining paid since 2017 and why; shocks; forecasts scored.",
    "security": "Show what a majority of the hashrate costs, and what a wait protects.",
    "company": "Value listed miners: per MW with and without conversion, runway, implied values.",
    "portfolio": "Decide several sites and companies under shared capital, crews and offers.",
    "reserves": "Show what miners sell of their coins, why, and what it does to the price.",
    "data": "Fetch, keep and show live series with their age; tell when the market drifted.",
    "calibrate": "Estimate market parameters from price files or live series.",
    "completion": "Print the completion script of a shell.",
}
#: Exit codes that are not those of `RerackError`.
EXIT_INTERRUPTED = 130
EXIT_SYSTEM = 3


class LazyGroup(click.Group):
    """A group whose commands are imported when called, not when listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return command names in order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"rerack.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that is none is met with the nearest ones."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = " or ".join(get_close_matches(args[0], COMMANDS))
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near}?", ctx) from None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader of its output who has gone (`rerack ... | head`) is no error.

        Click itself would leave with 1.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    help="What should every megawatt of a power site compute: mine, host AI, sell back, or wait?",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 other failure, 2 wrong input, 3 disk or run folder, "
    "4 a solver could not certify its answer, 5 a data source failed, 6 the market drifted, "
    "7 cluster lost, 130 interrupted.",
)
@click.version_option(__version__, prog_name="rerack")
def cli() -> None:
    """Hold the commands; click calls it before any of them."""


def main() -> None:
    """Run the command line and exit; never a traceback for what a user did."""
    try:
        # Out of standalone mode click returns the code of an `Exit` instead of leaving with it.
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _interrupted()
    except SystemError as error:
        # Compiled code that Ctrl-C met on its way back says so in its own words.
        if not isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
            raise
        _interrupted()
    except RerackError as error:
        _fail(str(error), error.exit_code)
    except MemoryError:
        _fail("out of memory: ask for fewer --scenarios or --threads", EXIT_SYSTEM)
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else str(error.strerror)
        place = f"{error.filename}: " if error.filename else ""
        _fail(f"{place}{reason}", EXIT_SYSTEM)


#: What an interrupt leaves behind, by command; the others keep nothing.
_LEFT = {
    "run": "; a run that was under way is marked incomplete: `rerack resume` goes on",
    "resume": "; the run stays incomplete: `rerack resume` goes on",
    "serve": "; a run that was under way is marked incomplete: `rerack resume` goes on",
    "sweep": "; finished studies are kept: `rerack sweep resume` goes on",
}


def _interrupted() -> None:
    command = next((word for word in sys.argv[1:] if word in COMMANDS), "")
    _fail(f"interrupted{_LEFT.get(command, '')}", EXIT_INTERRUPTED)


def _fail(message: str, code: int) -> None:
    click.echo(f"rerack: {message}", err=True)
    sys.exit(code)
