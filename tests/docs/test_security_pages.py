"""Pages of security and reserves: every key is listed, printed tables are what commands print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.cli.main import cli
from rerack.scenario.keys import key_table
from rerack.scenario.reserves.schema import ReservesFile
from rerack.scenario.schema.base import Section
from rerack.scenario.security_file.schema import SecurityFile

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = (ROOT / "docs" / "how-to" / "cost-an-attack.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\n\$ rerack ([^\n]*)\n(.*?)\n```", HOW_TO, flags=re.DOTALL)
SLOW = [b for b in BLOCKS if ".yaml" in b[0] and "reserves" not in b[0]]
QUICK = [b for b in BLOCKS if b not in SLOW]


@pytest.mark.parametrize(
    ("page", "root"), [("reserves-file.md", ReservesFile), ("security-file.md", SecurityFile)]
)
def test_the_reference_holds_the_table_of_the_schema(page: str, root: type[Section]) -> None:
    text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert key_table(root) in text


def check(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli, shlex.split(command), catch_exceptions=False)
    assert done.output.rstrip("\n") == shown


@pytest.mark.parametrize(("command", "shown"), QUICK)
def test_quick_tables_are_what_the_command_prints(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(BLOCKS) == 4
    check(command, shown, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "shown"), SLOW)
def test_slow_tables_are_what_the_command_prints(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(command, shown, monkeypatch)
