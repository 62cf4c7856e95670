"""Every refusal says file, line, column and path, and its caret stands under the culprit."""

from __future__ import annotations

import os
import time
from importlib.resources import files
from pathlib import Path

import pytest

from rerack.base.errors import Problem, ScenarioError
from rerack.scenario import check, load

STARTER = files("rerack.scenario").joinpath("data", "starter_site.yaml").read_text("utf-8")

#: Text replaced, its replacement, where the caret must stand, the path, and a word of the message.
CASES = {
    "unknown key": ("  horizon:", "  horizont:", "horizont:", "study.horizont", "'horizon'"),
    "missing key": ("  start: 2026-01\n", "", "study:", "study.start", "Add 'start'"),
    "empty value": ("  seed: 7", "  seed:", "seed:", "study.seed", "nothing after the colon"),
    "repeated key": ("  seed: 7", "  name: again", "name: again", "", "a second time"),
    "not a number": ("seed: 7", "seed: yes", "yes", "study.seed", "whole number"),
    "quoted number": ("seed: 7", "seed: '7'", "'7'", "study.seed", "without quotes"),
    "no unit": ("20 years", "20", "20", "study.horizon", "the unit is missing"),
    "wrong dimension": ("8 USD/MWh", "8 USD/MW", "8 USD/MW", "site.power.adder", "dimension"),
    "unknown unit": ("8 USD/MWh", "8 USD/MVh", "8 USD/MVh", "site.power.adder", "unknown unit"),
    "currency": ("8 USD/MWh", "8 EUR/MWh", "8 EUR", "site.power.adder", "give US dollars"),
    "bare megawatt": ("100 MW utility", "100 MW", "100 MW", "site.interconnect", "at the meter"),
    "wrong basis": (
        "6 MUSD/MW critical",
        "6 MUSD/MW utility",
        "6 MUSD",
        "offers.shell.conversion.capex.shell and power.cost",
        "critical is needed",
    ),
    "negative capacity": ("power: 50 MW", "power: -5 MW", "-5", "site.halls.A.power", "0 to 100"),
    "infinite": ("overhead: 2 MUSD", "overhead: 1e999 USD", "1e999", "finance.overhead", "0 to"),
    "above one": ("uptime: 96 %", "uptime: 960 %", "960", "site.halls.A.rigs.uptime", "0 to 100 %"),
    "zero scenarios": ("scenarios: 1000", "scenarios: 0", "0", "study.scenarios", "1 to 100000"),
    "part of a month": ("20 years", "20.01 years", "20.01", "study.horizon", "whole number"),
    "not a month": ("start: 2026-01", "start: January", "January", "study.start", "YYYY-MM"),
    "choice": ("model: gbm", "model: gmb", "gmb", "market.bitcoin.model", "'gbm'"),
    "kind of offer": (
        "powered_shell",
        "power_shell",
        "power_shell",
        "offers.shell.type",
        "colocation",
    ),
    "no kind": ("    kind: staged\n", "", "convert B:", "plans.convert B.kind", "Add 'kind'"),
    "list for a map": (
        "  fees:\n    level: 0.02 BTC/block",
        "  fees: [1]",
        "fees:",
        "market.fees",
        "a map",
    ),
    "map for a list": ("[B, A]", "{B: 1}", "halls: {", "plans.wait for AI.halls", "a list"),
    "unfit name": ("  convert B:", "  convert.B:", "convert.B:", "plans.convert.B", "without dots"),
    "difficulty": ("148.1953 T", "148.1953 X", "148", "market.network.difficulty", "suffix T"),
    "decimal comma": ("148.1953 T", "148,1953 T", "148", "market.network.difficulty", "suffix T"),
    "wrapper key": (
        "seed: 7",
        "seed: {value: 7, sauce: me}",
        "sauce",
        "study.seed.sauce",
        "'source'",
    ),
    "wrapper status": (
        "seed: 7",
        "seed: {value: 7, status: sure}",
        "sure",
        "study.seed.status",
        "verified",
    ),
    "wrapper date": (
        "seed: 7",
        "seed: {value: 7, as_of: 2025-13}",
        "2025-13",
        "study.seed.as_of",
        "date",
    ),
    "halls above interconnect": (
        "interconnect: 100 MW",
        "interconnect: 99 MW",
        "99 MW",
        "site.interconnect",
        "halls of 100 MW utility",
    ),
    "no SLA": ("    sla: 99.999 %\n", "", "shell:", "offers.shell", "SLA"),
    "expired offer": (
        "renewal: 90 %",
        "expires: 2025-12",
        "2025-12",
        "offers.shell.expires",
        "expired",
    ),
    "offer that is gone": (
        "    renewal: 90 %",
        "    expires: 2026-06",
        "2026-07",
        "plans.convert B.halls.B.decide",
        "2026-06 or earlier",
    ),
    "offer that is not yet made": (
        "    renewal: 90 %",
        "    available_from: 2026-08",
        "2026-07",
        "plans.convert B.halls.B.decide",
        "2026-08 or later",
    ),
    "offer after the horizon": (
        "    renewal: 90 %",
        "    available_from: 2046-01",
        "2046-01",
        "offers.shell.available_from",
        "2026-01 to 2045-12",
    ),
    "deal bigger than the site": (
        "    renewal: 90 %",
        "    critical: 200 MW critical",
        "200 MW critical",
        "offers.shell.critical",
        "74.07 MW critical",
    ),
    "deal bigger than the hall": (
        "    renewal: 90 %",
        "    critical: 74 MW critical",
        "shell",
        "plans.convert B.halls.B.use",
        "a deal bigger than them",
    ),
    "deal smaller than the queue": (
        "    renewal: 90 %",
        "    critical: 37 MW critical",
        "halls: [B, A]",
        "plans.wait for AI.halls",
        "may all go to 'shell'",
    ),
    "delay without a distribution": (
        "    renewal: 90 %",
        "    delay: {}",
        "delay:",
        "offers.shell.delay",
        "`mean` or `cases`",
    ),
    "queue of no length": (
        "    renewal: 90 %",
        "    queue: {}",
        "queue:",
        "offers.shell.queue",
        "one of `months`, `mean` and `cases`",
    ),
    "queue said twice": (
        "    renewal: 90 %",
        "    queue: {months: 12 months, mean: 6 months}",
        "queue:",
        "offers.shell.queue",
        "Keep one of them",
    ),
    "queue whose chances do not add up": (
        "    renewal: 90 %",
        "    queue: {cases: {soon: {months: 12 months, chance: 90 %}}}",
        "cases:",
        "offers.shell.queue.cases",
        "sum to 100 %",
    ),
    "power after the study": (
        "    renewal: 90 %",
        "    queue: {months: 240 months}",
        "queue:",
        "offers.shell.queue",
        "after the study",
    ),
    "power after the offer is gone": (
        "    renewal: 90 %",
        "    expires: 2027-12\n    queue: {months: 48 months}",
        "queue:",
        "offers.shell.queue",
        "power in 2030-01 at the earliest, for an offer that expires in 2027-12",
    ),
    "built before its power": (
        "    renewal: 90 %",
        "    queue: {cases: {soon: {months: 36 months, chance: 60 %}, late: "
        "{months: 60 months, chance: 40 %}}}",
        "2026-07",
        "plans.convert B.halls.B.decide",
        "2028-01 or later: until then the hall mines",
    ),
    "chances that do not add up": (
        "    renewal: 90 %",
        "    delay: {cases: {on time: {late: 0 months, chance: 90 %}}}",
        "cases:",
        "offers.shell.delay.cases",
        "sum to 100 %",
    ),
    "damages without a delay": (
        "    renewal: 90 %",
        '    damages: {rate: "4,000 USD/MW-day critical"}',
        "damages:",
        "offers.shell.damages",
        "cannot happen",
    ),
    "unknown grade": (
        "    renewal: 90 %",
        "    credit: {grade: BBBB}",
        "BBBB",
        "offers.shell.credit.grade",
        "BBB",
    ),
    "credited after the term": (
        "    renewal: 90 %",
        "    prepayment: {amount: 1 MUSD/MW critical, credit_after: 9 years, credit_over: 2 years}",
        "2 years",
        "offers.shell.prepayment.credit_over",
        "term of 120 months",
    ),
    "prepaid in two ways": (
        "    renewal: 90 %",
        "    prepayment: {share: 20 %, months_of_rent: 3, credit_over: 2 years}",
        "prepayment:",
        "offers.shell.prepayment",
        "one of `amount`, `months_of_rent` and `share`",
    ),
    "prepaid by nothing": (
        "    renewal: 90 %",
        "    prepayment: {credit_over: 2 years}",
        "prepayment:",
        "offers.shell.prepayment",
        "such as {share: 20 %}",
    ),
    "exit after the term": (
        "    renewal: 90 %",
        "    exit: {after: 10 years, fee: 12, chance: 10 %}",
        "10 years",
        "offers.shell.exit.after",
        "term of 120 months",
    ),
    "milestones that stop short": (
        "      ramp: 6 months",
        "      phases: {first: {after: 0 months, share: 40 %}}",
        "phases:",
        "offers.shell.conversion.phases",
        "end at 100 %",
    ),
    "before the start": (
        "decide: 2026-07",
        "decide: 2025-12",
        "2025-12",
        "plans.convert B.halls.B.decide",
        "2026-01 to 2045-12",
    ),
    "after the horizon": (
        "decide: 2026-07",
        "decide: 2046-01",
        "2046-01",
        "plans.convert B.halls.B.decide",
        "outside the study",
    ),
    "opens after the horizon": (
        "decide: 2026-07",
        "decide: 2045-06",
        "2045-06",
        "plans.convert B.halls.B.decide",
        "opens by 2045-12",
    ),
    "lead time beyond horizon": (
        "horizon: 20 years",
        "horizon: 12 months",
        "12 months",
        "offers.shell.conversion.lead_time",
        "less than the horizon",
    ),
    "dark above lead": (
        "dark: 6",
        "dark: 13",
        "13",
        "offers.shell.conversion.dark",
        "at most the lead",
    ),
    "mean above design": (
        "pue_mean: 1.2",
        "pue_mean: 1.4",
        "1.4",
        "offers.shell.conversion.pue_mean",
        "above pue_design",
    ),
    "cap on power that the tenant does not pay": (
        "power_payer: tenant",
        "power_payer: owner\n    pue_cap: 1.1",
        "pue_cap",
        "offers.shell.pue_cap",
        "power_payer: tenant",
    ),
    "unknown hall": (
        "      B:\n        use",
        "      BB:\n        use",
        "BB:",
        "plans.convert B.halls.BB",
        "hall 'BB'",
    ),
    "unknown offer": (
        "        use: shell",
        "        use: shel",
        "shel",
        "plans.convert B.halls.B.use",
        "'shell'",
    ),
    "threshold on unknown offer": (
        "    use: shell\n    halls",
        "    use: cloud\n    halls",
        "cloud",
        "plans.wait for AI.use",
        "the offers shell",
    ),
    "hall twice": ("[B, A]", "[B, B]", "B]", "plans.wait for AI.halls.1", "a second time"),
    "reserved name": (
        "  convert B:",
        "  keep mining:",
        "keep",
        "plans.keep mining",
        "always compared",
    ),
    "two plans now": (
        "  convert B:",
        "  x: {kind: now, use: shell}\n  y: {kind: now, use: shell}\n  convert B:",
        "y:",
        "plans.y",
        "at most one",
    ),
    "unknown rig": (
        "model: S19 XP",
        "model: S19 XQ",
        "S19 XQ",
        "site.halls.B.rigs.model",
        "S19 XP",
    ),
    "rigs said twice": (
        "model: S19 XP",
        "model: S19 XP\n        efficiency: 20 J/TH\n        power: 3 kW",
        "efficiency",
        "site.halls.B.rigs.efficiency",
        "beside a hashrate or a power",
    ),
    "refresh in the past": (
        "refresh: 5 years",
        "refresh: 5 years\n        first_refresh: 2025-01",
        "2025-01",
        "site.halls.A.rigs.first_refresh",
        "before the start",
    ),
    "refresh of what is never replaced": (
        "refresh: never",
        "refresh: never\n        first_refresh: 2027-01",
        "2027-01",
        "site.halls.B.rigs.first_refresh",
        "never replaced",
    ),
    "adder beside fixed": (
        "    adder: 8 USD/MWh",
        "    fixed: 5 c/kWh\n    adder: 8 USD/MWh",
        "adder",
        "site.power.adder",
        "all-in",
    ),
    "block over": (
        "    adder: 8 USD/MWh",
        "    block: {size: 9 MW utility, price: 3 c/kWh, until: 2025-12}",
        "2025-12",
        "site.power.block.until",
        "2026-01 or later",
    ),
    "series and file": (
        "    series: ercot_north",
        "    series: ercot_north\n    file: s.yaml",
        "power:",
        "market.power",
        "`series` and `file`",
    ),
    "column without file": (
        "    series: ercot_north",
        "    series: ercot_north\n    column: x",
        "column",
        "market.power.column",
        "without a file",
    ),
    "missing price file": (
        "series: ercot_north",
        "file: no.csv",
        "no.csv",
        "market.power.file",
        "no such file",
    ),
    "unknown series": (
        "ercot_north",
        "ercot_nord",
        "ercot_nord",
        "market.power.series",
        "ercot_north",
    ),
    "unknown driver": (
        "  lease:\n",
        "  correlation: {bitcoin/leese: 0.3}\n  lease:\n",
        "bitcoin/leese",
        "market.correlation.bitcoin/leese",
        "'lease'",
    ),
    "impossible correlation": (
        "  lease:\n",
        "  correlation: {bitcoin/fees: 1, bitcoin/gpu: 1, fees/gpu: -1}\n  lease:\n",
        "correlation",
        "market.correlation",
        "positive semi-definite",
    ),
    "depreciation": (
        "  tax: 21 %",
        "  tax: 21 %\n  depreciation: {mining: macrs_6}",
        "macrs_6",
        "finance.depreciation.mining",
        "macrs_5",
    ),
    "grace above tenor": (
        "grace: 24",
        "grace: 120",
        "120 months",
        "finance.loan.grace",
        "less than the tenor",
    ),
    "extends nothing": (
        "study:\n",
        "extends: no.yaml\nstudy:\n",
        "no.yaml",
        "extends",
        "no such file",
    ),
    "merge key": ("    A:\n", "    A:\n      <<: x\n", "<<", "", "merge key"),
}


