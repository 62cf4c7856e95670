"""``rerack network`` as a user meets it: examples, tables, a page, refusals with their line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import RerackError
from rerack.cli.main import cli
from rerack.scenario.network_file import load_network

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "network"
EXODUS = str(EXAMPLES / "exodus.yaml")
SMALL = ("--scenarios", "24", "--set", "study.horizon=5 years")


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, ["network", *words], catch_exceptions=True)


def good(*words: str) -> str:
    done = call(*words)
    assert done.exception is None, done.exception
    assert done.exit_code == 0
    return done.output


def rows(*words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(good(*words, "--csv"))))


def refusal(tmp_path: Path, text: str) -> str:
    path = tmp_path / "world.yaml"
    path.write_text(text, encoding="utf-8")
    done = call(str(path))
    assert isinstance(done.exception, RerackError), done.output
    assert done.exception.exit_code == 2
    return str(done.exception)


HEAD = """\
study: {name: small, scenarios: 8, horizon: 2 years}
market: {bitcoin: {price: "85,000 USD"}}
world:
  preset: 2025-12
"""


@pytest.mark.parametrize("name", ["exodus", "migration", "stayers"])
def test_every_example_tells_its_story(name: str) -> None:
    path = EXAMPLES / f"{name}.yaml"
    text = good(str(path), *SMALL)
    assert text.startswith(load_network(path).name)
    for words in ("Mean hashrate", "share of hashrate by region", "by owner", "by generation"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 100


def test_what_leaves_is_what_was_announced_and_hashprice_is_higher_for_it() -> None:
    gone = rows(EXODUS, *SMALL)
    stay = rows(EXODUS, *SMALL, "--set", "world.ai.rule=nobody")
    assert float(gone[-1]["converted_mw"]) == pytest.approx(2_493.0)
    assert float(stay[-1]["converted_mw"]) == 0.0
    second = [float(r[1]["hashprice_usd_per_ph_day"]) for r in (gone, stay)]
    assert second[0] > 1.005 * second[1]
    assert float(gone[1]["hashrate_eh_s"]) < float(stay[1]["hashrate_eh_s"])


def test_the_purist_gains_share_when_others_leave_and_has_the_cheapest_coins() -> None:
    path = str(EXAMPLES / "stayers.yaml")

    def share(*words: str) -> float:
        table = rows(path, *SMALL, "--table", "coins", *words)
        return float([r for r in table if r["region"] == "Purist"][2]["share_frac"])

    assert share() > 1.02 * share("--set", "world.ai.rule=nobody")
    first = [r for r in rows(path, *SMALL, "--table", "coins") if r["month"] == "2025-12"]
    assert min(first, key=lambda r: float(r["power_usd_per_btc"]))["region"] == "Purist"


def test_rigs_leave_the_dear_region_for_those_they_may_go_to() -> None:
    path = str(EXAMPLES / "migration.yaml")

    def end(*words: str) -> dict[str, float]:
        table = rows(path, *SMALL, "--table", "regions", *words)
        return {r["region"]: float(r["hashrate_eh_s"]) for r in table if r["month"] == "2026-12"}

    moved = end()
    none = [f"world.relocations.{way}.limit=0 %" for way in ("to Paraguay", "to Ethiopia")]
    kept = end(*(w for s in none for w in ("--set", s)))
    assert moved["Ethiopia"] > 1.01 * kept["Ethiopia"]
    assert moved["Paraguay"] > 1.01 * kept["Paraguay"]


def test_the_answer_is_the_same_for_any_number_of_threads() -> None:
    texts = {good(EXODUS, *SMALL, "--threads", n, "--csv") for n in ("1", "2", "5")}
    assert len(texts) == 1


def test_another_seed_gives_other_scenarios() -> None:
    first = rows(EXODUS, "--scenarios", "1", "--table", "years")
    other = rows(EXODUS, "--scenarios", "1", "--table", "years", "--seed", "8")
    assert first != other


def test_tables_as_json_and_rigs_paid_back_in_order() -> None:
    table = json.loads(good(EXODUS, *SMALL, "--rigs", "--json"))
    assert {r["model"] for r in table} >= {"S21 XP", "S21 Pro"}
    for row in table:
        paid = [row[k] or float("inf") for k in ("p25_months", "median_months", "p75_months")]
        assert paid == sorted(paid)
    xp = [r for r in table if r["model"] == "S21 XP"]
    naive = [r["naive_months"] for r in xp]
    assert naive == sorted(naive)


def test_every_assumption_has_its_standing() -> None:
    table = json.loads(good(EXODUS, "--assumptions", "--json"))
    assert all(r["status"] in ("verified", "secondary", "derived", "unverified") for r in table)
    named = {r["path"]: r for r in table}
    assert named["world.conversions.Cipher and AWS.power"]["status"] == "secondary"
    assert "preset 2025-12: region Bhutan, power_price" in named
    assert "preset 2025-12: owner listed, convertible_share" not in named


def test_the_page_opens_without_a_network(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert str(page) in good(EXODUS, *SMALL, "--report", str(page))
    text = page.read_text(encoding="utf-8")
    for words in ("Mean hashprice", "United States", "Assumptions", "Content-Security-Policy"):
        assert words in text
    for words in ("51 % of the hashrate", "hour of attack", "--table attack --csv"):
        assert words in text


def test_the_cost_of_an_attack_through_time_is_a_table() -> None:
    table = rows(EXODUS, *SMALL, "--table", "attack")
    mix = [r for r in table if r["route"] == "mix"]
    assert len(mix) == 60
    assert mix[0]["month"] == "2025-12"
    # Who leaves for AI leaves rigs behind: the cost of a majority falls.
    assert float(mix[-1]["capex_p50_usd"]) < float(mix[0]["capex_p50_usd"])


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ("  relocations:\n    a: {origin: Russia, destination: Paraguy}\n", ":6:",
         "Did you mean 'Paraguay'?"),
        ("  owners:\n    listed: {convertible: 120 %}\n", ":6:", "0 to 100 %"),
        ("  states:\n    Butan: {floor: 1 EH/s}\n", ":6:", "Did you mean 'Bhutan'?"),
        ("  states:\n    Bhutan: {floor: 900 EH/s}\n", ":6:", "what the state has installed"),
        ("  conversions:\n    x: {region: Russia, owner: listed, power: 9 GW utility,"
         " month: 2026-02}\n", ":6:", "what they could convert"),
        ("  cohorts:\n    x: {region: Russia, generation: S99, owner: listed, hashrate: 1 EH/s,"
         " efficiency: 9 J/TH, power: 40 USD/MWh}\n", ":6:", "S21 class"),
        ("  cohorts:\n    x: {region: Russia, generation: S21 class, owner: listed,"
         " hashrate: 9000 EH/s, efficiency: 9 J/TH, power: 4 USD/MWh}\n", ":3:",
         "what the difficulty stands for"),
        ("  behaviour: {wear: 3 %}\n", ":5:", "%/year"),
    ],
)  # fmt: skip
def test_refusals_name_line_and_cure(tmp_path: Path, body: str, place: str, words: str) -> None:
    said = refusal(tmp_path, HEAD + body)
    assert place in said
    assert words in said


def test_an_unknown_preset_and_a_world_with_no_hashrate(tmp_path: Path) -> None:
    assert "2021-01, 2024-04, 2025-12" in refusal(tmp_path, HEAD.replace("2025-12", "2025-11"))
    own = (
        HEAD.replace("  preset: 2025-12\n", "").replace("small,", "small, start: 2026-01,")
        + """\
  height: 930000
  difficulty: 150 T
  regions: {A: {limit: 900 MW utility, build: 5 MW utility}}
  generations: {G: {release: 2024-01}}
  cohorts:
    c: {region: A, generation: G, owner: private, hashrate: 0 EH/s, efficiency: 20 J/TH,
        power: 40 USD/MWh}
"""
    )
    assert "no hashrate" in refusal(tmp_path, own)
    later = own.replace("{G: ", "{H: {release: 2027-01}, G: ")
    assert "no cohort of generation 'H'" in refusal(tmp_path, later)
    assert "neither a preset nor cohorts" in refusal(tmp_path, own.split("  cohorts:")[0])
    nameless = own.replace("  generations: {G: {release: 2024-01}}\n", "")
    assert "under `generations`, where there is none" in refusal(tmp_path, nameless)


def test_an_own_world_runs(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        HEAD.replace("  preset: 2025-12\n", "").replace("small,", "small, start: 2026-01,")
        + """\
  height: 930000
  difficulty: 100 T
  regions: {A: {limit: 40000 MW utility, build: 50 MW utility}}
  generations: {G: {release: 2024-01}}
  cohorts:
    c: {region: A, generation: G, owner: private, hashrate: 700 EH/s, efficiency: 20 J/TH,
        power: 40 USD/MWh}
""",
        encoding="utf-8",
    )
    world = load_network(path).world
    assert [c.installed_eh_s for c in world.cohorts] == [700.0]
    assert float(rows(str(path))[0]["hashrate_eh_s"]) > 600.0
