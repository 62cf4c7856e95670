"""Dispatch one site through the hours given."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from rerack.assets import Battery, Site, Tariff
from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.labelled import Labelled
from rerack.dispatch.merit import merit_capacity_mw
from rerack.dispatch.result import Dispatch
from rerack.dispatch.strike import hall_strikes_usd_per_mwh

Method = Literal["fast", "lp"]


def solve(
    site: Site,
    price_usd_per_mwh: FloatArray,
    hashprice_usd_per_ph_day: float | FloatArray,
    *,
    method: Method = "fast",
    battery: Battery | None = None,
) -> Dispatch:
    """Decide which hall's rigs run in every hour, the firm load being served first.

    Parameters
    ----------
    site : Site
        Interconnect, halls, tariff and firm load.
    price_usd_per_mwh : ndarray
        Index price [USD/MWh], may be negative, shape (hour,).
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).
    method : {"fast", "lp"}
        Merit order, or the same program solved by HiGHS.
    battery : Battery or None
        Battery behind the meter; `solve_storage` then answers.

    Returns
    -------
    Dispatch
        The optimal schedule, a `StorageDispatch` with a battery; both methods give one objective.

    Raises
    ------
    InputError
        If prices are empty, NaN or infinite, shapes disagree, or the method is unknown.
    SolverError
        If a schedule cannot be certified.

    Notes
    -----
    ``max sum_h [ sum_k run_hk (strike_hk - price_h) - price_h firm + (index_h - fixed) block ]``
    subject to ``sum_k run_hk + firm <= interconnect`` and ``0 <= run_hk <= uptime_k * MW_k``.
    A class runs if and only if its strike exceeds the price at the meter. The last two terms are
    constants. The fixed-price block settles in every hour given: pass a site without it for hours
    beyond its contract. Perfect foresight does not arise without a battery: no hour looks at
    another one.
    Peaks, start costs and minimum take are outside this model.

    Examples
    --------
    >>> from rerack.assets import Hall, RigFleet
    >>> rigs = RigFleet(model="S21", efficiency_j_per_th=17.5)
    >>> site = Site(name="Demo", interconnect_mw=10.0, tariff=Tariff(),
    ...             halls=(Hall(name="A", utility_mw=10.0, rigs=rigs),))
    >>> solve(site, np.array([42.0, 90.0]), 42.0).run_mw.values.tolist()
    [[10.0], [10.0]]
    >>> solve(site, np.array([42.0, 100.0]), 42.0).run_mw.values.tolist()
    [[10.0], [0.0]]
    """
    require(method in _ROUTES, "method", given=repr(method), allowed="'fast' or 'lp'")
    if battery is not None:
        from rerack.dispatch.storage import solve_storage

        return solve_storage(
            site, battery, price_usd_per_mwh, hashprice_usd_per_ph_day, method=method
        )
    beyond = site.tariff.beyond_index
    require(
        not beyond,
        "tariff",
        given=", ".join(beyond),
        allowed="index, adder, fixed price and block",
        cure="Use solve_programmes, which knows the other terms.",
    )
    index = as_finite(price_usd_per_mwh, "price_usd_per_mwh", ndim=1)
    require(index.size > 0, "price_usd_per_mwh", given="no hours", allowed="1 hour or more")
    price = _meter_price(site.tariff, index)
    strike = _hall_strikes(site, hashprice_usd_per_ph_day, index.size)
    limit_mw = site.interconnect_mw - site.firm_load_mw
    capacity = rig_capacity_mw(site)
    margin_usd, run = _ROUTES[method](capacity, strike, price, limit_mw)
    return _dispatch(site, method, index, price, strike, run, margin_usd)


def rig_capacity_mw(site: Site) -> FloatArray:
    """Return the power that each hall's rigs draw when they are wanted.

    Parameters
    ----------
    site : Site
        The site.

    Returns
    -------
    ndarray
        ``uptime_frac * utility_mw``, 0 for a hall without rigs [MW utility], shape (unit,).
    """
    return np.array(
        [0.0 if h.rigs is None else h.utility_mw * h.rigs.uptime_frac for h in site.halls],
        dtype=np.float64,
    )


def _meter_price(tariff: Tariff, index: FloatArray) -> FloatArray:
    if tariff.fixed_price_usd_per_mwh is not None:
        return np.full(index.shape, tariff.fixed_price_usd_per_mwh)
    return index + tariff.adder_usd_per_mwh


def _hall_strikes(site: Site, hashprice: float | FloatArray, hours: int) -> FloatArray:
    """Return strikes, shape (hour or 1, unit): one row where hashprice is one number."""
    given = as_finite(hashprice, "hashprice_usd_per_ph_day")
    require(
        given.shape in ((), (hours,)),
        "hashprice_usd_per_ph_day",
        given=f"shape {given.shape}",
        allowed=f"one number or shape ({hours},), one an hour",
    )
    return hall_strikes_usd_per_mwh(site.halls, given.reshape(-1))


def _merit_order(
    capacity: FloatArray, strike: FloatArray, price: FloatArray, limit_mw: float
) -> tuple[float, FloatArray]:
    # Hours innermost: element-wise work along the short unit axis costs several times more.
    served = merit_capacity_mw(capacity, strike, limit_mw).T
    gain = strike.T - price
    run = (gain > 0.0) * served
    earned = np.einsum("kh,kh->", np.maximum(gain, 0.0), np.broadcast_to(served, gain.shape))
    return float(earned), run.T


def _linear_program(
    capacity: FloatArray, strike: FloatArray, price: FloatArray, limit_mw: float
) -> tuple[float, FloatArray]:
    from rerack.dispatch.lp import LpOracle

    oracle = LpOracle(capacity, limit_mw=limit_mw, hours=price.size)
    margin_usd = oracle.maximise(strike - price[:, np.newaxis])
    return margin_usd, oracle.run_mw


_ROUTES: Final = {"fast": _merit_order, "lp": _linear_program}


def _dispatch(
    site: Site,
    method: Method,
    index: FloatArray,
    price: FloatArray,
    strike: FloatArray,
    run: FloatArray,
    margin_usd: float,
) -> Dispatch:
    names = tuple(h.name for h in site.halls)
    block = site.tariff.block
    settled = (
        0.0 if block is None else float((index - block.price_usd_per_mwh).sum() * block.block_mw)
    )
    firm = np.full(index.shape, site.firm_load_mw)
    return Dispatch(
        site=site.name,
        method=method,
        interconnect_mw=site.interconnect_mw,
        run_mw=_hourly("power drawn by rigs", run, "MW utility", names),
        firm_mw=firm,
        price_usd_per_mwh=price,
        strike_usd_per_mwh=_hourly(
            "strike price", np.broadcast_to(strike, run.shape), "USD/MWh", names
        ),
        block_settlement_usd=settled,
        objective_usd=margin_usd - float(price.sum() * site.firm_load_mw) + settled,
    )


def _hourly(name: str, values: FloatArray, unit: str, halls: tuple[str, ...]) -> Labelled:
    return Labelled(
        name=name, values=values, dims=("hour", "unit"), unit=unit, coords={"unit": halls}
    )
