"""What one company does with its coins and its cash: hold, sell, borrow, pay out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.finance.impact import SquareRootImpact


@dataclass(frozen=True, kw_only=True)
class CoinLoan:
    """Terms of borrowing against coins.

    Parameters
    ----------
    annual_rate_frac : float
        Nominal annual rate, paid monthly [1/year].
    ltv_frac : float
        Largest loan at drawing, over the value of all coins [-]; a margin call restores it.
    margin_call_frac : float
        Loan to value at which the borrower must sell coins to restore `ltv_frac` [-].
    liquidation_frac : float
        Loan to value at which the lender sells them [-].
    haircut_frac : float
        Share of the price lost when the lender sells [-], on top of nothing else.
    """

    annual_rate_frac: float
    ltv_frac: float = 0.5
    margin_call_frac: float = 0.7
    liquidation_frac: float = 0.85
    haircut_frac: float = 0.05

    def __post_init__(self) -> None:
        require_between(self.annual_rate_frac, 0.0, 1.0, "annual_rate_frac")
        require_between(self.ltv_frac, 0.0, 0.95, "ltv_frac")
        require_between(self.margin_call_frac, self.ltv_frac, 1.0, "margin_call_frac")
        require_between(self.liquidation_frac, self.margin_call_frac, 1.0, "liquidation_frac")
        require_between(self.haircut_frac, 0.0, 0.5, "haircut_frac")
        require(
            self.ltv_frac < 1.0 - self.haircut_frac,
            "haircut_frac",
            given=self.haircut_frac,
            allowed=f"less than 1 less ltv_frac of {self.ltv_frac:g}",
            cure="A sale at that haircut cannot restore the loan to value.",
        )


@dataclass(frozen=True, kw_only=True)
class TreasuryPolicy:
    """What is done with coins and cash.

    Parameters
    ----------
    hold_frac : float
        Share of the coins mined that is kept [-]; 0 sells all.
    sell_to_cover : bool
        Whether kept coins are sold when cash would fall under the minimum; else the owner pays in.
    opening_btc : float
        Coins at the start [BTC].
    opening_cost_usd : float
        What they cost, for tax on their sale [USD].
    loan : CoinLoan or None
        Borrowing against coins when cash is short, before any are sold.
    impact : SquareRootImpact or None
        What own sales from the treasury do to their price; None for nothing.
    gains_tax_frac : float
        Tax rate on gains realised [-]; losses are set against later gains only.
    opening_cash_usd, minimum_cash_usd : float
        Cash at the start, and cash below which it may not fall [USD].
    payout_frac : float
        Share of the cash above the minimum that is paid out each month [-].
    """

    hold_frac: float = 0.0
    sell_to_cover: bool = False
    opening_btc: float = 0.0
    opening_cost_usd: float = 0.0
    loan: CoinLoan | None = None
    impact: SquareRootImpact | None = field(default=None)
    gains_tax_frac: float = 0.0
    opening_cash_usd: float = 0.0
    minimum_cash_usd: float = 0.0
    payout_frac: float = 1.0

    def __post_init__(self) -> None:
        for name in ("hold_frac", "gains_tax_frac", "payout_frac"):
            require_between(getattr(self, name), 0.0, 1.0, name)
        require_between(self.opening_btc, 0.0, 21e6, "opening_btc")
        for name in ("opening_cost_usd", "opening_cash_usd", "minimum_cash_usd"):
            require_between(getattr(self, name), 0.0, 1e13, name)

    @property
    def holds_coins(self) -> bool:
        """Whether coins are ever kept."""
        return self.hold_frac > 0.0 or self.opening_btc > 0.0

    @property
    def is_plain(self) -> bool:
        """Whether all coins are sold as mined and all cash goes to the owner at once."""
        keeps_cash = self.opening_cash_usd > 0.0 or self.minimum_cash_usd > 0.0
        return not (self.holds_coins or keeps_cash or self.payout_frac < 1.0)


#: Rows that the kernel fills, in order.
ROWS = (
    "kept_btc", "sold_btc", "forced_btc", "coins_btc", "proceeds_usd", "given_up_usd", "cost_usd",
    "gain_usd", "gains_tax_usd", "loan_drawn_usd", "loan_repaid_usd", "loan_interest_usd",
    "loan_usd", "cash_usd", "paid_in_usd", "dividend_usd",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Treasury:
    """Coins and cash through time; all shapes (scenario, month).

    Parameters
    ----------
    price_usd : FloatArray
        Price of a coin [USD].
    kept_btc, sold_btc, forced_btc : FloatArray
        Mined coins put into the treasury; all coins sold from it; of these, sold by a lender.
    coins_btc : FloatArray
        Coins at the end of the month.
    proceeds_usd : FloatArray
        What the sales fetched.
    given_up_usd : FloatArray
        What impact and haircut cost: coins sold times price, less proceeds.
    cost_usd : FloatArray
        Average cost of the coins at the end of the month.
    gain_usd : FloatArray
        Realised: proceeds less the average cost of what was sold.
    gains_tax_usd : FloatArray
        Tax on gains, paid a month after they arise.
    loan_drawn_usd, loan_repaid_usd, loan_interest_usd, loan_usd : FloatArray
        The loan against coins, and what is outstanding at the end of the month.
    cash_usd : FloatArray
        Cash at the end of the month.
    paid_in_usd, dividend_usd : FloatArray
        From and to the owner.
    """

    price_usd: FloatArray
    kept_btc: FloatArray
    sold_btc: FloatArray
    forced_btc: FloatArray
    coins_btc: FloatArray
    proceeds_usd: FloatArray
    given_up_usd: FloatArray
    cost_usd: FloatArray
    gain_usd: FloatArray
    gains_tax_usd: FloatArray
    loan_drawn_usd: FloatArray
    loan_repaid_usd: FloatArray
    loan_interest_usd: FloatArray
    loan_usd: FloatArray
    cash_usd: FloatArray
    paid_in_usd: FloatArray
    dividend_usd: FloatArray

    @property
    def fair_value_usd(self) -> FloatArray:
        """Coins at the month's price [USD], shape (scenario, month)."""
        return self.coins_btc * self.price_usd

    @property
    def liquidity_usd(self) -> FloatArray:
        """Cash and coins less the loan against them [USD], shape (scenario, month)."""
        return self.cash_usd + self.fair_value_usd - self.loan_usd


