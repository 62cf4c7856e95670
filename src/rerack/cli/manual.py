"""The manual page, written from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from rerack import __version__
from rerack.cli.main import COMMANDS, cli

_EXITS = (
    ("0", "done"),
    ("1", "another failure of rerack"),
    ("2", "wrong input: the message says where, what was given, what is allowed, and the cure"),
    ("3", "disk, memory or run folder: full, missing, damaged, incomplete"),
    ("4", "a solver could not certify its answer, so none is given"),
    ("5", "a source of live data did not answer, or answered what cannot be used"),
    ("6", "rerack data drift: the market has left the calibrated range"),
    ("7", "a cluster does not answer, lost its scheduler, or its workers cannot do the work"),
    ("130", "interrupted"),
)


def manual_page() -> str:
    """Return the page ``rerack(1)`` in the man macros.

    Examples
    --------
    >>> manual_page().splitlines()[0].startswith('.TH RERACK 1')
    True
    """
    return "\n".join([*_head(), *_commands(), *_tail()]) + "\n"


def _head() -> Iterator[str]:
    yield f'.TH RERACK 1 "" "rerack {__version__}" "User commands"'
    yield from (".SH NAME", r"rerack \- what should every megawatt of a power site compute")
    yield from (
        ".SH SYNOPSIS",
        r".B rerack",
        r"\fICOMMAND\fR [\fIOPTION\fR]... [\fIARGUMENT\fR]...",
    )
    yield ".SH COMMANDS"


def _commands() -> Iterator[str]:
    group = click.Context(cli, info_name="rerack", **cli.context_settings)
    # A command keeps the help option that it was first run with, and run alone it knows no -h.
    asked = cli.get_help_option(group)
    for name in COMMANDS:
        command = cli.get_command(group, name)
        assert command is not None  # named in the list of commands
        yield from _command(command, name, group, asked)


def _command(
    command: click.Command, name: str, above: click.Context, asked: click.Option | None
) -> Iterator[str]:
    """Yield a command, then those below it; options of a hidden one stand as its group's."""
    context = click.Context(command, info_name=name, parent=above)
    below = command.commands if isinstance(command, click.Group) else {}
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (".SS", _plain(f"{context.command_path} {usage}"))
    for paragraph in _paragraphs(command.help or ""):
        yield from (".PP", *paragraph)
    hidden = [one for one in below.values() if one.hidden]
    for one in (*hidden, command):
        for parameter in one.params if one is not command else (*one.params, asked):
            record = parameter.get_help_record(context) if parameter is not None else None
            if record is not None and isinstance(parameter, click.Option):
                yield from (".TP", rf"\fB{_plain(record[0])}\fR", _plain(record[1]) or r"\&")
    for part, one in below.items():
        if not one.hidden:
            yield from _command(one, part, context, asked)


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Yield paragraphs as lines; one that click keeps as written keeps its lines here."""
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.splitlines()]
        if lines and lines[0] == "\b":
            yield [".nf", *(_plain(line) for line in lines[1:]), ".fi"]
        else:
            yield [_plain(" ".join(lines))]


def _tail() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    for code, meaning in _EXITS:
        yield from (".TP", rf"\fB{code}\fR", _plain(meaning))
    yield from (".SH SEE ALSO", "The documentation in the folder docs of the source.")


def _plain(text: str) -> str:
    r"""Return text in which nothing is a macro or an escape.

    Examples
    --------
    >>> print(_plain(".so it-is"))
    \&.so it\-is
    """
    quiet = text.replace("\\", "\\e").replace("-", "\\-")
    return rf"\&{quiet}" if quiet.startswith((".", "'")) else quiet


if __name__ == "__main__":
    click.echo(manual_page(), nl=False)
