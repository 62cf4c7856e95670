"""Income statement, balance sheet and cash flow statement from books and owner's flows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance.balance import require_balances
from rerack.finance.book import BookValue, book_value
from rerack.finance.books import Books
from rerack.finance.owner_flows import OwnerFlows

#: Lines that are sums of those above them.
SUBTOTALS = frozenset(
    {
        "profit before tax", "net income", "total assets", "total liabilities", "total equity",
        "cash from operations", "cash from investing", "cash from financing", "change in cash",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Statements:
    """The three statements; every array of shape (scenario, month) [USD].

    Parameters
    ----------
    income : dict of str to FloatArray
        Lines in order; income positive, cost negative; sums as in `SUBTOTALS`.
    balance : dict of str to FloatArray
        At the end of each month; accumulated depreciation is negative.
    cash : dict of str to FloatArray
        Indirect method; money in positive; cash includes the debt service reserve.
    opening_cash_usd : float
        Cash at the start.
    """

    income: dict[str, FloatArray]
    balance: dict[str, FloatArray]
    cash: dict[str, FloatArray]
    opening_cash_usd: float

    def parts(self) -> dict[str, dict[str, FloatArray]]:
        """Return the three statements by name: ``income``, ``balance``, ``cash``."""
        return {"income": self.income, "balance": self.balance, "cash": self.cash}


def build_statements(books: Books, owner: OwnerFlows) -> Statements:
    """Return the three statements, checked: they balance to the cent in every scenario and month.

    Parameters
    ----------
    books : Books
        What is earned, bought, borrowed and owed.
    owner : OwnerFlows
        Coins, cash and the owner.

    Raises
    ------
    SolverError
        Assets differ from liabilities and equity, or the change in cash from the cash flow
        statement, by more than half a cent anywhere.

    Notes
    -----
    - Coins stand at fair value, changes through income (FASB ASU 2023-08). Coins kept are revenue
      without cash.
    - Income tax is the rate on profit before tax and before interest on loans against coins, which
      is not deducted, plus tax that never reverses. What is expensed
      and not yet paid is the net deferred tax liability (ASC 740); negative, it is an asset: losses
      carried forward and interest disallowed at the rate, without a valuation allowance. Where a
      company may never earn enough to use them, that asset is worth less than it shows.
    - At the start the owner has paid in cash and coins, less the tax that waits in the coins' gain,
      plus what tax losses brought along will save.
    - Notes that convert become paid-in capital at face value.
    - Debt that is outstanding when the books open is set against equity: what it paid for was
      bought before and is not on the sheet.
    - Rent received in advance is a liability until it is earned (ASC 842).
    """
    assets = {
        name: book_value(_cost(books, name), life_months=books.life_months[name])
        for name in books.capex_usd
    }
    income = _income(books, owner, assets)
    balance = _balance(books, owner, assets, income)
    cash = _cash(books, owner, assets, income)
    made = Statements(
        income=income, balance=balance, cash=cash, opening_cash_usd=owner.opening_cash_usd
    )
    require_statements(made)
    return made


def require_statements(statements: Statements) -> None:
    """Raise `SolverError` unless both identities hold to the cent in every scenario and month.

    Parameters
    ----------
    statements : Statements
        The three statements.
    """
    sheet, flows = statements.balance, statements.cash
    require_balances(
        "balance sheet",
        opening_usd=0.0,
        flows_usd=np.stack((sheet["total liabilities"], sheet["total equity"]), axis=2),
        closing_usd=sheet["total assets"],
    )
    held = sheet["cash"] + sheet["debt service reserve"]
    before = np.concatenate(
        (np.full((held.shape[0], 1), statements.opening_cash_usd), held[:, :-1]), axis=1
    )
    require_balances(
        "cash flow statement",
        opening_usd=before,
        flows_usd=flows["change in cash"][..., None],
        closing_usd=held,
    )


def _cost(books: Books, name: str) -> FloatArray:
    """Return what a class costs each month, interest in cost included."""
    spent = books.capex_usd[name]
    return spent + books.interest_in_cost_usd if name == books.cost_class else spent


def _income(books: Books, owner: OwnerFlows, assets: dict[str, BookValue]) -> dict[str, FloatArray]:
    lines = dict(books.earned_usd)
    for name, asset in assets.items():
        lines[f"depreciation, {name}"] = -asset.expense_usd
    lines["coins, change in fair value"] = _coin_gain(owner)
    interest = books.interest_in_cost_usd - owner.loan_interest_usd
    for one in books.debt.values():
        interest = interest - one.interest_usd
    lines["interest expense"] = interest
    profit = _total(lines)
    lines["profit before tax"] = profit
    # Interest on coins is not set against the income that is taxed: it never saves tax.
    taxed = profit + owner.loan_interest_usd
    lines["income tax"] = -(books.tax_rate_frac * taxed + books.lasting_tax_usd)
    lines["net income"] = profit + lines["income tax"]
    return lines


def _balance(
    books: Books, owner: OwnerFlows, assets: dict[str, BookValue], income: dict[str, FloatArray]
) -> dict[str, FloatArray]:
    have = {
        "cash": owner.cash_usd,
        "debt service reserve": books.reserve_usd,
        "receivables": books.receivable_usd,
        "coins": owner.coins_usd,
    }
    for name, asset in assets.items():
        have[f"{name}, at cost"] = asset.cost_usd
        have[f"{name}, depreciation"] = -asset.accumulated_usd
    owe = {"payables": books.payable_usd, "tenant prepayment": books.prepaid_usd}
    for name, one in books.debt.items():
        owe[name] = one.balance_usd
    owe["loan against coins"] = owner.loan_usd
    expensed = np.cumsum(-income["income tax"], axis=1)
    paid = np.cumsum(books.tax_paid_usd + owner.gains_tax_usd, axis=1)
    opening_tax = books.tax_rate_frac * (owner.opening_gain_usd - books.opening_loss_usd)
    owe["deferred tax, net"] = opening_tax + expensed - paid
    converted = _total({n: o.converted_usd for n, o in books.debt.items()}, owner.paid_in_usd)
    equity = {
        "paid-in capital": owner.opening_cash_usd
        + owner.opening_coins_usd
        - opening_tax
        + np.cumsum(owner.paid_in_usd + converted, axis=1),
        "retained earnings": np.cumsum(income["net income"] - owner.dividend_usd, axis=1),
    }
    brought_usd = sum(one.opening_usd for one in books.debt.values())
    if brought_usd:
        equity["less debt at the start"] = np.full_like(paid, -brought_usd)
    return {
        **have,
        "total assets": _total(have),
        **owe,
        "total liabilities": _total(owe),
        **equity,
        "total equity": _total(equity),
    }


def _cash(
    books: Books, owner: OwnerFlows, assets: dict[str, BookValue], income: dict[str, FloatArray]
) -> dict[str, FloatArray]:
    unpaid = -books.interest_in_cost_usd
    drawn, repaid = owner.loan_drawn_usd, owner.loan_repaid_usd
    for one in books.debt.values():
        unpaid = unpaid + one.interest_usd - one.paid_usd
        drawn, repaid = drawn + one.drawn_usd, repaid + one.repaid_usd
    operations = {
        "net income": income["net income"],
        "add depreciation": _total({n: a.expense_usd for n, a in assets.items()}, unpaid),
        "add tax not yet paid": -income["income tax"] - books.tax_paid_usd - owner.gains_tax_usd,
        "add interest not paid in cash": unpaid,
        "less coins kept": -owner.kept_usd,
        "less change in fair value of coins": -income["coins, change in fair value"],
        "change in receivables": -_change(books.receivable_usd),
        "change in payables": _change(books.payable_usd),
        "change in tenant prepayment": _change(books.prepaid_usd),
    }
    investing = {f"bought, {name}": -spent for name, spent in books.capex_usd.items()}
    investing["coins sold from the treasury"] = owner.sold_usd
    financing = {
        "debt drawn": drawn,
        "debt repaid": -repaid,
        "paid in by the owner": owner.paid_in_usd,
        "dividends": -owner.dividend_usd,
    }
    sums = {
        "cash from operations": _total(operations),
        "cash from investing": _total(investing),
        "cash from financing": _total(financing),
    }
    return {
        **operations,
        "cash from operations": sums["cash from operations"],
        **investing,
        "cash from investing": sums["cash from investing"],
        **financing,
        "cash from financing": sums["cash from financing"],
        "change in cash": _total(sums),
    }


def _coin_gain(owner: OwnerFlows) -> FloatArray:
    """Return the change in the coins' fair value that is neither coins kept nor coins sold."""
    before = np.concatenate((owner.opening_coins_usd, owner.coins_usd[:, :-1]), axis=1)
    return owner.coins_usd - before - owner.kept_usd + owner.sold_usd


def _total(lines: dict[str, FloatArray], like: FloatArray | None = None) -> FloatArray:
    """Return the sum of lines; of none, zeros shaped like `like`."""
    values = list(lines.values())
    if not values:
        assert like is not None  # callers with possibly empty lines give a shape
        return np.zeros_like(like)
    out = values[0].copy()
    for value in values[1:]:
        out += value
    return out


def _change(balance: FloatArray) -> FloatArray:
    return np.diff(balance, axis=1, prepend=0.0)
