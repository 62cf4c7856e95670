"""The commands `reliability` and `design` from end to end."""

from __future__ import annotations

import json
import re
import xml.dom.minidom
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import InputError
from rerack.cli.main import cli
from rerack.reliability import evaluate, preset, presets
from rerack.report.one_line import one_line_svg

ROOT = Path(__file__).resolve().parents[2]
FEEDS = str(ROOT / "examples" / "reliability" / "two-feeds.yaml")
READY = str(ROOT / "examples" / "reliability" / "preset.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def test_reliability_says_answer_levels_causes_and_credits() -> None:
    found = run("reliability", READY, "--simulate", "20000")
    assert found.exit_code == 0
    minutes = evaluate(preset("n+1", critical_mw=10.0)).minutes_lost_per_year
    assert f"{minutes:.0f} min a year" in found.output
    for words in ("99.999 %", "largest causes", "expected credits", "standard errors"):
        assert words in found.output
    assert max(map(len, found.output.splitlines())) <= 100


def test_reliability_for_programs() -> None:
    row = json.loads(run("reliability", READY, "--json").output)[0]
    exact = evaluate(preset("n+1", critical_mw=10.0))
    assert row["unavailability_frac"] == exact.unavailability
    assert 0.0 < row["miss_99_9_frac"] < row["miss_99_999_frac"] < 1.0
    parts = run("reliability", FEEDS, "--table", "parts", "--csv").output.splitlines()
    assert parts[0].startswith("component,count,failure_rate_per_year")
    assert len(parts) > 30
    outages = json.loads(run("reliability", FEEDS, "--table", "outages", "--json").output)
    assert sum(r["outages_per_year"] for r in outages) > 0.0
    for table in ("levels", "causes"):
        assert len(json.loads(run("reliability", FEEDS, "--table", table, "--json").output)) >= 5


def test_override_changes_the_answer() -> None:
    better = ["--set", "components.dry cooler.failure_rate=0 /year"]
    base = json.loads(run("reliability", FEEDS, "--json").output)[0]
    found = json.loads(run("reliability", FEEDS, *better, "--json").output)[0]
    assert found["unavailability_frac"] < base["unavailability_frac"]


def test_reports_open_without_a_network_and_nothing_in_names_runs(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    text = Path(READY).read_text().replace("name: Hall 7", "name: a & b onload=x() &lt;script")
    file.write_text(text)
    page = tmp_path / "page.html"
    assert run("reliability", str(file), "--report", str(page)).exit_code == 0
    html = page.read_text()
    drawing = re.search(r"<svg xmlns.*?</svg>", html, re.S)
    assert drawing is not None
    xml.dom.minidom.parseString(drawing[0])
    assert "a &amp; b" in html
    assert "Content-Security-Policy" in html
    assert "default-src &#39;none&#39;" in html
    # What follows the page's own text is plotly.js, which holds links of its own.
    own = html.split('<script type="application/json"')[0]
    assert not re.search(r"(src|href)=[\"']https?:", own)


def test_design_answers_and_reports(tmp_path: Path) -> None:
    page = tmp_path / "design.html"
    arguments = ("--sla", "99.99 %", "--mw", "10", "--block-mw", "5")
    found = run("design", *arguments, "--report", str(page))
    assert found.exit_code == 0
    assert "in 2 blocks of 5.00 MW" in found.output
    assert "← answer" in found.output
    html = page.read_text()
    assert "One-line diagram" in html
    assert 'data-figure="front"' in html
    rows = json.loads(run("design", *arguments, "--json").output)
    assert [r["answer"] for r in rows] == [True] + [False] * (len(rows) - 1)
    assert rows[0]["minutes_lost_per_year"] <= 52.56


def test_design_values_shedding() -> None:
    shed = ("--shed", "20 MW utility", "--shed-generation", "10")
    found = run("design", "--sla", "99.999", "--mw", "5", *shed)
    assert "MUSD per MW shed" in found.output
    slow = run("design", "--sla", "99.999", "--mw", "5", *shed, "--shed-time", "9 h")
    assert "worth nothing: shedding takes" in slow.output


def test_presets_are_listed_with_their_figures() -> None:
    rows = json.loads(run("design", "--presets", "--mw", "10", "--json").output)
    assert [r["preset"] for r in rows] == [p.name for p in presets()]
    assert all(r["min/year"] > 0.0 for r in rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--sla", "100"), "less than 100 %"),
        (("--sla", "99.99999999", "--mw", "5"), "the best of"),
        (("--sla", "often"), "--sla"),
        (("--sla", "99.9", "--mw", "5 MW utility"), "--mw"),
        (("--sla", "99.9", "--mw", "-5"), "--mw"),
        ((), "--sla"),
    ],
)
def test_design_refuses_what_cannot_be(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError) as refusal:
        run("design", *arguments)
    assert words in str(refusal.value)


@pytest.mark.parametrize("name", [p.name for p in presets()])
def test_every_preset_can_be_drawn(name: str) -> None:
    drawing = one_line_svg(preset(name, critical_mw=20.0))
    parsed = xml.dom.minidom.parseString(drawing)
    boxes = parsed.getElementsByTagName("rect")
    assert len(boxes) >= 3
    assert "20.0 MW critical" in drawing
