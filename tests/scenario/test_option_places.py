"""Refusals of the command line name the option; a file that cannot be written is told first."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.base.errors import InputError, RerackError, StoreError
from rerack.cli.main import cli

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SITE = str(EXAMPLES / "core-scientific.yaml")

#: Commands that write a file, and the option that names it.
WRITING = {
    "design": (["design", "--sla", "99.9"], "--report"),
    "history": (["history"], "--report"),
    "reliability": (["reliability", str(EXAMPLES / "reliability/two-feeds.yaml")], "--report"),
    "reserves": (["reserves", str(EXAMPLES / "network/reserves-rundown.yaml")], "--report"),
    "network": (["network", str(EXAMPLES / "network/exodus.yaml")], "--report"),
    "security": (["security", str(EXAMPLES / "network/attack.yaml")], "--report"),
    "company": (["company", str(EXAMPLES / "companies/riot.yaml")], "--report"),
    "stress": (["stress", SITE], "--report"),
    "sweep": (["sweep", SITE, "--vary", "market.bitcoin.price=40k,80k"], "--report"),
    "dispatch": (["dispatch", SITE, "--prices", "no such file"], "--plot"),
    "bill": (["dispatch", SITE, "--prices", "no such file"], "--bill"),
    "export": (["export", "latest"], "--xlsx"),
    "calibrate": (["calibrate", "power", "no such file", "--name", "a"], "--out"),
}


def refusal(*words: str) -> RerackError:
    """Return what a command refuses with."""
    error = CliRunner().invoke(cli, list(words)).exception
    assert isinstance(error, RerackError), error
    return error


@pytest.mark.parametrize("command", WRITING)
def test_a_place_that_cannot_be_written_is_refused_before_the_work(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, option = WRITING[command]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a file").write_text("")
    told = refusal(*words, option, "a file/under it.out")
    assert isinstance(told, StoreError)
    assert str(told).startswith(f"{option} a file/under it.out: cannot be written")
    told = refusal(*words, option, ".")
    assert isinstance(told, InputError)
    assert str(told).startswith(f"{option} .: given a folder")
    # Nothing was begun, and the trial left nothing.
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]


def test_a_starter_file_makes_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "new" / "site.yaml"
    assert CliRunner().invoke(cli, ["init", str(target)]).exit_code == 0
    assert target.read_text().startswith("#")
    assert "given a folder" in str(refusal("init", str(tmp_path)))


def test_what_is_wrong_with_every_value_of_a_sweep_is_said_once() -> None:
    told = str(refusal("sweep", SITE, "--vary", "site.power.adr=1..5:5"))
    assert told.startswith("--vary site.power.adr: given unknown key")
    assert told.count("unknown key") == 1
    # Values that are wrong each for itself are all named.
    told = str(refusal("sweep", SITE, "--vary", "market.bitcoin.price=-5,-6,40k"))
    assert told.count("--vary market.bitcoin.price: given") == 2


def test_a_sweep_that_is_not_there_is_said_to_be_none(tmp_path: Path) -> None:
    told = str(refusal("sweep", "show", "mine", "--out", str(tmp_path)))
    assert told.startswith(f"mine: no such sweep; {tmp_path} holds none")


def test_a_folder_that_is_no_run_is_named_as_given(tmp_path: Path) -> None:
    told = str(refusal("explain", str(tmp_path), "npv"))
    assert told.startswith(f"{tmp_path}: not a run folder")


def test_a_company_named_twice_is_refused(tmp_path: Path) -> None:
    file = str(EXAMPLES / "companies/riot.yaml")
    told = str(refusal("company", file, file, "--scenarios", "2", "--out", str(tmp_path / "runs")))
    assert told.startswith("companies: given Riot more than once")


def test_rows_that_cannot_be_read_are_said_once() -> None:
    hall = str(EXAMPLES / "reliability/two-feeds.yaml")
    told = str(refusal("reliability", hall, "--extend", "mine.csv"))
    assert told.startswith("mine.csv: given a file that cannot be read (No such file or directory)")
    assert told.count("mine.csv") == 1


def test_a_folder_of_prices_is_named_once(tmp_path: Path) -> None:
    told = str(refusal("dispatch", SITE, "--prices", str(tmp_path)))
    assert told.startswith(f"{tmp_path}: given a folder")
    assert told.count(str(tmp_path)) == 1


def test_filters_that_nothing_passes_are_said_to_be_so() -> None:
    done = CliRunner().invoke(cli, ["catalog", "rigs", "--maker", "Nobody"])
    assert done.output.startswith("rigs: no row passes")


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: the write aside fails, the file that `--force` would replace is whole."""
    target = tmp_path / "site.yaml"
    target.write_text("mine")

    def full(*_given: object, **_named: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    told = refusal("init", str(target), "--force")
    assert str(told).startswith(f"{target}: cannot be written (No space left on device). Free")
    assert target.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["site.yaml"]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("strike --hashprice|35 USD/PH/day|--fee|150 %", "--fee"),
        ("strike --hashprice|-35 USD/PH/day", "--hashprice"),
        ("strike --hashprice|35 USD/PH/day|--om|-5 USD/MWh", "--om"),
        ("history --from|1999-01", "--from"),
        ("history --to|2100-01", "--to"),
        ("history --power|-3 c/kWh", "--power"),
        ("security --share|150 %", "--share"),
        ("security --within|-3 months", "--within"),
        ("security --idle|-3 EH/s", "--idle"),
        ("security --rig-price|-3 USD/TH", "--rig-price"),
        ("design --sla|99.9|--mw|0", "--mw"),
        ("design --sla|99.9|--block-mw|0", "--block-mw"),
        ("design --sla|99.9|--shed-generation|5", "--shed"),
        ("design --sla|99.9|--confidence|150 %", "--confidence"),
        ("deals --until|2025-11", "--until"),
        ("calibrate power|no such file|--name|../mine", "--name"),
        ("deals --total|--until|2025-13", "--until"),
        ("deals --queue|24 months", "--queue"),
    ],
)
def test_a_refusal_names_the_option(words: str, place: str) -> None:
    command, _, rest = words.partition(" ")
    assert str(refusal(command, *rest.split("|"))).startswith(f"{place}: given ")
