"""Crews and AI megawatts that the halls of a site share, and who is served first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require_between


@dataclass(frozen=True, kw_only=True)
class SiteLimits:
    """What the halls of a site share.

    Parameters
    ----------
    crews : int or None
        Halls that may be under conversion at once; None for any number.
    ai_mw : float or None
        Utility MW that may ever be converted, as where the interconnect's firm part is limited
        [MW utility]; None for all.
    """

    crews: int | None = None
    ai_mw: float | None = None

    def __post_init__(self) -> None:
        if self.crews is not None:
            require_between(self.crews, 0, 1000, "policy: crews")
        if self.ai_mw is not None:
            require_between(self.ai_mw, 0.0, 1e6, "policy: ai_mw")


def resources(
    months: IntArray, lead_months: IntArray, utility_mw: FloatArray, limits: SiteLimits
) -> tuple[list[FloatArray], FloatArray]:
    """Return each hall's use of crews by date and of MW, and what there is of them.

    Parameters
    ----------
    months : ndarray of int, shape (date,)
        Decision months.
    lead_months : ndarray of int, shape (offer,)
        Months for which a conversion keeps its crew.
    utility_mw : ndarray, shape (hall,)
        Size of each hall [MW utility].
    limits : SiteLimits
        What is shared.

    Returns
    -------
    list of ndarray, shape (date, offer, resource), and ndarray, shape (resource,)
        Crews [halls] at each date, then the MW that may ever be converted.
    """
    busy = (months[:, None, None] <= months) & (
        months < months[:, None, None] + lead_months[None, :, None]
    )
    shape = (months.size, lead_months.size, 1)
    usage, capacity = [], np.zeros(0)
    for mw in utility_mw:
        parts = [np.zeros((months.size, lead_months.size, 0))]
        if limits.crews is not None:
            parts.append(busy.astype(np.float64))
        if limits.ai_mw is not None:
            parts.append(np.full(shape, mw))
        usage.append(np.concatenate(parts, axis=2))
    if limits.crews is not None:
        capacity = np.append(capacity, np.full(months.size, float(limits.crews)))
    if limits.ai_mw is not None:
        capacity = np.append(capacity, limits.ai_mw)
    return usage, capacity


def assign(
    score: FloatArray,
    *,
    months: IntArray,
    lead_months: IntArray,
    utility_mw: FloatArray,
    limits: SiteLimits,
) -> tuple[IntArray, IntArray]:
    """Serve halls by gain, date by date, within the limits.

    Parameters
    ----------
    score : ndarray, shape (scenario, date, offer, hall)
        Fitted gain over waiting [USD/MW].
    months : ndarray of int, shape (date,)
        Decision months.
    lead_months : ndarray of int, shape (offer,)
        Months for which a conversion keeps its crew.
    utility_mw : ndarray, shape (hall,)
        Size of each hall [MW utility].
    limits : SiteLimits
        What is shared.

    Returns
    -------
    tuple of ndarray of int, shape (scenario, hall)
        Date and offer; -1 where the hall mines on.
    """
    from rerack.planning.policy.limits_kernel import serve_halls

    return serve_halls(
        score,
        months,
        lead_months,
        utility_mw,
        score.shape[3] if limits.crews is None else limits.crews,
        np.inf if limits.ai_mw is None else limits.ai_mw,
    )
