"""One miner, or one class of miners, as a holder of coins with bills to pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from rerack.base.checks import require, require_between

Policy = Literal["hold", "sell to cover", "sell share"]

#: What a miner does of its own will: sell nothing while cash lasts; sell coins for every bill; sell
#: a share of what it mines.
POLICIES: Final[tuple[str, ...]] = get_args(Policy)


@dataclass(frozen=True, kw_only=True)
class CashCall:
    """Money that falls due once: a payment for a conversion to AI, a note that matures.

    Parameters
    ----------
    day : int
        Day on which it falls due, 0 the first.
    amount_usd : float
        Amount [USD].
    """

    day: int
    amount_usd: float

    def __post_init__(self) -> None:
        require_between(self.day, 0, 36_525, "call.day")
        require_between(self.amount_usd, 0.0, 1e13, "call.amount_usd")


@dataclass(frozen=True, kw_only=True)
class Miner:
    """A miner's coins, bills, debts and rules.

    Parameters
    ----------
    name : str
        Name.
    hashrate_eh_s : float
        What it runs while income covers power [EH/s].
    efficiency_j_per_th : float
        Energy per work at the meter [J/TH].
    power_usd_per_mwh : float
        Power price [USD/MWh].
    opex_usd_per_month : float
        Other cash costs, whether it mines or not [USD/month].
    reserve_btc : float
        Coins that nobody has a claim on [BTC].
    cash_usd : float
        Cash [USD].
    cash_floor_usd : float
        Liquidity that it keeps, by rule or by covenant: below it coins are sold [USD].
    policy : {"hold", "sell to cover", "sell share"}
        See `POLICIES`.
    sell_frac : float
        Share of what it mines that "sell share" sells.
    pledged_btc : float
        Collateral of the coin-backed loan [BTC].
    coin_loan_usd : float
        That loan, with full recourse [USD].
    call_ltv_frac : float
        Loan over collateral above which the lender calls.
    cure_ltv_frac : float
        Loan over collateral that a call must restore, at most `call_ltv_frac`.
    coin_loan_frac_per_year : float
        Interest of the coin-backed loan.
    debt_usd : float
        Other debt [USD].
    debt_frac_per_year : float
        Its interest.
    repay_usd_per_month : float
        Its scheduled repayment [USD/month].
    covenant_frac : float
        Most that all debt may be as a share of the worth of all coins; coins are sold to repay
        `debt_usd` until it holds. 0 is no covenant.
    calls : tuple of CashCall
        Payments besides.

    Raises
    ------
    InputError
        A number out of range; a loan that is called before it begins is allowed.

    Examples
    --------
    >>> Miner(name="one", reserve_btc=100.0, pledged_btc=50.0).coins_btc
    150.0
    """

    name: str
    hashrate_eh_s: float = 0.0
    efficiency_j_per_th: float = 20.0
    power_usd_per_mwh: float = 50.0
    opex_usd_per_month: float = 0.0
    reserve_btc: float = 0.0
    cash_usd: float = 0.0
    cash_floor_usd: float = 0.0
    policy: Policy = "hold"
    sell_frac: float = 0.0
    pledged_btc: float = 0.0
    coin_loan_usd: float = 0.0
    call_ltv_frac: float = 0.8
    cure_ltv_frac: float = 0.65
    coin_loan_frac_per_year: float = 0.0
    debt_usd: float = 0.0
    debt_frac_per_year: float = 0.0
    repay_usd_per_month: float = 0.0
    covenant_frac: float = 0.0
    calls: tuple[CashCall, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.name), "miner.name", given="no name", allowed="a name")
        where = f"miner {self.name}"
        require(
            self.policy in POLICIES,
            f"{where}.policy",
            given=repr(self.policy),
            allowed=", ".join(POLICIES),
        )
        for field, low, high in _LIMITS:
            require_between(getattr(self, field), low, high, f"{where}.{field}")
        require(
            self.cure_ltv_frac <= self.call_ltv_frac,
            f"{where}.cure_ltv_frac",
            given=self.cure_ltv_frac,
            allowed=f"at most call_ltv_frac, {self.call_ltv_frac}",
            cure="A call restores a loan-to-value below the one that caused it.",
        )
        require(
            self.coin_loan_usd == 0.0 or self.pledged_btc > 0.0,
            f"{where}.pledged_btc",
            given="no collateral",
            allowed="coins above 0 where there is a coin-backed loan",
            cure="Give the collateral, or write the loan as debt_usd.",
        )

    @property
    def coins_btc(self) -> float:
        """All coins, free and pledged [BTC]."""
        return self.reserve_btc + self.pledged_btc


_LIMITS = (
    ("hashrate_eh_s", 0.0, 1e9),
    ("efficiency_j_per_th", 0.01, 1e6),
    ("power_usd_per_mwh", 0.0, 1e4),
    ("opex_usd_per_month", 0.0, 1e12),
    ("reserve_btc", 0.0, 21e6),
    ("cash_usd", 0.0, 1e13),
    ("cash_floor_usd", 0.0, 1e13),
    ("sell_frac", 0.0, 1.0),
    ("pledged_btc", 0.0, 21e6),
    ("coin_loan_usd", 0.0, 1e13),
    ("call_ltv_frac", 0.01, 10.0),
    # At 1 and above a sale at the mark lowers nothing: there is no cure.
    ("cure_ltv_frac", 0.01, 0.99),
    ("coin_loan_frac_per_year", 0.0, 10.0),
    ("debt_usd", 0.0, 1e13),
    ("debt_frac_per_year", 0.0, 10.0),
    ("repay_usd_per_month", 0.0, 1e13),
    ("covenant_frac", 0.0, 0.99),
)
