"""What outages cost under a contract: credits on the monthly fee, and the tenant's way out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import require, require_between
from rerack.reliability.component import HOURS_PER_YEAR
from rerack.reliability.outages import OutageProfile
from rerack.reliability.sla import exceed_in, hours_within

_MONTHS = 12
#: Hours of the month of 30 days that contracts count with.
_MONTH_HOURS = 720.0
#: Hours of a mean month, a twelfth of the year that outages are counted by.
MEAN_MONTH_HOURS = HOURS_PER_YEAR / _MONTHS


@dataclass(frozen=True, kw_only=True)
class CreditSchedule:
    """Credit on a month's fee by time down in that month.

    Parameters
    ----------
    name : str
        Name.
    after_hours : tuple of float
        Rising totals of time down in a month, each of which raises the credit [h], shape (step,).
    credit_frac : tuple of float
        Credit from that total on, as a share of the month's fee, rising, shape (step,).
    exit_hours : float
        Total from which the tenant may leave free of charge [h]; infinite if never.
    source : str
        Where the terms come from.
    """

    name: str
    after_hours: tuple[float, ...]
    credit_frac: tuple[float, ...]
    exit_hours: float = math.inf
    source: str = ""

    def __post_init__(self) -> None:
        where = f"credits {self.name!r}"
        times, shares = np.array(self.after_hours), np.array(self.credit_frac)
        require(
            times.size == shares.size > 0
            and bool((times >= 0.0).all())
            and bool((np.diff(times) > 0.0).all()),
            f"{where}: after_hours",
            given=self.after_hours,
            allowed="rising hours of 0 or more, one for each credit",
        )
        require(
            bool((shares >= 0.0).all() and (shares <= 1.0).all() and (np.diff(shares) > 0).all()),
            f"{where}: credit_frac",
            given=self.credit_frac,
            allowed="rising shares of the fee from 0 to 1",
            cure="A credit above the whole fee is a penalty: no schedule was found with one.",
        )
        require_between(self.exit_hours, 0.0, math.inf, f"{where}: exit_hours")

    def credit_for_frac(self, hours: float) -> float:
        """Return the credit for `hours` down in a month, as a share of the fee.

        Examples
        --------
        >>> stepped_credits("5 % per half hour", step_hours=0.5,
        ...                 step_frac=0.05).credit_for_frac(1.1)
        0.1
        """
        reached = [c for t, c in zip(self.after_hours, self.credit_frac, strict=True)
                   if hours >= t]  # fmt: skip
        return reached[-1] if reached else 0.0


@dataclass(frozen=True, kw_only=True)
class ProportionalCredits:
    """Credit in proportion to the time down of a month beyond what the promise allows.

    Parameters
    ----------
    promised_frac : float
        Promised availability; what it allows of a month earns no credit.
    credit_months_per_pp : float
        Months of fee credited per percentage point of availability missed in a month.
    cap_frac : float
        Highest credit of a month, as a share of its fee.
    """

    promised_frac: float
    credit_months_per_pp: float
    cap_frac: float = 1.0

    def __post_init__(self) -> None:
        require_between(self.promised_frac, 0.0, 1.0, "credits: promised_frac")
        require_between(self.credit_months_per_pp, 0.0, 100.0, "credits: credit_months_per_pp")
        require_between(self.cap_frac, 0.0, 1.0, "credits: cap_frac")

    def credit_for_frac(self, hours: float) -> float:
        """Return the credit for `hours` down in a month, as a share of the fee.

        Examples
        --------
        >>> half = ProportionalCredits(promised_frac=0.99, credit_months_per_pp=0.5)
        >>> half.credit_for_frac(7.3), half.credit_for_frac(14.6)
        (0.0, 0.5)
        """
        missed_pp = 100.0 * max(0.0, hours / MEAN_MONTH_HOURS - (1.0 - self.promised_frac))
        return min(self.cap_frac, round(self.credit_months_per_pp * missed_pp, 12))


@dataclass(frozen=True, kw_only=True)
class Credits:
    """Expected credits.

    Parameters
    ----------
    fee_frac : float
        Expected credit as a share of the fee.
    credits_usd_per_year : float
        The same in money [USD/year].
    exit_frac_per_year : float
        Probability that in a given year the tenant may leave.
    """

    fee_frac: float
    credits_usd_per_year: float
    exit_frac_per_year: float


def stepped_credits(
    name: str,
    *,
    step_hours: float,
    step_frac: float,
    allowed_hours: float = 0.0,
    cap_frac: float = 1.0,
    exit_hours: float = math.inf,
    source: str = "",
) -> CreditSchedule:
    """Return the schedule that gives `step_frac` of the fee for every full step of time down.

    Parameters
    ----------
    name : str
        Name.
    step_hours : float
        Length of a step [h].
    step_frac : float
        Credit for each, as a share of the month's fee.
    allowed_hours : float
        Time down a month that earns no credit [h].
    cap_frac : float
        Highest credit of a month, as a share of its fee.
    exit_hours : float
        As in `CreditSchedule`.
    source : str
        As in `CreditSchedule`.

    Examples
    --------
    >>> stepped_credits("a day per hour", step_hours=1.0, step_frac=0.25).after_hours
    (1.0, 2.0, 3.0, 4.0)
    """
    where = f"credits {name!r}"
    require_between(step_hours, 1e-3, 1e4, f"{where}: step_hours")
    require_between(step_frac, 1e-4, 1.0, f"{where}: step_frac")
    require_between(cap_frac, step_frac, 1.0, f"{where}: cap_frac")
    steps = math.ceil(cap_frac / step_frac - 1e-9)
    numbers = range(1, steps + 1)
    return CreditSchedule(
        name=name,
        after_hours=tuple(allowed_hours + k * step_hours for k in numbers),
        credit_frac=tuple(min(k * step_frac, cap_frac) for k in numbers),
        exit_hours=exit_hours,
        source=source,
    )


def expected_credits(
    profile: OutageProfile,
    schedule: CreditSchedule | ProportionalCredits,
    *,
    fee_usd_per_month: float,
) -> Credits:
    r"""Return the credits to expect under a schedule.

    Parameters
    ----------
    profile : OutageProfile
        Outages by kind; announced work earns no credit.
    schedule : CreditSchedule or ProportionalCredits
        Terms of the contract, in steps or in proportion.
    fee_usd_per_month : float
        Monthly fee that credits are a share of [USD/month].

    Notes
    -----
    With S the time down in a month, credit(S) climbs by c_k at t_k, so

        E[credit] = sum_k (c_k - c_{k-1}) P(S >= t_k)

    with P as in `exceedance_frac`. In proportion, credit(S) climbs by s for every hour from a, what
    the promise allows, to b, where the cap or the month ends it, so that with L as in
    `limited_hours`

        E[credit] = s (L(b) - L(a))

    An outage counts in the month in which it begins. Months are
    alike and independent, so the chance of an exit in a year is 1 - (1 - P(S >= exit))^12.

    When not to use it: where the fee at stake is rent of power alone but damages are uncapped, or
    for chronic-outage clauses, which look at several months together.

    Examples
    --------
    >>> from rerack.reliability.outages import OutageKind
    >>> profile = OutageProfile(kinds=(OutageKind(cause="a", outages_per_year=0.12,
    ...                                           mean_hours=2.0),))
    >>> half = stepped_credits("half", step_hours=2.0, step_frac=0.5)
    >>> round(expected_credits(profile, half, fee_usd_per_month=1e6).credits_usd_per_year)
    30233
    """
    require_between(fee_usd_per_month, 0.0, 1e10, "fee_usd_per_month")
    leave = 0.0
    if isinstance(schedule, ProportionalCredits):
        frac = _proportional_frac(profile, schedule)
    else:
        chances = exceed_in(profile, schedule.after_hours, years=1.0 / _MONTHS)
        frac = float(np.diff(schedule.credit_frac, prepend=0.0) @ chances)
    if isinstance(schedule, CreditSchedule) and math.isfinite(schedule.exit_hours):
        leave = float(exceed_in(profile, [schedule.exit_hours], years=1.0 / _MONTHS)[0])
    return Credits(
        fee_frac=frac,
        credits_usd_per_year=frac * fee_usd_per_month * _MONTHS,
        exit_frac_per_year=-math.expm1(_MONTHS * math.log1p(-leave)) if leave < 1.0 else 1.0,
    )


def _proportional_frac(profile: OutageProfile, terms: ProportionalCredits) -> float:
    per_hour = 100.0 * terms.credit_months_per_pp / MEAN_MONTH_HOURS
    if per_hour == 0.0 or terms.cap_frac == 0.0:
        return 0.0
    first = (1.0 - terms.promised_frac) * MEAN_MONTH_HOURS
    last = min(first + terms.cap_frac / per_hour, MEAN_MONTH_HOURS)
    below, up_to = hours_within(profile, [first, last], years=1.0 / _MONTHS)
    return per_hour * max(0.0, float(up_to - below))


#: Published terms of small hosts; those of AI leases are not public. Steps count when full.
CREDIT_SCHEDULES = {
    s.name: s
    for s in (
        stepped_credits(
            "day per hour",
            step_hours=1.0,
            step_frac=1.0 / 30.0,
            exit_hours=0.01 * _MONTH_HOURS,
            source="CherryRoad SLA page: one day for each hour, cap at the month, exit above 1 %",
        ),
        stepped_credits(
            "5 % per half hour",
            step_hours=0.5,
            step_frac=0.05,
            source="Arcustech SLA page: 5 % per 30 minutes up to 100 %",
        ),
        stepped_credits(
            "day per quarter hour",
            step_hours=0.25,
            step_frac=1.0 / 30.0,
            allowed_hours=0.001 * _MONTH_HOURS,
            source="Virteche SLA page: one day for each 15 minutes beyond 0.1 %; the cap at the "
            "month's fee is ours",
        ),
    )
}
