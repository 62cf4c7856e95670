"""Run folders of companies: kept, exported, and every figure explained down to its sources."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rerack.base.errors import InputError, StoreError
from rerack.cli.commands import company, export
from rerack.cli.commands import explain as explain_command
from rerack.planning.company import CASES
from rerack.study import Node, Run, explain, explainable, list_runs, open_run
from rerack.study.register import COMPANIES, SITE

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "companies"
#: Relative error of sums of tens of thousands of cents.
CLOSE = 1e-9


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of runs with one valuation of two companies."""
    out = tmp_path_factory.mktemp("runs")
    files = [str(FOLDER / f"{name}.yaml") for name in ("cipher", "riot")]
    args = [*files, "--scenarios", "64", "--out", str(out), "--set", "share_price=12 USD"]
    done = CliRunner().invoke(company.command, args, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "rerack explain" in done.output
    return out


@pytest.fixture(scope="module")
def kept(runs: Path) -> Run:
    return open_run("latest", runs, kind=COMPANIES)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def test_every_figure_explains_itself(kept: Run) -> None:
    names = explainable(kept)
    for word in ("value", "equity", "gain", "per_mw", "runway", "worst_dscr", "cap_rate"):
        assert {f"{word}:{c}:{case}" for c in ("Cipher", "Riot") for case in CASES} <= set(names)
    for name in names:
        made = explain(kept, name)
        leaves = [one for one in nodes(made) if one.source]
        says_why = isinstance(made.value, str)
        assert leaves or says_why, name


@pytest.mark.parametrize("company_name", ["Cipher", "Riot"])
@pytest.mark.parametrize("case", CASES)
def test_the_value_is_the_sum_of_what_is_below_it(kept: Run, company_name: str, case: str) -> None:
    """Sites, overhead and tax as one; each site its lines; each line its halls."""
    made = explain(kept, f"value:{company_name}:{case}")
    row = kept.row("value", company=company_name, case=case, kind="operations")
    assert made.value == row["mean_usd"]
    for one in nodes(made):
        parts = [c.value for c in one.children if isinstance(c.value, float)]
        if one.unit == "USD" and parts:
            assert one.value == pytest.approx(sum(parts), rel=CLOSE, abs=1.0), one.label


def test_a_value_goes_down_to_the_row_of_the_catalogue(kept: Run) -> None:
    found = {one.label: one for one in nodes(explain(kept, "value:Riot:announced"))}
    deal = found["catalogue ai_deals: Riot-AMD Rockdale"]
    assert "311,000,000 USD, 10 years, 25 MW critical" in str(deal.value)
    assert deal.source.endswith("[verified]")
    power = found["catalogue companies: Riot, power_price_all_in, 2025-09"]
    assert power.source.endswith("[secondary]")
    assert any("market.bitcoin.price" in label for label in found)


def test_the_worst_cover_names_scenario_and_month(kept: Run) -> None:
    made = explain(kept, "worst_dscr:Cipher:signed")
    paths = kept.table("scenarios")
    mine = (paths["company"] == "Cipher") & (paths["case"] == "signed")
    worst = paths["worst_cover_frac"][mine]
    assert made.value == pytest.approx(worst.min(), rel=CLOSE)
    scenario = int(paths["scenario"][mine][worst.argmin()])
    assert f"in scenario {scenario}, twelve months to 20" in made.unit
    cash, service = made.children[0], made.children[1]
    assert made.value == pytest.approx(float(cash.value) / float(service.value), rel=CLOSE)
    assert float(service.value) == pytest.approx(1.4e9 * 0.07125)
    assert str(explain(kept, "worst_dscr:Riot").value) == "no debt service to cover"


def test_what_a_share_price_implies_is_explained(kept: Run) -> None:
    """Cipher at 12 USD: shares of 444.4 m, debt of 2.7 bn, no cash or coins known."""
    made = explain(kept, "implied:Cipher")
    mining = float(
        kept.row("value", company="Cipher", case="mining", kind="operations")["mean_usd"]
    )
    held = kept.row("holdings", company="Cipher")
    by_hand = (444.4e6 * 12.0 + 2.7e9 - mining) / held["convertible_utility_mw"]
    assert made.value == pytest.approx(by_hand, rel=CLOSE)
    assert str(explain(kept, "implied:Riot").value).startswith("nothing: shares")


def test_short_names_and_wrong_ones(kept: Run) -> None:
    assert explain(kept, "value") == explain(kept, "value:Cipher:announced")
    assert explain(kept, "equity:Riot") == explain(kept, "equity:Riot:announced")
    with pytest.raises(InputError, match="value:Riot"):
        explain(kept, "value:Riott")


def test_a_line_of_the_statements(kept: Run) -> None:
    made = explain(kept, "statement:Cipher:signed:income, net income")
    table = kept.table("statements")
    mine = (
        (table["company"] == "Cipher") & (table["case"] == "signed") & (table["of"] == "company")
        & (table["scenario"] == "mean") & (table["line"] == "net income")
        & (table["statement"] == "income")
    )  # fmt: skip
    assert made.value == pytest.approx(table["usd"][mine].sum())
    parts = {child.label: child.value for child in made.children}
    assert made.value == pytest.approx(parts["profit before tax"] + parts["income tax"])


def test_the_statements_as_csv_balance_and_are_the_tables(kept: Run) -> None:
    assert kept.folder is not None
    with (kept.folder / "statements.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    years = [name for name in rows[0] if name.isdigit()]
    assert len(years) == 20
    sheets: dict[tuple[str, ...], dict[str, np.ndarray]] = {}
    for row in rows:
        key = (row["company"], row["case"], row["of"], row["scenario"])
        if row["statement"] == "balance":
            values = np.array([float(row[y]) for y in years])
            sheets.setdefault(key, {})[row["line"]] = values
    # The company and each site, in every case, the mean; and the scenario of the worst cover.
    assert len([k for k in sheets if k[3] == "mean"]) >= 3 * 4
    none = np.zeros(len(years))
    for key, lines in sheets.items():
        gap = (
            lines.get("total assets", none)
            - lines.get("total liabilities", none)
            - lines.get("total equity", none)
        )
        assert np.abs(gap).max() <= 0.02, key


def test_the_workbook_checks_itself(kept: Run, runs: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    assert kept.folder is not None
    args = [kept.folder.name, "--out", str(runs)]
    done = CliRunner().invoke(export.command, args, catch_exceptions=False)
    book = openpyxl.load_workbook(done.output.strip())
    assert {"Value", "Statements 1", "Inputs", "Catalogue"} <= set(book.sheetnames)
    sheet = book["Statements 1"]
    lines = {sheet.cell(r, 2).value: r for r in range(4, sheet.max_row + 1)}
    assert sheet.cell(2, 3).value == "=ROUND(C{}-C{}-C{},2)".format(
        *(lines[f"total {what}"] for what in ("assets", "liabilities", "equity"))
    )
    for column in range(3, sheet.max_column + 1):
        cells = [sheet.cell(lines[f"total {w}"], column).value for w in
                 ("assets", "liabilities", "equity")]  # fmt: skip
        assert round(cells[0] - cells[1] - cells[2], 2) == 0.0


def test_commands_that_read_sites_say_what_they_found(kept: Run, runs: Path) -> None:
    assert kept.folder is not None
    assert [r["run"] for r in list_runs(runs)] == [kept.folder.name]
    assert list_runs(runs, kind=SITE) == []
    with pytest.raises(StoreError, match="a run of companies, where a run of site is wanted"):
        open_run(kept.folder.name, runs)
    with pytest.raises(StoreError, match="rerack run FILE"):
        open_run("latest", runs)


def test_the_explain_command_reads_companies(runs: Path) -> None:
    args = ["latest", "worst_dscr:Cipher:signed", "--out", str(runs), "--json"]
    done = CliRunner().invoke(explain_command.command, args, catch_exceptions=False)
    assert "in scenario" in json.loads(done.output)["unit"]


def test_the_page_says_what_is_known_and_shows_statements(kept: Run) -> None:
    assert kept.folder is not None
    text = (kept.folder / "report.html").read_text(encoding="utf-8")
    for part in ("What is public, estimated and unknown", "Statements: Cipher, consolidated",
                 "Statements: Riot, Corsicana", "Yields and cap rates"):  # fmt: skip
        assert part in text, part
