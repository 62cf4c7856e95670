"""Parts of the financial terms: tax rules, book lives, equipment finance, claims."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require, require_between
from rerack.finance import TermLoan

#: Asset classes of a site, as statements name them.
RIGS, CONVERSION, SERVERS = "rigs", "conversion", "GPU servers"
#: What equipment finance may cover.
EQUIPMENT = (SERVERS, RIGS)


@dataclass(frozen=True, kw_only=True)
class TaxRules:
    """Rules of income tax beyond one rate.

    Parameters
    ----------
    state_rate_frac : float
        State income tax rate [-], deductible from federal income.
    loss_limit_frac : float
        Share of a year's income that losses carried forward may cover [-].
    interest_limit_frac : float or None
        Share of EBITDA that interest deducted may reach [-]; None for no limit.
    minimum_frac : float
        Least tax over income before losses [-].
    bonus_frac : float
        Share of each purchase that is deducted in its first year [-].
    opening_loss_usd : float
        Losses carried into the study [USD].
    """

    state_rate_frac: float = 0.0
    loss_limit_frac: float = 0.8
    interest_limit_frac: float | None = None
    minimum_frac: float = 0.0
    bonus_frac: float = 0.0
    opening_loss_usd: float = 0.0

    def __post_init__(self) -> None:
        for name in ("state_rate_frac", "loss_limit_frac", "minimum_frac", "bonus_frac"):
            require_between(getattr(self, name), 0.0, 1.0, name)
        if self.interest_limit_frac is not None:
            require_between(self.interest_limit_frac, 0.0, 1.0, "interest_limit_frac")
        require_between(self.opening_loss_usd, 0.0, 1e12, "opening_loss_usd")


@dataclass(frozen=True, kw_only=True)
class BookLives:
    """Straight-line lives in the books, and where interest during construction goes.

    Parameters
    ----------
    rig_months, conversion_months, server_months : int
        Useful lives [months].
    interest_in_cost : bool
        Whether interest added to the term loan is added to the cost of the conversion, in the books
        and for tax (ASC 835-20; 26 U.S.C. 263A(f)), instead of expensed.
    """

    rig_months: int = 48
    conversion_months: int = 240
    server_months: int = 60
    interest_in_cost: bool = False

    def __post_init__(self) -> None:
        for name in ("rig_months", "conversion_months", "server_months"):
            require_between(getattr(self, name), 1, 600, name)

    def by_class(self) -> dict[str, int]:
        """Return the lives by asset class [months]."""
        return {
            RIGS: self.rig_months,
            CONVERSION: self.conversion_months,
            SERVERS: self.server_months,
        }


@dataclass(frozen=True, kw_only=True)
class EquipmentFinance:
    """Loans on equipment, each repaid by level payments from the month after its purchase.

    Parameters
    ----------
    loan : TermLoan
        Share of the price that is borrowed, rate and tenor; no grace.
    covers : tuple of str
        Asset classes of `EQUIPMENT`; the term loan then no longer funds them.
    """

    loan: TermLoan
    covers: tuple[str, ...] = (SERVERS,)

    def __post_init__(self) -> None:
        require(
            bool(self.covers) and set(self.covers) <= set(EQUIPMENT),
            "covers",
            given=", ".join(self.covers) or "nothing",
            allowed=" and ".join(EQUIPMENT),
        )


@dataclass(frozen=True, kw_only=True)
class ClaimDays:
    """Days from bill to payment.

    Parameters
    ----------
    receivable_days : float
        Of AI revenue [days]; coins are paid at once.
    payable_days : float
        Of power and operating costs [days].
    """

    receivable_days: float = 0.0
    payable_days: float = 0.0

    def __post_init__(self) -> None:
        require_between(self.receivable_days, 0.0, 365.0, "receivable_days")
        require_between(self.payable_days, 0.0, 365.0, "payable_days")

    @property
    def any(self) -> bool:
        """Whether anything is owed at all."""
        return self.receivable_days > 0.0 or self.payable_days > 0.0
