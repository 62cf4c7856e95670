"""What a company is to its valuation: sites with three plans each, cash, coins, debt, shares."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.assets import AiUse, Site
from rerack.base.checks import require, require_between
from rerack.finance import TreasuryPolicy
from rerack.planning.plans import Plan
from rerack.planning.terms import FinanceTerms

#: What is compared: nothing converted, signed deals, signed deals and announced conversions.
CASES = ("mining", "signed", "announced")


@dataclass(frozen=True, kw_only=True)
class Borrowing:
    """One instrument of a company's debt, outstanding at the start.

    Parameters
    ----------
    name : str
        Name.
    face_usd : float
        What is owed [USD].
    coupon_frac_per_year : float
        Interest, paid monthly in arrears [1/year].
    maturity_month : int or None
        Month of redemption counted from the start; None where it is not known.
    conversion_price_usd : float or None
        Share price at which holders may convert [USD]; None for plain debt or an unknown price.
    """

    name: str
    face_usd: float
    coupon_frac_per_year: float = 0.0
    maturity_month: int | None = None
    conversion_price_usd: float | None = None

    def __post_init__(self) -> None:
        here = f"debt {self.name}"
        require_between(self.face_usd, 0.0, 1e12, f"{here}: face_usd")
        require_between(self.coupon_frac_per_year, 0.0, 1.0, f"{here}: coupon_frac_per_year")
        if self.maturity_month is not None:
            require_between(self.maturity_month, 0, 1200, f"{here}: maturity_month")
        if self.conversion_price_usd is not None:
            require_between(self.conversion_price_usd, 1e-6, 1e9, f"{here}: conversion_price_usd")


@dataclass(frozen=True, kw_only=True)
class CompanySite:
    """One site of a company, with a plan for each case.

    Parameters
    ----------
    site : Site
        Halls and tariff.
    offers : dict of str to AiUse
        What its halls may go to.
    plans : dict of str to Plan
        By case of `CASES`.
    signed_mw, announced_mw : float
        Critical MW of signed deals, and of announced conversions beyond them [MW critical].
    signed_utility_mw, announced_utility_mw : float
        The same at the meter, at the worst hour [MW utility].
    """

    site: Site
    offers: dict[str, AiUse]
    plans: dict[str, Plan]
    signed_mw: float = 0.0
    announced_mw: float = 0.0
    signed_utility_mw: float = 0.0
    announced_utility_mw: float = 0.0

    def __post_init__(self) -> None:
        require(
            tuple(self.plans) == CASES,
            f"site {self.site.name}: plans",
            given=", ".join(self.plans),
            allowed=", ".join(CASES),
        )


@dataclass(frozen=True, kw_only=True)
class Company:
    """A company as a valuation sees it.

    Parameters
    ----------
    name : str
        Name.
    sites : tuple of CompanySite
        Sites.
    cash_usd : float
        Cash at the start [USD].
    coins_btc : float
        Coins at the start [BTC].
    debt : tuple of Borrowing
        Debt outstanding at the start.
    shares_count : float or None
        Shares outstanding; None where unknown.
    share_price_usd : float or None
        Market price of a share [USD]; None where unknown.
    terms : FinanceTerms
        Discounting, tax, overhead; and the loan on new conversions, which liquidity alone uses.
    hold_frac : float
        Share of the coins mined that is kept [-].
    min_cover_frac : float or None
        Cover of interest and scheduled service promised to lenders [-]; None for no promise.
    """

    name: str
    sites: tuple[CompanySite, ...]
    terms: FinanceTerms
    cash_usd: float = 0.0
    coins_btc: float = 0.0
    debt: tuple[Borrowing, ...] = ()
    shares_count: float | None = None
    share_price_usd: float | None = None
    hold_frac: float = 0.0
    min_cover_frac: float | None = None

    def __post_init__(self) -> None:
        here = f"company {self.name}"
        require(
            bool(self.sites),
            f"{here}: sites",
            given="none",
            allowed="one site or more",
            cure="Add a site.",
        )
        names = [s.site.name for s in self.sites]
        require(
            len(set(names)) == len(names), f"{here}: sites", given=names, allowed="unique names"
        )
        require_between(self.cash_usd, 0.0, 1e13, f"{here}: cash_usd")
        require_between(self.coins_btc, 0.0, 21e6, f"{here}: coins_btc")
        require_between(self.hold_frac, 0.0, 1.0, f"{here}: hold_frac")
        if self.min_cover_frac is not None:
            require_between(self.min_cover_frac, 0.0, 100.0, f"{here}: min_cover_frac")
        if self.shares_count is not None:
            require_between(self.shares_count, 1.0, 1e12, f"{here}: shares_count")
        if self.share_price_usd is not None:
            require_between(self.share_price_usd, 0.0, 1e9, f"{here}: share_price_usd")

    @property
    def debt_usd(self) -> float:
        """Face of all debt [USD]."""
        return sum(one.face_usd for one in self.debt)

    @property
    def utility_mw(self) -> float:
        """Power of all sites at the meter [MW utility]."""
        return sum(s.site.interconnect_mw for s in self.sites)

    @property
    def convertible_mw(self) -> float:
        """Critical MW signed or announced [MW critical]."""
        return sum(s.signed_mw + s.announced_mw for s in self.sites)

    @property
    def convertible_utility_mw(self) -> float:
        """Utility MW that the conversions signed or announced reserve [MW utility]."""
        return sum(s.signed_utility_mw + s.announced_utility_mw for s in self.sites)

    def treasury(self, coin_price_usd: float) -> TreasuryPolicy:
        """Return coins and cash as the company keeps them: nothing is paid out.

        Parameters
        ----------
        coin_price_usd : float
            Price of a coin at the start [USD].

        Notes
        -----
        What coins cost is not public: their price at the start stands for it, and gains beyond it
        are taxed as income when coins are sold.
        """
        return TreasuryPolicy(
            hold_frac=self.hold_frac,
            sell_to_cover=True,
            opening_btc=self.coins_btc,
            opening_cost_usd=self.coins_btc * coin_price_usd,
            gains_tax_frac=self.terms.income_tax_frac,
            opening_cash_usd=self.cash_usd,
            payout_frac=0.0,
        )
