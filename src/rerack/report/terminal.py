"""The run in one screen of text: the answer, the plans side by side, and how far to trust it."""

from __future__ import annotations

import io
import textwrap

from rerack.report.answer import Answer, answer
from rerack.report.format import printable
from rerack.report.plant_sheets import plant_words
from rerack.report.policy_sheets import option_words
from rerack.report.sheets import (
    explain_command,
    means_note,
    money_note,
    plans_sheet,
    run_title,
)
from rerack.report.source import RunTables, answer_plan, check_run
from rerack.report.tables import Written, lay_out

#: A line and the meaning whose colour it takes, or none.
Line = tuple[str, str]

_INDENT = 2
_LABEL = 9


def summary(run: RunTables, *, width: int = 90, colour: bool = False) -> str:
    """Return the summary of a run for the terminal.

    Parameters
    ----------
    run : RunTables
        A finished run.
    width : int
        Characters to keep within; the table of plans needs about 80.
    colour : bool
        Whether to add terminal colours; plain text otherwise.

    Returns
    -------
    str
        Lines without a trailing line break.
    """
    run = check_run(run)
    told = answer(run)
    lines: list[Line] = [(t, "muted") for t in _wrap(_title(run), width, "", "  ")]
    lines.append(("", ""))
    said = f"{told.headline}  {told.gain}"
    lines += [(t, "answer") for t in _wrap(said, width, " " * _INDENT, " " * _INDENT)]
    lines.append(("", ""))
    lines += _plan_lines(run, width)
    lines.append(("", ""))
    lines += _reason_lines(run, told, width)
    return _coloured(lines) if colour else "\n".join(text for text, _ in lines)


def _title(run: RunTables) -> str:
    return f"{run_title(run)} · {float(run.meta['wall_s']):.1f} s"


def _plan_lines(run: RunTables, width: int) -> list[Line]:
    table, unit = plans_sheet(run)
    best = answer_plan(run)
    marks = ["← answer" if p == best else "" for p in run.table("plans")["plan"]]
    marked = Written(
        heads=(*table.heads, ""),
        rows=tuple((*row, mark) for row, mark in zip(table.rows, marks, strict=True)),
        right=(*table.right, False),
    )
    first, *body = lay_out(marked, width=width, indent=_INDENT).split("\n")
    lines: list[Line] = [(first, "muted")]
    lines += [(row, "answer" if "← answer" in row else "") for row in body]
    for note in (money_note(run, unit), means_note(run)):
        lines += [(t, "muted") for t in _wrap(note, width, " " * _INDENT, " " * _INDENT)]
    return lines


def _reason_lines(run: RunTables, told: Answer, width: int) -> list[Line]:
    path = str(run.meta["run_path"])
    parts = [
        ("why", told.why, ""),
        ("risk", told.risk, ""),
        ("flips", told.flips, ""),
        ("checks", told.checks, "muted"),
    ]
    plants = plant_words(check_run(run))
    if plants:
        parts.insert(3, ("plant", plants, ""))
    rights = option_words(check_run(run))
    if rights:
        parts.insert(3, ("rights", rights, ""))
    if path:
        parts += [
            ("report", f"{path}/report.html", "muted"),
            ("explain", explain_command(run, "npv"), "muted"),
        ]
    lines: list[Line] = []
    for label, text, meaning in parts:
        if label == "report":
            lines.append(("", ""))
        lead = " " * _INDENT + label.ljust(_LABEL)
        lines += [(t, meaning) for t in _wrap(text, width, lead, " " * (_INDENT + _LABEL))]
    return lines


def _wrap(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        printable(text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _coloured(lines: list[Line]) -> str:
    from rich.console import Console
    from rich.text import Text

    styles = {"": "", "muted": "dim", "answer": "bold cyan"}
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard", width=10_000)
    for text, meaning in lines:
        console.print(Text(text, style=styles[meaning]), end="\n", soft_wrap=True)
    return out.getvalue().rstrip("\n")
