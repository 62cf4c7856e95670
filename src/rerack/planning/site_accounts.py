"""A plan's accounts drawn up: books, mean statements, debt and treasury, the worst scenario's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance import (
    Books,
    CovenantTest,
    Coverage,
    OwnerFlows,
    Statements,
    Treasury,
    build_statements,
)
from rerack.planning.accounts import Accounts, CovenantCount, WorstCover
from rerack.planning.ledger import OPERATING_LINES, Ledger
from rerack.planning.settle import Settled
from rerack.planning.site_debt import COIN_LOAN, TERM_LOAN
from rerack.planning.term_parts import CONVERSION, RIGS, SERVERS
from rerack.planning.terms import FinanceTerms

#: Ledger line of prepayments and deposits: money of tenants that is not earned yet.
TENANT_MONEY = "tenant money held"
#: Lines in the numerator of the DSCR after those of EBITDA, then in its denominator.
DSCR_LINES = (*OPERATING_LINES, "tax", "working capital", "debt service")

#: Reduces an array (scenario, month) to fewer scenarios: their mean, or one of them.
Pick = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sources:
    """What accounts are drawn from.

    Parameters
    ----------
    ledger : Ledger
        Operating lines and purchases.
    terms : FinanceTerms
        Lives and rates.
    settled : Settled
        Debt and tax.
    bought_usd : dict of str to ndarray
        Purchases by asset class [USD], shape (scenario, month).
    flow_usd : ndarray, shape (scenario, month)
        Cash flow after tax, debt and the treasury, before shares given [USD].
    treasury : Treasury or None
        Coins and cash; None where all cash passes through.
    coverage : Coverage
        DSCR.
    covenants : tuple of CovenantTest
        Breaches.
    receivable_usd, payable_usd : ndarray, shape (scenario, month)
        Balances of claims [USD].
    """

    ledger: Ledger
    terms: FinanceTerms
    settled: Settled
    bought_usd: dict[str, FloatArray]
    flow_usd: FloatArray
    treasury: Treasury | None
    coverage: Coverage
    covenants: tuple[CovenantTest, ...]
    receivable_usd: FloatArray
    payable_usd: FloatArray

    @cached_property
    def owner(self) -> OwnerFlows:
        """Coins, cash and the owner in dollars."""
        if self.treasury is None:
            return OwnerFlows.passed_through(self.flow_usd)
        return OwnerFlows.of_treasury(self.treasury, self.terms.treasury)


def site_books(of: Sources, pick: Pick = np.asarray) -> Books:
    """Return the books of a site.

    Parameters
    ----------
    of : Sources
        Ledger, debt, tax and claims.
    pick : callable
        Applied to every array as it is read, so that the books of a mean or of one scenario take no
        more memory than they need; linear. All scenarios by default.
    """
    none = np.zeros_like(pick(of.receivable_usd))

    def line(name: str) -> FloatArray:
        found = of.ledger.posted(name)
        return none if found is None else pick(found)

    fall, terms = of.settled.fall, of.terms
    debt = of.settled.debt.instruments()
    return Books(
        earned_usd={n: line(n) for n in OPERATING_LINES if of.ledger.posted(n) is not None},
        capex_usd={
            RIGS: -line("rigs"),
            CONVERSION: -line("conversion capex"),
            SERVERS: -line("GPU servers"),
        },
        life_months=terms.book.by_class(),
        debt={name: one.map(pick) for name, one in debt.items()},
        interest_in_cost_usd=pick(of.settled.in_cost_usd),
        cost_class=CONVERSION,
        receivable_usd=pick(of.receivable_usd),
        payable_usd=pick(of.payable_usd),
        prepaid_usd=np.cumsum(line(TENANT_MONEY), axis=1),
        reserve_usd=none if fall is None else pick(fall.reserve_usd),
        tax_paid_usd=pick(of.settled.tax.paid_usd),
        lasting_tax_usd=pick(of.settled.tax.lasting_usd),
        tax_rate_frac=terms.income_tax_frac,
        opening_loss_usd=terms.tax_rules.opening_loss_usd,
    )


def site_accounts(of: Sources) -> Accounts:
    """Return a plan's accounts on one block of scenarios.

    Parameters
    ----------
    of : Sources
        What they are drawn from.

    Notes
    -----
    Statements are linear in the scenarios, so those of the mean are the mean of all; they are drawn
    up for the mean and for the worst scenario, and both are checked to the cent.
    """
    scenarios = of.receivable_usd.shape[0]

    def mean(array: FloatArray) -> FloatArray:
        return np.asarray(array.mean(axis=0, keepdims=True))

    made = build_statements(site_books(of, mean), of.owner.map(mean))
    tax, cover = of.settled.tax, _cover_lines(of)
    return Accounts(
        scenarios=scenarios,
        statements_sum_usd={k: v * scenarios for k, v in flat_statements(made).items()},
        carried_sum_usd={
            "losses carried forward": tax.losses_usd.sum(axis=0),
            "interest carried forward": tax.disallowed_usd.sum(axis=0),
        },
        debt_sum_usd=_debt_sums(of.settled, of.owner),
        treasury_sum=_treasury_sums(of.treasury),
        covenants=tuple(
            CovenantCount(
                name=c.name,
                level=c.level,
                breached_count=c.breached.sum(axis=0).astype(np.int64),
                first_month=c.first_month,
            )
            for c in of.covenants
        ),
        cover_sum_usd={name: cash.sum(axis=0) for name, cash in cover.items()},
        worst=_worst(of, cover),
    )


def flat_statements(made: Statements) -> dict[tuple[str, str], FloatArray]:
    """Return the first scenario's lines by (statement, line), shape (month,).

    Parameters
    ----------
    made : Statements
        Statements of one scenario, or of a mean.
    """
    return {
        (name, line): values[0]
        for name, part in made.parts().items()
        for line, values in part.items()
    }


def _debt_sums(settled: Settled, owner: OwnerFlows) -> dict[str, FloatArray]:
    found = {
        name: _summed(
            one.drawn_usd, one.interest_usd, one.paid_usd, one.repaid_usd, one.balance_usd
        )
        for name, one in settled.debt.instruments().items()
    }
    if owner.loan_drawn_usd.any():
        found[COIN_LOAN] = _summed(
            owner.loan_drawn_usd,
            owner.loan_interest_usd,
            owner.loan_interest_usd,
            owner.loan_repaid_usd,
            owner.loan_usd,
        )
    fall = settled.fall
    if fall is not None and TERM_LOAN in found:
        none = np.zeros_like(fall.reserve_usd)
        found["debt service reserve"] = _summed(
            none, none, fall.drawn_from_reserve_usd, fall.swept_usd, fall.reserve_usd
        )
    return found


def _summed(*rows: FloatArray) -> FloatArray:
    """Return sums over scenarios, one row each, shape (row, month)."""
    return np.stack([row.sum(axis=0) for row in rows])


def _treasury_sums(treasury: Treasury | None) -> dict[str, FloatArray]:
    if treasury is None:
        return {}
    sums = {
        f.name: getattr(treasury, f.name).sum(axis=0)
        for f in fields(treasury)
        if f.name != "price_usd"
    }
    sums["coins_usd"] = treasury.fair_value_usd.sum(axis=0)
    # Scenarios in which a lender has sold coins, or the owner has had to pay in, by each month.
    for name, flow in (("liquidated", treasury.forced_btc), ("paid_in", treasury.paid_in_usd)):
        happened = np.maximum.accumulate(flow > 0.0, axis=1)
        sums[f"{name}_count"] = happened.sum(axis=0).astype(np.float64)
    return sums


def _cover_lines(of: Sources) -> dict[str, FloatArray]:
    """Return the lines that the DSCR is made of, debt service positive; none without debt."""
    if not of.settled.debt.instruments():
        return {}
    lines = {name: of.ledger.posted(name) for name in DSCR_LINES}
    lines["tax"] = -of.settled.tax.paid_usd
    lines["debt service"] = of.settled.debt.service_usd(of.coverage.dscr)
    return {name: cash for name, cash in lines.items() if cash is not None}


def _worst(of: Sources, cover: dict[str, FloatArray]) -> WorstCover | None:
    coverage = of.coverage
    if not np.isfinite(coverage.worst).any():
        return None
    s = int(coverage.worst.argmin())
    month = int(coverage.worst_month[s])
    window = slice(max(0, month - 11), month + 1)

    def alone(array: FloatArray) -> FloatArray:
        # A copy: a view would keep the whole block alive.
        return array[s : s + 1].copy()

    made = build_statements(site_books(of, alone), of.owner.map(alone))
    return WorstCover(
        scenario=s,
        month=month,
        dscr=float(coverage.worst[s]),
        items_usd={name: float(cash[s, window].sum()) for name, cash in cover.items()},
        path=coverage.dscr[s].copy(),
        statements=flat_statements(made),
    )
