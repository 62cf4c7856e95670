"""What is written from the commands is current: manual page, list of commands, exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.base import errors
from rerack.base.errors import RerackError
from rerack.cli.main import COMMANDS, EXIT_INTERRUPTED, EXIT_SYSTEM, cli
from rerack.cli.manual import manual_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")


def test_the_manual_page_is_current() -> None:
    """Made anew by ``python -m rerack.cli.manual > docs/man/rerack.1``."""
    assert (ROOT / "docs" / "man" / "rerack.1").read_text(encoding="utf-8") == manual_page()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_on_its_page_and_helps(name: str) -> None:
    assert re.search(rf"`rerack {name}\b", PAGE), f"docs/reference/commands.md lacks {name}"
    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0


def test_every_exit_code_and_error_class_is_documented() -> None:
    kinds = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, RerackError)
    ]
    assert len(kinds) >= 5
    codes = {kind.exit_code for kind in kinds} | {0, EXIT_INTERRUPTED, EXIT_SYSTEM}
    for code in codes:
        assert re.search(rf"^\| {code} \|", PAGE, re.MULTILINE), f"exit code {code}"
    for kind in kinds:
        assert f"`{kind.__name__}`" in PAGE, kind.__name__


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed(shell: str) -> None:
    shown = CliRunner().invoke(cli, ["completion", shell])
    assert "_RERACK_COMPLETE" in shown.output
