"""Contracts added up to a date, and beside the sums that have been quoted for the industry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import require
from rerack.catalog import Row, find, load
from rerack.study.store import Table

_SUBJECT = "AI contracts of Bitcoin miners"
#: Sums that have been quoted, by metric of the table ``ai_metrics``.
CLAIMS = ("value_claimed", "value_claimed_bernstein")
#: What a sum may be taken to cover; no claim says which.
DEFINITIONS = (
    "every contract of the catalogue",
    "landlords that mine",
    "landlords that mine, own share",
    "landlords that mine, own share, no GPU cloud",
)


#: Why a deal is in no total.
NO_VALUE = "no value published"


def running_total(deals: Table, *, until: str = "9999") -> Table:
    """Return the sum of contract values by date of announcement, each contract once.

    Parameters
    ----------
    deals : Table
        From `rerack.study.deal_book.public_deals`. Deals that another includes, and those without a
        value, are left out.
    until : str
        Last date counted, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``: all of that year, month or day.
    """
    counted = _counted(deals, until)
    require(bool(counted.any()), "until", given=until, allowed="a date with a contract before it")
    order = np.argsort(deals["announced"][counted], kind="stable")
    value = deals["value_usd"][counted][order]
    return {
        "announced": deals["announced"][counted][order],
        "deal": deals["deal"][counted][order],
        "value_usd": value,
        "total_usd": np.cumsum(value),
    }


def quoted_totals(deals: Table) -> Table:
    """Return each sum that has been quoted beside the catalogue's at the same date, by definition.

    Parameters
    ----------
    deals : Table
        From `rerack.study.deal_book.public_deals`.

    Returns
    -------
    Table
        quoted (who), as_of, quoted_usd, definition, contracts, mw (critical, gross where only that
        is known), total_usd, difference_usd (catalogue less quoted), status of what was quoted.

    Notes
    -----
    No quoted sum came with a list of contracts or a definition: the definitions are ours and show
    how far the sum moves with them. A landlord mines where the table ``companies`` holds facts on
    it; its own share is ``owned_frac``. Options and extensions are left out of all.
    """
    rows = [
        _compared(deals, find("ai_metrics", subject=_SUBJECT, metric=metric), definition)
        for metric in CLAIMS
        for definition in DEFINITIONS
    ]
    return {key: np.asarray([row[key] for row in rows]) for key in rows[0]}


def missing(deals: Table, until: str) -> dict[str, list[str]]:
    """Return which deals a total to a date leaves out, by reason.

    Parameters
    ----------
    deals : Table
        From `rerack.study.deal_book.public_deals`.
    until : str
        Last date counted.
    """
    out = {
        NO_VALUE: ~np.isfinite(deals["value_usd"]),
        "included in another": deals["part_of"] != "",
        f"announced after {until}": ~_by(deals, until),
    }
    return {why: [str(d) for d in deals["deal"][rows]] for why, rows in out.items() if rows.any()}


def mines(deals: Table) -> NDArray[np.bool_]:
    """Return which deals are of a landlord on whose mining the table ``companies`` holds facts.

    Parameters
    ----------
    deals : Table
        From `rerack.study.deal_book.public_deals`.
    """
    return np.isin(deals["landlord"], [row.text("company") for row in load("companies")])


def _by(deals: Table, until: str) -> NDArray[np.bool_]:
    """Return which deals were announced by a date, a date as long as known."""
    return np.asarray([str(d)[: len(until)] <= until for d in deals["announced"]])


def _counted(deals: Table, until: str) -> NDArray[np.bool_]:
    once = (deals["part_of"] == "") & np.isfinite(deals["value_usd"])
    return np.asarray(once & _by(deals, until))


def _compared(deals: Table, claim: Row, definition: str) -> dict[str, float | str]:
    counted = _counted(deals, claim.text("period"))
    share = np.ones(counted.size)
    if definition != DEFINITIONS[0]:
        counted &= mines(deals)
    if "own share" in definition:
        share = deals["owned_frac"]
    if "no GPU cloud" in definition:
        counted &= deals["kind"] != "gpu_cloud"
    total = float((deals["value_usd"] * share)[counted].sum())
    quoted = claim.number("value")
    return {
        "quoted": claim.source,
        "as_of": claim.as_of,
        "quoted_usd": quoted,
        "definition": definition,
        "contracts": float(counted.sum()),
        "mw": float((deals["mw"] * share)[counted].sum()),
        "total_usd": total,
        "difference_usd": total - quoted,
        "status": claim.status,
    }
