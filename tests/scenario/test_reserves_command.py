"""``rerack reserves``: the run-down of November 2025, tables, page, mistakes with their lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import ScenarioError
from rerack.cli.main import cli
from rerack.network.reserves import run_reserves
from rerack.network.reserves.tables import heaviest_span
from rerack.scenario.reserves import load_reserves

ROOT = Path(__file__).resolve().parents[2]
RUNDOWN = str(ROOT / "examples" / "network" / "reserves-rundown.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["reserves", *arguments], catch_exceptions=False)


def rows(*arguments: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(*arguments, "--json").output)
    return found


def test_the_example_sells_what_was_published() -> None:
    study = load_reserves(RUNDOWN)
    found = run_reserves(
        study.miners,
        study.market,
        price_usd=study.price_usd,
        btc_per_ph_day=study.btc_per_ph_day,
        days=study.days,
    )
    span = heaviest_span(found, 2)
    # Over 30,000 BTC, 2.6 bn USD; "the assumptions that produce it" are sized to that.
    assert span.sold_btc == pytest.approx(30_000.0, rel=0.02)
    assert span.worth_usd == pytest.approx(2.6e9, rel=0.02)
    assert [study.labels[i] for i in (span.first, span.last)] == ["2025-11-21", "2025-11-22"]
    # The square-root law by hand, old sales apart: 2.5 % x sqrt(30,206 / 150,000) = 1.1 %.
    assert span.impact_frac == pytest.approx(0.011, abs=0.001)
    assert np.abs(found.imbalance_usd).max() < 0.005
    assert np.abs(found.imbalance_btc).max() < 1e-8
    # Three quarters of it rest on the class that is assumed.
    assert span.by_reason_btc[3] / span.sold_btc > 0.75


def test_text_tables_and_page(tmp_path: Path) -> None:
    page = tmp_path / "run.html"
    found = run(RUNDOWN, "--report", str(page))
    assert "30,206 BTC" in found.output
    assert "unverified" in found.output
    assert max(map(len, found.output.splitlines())) <= 105
    text = page.read_text(encoding="utf-8")
    assert "margin calls" in text
    assert not re.search(r'<(script|link|img)[^>]*(src|href)="', text)
    assert len(rows(RUNDOWN)) == 28
    by_miner = {r["miner"]: r for r in rows(RUNDOWN, "--table", "miners")}
    assert by_miner["MARA"]["coins_before_btc"] == 52_850.0
    inputs = {r["path"]: r for r in rows(RUNDOWN, "--table", "inputs")}
    assert inputs["miners.other miners.loan.collateral"]["status"] == "unverified"
    assert inputs["miners.MARA.coins"]["status"] == "verified"


def test_a_thinner_market_falls_further_and_calls_more() -> None:
    base = rows(RUNDOWN, "--table", "steps")
    thin = rows(RUNDOWN, "--table", "steps", "--set", "depth.volume=5,000 BTC/day")

    def total(table: list[dict[str, object]]) -> float:
        return sum(float(str(r["sold_btc"])) for r in table)

    assert total(thin) > total(base)
    assert min(float(str(r["price_p50_usd"])) for r in thin) < 80_000.0


def test_months_and_wandering_paths() -> None:
    table = rows(
        RUNDOWN, "--set", "study.by=month", "--set", "study.steps=3",
        "--set", "study.scenarios=20", "--span", "9",
    )  # fmt: skip
    assert [r["step"] for r in table] == ["2025-11", "2025-12", "2026-01"]
    assert float(str(table[2]["price_p95_usd"])) > float(str(table[2]["price_p5_usd"]))


def bad(tmp_path: Path, old: str, new: str) -> str:
    text = Path(RUNDOWN).read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "bad.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-11-03: {value", "2025-11-05: {value", "A path cannot begin late"),
        ("due: 2025-11-21", "due: 2025-12-21", "Move the payment"),
        ("due: 2025-11-21", "due: 2025-11-31", "There is no such day"),
        ("steps: 28", "steps: 0", "study.steps"),
        ('value: "150,000 BTC/day"', 'value: "150,000 BTC"', "another dimension"),
        ('collateral: {value: "100,000 BTC"', 'collateral: {value: "0 BTC"', "collateral"),
        ("share: {value: 93 %", "share: {value: 0 %", "sell share"),
        ("cure_to: {value: 60 %", "cure_to: {value: 75 %", "at most call_at, 70 %"),
        ("  Hut 8:", "  Hut 8:\n    colour: red", "unknown key"),
    ],
)
def test_mistakes_are_named_with_their_lines(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        run(bad(tmp_path, old, new))
    assert said in str(refused.value)
    assert re.search(r"bad\.yaml:\d+:\d+", str(refused.value))


def test_a_table_that_is_named_is_printed_whole() -> None:
    text = run(RUNDOWN, "--table", "miners").output
    assert "52,850" in text
    assert "4,019,497,927" in text  # dollars, where the summary has MUSD
    assert "no run would justify itself" not in text
