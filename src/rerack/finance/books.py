"""What a site or company books: earnings, purchases, debt, claims; added up for a company."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.finance.convertible import ConvertibleSchedule
from rerack.finance.loan import LoanSchedule


@dataclass(frozen=True, kw_only=True, eq=False)
class Instrument:
    """One kind of debt through time; all shapes (scenario, month) [USD], 0 or more.

    Parameters
    ----------
    drawn_usd : FloatArray
        Money received.
    interest_usd : FloatArray
        Interest accrued in the month.
    paid_usd : FloatArray
        Interest paid in cash; what accrues and is not paid stays in the balance.
    repaid_usd : FloatArray
        Principal paid back in cash.
    converted_usd : FloatArray
        Principal that became shares.
    balance_usd : FloatArray
        Outstanding at the end of the month, accrued interest included.
    opening_usd : float
        Outstanding when the books open: borrowed before, so that no month shows the money.
    """

    drawn_usd: FloatArray
    interest_usd: FloatArray
    paid_usd: FloatArray
    repaid_usd: FloatArray
    converted_usd: FloatArray
    balance_usd: FloatArray
    opening_usd: float = 0.0

    @classmethod
    def of_loan(cls, loan: LoanSchedule) -> Instrument:
        """Return a loan's schedule as an instrument.

        Parameters
        ----------
        loan : LoanSchedule
            Term loan, sculpted loan or equipment loan.
        """
        return cls(
            drawn_usd=loan.draw_usd,
            interest_usd=loan.interest_usd,
            paid_usd=loan.interest_paid_usd,
            repaid_usd=loan.principal_usd,
            converted_usd=np.zeros_like(loan.draw_usd),
            balance_usd=loan.balance_usd,
        )

    @classmethod
    def of_note(cls, note: ConvertibleSchedule) -> Instrument:
        """Return a convertible note's schedule as an instrument.

        Parameters
        ----------
        note : ConvertibleSchedule
            The note.
        """
        return cls(
            drawn_usd=note.issued_usd,
            interest_usd=note.interest_usd,
            paid_usd=note.coupon_usd,
            repaid_usd=note.redeemed_usd,
            converted_usd=note.converted_usd,
            balance_usd=note.balance_usd,
        )

    def map(self, change: Callable[[FloatArray], FloatArray]) -> Instrument:
        """Return the instrument with `change` applied to every array, as `Books.map`.

        Parameters
        ----------
        change : callable
            Linear in the scenarios.
        """
        arrays: dict[str, Any] = {n: change(getattr(self, n)) for n in _MONTHLY}
        return replace(self, **arrays)


#: Arrays of an `Instrument`.
_MONTHLY = tuple(f.name for f in fields(Instrument) if f.name != "opening_usd")


@dataclass(frozen=True, kw_only=True, eq=False)
class Books:
    """Everything but coins, cash and the owner; all arrays (scenario, month) [USD].

    Parameters
    ----------
    earned_usd : dict of str to FloatArray
        Operating lines as they accrue, income positive and cost negative.
    capex_usd : dict of str to FloatArray
        Purchases by asset class, 0 or more.
    life_months : dict of str to int
        Book life by asset class [months].
    debt : dict of str to Instrument
        By name.
    interest_in_cost_usd : FloatArray
        Interest that is added to the cost of `cost_class` instead of expensed, 0 or more.
    cost_class : str
        Asset class that bears it.
    receivable_usd, payable_usd, prepaid_usd : FloatArray
        Balances: owed by customers, owed to suppliers, rent received before it is earned.
    reserve_usd : FloatArray
        Balance of debt service reserves: restricted cash.
    tax_paid_usd : FloatArray
        Income tax paid, gains on coins apart.
    lasting_tax_usd : FloatArray
        The part of it that reverses in no later year, such as a minimum tax.
    tax_rate_frac : float
        Rate at which profit before tax is expected to be taxed in the end [-].
    opening_loss_usd : float
        Tax losses carried into the first month [USD].
    """

    earned_usd: Mapping[str, FloatArray]
    capex_usd: Mapping[str, FloatArray]
    life_months: Mapping[str, int]
    debt: Mapping[str, Instrument]
    interest_in_cost_usd: FloatArray
    cost_class: str
    receivable_usd: FloatArray
    payable_usd: FloatArray
    prepaid_usd: FloatArray
    reserve_usd: FloatArray
    tax_paid_usd: FloatArray
    lasting_tax_usd: FloatArray
    tax_rate_frac: float
    opening_loss_usd: float = 0.0

    @property
    def owner_flow_usd(self) -> FloatArray:
        """Cash flow after tax and debt if coins are sold as mined, shape (scenario, month)."""
        flow = -self.tax_paid_usd - _change(self.reserve_usd) - _change(self.receivable_usd)
        flow = flow + _change(self.payable_usd) + _change(self.prepaid_usd)
        for line in self.earned_usd.values():
            flow = flow + line
        for bought in self.capex_usd.values():
            flow = flow - bought
        for one in self.debt.values():
            flow = flow + one.drawn_usd - one.paid_usd - one.repaid_usd
        return np.asarray(flow)

    def map(self, change: Callable[[FloatArray], FloatArray]) -> Books:
        """Return the books with `change` applied to every array: a mean, or some scenarios.

        Parameters
        ----------
        change : callable
            Linear in the scenarios, such as ``lambda a: a.mean(axis=0, keepdims=True)``.
        """
        arrays: dict[str, Any] = {
            f.name: change(getattr(self, f.name))
            for f in fields(self)
            if isinstance(getattr(self, f.name), np.ndarray)
        }
        return replace(
            self,
            earned_usd={k: change(v) for k, v in self.earned_usd.items()},
            capex_usd={k: change(v) for k, v in self.capex_usd.items()},
            debt={k: v.map(change) for k, v in self.debt.items()},
            **arrays,
        )


def combine_books(parts: Mapping[str, Books]) -> Books:
    """Return the books of a company as the sum of its sites' and its corporate books.

    Parameters
    ----------
    parts : dict of str to Books
        By name; all of one shape and one tax rate. Nothing may be owed between them.

    Raises
    ------
    InputError
        Shapes, tax rates, or the book lives of a class differ.

    Notes
    -----
    Lines, classes and instruments of one name are added. Taxes are added too: each part is taxed
    by itself. For a consolidated return compute the tax of the summed income and replace
    `tax_paid_usd`. Coins, cash and dividends come after: run one treasury on the sum of flows.
    """
    require(bool(parts), "parts", given="no books", allowed="one or more")
    first = next(iter(parts.values()))
    lives: dict[str, int] = {}
    for name, books in parts.items():
        same = books.tax_paid_usd.shape == first.tax_paid_usd.shape
        require(
            same and books.tax_rate_frac == first.tax_rate_frac,
            f"books of {name}",
            given=f"shape {books.tax_paid_usd.shape}, tax rate {books.tax_rate_frac:g}",
            allowed=f"shape {first.tax_paid_usd.shape}, tax rate {first.tax_rate_frac:g}",
        )
        for kind, life in books.life_months.items():
            require(
                lives.setdefault(kind, life) == life,
                f"books of {name}: life of {kind}",
                given=f"{life} months",
                allowed=f"{lives[kind]} months, as elsewhere in the company",
            )
    every = list(parts.values())
    arrays: dict[str, Any] = {
        f.name: np.sum([getattr(b, f.name) for b in every], axis=0)
        for f in fields(first)
        if isinstance(getattr(first, f.name), np.ndarray)
    }
    return replace(
        first,
        earned_usd=_summed([b.earned_usd for b in every]),
        capex_usd=_summed([b.capex_usd for b in every]),
        life_months=lives,
        debt=_summed_debt([b.debt for b in every]),
        opening_loss_usd=sum(b.opening_loss_usd for b in every),
        **arrays,
    )


def _change(balance: FloatArray) -> FloatArray:
    """Return the month's change of a balance that starts at zero."""
    return np.diff(balance, axis=1, prepend=0.0)


def _summed(parts: list[Mapping[str, FloatArray]]) -> dict[str, FloatArray]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {n: np.sum([p[n] for p in parts if n in p], axis=0) for n in names}


def _summed_debt(parts: list[Mapping[str, Instrument]]) -> dict[str, Instrument]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {n: _one_of([part[n] for part in parts if n in part]) for n in names}


def _one_of(like: list[Instrument]) -> Instrument:
    """Return instruments of one name as one."""
    return Instrument(
        **{n: np.sum([getattr(one, n) for one in like], axis=0) for n in _MONTHLY},
        opening_usd=sum(one.opening_usd for one in like),
    )
