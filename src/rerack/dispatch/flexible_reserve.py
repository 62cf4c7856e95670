"""What a running megawatt may sell as reserve, and what that is worth, calls included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rerack.assets.operating_points import HallOperation
from rerack.assets.programmes import AncillaryService
from rerack.base.checks import FloatArray, IntArray, require


def offers(
    services: Sequence[AncillaryService],
    operations: Sequence[HallOperation],
    step_hall: IntArray,
    strike_usd_per_mwh: FloatArray,
    meter_usd_per_mwh: FloatArray,
    capacity_usd_per_mwh: Mapping[str, FloatArray],
    *,
    battery_response_s: float | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return how much of each step may be offered to each service, and what an offer is worth.

    Parameters
    ----------
    services : sequence of AncillaryService
        Reserves.
    operations : sequence of HallOperation
        Halls, with their response times.
    step_hall : ndarray of int
        Hall of each step, shape (step,).
    strike_usd_per_mwh : ndarray
        Strike of each step [USD/MWh], shape (hour, step).
    meter_usd_per_mwh : ndarray
        Price at the meter [USD/MWh], shape (hour,).
    capacity_usd_per_mwh : mapping
        Capacity prices by service [USD per MW and hour], each of shape (hour,).
    battery_response_s : float or None
        Response time of a battery that may offer instead of halls [s]; None: there is none.

    Returns
    -------
    tuple of ndarray
        Shares, shape (step, service); worth ``capacity + q (price + energy - strike)`` of one
        offered MW for an hour [USD/MWh], shape (hour, step, service).

    Raises
    ------
    InputError
        If a service has no capacity price, or neither hall nor battery answers fast enough.

    Notes
    -----
    A called step saves its power and loses its hashing for the mean share q of the hour. Energy
    saved is valued at the meter, without peak charges. The AI load is never offered.
    """
    hours, steps = strike_usd_per_mwh.shape
    share = np.zeros((steps, len(services)))
    worth = np.zeros((hours, steps, len(services)))
    for a, service in enumerate(services):
        require(
            service.name in capacity_usd_per_mwh,
            f"capacity_usd_per_mwh[{service.name!r}]",
            given="nothing",
            allowed="the capacity price of every ancillary service, by hour",
        )
        known = [o.response_s for o in operations]
        fit = [response is not None and response <= service.response_s for response in known]
        stored = battery_response_s is not None and battery_response_s <= service.response_s
        require(
            stored or any(fit),
            f"ancillary service {service.name}: response_s",
            given=f"{service.response_s:g} s; halls answer in {known} s",
            allowed="a service that some hall or the battery can answer in time",
            cure="State response_s of the halls' operations, or of the battery.",
        )
        share[:, a] = np.array(fit, dtype=bool)[step_hall] * service.share_frac
        lost = meter_usd_per_mwh[:, np.newaxis] + service.energy_usd_per_mwh - strike_usd_per_mwh
        capacity = capacity_usd_per_mwh[service.name][:, np.newaxis]
        worth[:, :, a] = capacity + service.deployed_frac * lost
    return share, worth


def best_offers_frac(offer_frac: FloatArray, offer_usd_per_mwh: FloatArray) -> FloatArray:
    """Return which share of a running step is best offered to each service.

    Parameters
    ----------
    offer_frac : ndarray
        Largest shares, shape (step, service).
    offer_usd_per_mwh : ndarray
        Worth of an offered MW [USD/MWh], shape (hour, step, service).

    Returns
    -------
    ndarray
        Shares, adding up to at most 1 over services, shape (hour, step, service).

    Notes
    -----
    A knapsack of one constraint: services are taken by falling worth while it is positive.

    Examples
    --------
    >>> share = np.array([[0.7, 0.6]])
    >>> best_offers_frac(share, np.array([[[5.0, 8.0]], [[5.0, -1.0]]])).round(3).tolist()
    [[[0.4, 0.6]], [[0.7, 0.0]]]
    """
    order = np.argsort(-offer_usd_per_mwh, axis=2, kind="stable")
    most = np.broadcast_to(offer_frac, offer_usd_per_mwh.shape)
    ranked = np.take_along_axis(np.where(offer_usd_per_mwh > 0.0, most, 0.0), order, axis=2)
    before = np.cumsum(ranked, axis=2) - ranked
    taken = np.clip(1.0 - before, 0.0, ranked)
    out: FloatArray = np.zeros(taken.shape)
    np.put_along_axis(out, order, taken, axis=2)
    return out
