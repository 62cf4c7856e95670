"""What of a company is public, what follows from it, what is estimated, what is not known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rerack.study.company_study import CompanyRun
from rerack.study.store import Table

#: Standing of a figure for a reader -> statuses of inputs that it covers.
STANDINGS = {
    "public": ("verified", "secondary"),
    "derived": ("derived",),
    "estimated": ("unverified",),
}
#: Standing of what neither the file nor the catalogue gives.
DEFAULTS = "rerack's defaults"
#: Sections of a file whose name says nothing beside the name within.
_SECTIONS = ("sites", "signed", "announced", "debt")


def known_table(runs: Sequence[CompanyRun]) -> Table:
    """Return the names of each company's figures by standing.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.

    Returns
    -------
    Table
        company, standing (public, derived, estimated, unknown, rerack's defaults), count, figures
        (their names). Choices without a unit, such as the kind of a deal, are no figures.
    """
    rows = [row for run in runs for row in _rows(run)]
    names = ("company", "standing", "count", "figures")
    kinds = (str, str, np.int64, str)
    return {n: np.asarray([r[i] for r in rows], dtype=kinds[i]) for i, n in enumerate(names)}


def _rows(run: CompanyRun) -> list[tuple[str, str, int, str]]:
    figures = [row for row in run.study.inputs if row.unit]
    own = [row for row in figures if not row.where.startswith("default")]
    found = {
        standing: [_named(row.path) for row in own if row.status in statuses]
        for standing, statuses in STANDINGS.items()
    }
    found["unknown"] = list(run.study.unknown)
    found[DEFAULTS] = [_named(row.path) for row in figures if row.where.startswith("default")]
    return [
        (run.company.name, standing, len(names), _joined(names))
        for standing, names in found.items()
    ]


def _named(path: str) -> str:
    """Return a path as a reader names it: ``sites.Site.rigs.uptime`` is ``Site, uptime``."""
    first, *rest = path.split(".")
    named = rest if first in _SECTIONS and rest else [first, *rest]
    return ", ".join(part.replace("_", " ") for part in named if part not in ("rigs", "site"))


def _joined(names: list[str]) -> str:
    """Return names in one text: what several deals or sites have is gathered by its first words."""
    return "; ".join(dict.fromkeys(names)) or "none"
