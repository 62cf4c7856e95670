"""``rerack security FILE``: examples, tables, page, and mistakes with their lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import InputError, ScenarioError
from rerack.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
ATTACK = str(ROOT / "examples" / "network" / "attack.yaml")
STATES = str(ROOT / "examples" / "network" / "state-miner.yaml")
FEW = ("--scenarios", "8", "--set", "study.horizon=25 months")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["security", *arguments], catch_exceptions=False)


def rows(*arguments: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(*arguments, "--json").output)
    return found


def test_everyone_leaving_makes_an_attack_cheaper_than_nobody() -> None:
    curve = rows(ATTACK, *FEW)
    last = {(r["world"], r["route"]): r for r in curve if r["month"] == "2027-12"}
    for route in ("buy", "build", "mix"):
        left = last["everyone leaves for AI", route]["capex_p50_usd"]
        stayed = last["nobody leaves", route]["capex_p50_usd"]
        assert isinstance(left, float)
        assert isinstance(stayed, float)
        assert left < 0.8 * stayed
    # Announced conversions lie between.
    announced = last["announced conversions", "mix"]["capex_p50_usd"]
    assert isinstance(announced, float)
    first = [r for r in curve if r["month"] == "2025-12" and r["route"] == "mix"]
    assert len({r["capex_p50_usd"] for r in first}) == 1


def test_text_tables_and_page(tmp_path: Path) -> None:
    page = tmp_path / "attack.html"
    found = run(ATTACK, *FEW, "--report", str(page))
    assert "51 % of the hashrate" in found.output
    assert max(map(len, found.output.splitlines())) <= 100
    text = page.read_text(encoding="utf-8")
    for word in ("switch on idle rigs", "Fewest that pass half", "Confirmations by value"):
        assert word in text
    assert not re.search(r'<(script|link|img)[^>]*(src|href)="', text)
    for table in ("concentration", "protection", "assumptions"):
        assert len(rows(ATTACK, *FEW, "--table", table)) > 5


def test_states_and_their_floors(tmp_path: Path) -> None:
    table = {r["state"]: r for r in rows(STATES, *FEW, "--table", "states")}
    us, bhutan = table["United States"], table["Bhutan"]
    # At the floor set by the account, net cost is the worth: 1 % x 50 % x 324,625 x 85,000.
    assert us["floor_net_usd_per_year"] == pytest.approx(0.005 * 324_625 * 85_000, rel=1e-6)
    assert us["limited"] is False
    assert (bhutan["limited"], bhutan["floor_mw"]) == (True, pytest.approx(600.0))
    # Cheap hydro pays by itself, dear power does not.
    assert float(str(bhutan["hold_net_usd_per_year"])) < 0.0
    assert float(str(us["hold_net_usd_per_year"])) > 1e8
    text = run(STATES, *FEW, "--report", str(tmp_path / "states.html")).output
    assert "once others have answered" in " ".join(text.split())


def write(tmp_path: Path, **changes: str) -> str:
    text = Path(STATES).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    for name in ("exodus.yaml",):
        (tmp_path / name).write_bytes((ROOT / "examples" / "network" / name).read_bytes())
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_mistakes_are_named_with_their_lines(tmp_path: Path) -> None:
    bad = write(
        tmp_path, **{"hold: 10 %": "hold: 100 %", "attack: {value: 1 %/year": "atack: {value: 1 %"}
    )
    with pytest.raises(ScenarioError) as refused:
        run(bad)
    said = str(refused.value)
    assert re.search(r"bad\.yaml:\d+:\d+ \(hold\)", said)
    assert "Did you mean 'attack'?" in said
    gone = write(tmp_path, **{"exodus.yaml": "exodos.yaml"})
    with pytest.raises(ScenarioError, match=r"exodos\.yaml.*which is not there"):
        run(gone)


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ((ATTACK, "--share", "30 %"), "--share"),
        ((ATTACK, "--table", "selfish"), "--table"),
        (("--table", "curve"), "--table"),
        (("--seed", "3"), "--seed"),
    ],
)
def test_options_that_do_not_fit_are_refused(arguments: tuple[str, ...], where: str) -> None:
    with pytest.raises(InputError, match=where):
        run(*arguments)


def test_a_file_without_states_has_no_table_of_them() -> None:
    with pytest.raises(InputError, match="states"):
        run(ATTACK, *FEW, "--table", "states")
