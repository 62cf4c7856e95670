"""Compiled walk through the tenancies of a hall, one row after another, and its NumPy twin."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.numerics.jit import kernel


class LeaseNumbers(NamedTuple):
    """What of a lease sets its rent after the first tenancy.

    Rent signed [USD/kW critical and month], term and vacancy [months], chance of renewal, and the
    share of the market's rent that a renewal and a new tenant pay.
    """

    rate: float
    term_months: int
    vacancy_months: int
    renewal_chance: float
    renewal_frac: float
    relet_frac: float


@kernel
def walk_tenancies(
    opens: IntArray,
    first_ends: IntArray,
    lease_index: FloatArray,
    uniform: FloatArray,
    grown: FloatArray,
    lease: LeaseNumbers,
    rent: FloatArray,
    vacant: BoolArray,
    priced: IntArray,
) -> None:
    """Fill rent, vacancy and the month that priced the rent, as `rent_path` describes them.

    Parameters
    ----------
    opens, first_ends : ndarray of int, shape (row,)
        First service, and end of the first tenancy.
    lease_index : ndarray, shape (row, month)
        Market rent relative to the study start.
    uniform : ndarray, shape (row, month)
        A tenant renews where it is below the chance; of no row where every tenant does.
    grown : ndarray, shape (month,)
        Growth of a rent by its age.
    lease : LeaseNumbers
        Terms.
    rent : ndarray, shape (row, month)
        Of zeros when it is given.
    vacant, priced : ndarray, shape (row, month)
        Of False and -1 when given; of no row where they are not wanted.
    """
    months = rent.shape[1]
    for r in range(opens.size):
        start, end, rate = opens[r], first_ends[r], lease.rate
        by_term, first = end == start + lease.term_months, True
        while start < months:
            for m in range(start, min(end, months)):
                rent[r, m] = rate * grown[m - start]
            if priced.size > 0 and not first:
                for m in range(start, min(end, months)):
                    priced[r, m] = start
            begins = min(end, months - 1)
            renews = by_term
            if renews and uniform.size > 0:
                renews = uniform[r, begins] < lease.renewal_chance
            following = end if renews else max(end + lease.vacancy_months, opens[r])
            if vacant.size > 0:
                for m in range(max(end, opens[r]), min(following, months)):
                    vacant[r, m] = True
            market = lease.rate * lease_index[r, min(following, months - 1)]
            rate = market * (lease.renewal_frac if renews else lease.relet_frac)
            start, end = following, following + lease.term_months
            by_term, first = True, False


def walk_tenancies_plain(
    opens: IntArray,
    first_ends: IntArray,
    lease_index: FloatArray,
    uniform: FloatArray,
    grown: FloatArray,
    lease: LeaseNumbers,
) -> tuple[FloatArray, BoolArray, IntArray]:
    """Return (rent, vacant, priced) as `walk_tenancies` fills them, all rows at once."""
    rows, months = lease_index.shape
    month, row = np.arange(months)[None, :], np.arange(rows)
    starts, ends, rate = opens, first_ends, np.full(rows, lease.rate)
    rent, vacant = np.zeros((rows, months)), np.zeros((rows, months), dtype=np.bool_)
    priced = np.full((rows, months), -1, dtype=np.int64)
    by_term, first = ends == starts + lease.term_months, True
    while bool((starts < months).any()):
        here = (month >= starts[:, None]) & (month < ends[:, None])
        age = np.clip(month - starts[:, None], 0, months - 1)
        np.copyto(rent, rate[:, None] * grown[age], where=here)
        if not first:
            np.copyto(priced, starts[:, None], where=here)
        renews = by_term.copy()
        if uniform.size > 0:
            renews &= uniform[row, np.minimum(ends, months - 1)] < lease.renewal_chance
        following = np.where(renews, ends, np.maximum(ends + lease.vacancy_months, opens))
        vacant |= (month >= np.maximum(ends, opens)[:, None]) & (month < following[:, None])
        market = lease.rate * lease_index[row, np.minimum(following, months - 1)]
        rate = market * np.where(renews, lease.renewal_frac, lease.relet_frac)
        starts, ends = following, following + lease.term_months
        by_term, first = np.ones(rows, dtype=np.bool_), False
    return rent, vacant, priced
