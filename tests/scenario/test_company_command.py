"""``rerack company``: the answer, tables, the page, and what a user gets wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import rerack
from rerack.base.errors import InputError, ScenarioError, StoreError
from rerack.cli.commands.company import command
from rerack.report.company_sheets import shown
from rerack.scenario.company import CompanyFile, company_files, load_company
from rerack.scenario.keys import key_table
from rerack.study.company_study import run_companies
from rerack.study.tables.company import COMPANY_TABLES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "companies"
WULF = FOLDER / "terawulf.yaml"
FEW = ("--scenarios", "64")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where run folders may be left."""
    monkeypatch.chdir(tmp_path)


def say(*args: str) -> str:
    done = CliRunner().invoke(command, [*args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def mended(tmp_path: Path, *changes: tuple[str, str], name: str = "terawulf.yaml") -> Path:
    text = (FOLDER / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (tmp_path / "market.yaml").write_text((FOLDER / "market.yaml").read_text(encoding="utf-8"))
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_one_company_in_words() -> None:
    told = say(str(WULF), *FEW)
    for part in ("enterprise value", "runway", "unknown share_price", "never a price target"):
        assert part in " ".join(told.split()), part
    assert max(map(len, told.splitlines())) <= 100


def test_a_share_price_from_outside_implies_a_megawatt() -> None:
    told = say(str(WULF), *FEW, "--set", "share_price=15 USD")
    assert "at 15.00 USD a share the market pays" in " ".join(told.split())
    rows = json.loads(say(str(WULF), *FEW, "--set", "share_price=15 USD", "--table", "implied",
                          "--json"))  # fmt: skip
    assert rows[0]["whose"] == "market"
    assert rows[0]["share_price_usd"] == 15.0
    assert {"Bernstein", "H.C. Wainwright"} <= {row["whose"] for row in rows}


def test_a_table_prints_in_three_forms() -> None:
    args = (str(FOLDER / "mara.yaml"), *FEW, "--table", "per_mw")
    assert "MARA" in say(*args)
    assert say(*args, "--csv").splitlines()[0].startswith("company,")
    assert json.loads(say(*args, "--json"))[0]["company"] == "MARA"


def test_every_table_is_written_for_people() -> None:
    found = rerack.company(WULF, scenarios=64)
    for name in COMPANY_TABLES:
        text = shown(name, found.table(name), found.runs)
        assert "TeraWulf" in text or name == "dscr", name  # its debt has no coupon that is known
        assert max(map(len, text.splitlines()), default=0) <= 200, name


def test_side_by_side_with_a_page(tmp_path: Path) -> None:
    page = tmp_path / "companies.html"
    told = say(str(WULF), str(FOLDER / "mara.yaml"), *FEW, "--report", str(page))
    assert "2 companies" in told
    text = page.read_text(encoding="utf-8")
    assert "TeraWulf: equity of" in text
    assert "✕ unknown" in text
    assert "waterfall" in text


def test_the_same_for_any_number_of_threads() -> None:
    args = (str(WULF), "--scenarios", "300", "--table", "value", "--csv")
    assert say(*args, "--threads", "1") == say(*args, "--threads", "4")


def test_the_market_moves_all(tmp_path: Path) -> None:
    dear = json.loads(say(str(FOLDER / "mara.yaml"), *FEW, "--market",
                          "market.bitcoin.price=170,000 USD", "--json"))  # fmt: skip
    coins = next(r for r in dear if r["kind"] == "coins")
    assert coins["mean_usd"] == pytest.approx(52_850 * 170_000.0)


@pytest.mark.parametrize(
    ("old", "new", "given", "cure"),
    [
        ("deal: TeraWulf-Fluidstack total", "deal: TeraWulf-Fluidstck total",
         "unknown deal 'TeraWulf-Fluidstck total'", "Did you mean 'TeraWulf-Fluidstack total'?"),
        ("site: Lake Mariner", "site: Lake Marina", "unknown site 'Lake Marina'",
         "Did you mean 'Lake Mariner'?"),
        ("value: 587.5 MW utility", "value: 400 MW utility", "366.0 MW critical",
         "Give the site more power, or the deal fewer critical MW."),
        ("value: 512500000, source: \"catalogue: TeraWulf, shares_outstanding, 2025-08\"",
         "value: -5, source: \"mine\"", "'-5'", "Correct the value."),
        ("market: market.yaml", "market: markt.yaml", "markt.yaml: no such file",
         "Check the path."),
        ("  - \"coins: not in the catalogue\"\n", "", "nothing",
         "add it to `unknown`: nothing is filled in silently."),
        ("value: 712.8 MUSD", "value: 713.8 MUSD", "713.8 MUSD", "Correct it or its source."),
        ("source: \"catalogue: TeraWulf, cash, 2025-Q3\", status: secondary",
         "source: \"catalogue: TeraWulf, cash, 2025-Q3\", status: verified", "(verified)",
         "Write that status."),
        ("value: 2026-10", "value: 2050-10", "2050-10", "Correct it."),
        ("    opex:\n      value: 28 USD/kW-month critical\n      source: \"estimated: net "
         "operating income 85 % of rent, as in TeraWulf-Fluidstack I\"\n", "", "nothing",
         "Add 'opex' with its source"),
        ("value: 7.2 EH/s, source: \"catalogue: TeraWulf, hashrate_kept, 2025-Q3\"",
         "value: 72 EH/s, source: \"mine\"", "rigs of 1,300.3 MW", "Correct one."),
        ("date: 2025-09\nmarket", "date: 2025-09\ncoins: -1 BTC\nmarket", "'-1 BTC'",
         "Correct the value."),
    ],
)  # fmt: skip
def test_mistakes_name_the_line_and_the_cure(
    tmp_path: Path, old: str, new: str, given: str, cure: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_company(mended(tmp_path, (old, new)))
    said = str(caught.value)
    assert given in said
    assert cure in said
    assert "terawulf.yaml:" in said


def test_an_interconnect_date_after_service_is_refused(tmp_path: Path) -> None:
    path = mended(tmp_path, ("  Abernathy:\n", "  Abernathy:\n    interconnect: 2027-01\n"))
    with pytest.raises(ScenarioError, match="2027-01 or later, when the site may draw power"):
        load_company(path)


def test_all_problems_at_once(tmp_path: Path) -> None:
    path = mended(
        tmp_path, ("site: Lake Mariner", "site: nowhere"), ("value: 2026-10", "value: 2050-10")
    )
    with pytest.raises(ScenarioError) as caught:
        load_company(path)
    assert len(caught.value.problems) == 2


def test_debt_that_was_due_is_refused(tmp_path: Path) -> None:
    path = mended(tmp_path, ("  all debt:\n", "  all debt:\n    maturity: 2025-06\n"))
    with pytest.raises(ScenarioError, match="Remove debt that has been repaid"):
        load_company(path)


def test_debt_may_not_bear_the_name_of_the_new_loan(tmp_path: Path) -> None:
    path = mended(tmp_path, ("  all debt:\n", "  term loan:\n"))
    with pytest.raises(ScenarioError, match="Rename it"):
        load_company(path)


def test_a_place_that_cannot_hold_runs_is_refused_before_the_work(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match="Choose another place with --out"):
        say(str(WULF), *FEW, "--out", str(taken))


def test_a_folder_stands_for_its_company_files(tmp_path: Path) -> None:
    """All nine, and the market that lies beside them is no company."""
    found = company_files([FOLDER])
    assert len(found) == 9
    assert FOLDER / "market.yaml" not in found
    assert company_files([WULF]) == (WULF,)
    with pytest.raises(InputError, match="a folder without company files"):
        company_files([tmp_path])


def test_companies_of_two_markets_are_refused() -> None:
    one = load_company(WULF, scenarios=64)
    other = load_company(
        FOLDER / "mara.yaml", scenarios=64, market_overrides=["market.bitcoin.price=1,000 USD"]
    )
    with pytest.raises(InputError, match="compare on one market only"):
        run_companies([one, other])


@pytest.mark.parametrize("plan", ["announced", "anounced"])
def test_a_site_file_stands_for_a_site(tmp_path: Path, plan: str) -> None:
    file = ROOT / "examples" / "corsicana.yaml"
    lines = f"sites:\n  Corsicana: {{file: {file}, announced: {plan}}}\n"
    path = mended(tmp_path, ("sites:\n", lines))
    if plan == "anounced":
        with pytest.raises(ScenarioError, match="Did you mean 'announced'"):
            load_company(path)
        return
    study = load_company(path, scenarios=64)
    site = study.company.sites[0]
    assert site.announced_utility_mw == pytest.approx(600.0)
    assert site.announced_mw == pytest.approx(600.0 / 1.35)
    assert any(row.path == "sites.Corsicana.site.interconnect" for row in study.inputs)


def test_the_reference_holds_the_table_of_the_schema() -> None:
    page = ROOT / "docs" / "reference" / "company-file.md"
    assert key_table(CompanyFile) in page.read_text(encoding="utf-8")


def test_python_gives_the_same_tables() -> None:
    found = rerack.company(FOLDER / "mara.yaml", scenarios=64)
    assert "MARA" in repr(found)
    assert found.table("per_mw")["case"].tolist() == ["mining", "signed", "announced"]
    with pytest.raises(InputError, match="value, per_mw, implied, liquidity, inputs"):
        found.table("worth")