def run_treasury(
    policy: TreasuryPolicy,
    *,
    flow_usd: ArrayLike,
    mined_btc: ArrayLike,
    price_usd: ArrayLike,
) -> Treasury:
    """Return coins, loan, cash, payments in and dividends of a policy.

    Parameters
    ----------
    policy : TreasuryPolicy
        What is done.
    flow_usd : array_like
        The company's cash flow if every coin were sold when it is mined, after tax and debt [USD],
        shape (scenario, month).
    mined_btc : array_like
        Coins mined [BTC], 0 or more, same shape.
    price_usd : array_like
        Price of a coin [USD], above 0, same shape.

    Notes
    -----
    Each month, in order: the kept share of the coins goes into the treasury at the month's price;
    interest and last month's gains tax are paid; a loan to value at or over the liquidation level
    makes the lender sell at a haircut, one over the margin call makes the company sell, both until
    `ltv_frac` is restored; cash under the minimum is borrowed for, then coins are sold, then the
    owner pays in; cash over it repays the loan, and `payout_frac` of the rest is paid out.

    While there is a loan, coins are sold for cash only as far as the rest still covers it at
    `ltv_frac`. A loan that its coins do not cover is recourse: the company owes the rest. In the
    last month every coin is sold at the market, without impact, and the loan repaid: the study
    ends, not the treasury. Cost is the average cost. Corporate capital losses offset capital gains
    only (26 U.S.C. 1211(a)); here they are carried without expiry.

    Examples
    --------
    >>> kept = run_treasury(TreasuryPolicy(hold_frac=1.0, sell_to_cover=True),
    ...     flow_usd=[[100.0, -50.0, 100.0]], mined_btc=[[1.0, 0.0, 0.0]],
    ...     price_usd=[[100.0, 100.0, 100.0]])
    >>> kept.coins_btc.tolist(), kept.dividend_usd.tolist()
    ([[1.0, 0.5, 0.0]], [[0.0, 0.0, 150.0]])
    """
    flow = np.ascontiguousarray(as_finite(flow_usd, "flow_usd", ndim=2))
    mined = np.ascontiguousarray(as_finite(mined_btc, "mined_btc", ndim=2))
    price = np.ascontiguousarray(as_finite(price_usd, "price_usd", ndim=2))
    _check(flow, mined, price)
    from rerack.finance.treasury_kernel import run_policy

    rows = np.zeros((len(ROWS), *flow.shape))
    run_policy(flow, mined, price, policy_numbers(policy), rows)
    return Treasury(price_usd=price, **dict(zip(ROWS, rows, strict=True)))


def policy_numbers(policy: TreasuryPolicy) -> FloatArray:
    """Return a policy as the numbers that the kernel reads, shape (14,)."""
    loan = policy.loan
    borrows = loan is not None
    terms = loan if loan is not None else CoinLoan(annual_rate_frac=0.0)
    return np.array(
        [
            policy.hold_frac,
            float(policy.sell_to_cover),
            policy.opening_btc,
            policy.opening_cost_usd,
            policy.gains_tax_frac,
            policy.opening_cash_usd,
            policy.minimum_cash_usd,
            policy.payout_frac,
            0.0 if policy.impact is None else policy.impact.per_root_coin_frac,
            terms.annual_rate_frac / 12.0,
            terms.ltv_frac if borrows else 0.0,
            terms.margin_call_frac,
            terms.liquidation_frac,
            terms.haircut_frac,
        ]
    )


def _check(flow: FloatArray, mined: FloatArray, price: FloatArray) -> None:
    for name, given in (("mined_btc", mined), ("price_usd", price)):
        require(
            given.shape == flow.shape,
            name,
            given=f"shape {given.shape}",
            allowed=f"the shape of flow_usd, {flow.shape}",
        )
    require(bool((mined >= 0.0).all()), "mined_btc", given=mined.min(), allowed="0 or more")
    require(bool((price > 0.0).all()), "price_usd", given=price.min(), allowed="above 0")
