"""The debt of one site: term loan, equipment finance, convertible note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.finance import (
    ConvertibleSchedule,
    Instrument,
    LoanSchedule,
    SculptedLoan,
    convertible_schedule,
    equity_proxy,
    loan_schedule,
    sculpted_schedule,
)
from rerack.planning.term_parts import CONVERSION, RIGS, SERVERS
from rerack.planning.terms import FinanceTerms

#: Names of instruments, as tables and statements show them.
TERM_LOAN, EQUIPMENT_LOAN, NOTE, COIN_LOAN = (
    "term loan",
    "equipment finance",
    "convertible note",
    "loan against coins",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteDebt:
    """Schedules of a site's debt.

    Parameters
    ----------
    loans : dict of str to LoanSchedule
        By instrument.
    swept_usd : ndarray or None
        Part of the term loan's principal that a cash sweep prepaid, shape (scenario, month).
    note : ConvertibleSchedule or None
        The convertible note.
    brought : mapping of str to Instrument
        Debt that is outstanding at the start, by name.
    """

    loans: dict[str, LoanSchedule]
    swept_usd: FloatArray | None = None
    note: ConvertibleSchedule | None = None
    brought: Mapping[str, Instrument] = field(default_factory=dict)

    def instruments(self) -> dict[str, Instrument]:
        """Return every instrument by name."""
        found = {name: Instrument.of_loan(loan) for name, loan in self.loans.items()}
        if self.note is not None:
            found[NOTE] = Instrument.of_note(self.note)
        return {**found, **self.brought}

    def interest_usd(self, like: FloatArray) -> FloatArray:
        """Return interest accrued on all instruments, shape of `like`."""
        out = np.zeros_like(like)
        for loan in self.loans.values():
            out += loan.interest_usd
        if self.note is not None:
            out += self.note.interest_usd
        for one in self.brought.values():
            out += one.interest_usd
        return out

    def service_usd(self, like: FloatArray, *, leave_out: str = "") -> FloatArray:
        """Return interest paid and scheduled principal of the loans: no sweep, no balloon.

        Notes are unsecured and rank behind: neither coupons nor redemption count. Of debt brought
        in coupons count, and redemptions, which are refinanced or paid at once, do not.

        Parameters
        ----------
        like : ndarray
            Array of the shape wanted.
        leave_out : str
            Instrument not counted.
        """
        out = np.zeros_like(like)
        for name, loan in self.loans.items():
            if name != leave_out:
                out += loan.scheduled_service_usd
        if self.swept_usd is not None and leave_out != TERM_LOAN:
            out -= self.swept_usd
            # What a prepaid loan no longer owes may leave dust of either sign.
            out = np.maximum(out, 0.0)
        for one in self.brought.values():
            out += one.paid_usd
        return out


def site_debt(
    terms: FinanceTerms,
    bought_usd: dict[str, FloatArray],
    *,
    lender_cash_usd: FloatArray | None,
    coin_price_usd: FloatArray | None,
) -> SiteDebt:
    """Return the schedules before any reserve or sweep.

    Parameters
    ----------
    terms : FinanceTerms
        What is borrowed.
    bought_usd : dict of str to ndarray
        The owner's purchases by asset class [USD], shape (scenario, month).
    lender_cash_usd : ndarray or None
        Contracted cash that sizes a sculpted loan [USD], shape (scenario, month).
    coin_price_usd : ndarray or None
        Price of a coin [USD], shape (scenario, month); a convertible note needs it.

    Raises
    ------
    InputError
        A sculpted loan without the lender's cash, or a note without coin prices.
    """
    funded = bought_usd[CONVERSION]
    loans: dict[str, LoanSchedule] = {}
    covered = () if terms.equipment is None else terms.equipment.covers
    if SERVERS not in covered:
        funded = funded + bought_usd[SERVERS]
    if isinstance(terms.loan, SculptedLoan):
        require(
            lender_cash_usd is not None,
            "lender_cash_usd",
            given="none",
            allowed="contracted cash, by which a sculpted loan is sized",
        )
        assert lender_cash_usd is not None  # for the type checker; require() has raised otherwise
        loans[TERM_LOAN] = sculpted_schedule(terms.loan, funded, lender_cash_usd).loan
    elif terms.loan is not None:
        loans[TERM_LOAN] = loan_schedule(terms.loan, funded)
    if terms.equipment is not None:
        equipment = sum(
            (bought_usd[kind] for kind in covered), start=np.zeros_like(bought_usd[RIGS])
        )
        loans[EQUIPMENT_LOAN] = loan_schedule(terms.equipment.loan, equipment)
    return SiteDebt(loans=loans, note=_note(terms, coin_price_usd))


def _note(terms: FinanceTerms, coin_price_usd: FloatArray | None) -> ConvertibleSchedule | None:
    if terms.note is None:
        return None
    require(
        coin_price_usd is not None,
        "coin_price_usd",
        given="none",
        allowed="paths of the coin price, by which the share price of a note is proxied",
    )
    assert coin_price_usd is not None  # for the type checker; require() has raised otherwise
    index = equity_proxy(coin_price_usd, beta=terms.note.equity_beta)
    return convertible_schedule(terms.note, index)
