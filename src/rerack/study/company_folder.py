"""A valuation of companies on disk: a run folder of their tables, read back for explanations."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from rerack.base.errors import StoreError
from rerack.planning.company import CASES
from rerack.study.company_study import CompanyRun
from rerack.study.folder import run_slug
from rerack.study.order import surroundings
from rerack.study.register import COMPANIES
from rerack.study.run import Run
from rerack.study.store import Table, create_folder, write_manifest, write_tables
from rerack.study.tables.company import COMPANY_TABLES
from rerack.study.tables.company_facts import facts_table, market_inputs_table


def companies_to_folder(
    runs: Sequence[CompanyRun],
    parent: Path,
    *,
    finish: Callable[[Run], None] | None = None,
) -> Run:
    """Keep a valuation as a run folder under `parent`.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.
    parent : Path
        Folder of runs; made if it is not there.
    finish : callable or None
        Called with the run before the folder is marked complete: the place to write a report.

    Returns
    -------
    Run
        With `folder` set.

    Raises
    ------
    StoreError
        The folder cannot be written; it is left marked incomplete.
    """
    created = datetime.now(UTC)
    folder = create_folder(parent, f"{created:%Y-%m-%d}-{run_slug(_name(runs))}")
    made = companies_run(runs)
    made.meta.update(
        {
            "created": created.isoformat(timespec="seconds"),
            "run_id": folder.name,
            "run_path": str(folder),
            "versions": surroundings(),
        }
    )
    listing = write_tables(folder, made.tables)
    kept = Run(meta=made.meta, tables=made.tables, folder=folder)
    if finish is not None:
        finish(kept)
    write_manifest(folder, {"status": "complete", "meta": kept.meta, "tables": listing})
    return kept


def require_place(parent: Path) -> None:
    """Raise unless run folders can be made under `parent`: before the work, not after it.

    Parameters
    ----------
    parent : Path
        Folder of runs; made if it is not there.

    Raises
    ------
    StoreError
        It cannot be made or written to.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{parent}: cannot hold run folders ({error.strerror}). Choose another place with "
            "--out."
        ) from error
    if not os.access(parent, os.W_OK):
        raise StoreError(f"{parent}: cannot be written to. Choose another place with --out.")


def companies_run(runs: Sequence[CompanyRun]) -> Run:
    """Return a valuation as a run in memory: its facts and every table.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.
    """
    tables = {name: make(runs) for name, make in COMPANY_TABLES.items()}
    tables["scenarios"] = _scenarios(runs)
    tables["holdings"] = _holdings(runs)
    tables["market_inputs"] = market_inputs_table(runs)
    tables["facts"] = facts_table(runs)
    kept = {n: t for n, t in tables.items() if t and len(next(iter(t.values())))}
    return Run(meta=_meta(runs), tables=kept)


def _name(runs: Sequence[CompanyRun]) -> str:
    return runs[0].company.name if len(runs) == 1 else f"{len(runs)} companies"


def _meta(runs: Sequence[CompanyRun]) -> dict[str, Any]:
    market = runs[0].study.market
    start = market.grid.labels[0]
    return {
        "kind": COMPANIES,
        "name": _name(runs),
        "companies": [run.company.name for run in runs],
        "files": [str(run.study.path) for run in runs],
        "cases": list(CASES),
        "scenarios": market.scenarios,
        "months": market.grid.months,
        "start": start,
        "seed": market.seed,
        "discount_rate_frac": market.finance.discount_rate_frac_per_year,
        "money_basis": f"nominal USD, discounted to {start}",
        "coin_price_usd": runs[0].coin_price_usd,
        "version": version("rerack"),
    }


def _holdings(runs: Sequence[CompanyRun]) -> Table:
    """Return what a company owns and owes at the start, one row a company; NaN is unknown."""
    nan = float("nan")
    of = [run.company for run in runs]
    return {
        "company": np.asarray([c.name for c in of]),
        "cash_usd": np.asarray([c.cash_usd for c in of]),
        "coins_btc": np.asarray([c.coins_btc for c in of]),
        "debt_usd": np.asarray([c.debt_usd for c in of]),
        "shares_count": np.asarray([c.shares_count or nan for c in of]),
        "share_price_usd": np.asarray(
            [nan if c.share_price_usd is None else c.share_price_usd for c in of]
        ),
        "utility_mw": np.asarray([c.utility_mw for c in of]),
        "convertible_mw": np.asarray([c.convertible_mw for c in of]),
        "convertible_utility_mw": np.asarray([c.convertible_utility_mw for c in of]),
        "min_cover_frac": np.asarray([c.min_cover_frac or nan for c in of]),
    }


def _scenarios(runs: Sequence[CompanyRun]) -> Table:
    """Return value, equity, need, runway and worst cover by company, case and scenario."""
    cells = [(run.company.name, case, run.cases[case]) for run in runs for case in CASES]
    count = cells[0][2].operations_usd.size
    return {
        "company": np.repeat([name for name, _, _ in cells], count),
        "case": np.repeat([case for _, case, _ in cells], count),
        "scenario": np.tile(np.arange(count), len(cells)),
        "operations_usd": np.concatenate([v.operations_usd for _, _, v in cells]),
        "equity_usd": np.concatenate([v.equity_usd for _, _, v in cells]),
        "runway_months": np.concatenate([v.runway_months for _, _, v in cells]),
        "need_usd": np.concatenate([v.need_usd for _, _, v in cells]),
        "worst_cover_frac": np.concatenate([v.worst_cover_frac for _, _, v in cells]),
    }
