"""The catalogue against the published figures it was taken from."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from rerack import catalog

#: First cell of each row of figures.md section 3 that has a rate -> deal in the catalogue.
DEALS = {
    "Core Sci-CoreWeave initial": "Core Scientific-CoreWeave initial",
    "Core Sci-CoreWeave, 5 contracts": "Core Scientific-CoreWeave 5 contracts",
    "Core Sci total": "Core Scientific-CoreWeave total",
    "TeraWulf-Fluidstack I": "TeraWulf-Fluidstack I",
    "TeraWulf-Fluidstack total": "TeraWulf-Fluidstack total",
    "Abernathy JV (51%)": "TeraWulf-Fluidstack Abernathy",
    "Cipher-Fluidstack": "Cipher-Fluidstack",
    "Cipher-Fluidstack add": "Cipher-Fluidstack addition",
    "Cipher-AWS": "Cipher-AWS",
    "IREN-Microsoft (GPU cloud)": "IREN-Microsoft",
    "Galaxy-CoreWeave Helios": "Galaxy-CoreWeave Helios",
    "Hut 8-Fluidstack/Anthropic": "Hut 8-Fluidstack",
    "Applied Digital-CoreWeave": "Applied Digital-CoreWeave",
    "Riot-AMD Rockdale": "Riot-AMD Rockdale",
}


def published_rates(reference: Path) -> dict[str, str]:
    text = (reference / "figures.md").read_text(encoding="utf-8")
    section = text.split("## 3. AI/HPC contracts")[1].split("\n## 4.")[0]
    table = [[c.strip() for c in line.split("|")[1:-1]] for line in section.splitlines()]
    return {
        row[0]: row[5].lstrip("~")
        for row in table
        if len(row) > 6 and re.fullmatch(r"~?\d+(\.\d+)?", row[5])
    }


def test_every_published_rate_comes_out_within_its_last_digit(shared_reference: Path) -> None:
    rates = published_rates(shared_reference)
    assert rates.keys() == DEALS.keys()
    for printed_name, printed in rates.items():
        row = catalog.find("ai_deals", name=DEALS[printed_name])
        mw = row.number(f"{row.text('rate_basis')}_mw")
        rate = row.number("value_usd") / row.number("term_years") / mw / 1e6
        places = len(printed.partition(".")[2])
        half = 0.5 * 10.0**-places
        assert rate == pytest.approx(float(printed), abs=half + 1e-9), printed_name


def test_rigs_are_those_of_the_reference_list(shared_reference: Path) -> None:
    with (shared_reference / "asic_specs.csv").open(encoding="utf-8") as file:
        published = [r for r in csv.DictReader(file) if r["jth"]]
    rows = catalog.load("rigs")
    assert [r["model"] for r in published] == [r.label for r in rows]
    for given, row in zip(published, rows, strict=True):
        for theirs, ours in (("watts", "power_w"), ("jth", "efficiency_j_per_th")):
            value = row[ours]
            assert value == (float(Decimal(given[theirs])) if given[theirs] else None), row.label


def test_what_the_reference_marks_as_memory_is_not_shown_as_more(shared_reference: Path) -> None:
    text = (shared_reference / "figures.md").read_text(encoding="utf-8")
    section = text.split("## 3. AI/HPC contracts")[1].split("\n## 4.")[0]
    marked = [ln.split("|")[1].strip() for ln in section.splitlines() if "[M]" in ln]
    assert len(marked) == 2
    for name in marked:
        assert catalog.find("ai_deals", name=DEALS[name]).status == "unverified"
