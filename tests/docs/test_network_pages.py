"""The network's pages: every key is listed, every printed table is what the command prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.cli.main import cli
from rerack.scenario.keys import key_table
from rerack.scenario.network_file.schema import NetworkFile

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = (ROOT / "docs" / "how-to" / "simulate-the-network.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\n\$ rerack ([^\n]*)\n(.*?)\n```", HOW_TO, flags=re.DOTALL)


def test_the_reference_holds_the_table_of_the_schema() -> None:
    page = ROOT / "docs" / "reference" / "network-file.md"
    assert key_table(NetworkFile) in page.read_text(encoding="utf-8")


def printed(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a command prints, a `grep -E` after a bar included."""
    monkeypatch.chdir(ROOT)
    words, *filters = command.split(" | grep -E ")
    done = CliRunner().invoke(cli, shlex.split(words), catch_exceptions=False)
    lines = done.output.rstrip("\n").split("\n")
    for pattern in filters:
        lines = [line for line in lines if re.search(shlex.split(pattern)[0], line)]
    return "\n".join(lines)


def test_the_first_table_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(BLOCKS) >= 6
    command, shown = BLOCKS[0]
    assert printed(command, monkeypatch) == shown


@pytest.mark.slow
@pytest.mark.parametrize(("command", "shown"), BLOCKS[1:])
def test_every_table_is_what_the_command_prints(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert printed(command, monkeypatch) == shown
