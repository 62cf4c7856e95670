"""When an offer may be signed, scenario by scenario, and what a plan does about it."""

from __future__ import annotations

import numpy as np

from rerack.assets import AiUse
from rerack.base.checks import BoolArray, IntArray, require
from rerack.base.streams import Streams
from rerack.markets import Outlook
from rerack.planning.deal_events import NEVER


def open_months(use: AiUse, outlook: Outlook) -> BoolArray | None:
    """Return in which months an offer may be signed; None if in every month of every scenario.

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer.
    outlook : Outlook
        Gives seed, first scenario and months.

    Returns
    -------
    ndarray of bool, shape (scenario, month), or None
        Where the offer arrives by chance, it is open in the month in which the uniform of stream
        ``deal NAME arrival`` is below its chance and in the `open_months` - 1 months after; another
        may come later. All within `from_month` and `until_month`, both included; an offer that
        waits for power is not signed so early that it would be built before power can be there.
    """
    window, from_month = use.window, first_signing_month(use)
    if window.always and from_month == 0:
        return None
    rows, months = outlook.lease_index.shape
    month = np.arange(months)
    inside = month >= from_month
    if window.until_month is not None:
        inside &= month <= window.until_month
    if window.arrival_frac_per_month is None:
        return np.broadcast_to(inside, (rows, months))
    uniform = Streams(outlook.seed).uniforms(
        f"deal {use.name} arrival", paths=rows, shape=(months,), first_path=outlook.first_path
    )
    arrived = (uniform < window.arrival_frac_per_month) & inside
    last = np.maximum.accumulate(np.where(arrived, month, -NEVER), axis=1)
    return (month - last < window.open_months) & inside


def first_signing_month(use: AiUse) -> int:
    """Return the first month in which an offer may be signed, its power considered."""
    if use.queue is None:
        return use.window.from_month
    earliest = use.queue.late_months[0] - use.conversion.lead_months
    return max(use.window.from_month, earliest)


def surely_open(use: AiUse, outlook: Outlook, months: IntArray) -> BoolArray:
    """Return at which decision months an offer may be signed, the same in every scenario, (date,).

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer.
    outlook : Outlook
        Gives the months of the study.
    months : ndarray of int, shape (date,)
        Decision months.

    Raises
    ------
    InputError
        The offer arrives by chance.
    """
    require(
        use.window.arrival_frac_per_month is None,
        f"policy: offer {use.name}",
        given="an offer that arrives by chance",
        allowed="offers whose window is known",
        cure="Give it `available_from` and `expires`, or plan it with a threshold.",
    )
    may = open_months(use, outlook)
    found: BoolArray = np.ones(months.size, dtype=np.bool_) if may is None else may[0, months]
    return found


def first_open(decide_month: IntArray, open_: BoolArray | None) -> IntArray:
    """Return the first month from `decide_month` on in which an offer is open, shape (scenario,).

    `NEVER` where it does not open again. A plan that is bound to sign waits for its offer.
    """
    if open_ is None:
        return decide_month
    month = np.arange(open_.shape[1])[None, :]
    may = open_ & (month >= decide_month[:, None])
    return np.where(may.any(axis=1), may.argmax(axis=1), NEVER)
