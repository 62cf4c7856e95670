"""``rerack security`` from the command line."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner

from rerack.base.errors import InputError
from rerack.cli.main import cli
from rerack.security import attack_cost, december_2025, exodus

TABLES = (
    "routes",
    "exodus",
    "double-spend",
    "confirmations",
    "concentration",
    "pools",
    "states",
    "assumptions",
)


def run(*arguments: str) -> str:
    """Return what the command prints; what it raises is raised."""
    result = CliRunner().invoke(cli, ["security", *arguments], catch_exceptions=False)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result.output


@pytest.mark.parametrize("table", TABLES)
def test_tables_print_as_text_json_and_csv(table: str) -> None:
    text, rows = run("--table", table), json.loads(run("--table", table, "--json"))
    assert max(len(line) for line in text.splitlines()) <= 100
    assert not re.search(r"\bnan\b", text.lower())
    assert len(list(csv.DictReader(io.StringIO(run("--table", table, "--csv"))))) == len(rows) > 2


def test_routes_are_those_of_the_function() -> None:
    rows = {row["route"]: row for row in json.loads(run("--json", "--within", "24 months"))}
    assert list(rows) == ["buy", "build", "rent", "seize", "idle", "mix"]
    cost = attack_cost(december_2025(), route="buy", within_months=24.0)
    assert rows["buy"]["capex_usd"] == pytest.approx(cost.capex_usd, rel=1e-12)
    assert rows["buy"]["power_usd_per_hour"] == pytest.approx(cost.power_usd_per_hour, rel=1e-12)


def test_options_replace_figures_and_one_route_is_explained() -> None:
    text = run("--route", "mix", "--leaving", "40 %")
    assert "636 EH/s online" in text
    assert "added to it: s/(1-s)" in text
    row = json.loads(run("--route", "mix", "--leaving", "40 %", "--json"))[0]
    assert row["capex_usd"] == pytest.approx(
        attack_cost(exodus(december_2025(), 0.4), route="mix").capex_usd
    )
    dear = json.loads(run("--route", "buy", "--power-price", "9 c/kWh", "--json"))[0]
    base = json.loads(run("--route", "buy", "--json"))[0]
    assert dear["power_usd_per_hour"] == pytest.approx(2 * base["power_usd_per_hour"])
    half = json.loads(run("--route", "rent", "--hashrate", "530.4116628669758 EH/s", "--json"))[0]
    rent = json.loads(run("--route", "rent", "--json"))[0]
    # What is on offer stays; each PH/s earns twice as much.
    assert half["rent_usd_per_hour"] == pytest.approx(2 * rent["rent_usd_per_hour"], rel=1e-9)


def test_wait_protects_more_with_more_confirmations() -> None:
    rows = json.loads(run("--table", "double-spend", "--json"))
    flows = [row["gross_flow_usd"] for row in rows]
    assert flows == sorted(flows)
    assert rows[3]["risk_at_10_frac"] == pytest.approx(0.00059, abs=5e-6)


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("--share", "51 EH/s"), "--share"),
        (("--hashrate", "0 EH/s"), "--hashrate: given 0"),
        (("--leaving", "120 %"), "--leaving: given 1.2"),
        (("--rig-price", "16 EUR/TH"), "--rig-price"),
    ],
)
def test_mistakes_are_named(arguments: tuple[str, ...], where: str) -> None:
    with pytest.raises(InputError, match=where):
        run(*arguments)


def test_selfish_table_orders_strategies() -> None:
    rows = json.loads(run("--table", "selfish", "--json"))
    for row in rows:
        assert row["optimal_frac"] >= max(row["sm1_frac"], row["hashrate_frac"]) - 1e-9
        assert row["optimal_half_frac"] >= row["optimal_frac"] - 1e-9
    assert rows[-1]["optimal_frac"] == pytest.approx(0.4886, abs=1e-4)
