"""What a schedule earned, hour by hour, once prices and peaks are known."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from rerack.assets import FixedBlock, Site
from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.dispatch.desk_peaks import PEAKS_A_YEAR
from rerack.dispatch.merit import merit_capacity_mw
from rerack.dispatch.result import Dispatch
from rerack.dispatch.site_dispatch import rig_capacity_mw
from rerack.markets.files import HourlySeries

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What every hour turned out to be, the same for every schedule.

    Parameters
    ----------
    index_usd_per_mwh : ndarray
        Index price that the block settles against [USD/MWh], shape (hour,).
    meter_usd_per_mwh : ndarray
        Price at the meter [USD/MWh], shape (hour,).
    strike_usd_per_mwh : ndarray
        Strike price of each hall [USD/MWh], shape (hour, unit).
    available_mw : ndarray
        Power that the rigs draw when all are wanted, the interconnect kept [MW utility],
        shape (hour, unit).
    firm_mw : float
        Firm AI load [MW utility].
    block : FixedBlock or None
        Fixed-price block.
    block_on : ndarray of bool
        Hours in which the block is under contract, shape (hour,).
    is_peak : ndarray of bool
        Hours that set a coincident peak, shape (hour,).
    peak_charge_usd_per_mw_year : float
        Charge of the year after for every MW drawn at all four peaks [USD/MW-year].
    """

    index_usd_per_mwh: FloatArray
    meter_usd_per_mwh: FloatArray
    strike_usd_per_mwh: FloatArray
    available_mw: FloatArray
    firm_mw: float
    block: FixedBlock | None
    block_on: Mask
    is_peak: Mask
    peak_charge_usd_per_mw_year: float

    @property
    def firm_cost_usd(self) -> FloatArray:
        """Power of the firm load [USD], shape (hour,)."""
        return self.meter_usd_per_mwh * self.firm_mw

    @property
    def block_settlement_usd(self) -> FloatArray:
        """``(index - contract price) * block``, whatever runs [USD], shape (hour,)."""
        if self.block is None:
            return np.zeros_like(self.index_usd_per_mwh)
        gain = self.index_usd_per_mwh - self.block.price_usd_per_mwh
        return np.asarray(gain * self.block.block_mw * self.block_on)


@dataclass(frozen=True, kw_only=True, eq=False)
class Account:
    """One schedule's money and energy by hour; all arrays read-only, shape (hour,).

    Parameters
    ----------
    mining_mwh : ndarray
        Energy drawn by rigs [MWh].
    margin_usd : ndarray
        Hashing income less power and variable operating cost [USD].
    curtailed_frac : ndarray
        Share of the rigs' available power that stood still; 0 where none is available.
    resold_mwh : ndarray
        Energy of the block that the site did not use [MWh].
    resold_usd : ndarray
        That energy at the index [USD].
    credits_usd : ndarray
        That energy at the index less its contract price [USD]: a part of the block's settlement.
    peak_charge_usd : ndarray
        A fourth of the yearly charge, in the hours that set a peak [USD].
    """

    mining_mwh: FloatArray
    margin_usd: FloatArray
    curtailed_frac: FloatArray
    resold_mwh: FloatArray
    resold_usd: FloatArray
    credits_usd: FloatArray
    peak_charge_usd: FloatArray

    def __post_init__(self) -> None:
        for f in fields(self):
            object.__setattr__(self, f.name, frozen_array(as_finite(getattr(self, f.name), f.name)))


