"""What chance does to a contract: delay, default, early exit, renewal, drawn by named streams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import AiUse, Lease
from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.base.streams import Streams
from rerack.markets import Outlook

#: A month beyond any grid: what never happens.
NEVER = 10_000


@dataclass(frozen=True, kw_only=True, eq=False)
class DealEvents:
    """What happens to the contract of each row (a scenario, or a date that is being valued).

    Parameters
    ----------
    late_months : ndarray of int, shape (row,)
        Delay of first service [months].
    default_month : ndarray of int, shape (row,)
        Month in which the tenant fails; `NEVER` where it does not.
    exits : ndarray of bool, shape (row,)
        Whether the tenant uses its right to leave.
    renewal_uniform : ndarray, shape (row, month), or None
        The tenant renews in a month where this is below its chance; None where it always does.
    """

    late_months: IntArray
    default_month: IntArray
    exits: BoolArray
    renewal_uniform: FloatArray | None


def is_random(use: AiUse) -> bool:
    """Tell whether chance enters the contract: only then is anything drawn."""
    if use.delay is not None:
        return True
    if use.queue is not None and len(use.queue.late_months) > 1:
        return True
    if use.credit is not None:
        return True
    return isinstance(use, Lease) and (use.exit_option is not None or use.renewal_chance_frac < 1.0)


def draw_events(use: AiUse, decide_month: IntArray, outlook: Outlook) -> DealEvents | None:
    """Draw what happens to the contract in each scenario; None where nothing is left to chance.

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer.
    decide_month : ndarray of int, shape (scenario,)
        Decision month of each scenario; `NEVER` where the offer is not taken.
    outlook : Outlook
        Gives seed, first scenario and months.

    Notes
    -----
    Streams ``deal NAME delay``, ``deal NAME default``, ``deal NAME exit`` and ``deal NAME
    renewal``, one uniform a scenario and month each, so that another offer, another decision month
    or another block of scenarios shifts nobody's draws. Halls decided in the same month share a
    delay (one crew, one supply chain); all halls let to a tenant lose it in the same month. Offers
    that wait for power wait in one queue: stream ``power queue``, one uniform a scenario. The
    tenant fails in the first month from signing on whose uniform is below the monthly hazard, so a
    worse grade fails in the same month or earlier.
    """
    if not is_random(use):
        return None
    rows, months = outlook.lease_index.shape
    streams = Streams(outlook.seed)

    def uniforms(what: str) -> FloatArray:
        return streams.uniforms(
            f"deal {use.name} {what}", paths=rows, shape=(months,), first_path=outlook.first_path
        )

    signed = np.minimum(decide_month, months - 1)
    row = np.arange(rows)
    late = np.zeros(rows, dtype=np.int64)
    default = np.full(rows, NEVER, dtype=np.int64)
    exits = np.zeros(rows, dtype=np.bool_)
    renewal: FloatArray | None = None
    if use.delay is not None:
        late = use.delay.at(uniforms("delay")[row, signed])
    if use.queue is not None:
        place = streams.uniforms(
            "power queue", paths=rows, shape=(1,), first_path=outlook.first_path
        )
        late = _after_queue(use, decide_month, late, use.queue.at(place[:, 0]))
    if use.credit is not None:
        fails = uniforms("default") < use.credit.default_frac_per_month
        fails &= np.arange(months)[None, :] >= decide_month[:, None]
        default = np.where(fails.any(axis=1), fails.argmax(axis=1), NEVER)
    if isinstance(use, Lease):
        if use.exit_option is not None:
            exits = uniforms("exit")[row, signed] < use.exit_option.chance_frac
        if use.renewal_chance_frac < 1.0:
            renewal = uniforms("renewal")
    return DealEvents(late_months=late, default_month=default, exits=exits, renewal_uniform=renewal)


def _after_queue(
    use: AiUse, decide_month: IntArray, late_months: IntArray, power_month: IntArray
) -> IntArray:
    """Return the delay of service that has both to be built and to have power, shape (row,)."""
    without_power = power_month - (decide_month + use.conversion.lead_months)
    later: IntArray = np.maximum(late_months, without_power)
    return later


def spread_events(
    use: AiUse, decide_month: IntArray, *, cases: int, months: int, seed: int = 0
) -> DealEvents:
    """Return evenly spread events for valuing a contract: a Latin hypercube of `cases` rows a date.

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer.
    decide_month : ndarray of int, shape (date * cases,)
        Each date repeated `cases` times in a row.
    cases : int
        Rows of one date.
    months : int
        Horizon.
    seed : int
        Of the permutations.

    Notes
    -----
    Each cause runs through the mid-points of `cases` equal slices of [0, 1) in an order of its own,
    the same at every date, so that values at different dates differ by date alone. The chance of
    each event is met to ``1 / cases``.
    """
    rng = np.random.default_rng(seed)
    dates = decide_month.size // cases

    def spread() -> FloatArray:
        return np.tile((rng.permutation(cases) + 0.5) / cases, dates)

    late = np.zeros(decide_month.size, dtype=np.int64)
    default = np.full(decide_month.size, NEVER, dtype=np.int64)
    exits = np.zeros(decide_month.size, dtype=np.bool_)
    renewal: FloatArray | None = None
    if use.delay is not None:
        late = use.delay.at(spread())
    if use.queue is not None:
        late = _after_queue(use, decide_month, late, use.queue.at(spread()))
    if use.credit is not None and use.credit.default_frac_per_month > 0.0:
        hazard = min(use.credit.default_frac_per_month, 1.0 - 1e-12)
        wait = np.floor(np.log1p(-spread()) / np.log1p(-hazard))
        default = np.minimum(decide_month + wait, NEVER).astype(np.int64)
    if isinstance(use, Lease):
        if use.exit_option is not None:
            exits = spread() < use.exit_option.chance_frac
        if use.renewal_chance_frac < 1.0:
            order = np.stack([rng.permutation(cases) for _ in range(months)], axis=1)
            renewal = np.tile((order + 0.5) / cases, (dates, 1))
    return DealEvents(late_months=late, default_month=default, exits=exits, renewal_uniform=renewal)
