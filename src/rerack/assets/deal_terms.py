"""Terms of a contract: delay, prepayment, credit, exit, flexibility, and when it may be signed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require, require_between


@dataclass(frozen=True, kw_only=True)
class Delay:
    """How late first service may be: a distribution over whole months.

    Parameters
    ----------
    late_months : tuple of int
        Possible delays, rising [months].
    chance_frac : tuple of float
        Probability of each; they sum to 1.

    Examples
    --------
    >>> Delay(late_months=(0, 6, 18), chance_frac=(0.5, 0.3, 0.2)).mean_months
    5.4
    """

    late_months: tuple[int, ...]
    chance_frac: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in pairwise(self.late_months))
        require(
            len(self.late_months) == len(self.chance_frac) > 0
            and rising
            and 0 <= self.late_months[0] <= self.late_months[-1] <= 240,
            "delay: late_months",
            given=self.late_months,
            allowed="rising months from 0 to 240, one for each probability",
        )
        require(
            all(0.0 <= c <= 1.0 for c in self.chance_frac)
            and abs(math.fsum(self.chance_frac) - 1.0) < 1e-9,
            "delay: chance_frac",
            given=self.chance_frac,
            allowed="probabilities that sum to 100 %",
            cure="Give what is left to a delay of 0 months.",
        )

    @classmethod
    def geometric(cls, mean_months: float) -> Delay:
        """Return the memoryless delay: each month late is as likely to be followed by another.

        Notes
        -----
        ``P(k) = p (1 - p)^k`` with ``p = 1 / (1 + mean)``; what lies beyond 240 months, or has a
        chance below 1e-9, is put on the last month.

        Examples
        --------
        >>> round(Delay.geometric(3.0).mean_months, 6)
        3.0
        """
        require_between(mean_months, 0.0, 60.0, "delay: mean_months")
        if mean_months == 0.0:
            return cls(late_months=(0,), chance_frac=(1.0,))
        stay = mean_months / (1.0 + mean_months)
        last = min(240, math.ceil(math.log(1e-9) / math.log(stay)))
        chances = [(1.0 - stay) * stay**k for k in range(last)]
        return cls(
            late_months=tuple(range(last + 1)), chance_frac=(*chances, 1.0 - math.fsum(chances))
        )

    @property
    def mean_months(self) -> float:
        """Expected delay [months]."""
        return math.fsum(m * c for m, c in zip(self.late_months, self.chance_frac, strict=True))

    def sooner(self, months: int) -> Delay:
        """Return the same with every month so much earlier, at 0 months the earliest.

        Examples
        --------
        >>> Delay(late_months=(2, 6, 18), chance_frac=(0.5, 0.3, 0.2)).sooner(6)
        Delay(late_months=(0, 12), chance_frac=(0.8, 0.2))
        """
        chances: dict[int, float] = {}
        for late, chance in zip(self.late_months, self.chance_frac, strict=True):
            left = max(late - months, 0)
            chances[left] = chances.get(left, 0.0) + chance
        return Delay(late_months=tuple(chances), chance_frac=tuple(chances.values()))

    def at(self, uniform: FloatArray) -> IntArray:
        """Return the delays of uniforms on [0, 1), same shape: the later the larger."""
        steps = np.cumsum(self.chance_frac[:-1])
        return np.asarray(self.late_months, dtype=np.int64)[
            np.searchsorted(steps, uniform, side="right")
        ]


@dataclass(frozen=True, kw_only=True)
class DelayDamages:
    """What the owner owes the tenant for megawatts that are late.

    Parameters
    ----------
    usd_per_kw_month : float
        Owed per critical kW not delivered on its date [USD/kW-month critical].
    grace_months : int
        Delay that costs nothing [months].
    cap_usd_per_kw : float
        Most that is ever owed [USD/kW critical]; infinite for no cap.
    long_stop_months : int or None
        Delay after which the tenant walks away, and what it paid goes back to it [months]; None if
        it may not.
    rent_months : float
        Owed besides, in months of first rent per month of delay.

    Examples
    --------
    >>> DelayDamages(usd_per_kw_month=10.0, rent_months=1.5).at(100.0)
    160.0
    """

    usd_per_kw_month: float = 0.0
    grace_months: int = 0
    cap_usd_per_kw: float = math.inf
    long_stop_months: int | None = None
    rent_months: float = 0.0

    def __post_init__(self) -> None:
        require_between(self.rent_months, 0.0, 600.0, "damages: rent_months")
        require_between(self.usd_per_kw_month, 0.0, 1e5, "damages: usd_per_kw_month")
        require_between(self.grace_months, 0, 240, "damages: grace_months")
        require_between(self.cap_usd_per_kw, 0.0, math.inf, "damages: cap_usd_per_kw")
        if self.long_stop_months is not None:
            require_between(self.long_stop_months, 1, 240, "damages: long_stop_months")

    def at(self, rent_usd_per_kw_month: float) -> float:
        """Return what a month of delay costs at a first rent [USD/kW-month critical]."""
        return self.usd_per_kw_month + self.rent_months * rent_usd_per_kw_month


@dataclass(frozen=True, kw_only=True)
class Prepayment:
    """Rent paid at signing and credited later.

    Parameters
    ----------
    usd_per_kw : float
        Paid at signing [USD/kW critical].
    credit_after_months : int
        Age of the service at which crediting begins [months].
    credit_over_months : int
        Months over which it is credited evenly.
    rent_months : float
        Paid besides, in months of first rent.

    Examples
    --------
    >>> Prepayment(rent_months=12.0).at(100.0)
    1200.0
    """

    usd_per_kw: float = 0.0
    credit_after_months: int = 0
    credit_over_months: int = 12
    rent_months: float = 0.0

    def __post_init__(self) -> None:
        require_between(self.rent_months, 0.0, 600.0, "prepayment: rent_months")
        require_between(self.usd_per_kw, 0.0, 1e6, "prepayment: usd_per_kw")
        require_between(self.credit_after_months, 0, 600, "prepayment: credit_after_months")
        require_between(self.credit_over_months, 1, 600, "prepayment: credit_over_months")

    def at(self, rent_usd_per_kw_month: float) -> float:
        """Return what is paid at signing, at a first rent [USD/kW critical]."""
        return self.usd_per_kw + self.rent_months * rent_usd_per_kw_month

    def require_absorbed(
        self,
        where: str,
        *,
        rent_usd_per_kw_month: float,
        owed_usd_per_kw: float,
        term_months: int,
    ) -> None:
        """Refuse a prepayment above what it is credited against, or credited after the term.

        Parameters
        ----------
        where : str
            The contract, for the message.
        rent_usd_per_kw_month, owed_usd_per_kw : float
            First rent, and what the whole term pays, per critical kW.
        term_months : int
            Length of the term.
        """
        paid = self.at(rent_usd_per_kw_month)
        require(
            paid <= owed_usd_per_kw,
            f"{where}: prepayment",
            given=f"{paid:,.0f} USD/kW",
            allowed=f"at most what the term pays, {owed_usd_per_kw:,.0f} USD/kW critical",
            cure="Prepay less, or correct price and term.",
        )
        last = self.credit_after_months + self.credit_over_months
        require(
            last <= term_months,
            f"{where}: prepayment",
            given=f"crediting until month {last} of the service",
            allowed=f"within the term of {term_months} months",
            cure="Credit it earlier, or over fewer months.",
        )


@dataclass(frozen=True, kw_only=True)
class TenantCredit:
    """How likely the tenant is to fail, and what then stands between the owner and the loss.

    Parameters
    ----------
    default_frac_per_year : float
        Probability of default within a year, the same in every year.
    deposit_months : float
        Cash held from signing [months of first rent].
    letter_months : float
        Letters of credit [months of first rent].
    guarantee_frac : float
        Share of the base-term rent that a guarantor stands behind.
    grade : str
        Credit grade that the probability belongs to; empty if given directly.

    Notes
    -----
    A constant hazard: the chance of default in a month is ``1 - (1 - p)^(1/12)``, from signing to
    the end of the base term. The next tenant is not modelled to fail.
    """

    default_frac_per_year: float
    deposit_months: float = 0.0
    letter_months: float = 0.0
    guarantee_frac: float = 0.0
    grade: str = ""

    def __post_init__(self) -> None:
        require_between(self.default_frac_per_year, 0.0, 1.0, "credit: default_frac_per_year")
        require_between(self.deposit_months, 0.0, 600.0, "credit: deposit_months")
        require_between(self.letter_months, 0.0, 600.0, "credit: letter_months")
        require_between(self.guarantee_frac, 0.0, 1.0, "credit: guarantee_frac")

    @property
    def default_frac_per_month(self) -> float:
        """Chance of default in a month, given none before."""
        return 1.0 - math.pow(1.0 - self.default_frac_per_year, 1.0 / 12.0)


@dataclass(frozen=True, kw_only=True)
class ExitOption:
    """The tenant's right to leave early for a fee.

    Parameters
    ----------
    after_months : int
        Age of the service at which it may leave [months].
    fee_months : float
        Fee [months of the rent of that day].
    chance_frac : float
        Probability that it does.
    """

    after_months: int
    fee_months: float
    chance_frac: float

    def __post_init__(self) -> None:
        require_between(self.after_months, 1, 600, "exit: after_months")
        require_between(self.fee_months, 0.0, 600.0, "exit: fee_months")
        require_between(self.chance_frac, 0.0, 1.0, "exit: chance_frac")


@dataclass(frozen=True, kw_only=True)
class Flexibility:
    """Hours in which the tenant lets the hall shed load (batch work, capped inference).

    Parameters
    ----------
    hours_per_year : float
        Hours of full-depth curtailment; a twelfth of it may be used in each month.
    depth_frac : float
        Share of the load that is shed.
    notice_hours : int
        Hours between the call and the curtailment.
    discount_frac : float
        Taken off the rent in return; a GPU cloud loses the sales of the hours shed instead.
    owner_frac : float
        Share of the power cost avoided that the owner keeps.
    """

    hours_per_year: float
    depth_frac: float
    notice_hours: int = 0
    discount_frac: float = 0.0
    owner_frac: float = 1.0

    def __post_init__(self) -> None:
        require_between(self.hours_per_year, 0.0, 8760.0, "flexibility: hours_per_year")
        require_between(self.depth_frac, 0.0, 1.0, "flexibility: depth_frac")
        require_between(self.notice_hours, 0, 168, "flexibility: notice_hours")
        require_between(self.discount_frac, 0.0, 1.0, "flexibility: discount_frac")
        require_between(self.owner_frac, 0.0, 1.0, "flexibility: owner_frac")


@dataclass(frozen=True, kw_only=True)
class OfferWindow:
    """When an offer may be signed.

    Parameters
    ----------
    from_month : int
        First month, counted from the study start.
    until_month : int or None
        Last month; None for as long as the study.
    arrival_frac_per_month : float or None
        Chance that such an offer arrives in a month; None if it lies on the table throughout.
    open_months : int
        Months for which an offer that has arrived may be signed.
    """

    from_month: int = 0
    until_month: int | None = None
    arrival_frac_per_month: float | None = None
    open_months: int = 6

    def __post_init__(self) -> None:
        require_between(self.from_month, 0, 1200, "offer window: from_month")
        if self.until_month is not None:
            require(
                self.until_month >= self.from_month,
                "offer window: until_month",
                given=self.until_month,
                allowed=f"month {self.from_month} (its first) or later",
                cure="Correct `available_from` or `expires`.",
            )
        if self.arrival_frac_per_month is not None:
            require_between(self.arrival_frac_per_month, 0.0, 1.0, "offer window: arrival")
        require_between(self.open_months, 1, 600, "offer window: open_months")

    @property
    def always(self) -> bool:
        """Whether it may be signed in every month."""
        return (
            self.from_month == 0
            and self.until_month is None
            and self.arrival_frac_per_month is None
        )
