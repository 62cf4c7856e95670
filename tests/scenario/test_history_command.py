"""``rerack history`` from the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.base.errors import InputError
from rerack.cli.main import cli


def run(*arguments: str) -> str:
    """Return what the command prints; what it raises is raised."""
    result = CliRunner().invoke(cli, ["history", *arguments], catch_exceptions=False)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result.output


@pytest.mark.parametrize("arguments", [(), ("--shock", "storm-2026"), ("--backtest",)])
def test_text_json_and_csv(arguments: tuple[str, ...]) -> None:
    text, rows = run(*arguments), json.loads(run(*arguments, "--json"))
    assert max(len(line) for line in text.splitlines()) <= 100
    assert len(list(csv.DictReader(io.StringIO(run(*arguments, "--csv"))))) == len(rows) > 0


def test_the_answer_comes_first() -> None:
    first = run().splitlines()[0]
    assert first.startswith("Mining margin fell from 91 % in 2021-10 to 19 % in 2025-11")


def test_causes_sum_to_the_whole() -> None:
    rows = json.loads(
        run("--efficiency", "fleet", "--power", "path", "--from", "2021-11", "--to", "2024-12",
            "--table", "causes", "--json")
    )  # fmt: skip
    for name in ("margin_frac", "margin_usd_per_mwh", "hashprice_usd_per_ph_day"):
        parts = [row[name] for row in rows]
        assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=1e-9)
    # The fleet improved, so efficiency gives where difficulty takes.
    assert rows[4]["margin_frac"] > 0.1 > 0.0 > rows[1]["margin_frac"]


def test_years_are_means_of_their_months() -> None:
    months = json.loads(run("--json"))
    years = {row["year"]: row for row in json.loads(run("--table", "years", "--json"))}
    paid = [m["hashprice_usd_per_ph_day"] for m in months if m["month"].startswith("2021")]
    assert years["2021"]["hashprice_usd_per_ph_day"] == pytest.approx(sum(paid) / 12.0)
    assert years["2025"]["months"] == 8


def test_a_price_file_says_what_is_assumed(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("month,price_usd\n2026-01,88000\n")
    text = run("--prices", str(file))
    assert "in 2026-01" in text
    assert "Fees of 0.02 BTC per block are assumed in 2026-01." in text


def test_the_report_is_one_page_with_every_part(tmp_path: Path) -> None:
    page = tmp_path / "h.html"
    run("--report", str(page))
    text = page.read_text(encoding="utf-8")
    for name in ("margin", "causes", "ban-2021", "storm-2026", "backtest"):
        assert f'id="{name}"' in text
    assert "http://" not in text.replace("http://www.w3.org", "").split("<script>")[0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--from", "2016-01"), "2017-01"),
        (("--to", "2025-12"), "file of prices"),
        (("--efficiency", "30"), "--efficiency"),
        (("--power", "cheap"), "--power"),
        (("--shock", "nowhere"), "ban-2021"),
        (("--shock", "ban-2021", "--backtest"), "one of them"),
        (("--prices", "absent.csv"), "absent.csv"),
    ],
)
def test_mistakes_are_told(arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        run(*arguments)