def problems_of(text: str, folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a scenario text."""
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    return check(path)


def under_caret(problem: Problem) -> str:
    """Return the source text that begins above the caret."""
    shown, caret = problem.excerpt.split("\n")
    return shown[caret.index("^") :]


@pytest.mark.parametrize("name", CASES)
def test_refusal_points_at_the_culprit(name: str, tmp_path: Path) -> None:
    old, new, culprit, path, word = CASES[name]
    assert old in STARTER
    text = STARTER.replace(old, new, 1)
    problems = problems_of(text, tmp_path)
    assert len(problems) == 1, [str(p) for p in problems]
    found = problems[0]
    assert word in str(found)
    assert under_caret(found).startswith(culprit)
    place, _, yaml_path = found.where.partition(" ")
    file, line, column = place.rsplit(":", 2)
    assert file == str(tmp_path / "s.yaml")
    assert text.splitlines()[int(line) - 1][int(column) - 1 :].startswith(culprit)
    assert yaml_path == (f"({path})" if path else "")


def test_all_problems_come_at_once_in_file_order(tmp_path: Path) -> None:
    text = STARTER.replace("20 years", "20").replace("pue_mean: 1.2", "pue_mean: 1.4")
    text = text.replace("seed: 7", "name: again").replace("[B, A]", "[B, Q]")
    text = text.replace("tax: 21 %", "taxes: 21 %").replace("model: S19 XP", "model: S91")
    lines = [int(p.where.split(":")[1]) for p in problems_of(text, tmp_path)]
    assert lines == sorted(lines)
    assert len(lines) == 6


def test_more_than_a_hundred_problems_are_counted(tmp_path: Path) -> None:
    text = STARTER + "".join(f"wrong{i}: 1\n" for i in range(150))
    problems = problems_of(text, tmp_path)
    assert len(problems) == 101
    assert problems[-1].given == "50 more problems"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "an empty file"),
        ("- a\n- b\n", "a list"),
        ("just words\n", "single value"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: !!python/object:os.system x\n", "the tag"),
        ("a: [1, 2\n", "well-formed YAML"),
        ("a:\n\tb: 1\n", "tabs"),
        ("a: *missing\n", "an anchor defined above"),
        ("a: &a [*a]\n", "outside itself"),
        ("? [x]\n: 1\n", "text keys"),
        ("[" * 5_000, "deeper nesting"),
        ("a: " + "{a: " * 5_000, "deeper nesting"),
        ("a: [" + "1, " * 60_000 + "]", "50,000 values"),
        ("x: \x01\n", "control characters"),
    ],
)
def test_what_is_not_a_scenario_is_refused(text: str, word: str, tmp_path: Path) -> None:
    found = problems_of(text, tmp_path)
    assert word in str(found[0])
    assert found[0].where.startswith(f"{tmp_path / 's.yaml'}:")


def test_alias_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    began = time.process_time()
    found = problems_of("\n".join(["a0: &a0 x", *levels]), tmp_path)
    assert "50,000" in found[0].given
    assert time.process_time() - began < 1.0


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    began = time.process_time()
    assert "100,000,000 bytes" in check(path)[0].given
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\x00", "name: \xe9".encode("latin-1")])
def test_binary_is_refused(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    assert "UTF-8" in check(path)[0].allowed


def test_nul_missing_folder_and_odd_names_are_refused(tmp_path: Path) -> None:
    nul = tmp_path / "nul.yaml"
    nul.write_bytes(b"a: \x00")
    assert "binary" in check(nul)[0].given
    assert "a folder" in check(tmp_path)[0].given
    assert "no such file" in check(tmp_path / "none.yaml")[0].given
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert "not a regular file" in check(fifo)[0].given


def test_a_loop_of_extends_is_refused_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("# first\nextends: a.yaml\n")
    found = [p for p in check(tmp_path / "a.yaml") if "loop" in p.given]
    assert found[0].where == f"{tmp_path / 'b.yaml'}:2:10 (extends)"


@pytest.mark.parametrize("text", ["study.seed", "=3", "a..b=1", "." * 99 + "=1"])
def test_misshapen_override_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(STARTER)
    with pytest.raises(ScenarioError, match=r"path\.to\.key=value"):
        load(tmp_path / "s.yaml", overrides=[text])


def test_an_override_is_named_and_shown(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(STARTER)
    (found,) = check(tmp_path / "s.yaml", overrides=["site.power.adder=8 EUR/MWh"])
    assert found.where == "--set site.power.adder"
    assert found.excerpt.splitlines()[0].strip() == "site.power.adder=8 EUR/MWh"
    assert under_caret(found) == "8 EUR/MWh"
    (unknown,) = check(tmp_path / "s.yaml", overrides=["site.power.ader=8 USD/MWh"])
    assert "'adder'" in unknown.cure


def test_terms_of_a_customer_need_a_contract(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2] / "examples"
    text = (root / "iren.yaml").read_text(encoding="utf-8")
    start, end = text.index("    contract:\n"), text.index("    prepayment:\n")
    file = tmp_path / "s.yaml"
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    lines = file.read_text(encoding="utf-8").split("\n")
    assert {p.where.split(" ")[1] for p in caught.value.problems} == {
        "(offers.Microsoft.credit)",
        "(offers.Microsoft.prepayment)",
    }
    assert lines.index("    credit:") + 1 in {
        int(p.where.split(":")[1]) for p in caught.value.problems
    }
    assert "Add `contract`" in str(caught.value)
