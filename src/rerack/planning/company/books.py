"""A company's books: those of its sites, and its own overhead, debt and tax, consolidated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import FloatArray
from rerack.finance import Books, Instrument, OwnerFlows, build_statements, combine_books
from rerack.planning.accounts import Accounts, added, merge_accounts
from rerack.planning.company.model import Borrowing
from rerack.planning.site_accounts import Sources, site_accounts, site_books
from rerack.planning.term_parts import CONVERSION

#: Statement lines by (statement, line), summed over scenarios, shape (month,) [USD].
Lines = dict[tuple[str, str], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class Consolidated:
    """A company's accounts on one block of scenarios, or all.

    Parameters
    ----------
    company : Accounts
        Of the company: statements, debt, treasury, covenants, worst cover.
    site_sum_usd : dict of str to Lines
        Statements of each site, whose surplus goes to the company and whose shortfall it pays.
    """

    company: Accounts
    site_sum_usd: dict[str, Lines]


def consolidate(sites: Mapping[str, Sources], group: Sources) -> Consolidated:
    """Return the accounts of a company and of its sites, checked.

    Parameters
    ----------
    sites : mapping of str to Sources
        Each site by itself: no debt, taxed alone.
    group : Sources
        All sites, overhead, debt and treasury, taxed as one.

    Raises
    ------
    SolverError
        A statement of the company or of a site is off by more than half a cent in any scenario and
        month.

    Notes
    -----
    The company's own books hold overhead, debt and what one tax return saves:
    ``tax of the group - sum of the sites' taxes``. Consolidated books are the sum of all. What
    passes between a site and the company is in no books, so nothing is left to eliminate.
    """
    books = {name: site_books(of) for name, of in sites.items()}
    statements = {
        name: _sums(one, OwnerFlows.passed_through(one.owner_flow_usd))
        for name, one in books.items()
    }
    whole = combine_books({**books, "the company itself": own_books(books, group)})
    accounts = replace(site_accounts(group), statements_sum_usd=_sums(whole, group.owner))
    return Consolidated(company=accounts, site_sum_usd=statements)


def own_books(sites: Mapping[str, Books], group: Sources) -> Books:
    """Return what a company books besides its sites: overhead, debt, tax saved by one return.

    Parameters
    ----------
    sites : mapping of str to Books
        Its sites' books.
    group : Sources
        All together.
    """
    settled, terms = group.settled, group.terms
    none = np.zeros_like(group.receivable_usd)
    alone = list(sites.values())
    overhead = group.ledger.posted("overhead")
    assert overhead is not None  # a company posts its overhead, if only zeros
    return Books(
        earned_usd={"overhead": overhead},
        capex_usd={},
        life_months={},
        debt=settled.debt.instruments(),
        interest_in_cost_usd=settled.in_cost_usd,
        cost_class=CONVERSION,
        receivable_usd=none,
        payable_usd=none,
        prepaid_usd=none,
        reserve_usd=none,
        tax_paid_usd=settled.tax.paid_usd - sum(one.tax_paid_usd for one in alone),
        lasting_tax_usd=settled.tax.lasting_usd - sum(one.lasting_tax_usd for one in alone),
        tax_rate_frac=terms.income_tax_frac,
    )


def brought_debt(debt: tuple[Borrowing, ...], shape: tuple[int, int]) -> dict[str, Instrument]:
    """Return debt that is outstanding at the start as instruments, by name.

    Parameters
    ----------
    debt : tuple of Borrowing
        Instruments.
    shape : tuple of int
        Scenarios and months.

    Notes
    -----
    Coupons are paid monthly in arrears up to the month of redemption, in which the face is repaid
    in cash, convertible or not. What is due after the study, or at a date that is not known, is
    repaid in the last month, as a loan is: before anything left is paid out.

    Examples
    --------
    >>> note = Borrowing(name="n", face_usd=120.0, coupon_frac_per_year=0.1, maturity_month=2)
    >>> made = brought_debt((note,), (1, 4))["n"]
    >>> made.paid_usd.tolist(), made.repaid_usd.tolist(), made.balance_usd.tolist()
    ([[0.0, 1.0, 1.0, 0.0]], [[0.0, 0.0, 120.0, 0.0]], [[120.0, 120.0, 0.0, 0.0]])
    """
    return {one.name: _instrument(one, shape) for one in debt}


def _instrument(one: Borrowing, shape: tuple[int, int]) -> Instrument:
    months = np.arange(shape[1])
    last = shape[1] - 1
    due = last if one.maturity_month is None else min(one.maturity_month, last)
    coupon = one.face_usd * one.coupon_frac_per_year / 12.0 * ((months > 0) & (months <= due))
    repaid = one.face_usd * (months == due)
    none = np.zeros(shape[1])

    def every(row: NDArray[np.floating[Any]]) -> FloatArray:
        return np.broadcast_to(row.astype(np.float64), shape)

    return Instrument(
        drawn_usd=every(none),
        interest_usd=every(coupon),
        paid_usd=every(coupon),
        repaid_usd=every(repaid),
        converted_usd=every(none),
        balance_usd=every(one.face_usd * (months < due)),
        opening_usd=one.face_usd,
    )


def merge_consolidated(parts: list[Consolidated]) -> Consolidated:
    """Return the accounts of all blocks together, in block order.

    Parameters
    ----------
    parts : list of Consolidated
        One a block.
    """
    return Consolidated(
        company=merge_accounts([part.company for part in parts]),
        site_sum_usd={
            name: added([part.site_sum_usd[name] for part in parts])
            for name in parts[0].site_sum_usd
        },
    )


def _sums(books: Books, owner: OwnerFlows) -> Lines:
    """Return statements, checked in every scenario, summed over scenarios."""
    made = build_statements(books, owner)
    return {
        (name, line): values.sum(axis=0)
        for name, part in made.parts().items()
        for line, values in part.items()
    }
