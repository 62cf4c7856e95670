"""``rerack deals``: tables for people and programs, and what does not go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import InputError
from rerack.cli.main import cli

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
IREN = str(EXAMPLES / "iren.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["deals", *arguments], catch_exceptions=False)


def test_an_offer_reads_as_it_was_published() -> None:
    text = run(IREN).output
    row = next(line for line in text.splitlines() if line.startswith("Microsoft "))
    # 9.7 bnUSD for 200 MW over five years, a fifth of it prepaid.
    assert row.split()[2:9] == ["200", "5.00", "9.70", "9.70", "8.98", "0", "1.94"]
    assert "NOI is before power, which the owner pays: Microsoft." in text
    (record,) = json.loads(run(IREN, "--json").output)
    assert record["value_usd"] == pytest.approx(9.7e9, rel=1e-5)


def test_an_override_moves_the_offer() -> None:
    site = str(EXAMPLES / "corsicana.yaml")
    moved = "offers.shell.rate=2.488 MUSD/MW-year critical"
    plain, dearer = (
        json.loads(run(site, *more, "--json").output)[0]["value_usd"]
        for more in ((), ("--set", moved))
    )
    assert dearer == pytest.approx(2 * plain)


def test_what_is_not_public_is_a_dash() -> None:
    text = run().output
    row = next(line for line in text.splitlines() if line.startswith("Galaxy-CoreWeave"))
    assert row.split()[-3:] == ["–", "–", "derived"]
    assert "A dash: not public." in text


def test_offers_without_megawatts_are_said_to_take_every_hall() -> None:
    text = " ".join(run(str(EXAMPLES / "corsicana.yaml")).output.split())
    assert "On all halls of the site, for no MW are named: shell, colocation, cloud." in text
    assert "NOI is before power, which the owner pays: cloud." in text


def test_a_total_is_in_billions_for_people_and_in_dollars_for_programs() -> None:
    assert "71.43" in run("--total", "--until", "2025-11").output
    last = json.loads(run("--total", "--until", "2025-11", "--json").output)[-1]
    assert last["total_usd"] == pytest.approx(71.43e9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--until", "2025-11"], "Add --total"),
        (["--queue", "24 months"], "Add --time-to-power"),
        (["--set", "site.power.adder=3 USD/MWh"], "Add FILE"),
        (["--total", "--until", "2025-31"], "given 2025-31"),
        (["--total", "--yields"], "given --total and --yields"),
        ([IREN, "--quoted"], "given FILE and --quoted"),
    ],
)
def test_what_would_be_left_unread_is_refused(arguments: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run(*arguments)
