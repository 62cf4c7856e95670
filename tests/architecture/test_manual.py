"""What is written from the commands is current: manual page, list of commands, exit codes."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import rerack
from rerack.base.errors import RerackError
from rerack.cli.commands import company
from rerack.cli.commands.data import EXIT_DRIFTED
from rerack.cli.main import COMMANDS, EXIT_INTERRUPTED, EXIT_SYSTEM, cli
from rerack.cli.manual import manual_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")


def test_the_manual_page_is_current() -> None:
    """Made anew by ``python -m rerack.cli.manual > docs/man/rerack.1``."""
    # As a test of this process may have done: a command run alone keeps a help option without -h.
    CliRunner().invoke(company.command, ["--help"])
    assert (ROOT / "docs" / "man" / "rerack.1").read_text(encoding="utf-8") == manual_page()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_on_its_page_and_helps(name: str) -> None:
    assert re.search(rf"`rerack {name}\b", PAGE), f"docs/reference/commands.md lacks {name}"
    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0


def raised_on_purpose() -> set[type[RerackError]]:
    """Return every class of rerack's errors, wherever in the package it is defined."""
    for module in pkgutil.walk_packages(rerack.__path__, "rerack."):
        importlib.import_module(module.name)
    found, left = {RerackError}, [RerackError]
    while left:
        below = set(left.pop().__subclasses__()) - found
        found |= below
        left += below
    return {kind for kind in found if kind.__module__.startswith("rerack.")}


def named_codes() -> set[int]:
    """Return every exit code that the source gives a name, `EXIT_...`."""
    codes = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = [t.id for t in node.targets if isinstance(t, ast.Name)]
                if any(name.startswith("EXIT_") for name in names):
                    codes.add(int(node.value.value))
    return codes


def test_every_exit_code_and_error_class_is_documented() -> None:
    kinds = raised_on_purpose()
    assert len(kinds) >= 8
    codes = {kind.exit_code for kind in kinds} | named_codes() | {0}
    assert {EXIT_INTERRUPTED, EXIT_SYSTEM, EXIT_DRIFTED} <= codes
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)} == codes
    for kind in kinds:
        assert f"`{kind.__name__}`" in PAGE, kind.__name__


def test_every_list_of_exit_codes_is_whole() -> None:
    codes = {kind.exit_code for kind in raised_on_purpose()} | named_codes() | {0}
    page = manual_page()
    listed = page[page.index(".SH EXIT STATUS") :]
    assert {int(code) for code in re.findall(r"^\\fB(\d+)\\fR", listed, re.MULTILINE)} == codes
    said = (cli.epilog or "").split(": ", 1)[1]
    assert {int(part.split()[0]) for part in said.split(", ")} == codes


def test_every_option_of_every_command_says_what_it_does() -> None:
    found = re.findall(r"^\.TP\n\\fB(.*)\\fR\n\\&$", manual_page(), re.MULTILINE)
    assert found == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed(shell: str) -> None:
    shown = CliRunner().invoke(cli, ["completion", shell])
    assert "_RERACK_COMPLETE" in shown.output