def outcome_of(
    site: Site,
    seen: Dispatch,
    settled: HourlySeries,
    *,
    available_mw: FloatArray | None = None,
    is_peak: Mask | None = None,
    peak_charge_usd_per_mw_year: float = 0.0,
    block_end: np.datetime64 | None = None,
) -> Outcome:
    """Return what the hours of a dispatch turned out to be.

    Parameters
    ----------
    site : Site
        The site.
    seen : Dispatch
        Its dispatch at the settled prices, for the prices at the meter and the strikes.
    settled : HourlySeries
        Index prices.
    available_mw : ndarray or None
        Power that rigs draw when all are wanted [MW utility], shape (hour, unit); None shares
        what the firm load leaves of the interconnect by merit.
    is_peak : ndarray of bool or None
        Hours that set a coincident peak, shape (hour,); None for none.
    peak_charge_usd_per_mw_year : float
        Charge for a MW drawn at all four peaks [USD/MW-year].
    block_end : numpy.datetime64 or None
        Hour from which the fixed-price block is out of contract; None keeps it throughout.
    """
    strike = seen.strike_usd_per_mwh.values
    if available_mw is None:
        limit_mw = site.interconnect_mw - site.firm_load_mw
        available_mw = merit_capacity_mw(rig_capacity_mw(site), strike, limit_mw)
    hours = settled.hours
    never = np.zeros(hours.size, dtype=np.bool_)
    return Outcome(
        index_usd_per_mwh=settled.prices_usd_per_mwh,
        meter_usd_per_mwh=seen.price_usd_per_mwh,
        strike_usd_per_mwh=strike,
        available_mw=available_mw,
        firm_mw=site.firm_load_mw,
        block=site.tariff.block,
        block_on=~never if block_end is None else hours < block_end,
        is_peak=never if is_peak is None else is_peak,
        peak_charge_usd_per_mw_year=peak_charge_usd_per_mw_year,
    )


def refuse_unknown_terms(site: Site) -> None:
    """Raise `InputError` if the tariff has terms that the hour-by-hour desk does not settle.

    Parameters
    ----------
    site : Site
        The site.
    """
    terms = site.tariff.beyond_index
    require(
        not terms,
        f"site {site.name}: tariff",
        given=", ".join(terms),
        allowed="index plus adder or a fixed price, and a fixed-price block",
        cure="Take these terms to solve_programmes and bill; a peak charge goes into DeskRules.",
    )


def settle(outcome: Outcome, run_mw: FloatArray) -> Account:
    """Account for a schedule at the prices that came.

    Parameters
    ----------
    outcome : Outcome
        Prices, strikes, block and peaks as they turned out.
    run_mw : ndarray
        Power drawn by each hall's rigs [MW utility], shape (hour, unit).

    Returns
    -------
    Account
        By hour.

    Raises
    ------
    InputError
        If a schedule draws more than is available, or has another shape.

    Notes
    -----
    ``margin = sum_k run_k (strike_k - price)``; the block's unused part is
    ``max(block - rigs - firm, 0)``: a site that draws more than its block buys the rest at the
    index and sells nothing back. What a site really earns is margin less firm power plus the
    *whole* settlement of the block; credits are the part of it that people hear of.
    """
    run = as_finite(run_mw, "run_mw", ndim=2)
    room_mw = 1e-6 * max(float(outcome.available_mw.max(initial=0.0)), 1.0)
    require(
        run.shape == outcome.available_mw.shape
        and bool(((run >= -room_mw) & (run <= outcome.available_mw + room_mw)).all()),
        "run_mw",
        given=f"shape {run.shape}, or power beyond what is available",
        allowed=f"shape {outcome.available_mw.shape}, 0 MW to what is available",
    )
    drawn, available = run.sum(axis=1), outcome.available_mw.sum(axis=1)
    gain = outcome.strike_usd_per_mwh - outcome.meter_usd_per_mwh[:, np.newaxis]
    block_mw, price = 0.0, 0.0
    if outcome.block is not None:
        block_mw, price = outcome.block.block_mw, outcome.block.price_usd_per_mwh
    unused = np.maximum(block_mw * outcome.block_on - drawn - outcome.firm_mw, 0.0)
    charge = outcome.peak_charge_usd_per_mw_year / PEAKS_A_YEAR
    idle = np.divide(available - drawn, available, out=np.zeros_like(drawn), where=available > 0.0)
    return Account(
        mining_mwh=drawn,
        margin_usd=np.einsum("hk,hk->h", run, gain),
        curtailed_frac=np.clip(idle, 0.0, 1.0),
        resold_mwh=unused,
        resold_usd=unused * outcome.index_usd_per_mwh,
        credits_usd=unused * (outcome.index_usd_per_mwh - price),
        peak_charge_usd=charge * outcome.is_peak * (drawn + outcome.firm_mw),
    )
