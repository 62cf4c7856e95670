"""A file of one kind given to the command of another, and `rerack check` on every kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.base.errors import InputError, ScenarioError
from rerack.cli.main import cli
from rerack.scenario.any_file import load_any
from rerack.scenario.kinds import KINDS, kind_of
from rerack.scenario.layers import read_layers
from rerack.study import run_study

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
#: One example of each kind, by its command.
OF_KIND = {
    "run": EXAMPLES / "corsicana.yaml",
    "network": EXAMPLES / "network" / "stayers.yaml",
    "security": EXAMPLES / "network" / "attack.yaml",
    "reserves": EXAMPLES / "network" / "reserves-rundown.yaml",
    "reliability": EXAMPLES / "reliability" / "two-feeds.yaml",
    "portfolio": EXAMPLES / "portfolio" / "two-companies.yaml",
    "company": EXAMPLES / "companies" / "riot.yaml",
}


def test_every_example_is_of_exactly_one_kind() -> None:
    for file in sorted(EXAMPLES.rglob("*.yaml")):
        assert kind_of(read_layers(file).tree) is not None, file
    assert set(OF_KIND) == {kind.command for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.command)
def test_another_kind_is_named_once_with_its_command(kind: object) -> None:
    assert kind in KINDS
    others = [k for k in KINDS if k is not kind]
    for other in others:
        file = OF_KIND[other.command]
        with pytest.raises(ScenarioError) as caught:
            read_layers(file, kind=kind)  # type: ignore[arg-type]
        (problem,) = caught.value.problems
        assert problem.given == other.name
        assert f"({other.key})" in problem.where
        assert f"rerack {other.command} " in problem.cure


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("run",), OF_KIND["company"]),
        (("portfolio",), EXAMPLES / "portfolio" / "river.yaml"),
        (("company",), OF_KIND["run"]),
        (("network",), OF_KIND["run"]),
        (("security",), OF_KIND["network"]),
        (("reserves",), OF_KIND["security"]),
        (("reliability",), OF_KIND["run"]),
    ],
)
def test_a_command_says_which_command_takes_the_file(command: tuple[str, ...], file: Path) -> None:
    with pytest.raises(ScenarioError, match="Use `rerack ") as caught:
        CliRunner().invoke(cli, [*command, str(file)], catch_exceptions=False)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("command", OF_KIND)
def test_check_takes_every_kind(command: str) -> None:
    kind, study = load_any(OF_KIND[command])
    assert kind.command == command
    assert study.inputs
    done = CliRunner().invoke(cli, ["check", str(OF_KIND[command])])
    assert done.exit_code == 0, done.output
    assert ": good" in done.output


def test_a_damaged_file_of_another_kind_is_told_what_is_wrong(tmp_path: Path) -> None:
    text = OF_KIND["reliability"].read_text(encoding="utf-8").replace("critical:", "critcal:", 1)
    file = tmp_path / "two.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="critcal"):
        load_any(file)


def test_check_says_which_terms_only_the_desk_values() -> None:
    """The file is good, and `rerack run` will not take it: both are said, the latter by line."""
    full = EXAMPLES / "desk" / "full-tariff.yaml"
    done = CliRunner().invoke(cli, ["check", str(full)])
    assert done.exit_code == 0
    assert ": good" in done.stdout
    said = done.stderr.splitlines()
    with pytest.raises(InputError) as refused:
        run_study(load_any(full)[1])
    for line, problem in zip(said, refused.value.problems, strict=True):
        assert line.startswith(f"rerack: `rerack run` will refuse {problem.where}: ")
