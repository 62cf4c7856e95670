"""How long outages of a supply last: a mixture of exponentials, so that long ones are not rare."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rerack.base.checks import require


@dataclass(frozen=True, kw_only=True)
class OutageDuration:
    """Duration of an outage: kind j with share w_j is exponential of mean m_j.

    Parameters
    ----------
    shares_frac : tuple of float
        Share of each kind among outages, adding up to 1, shape (kind,).
    means_hours : tuple of float
        Mean duration of each kind [h], shape (kind,).

    Notes
    -----
    P(T > x) = sum_j w_j exp(-x / m_j). One exponential has a coefficient of variation of 1; the
    mixture has more, as outages do: ordinary days and storms (EIA Electric Power Annual, Table
    11.1, gives both with and without major events).

    Examples
    --------
    >>> mix = OutageDuration(shares_frac=(0.75, 0.25), means_hours=(2.0, 12.0))
    >>> mix.mean_hours, round(mix.longer_than_frac(24.0), 4)
    (4.5, 0.0338)
    """

    shares_frac: tuple[float, ...]
    means_hours: tuple[float, ...]

    def __post_init__(self) -> None:
        require(
            len(self.shares_frac) == len(self.means_hours) > 0
            and all(share >= 0.0 for share in self.shares_frac)
            and math.isclose(sum(self.shares_frac), 1.0, rel_tol=1e-9),
            "outage duration: shares_frac",
            given=self.shares_frac,
            allowed="one share of 0 or more for each mean, adding up to 1",
        )
        require(
            all(0.0 < mean < math.inf for mean in self.means_hours),
            "outage duration: means_hours",
            given=self.means_hours,
            allowed="means of more than 0 hours",
        )

    @property
    def mean_hours(self) -> float:
        """Mean duration [h]."""
        return sum(w * m for w, m in zip(self.shares_frac, self.means_hours, strict=True))

    def longer_than_frac(self, hours: float) -> float:
        """Return the probability that an outage lasts longer than `hours` [h]."""
        return sum(
            w * math.exp(-hours / m)
            for w, m in zip(self.shares_frac, self.means_hours, strict=True)
        )

    def scaled(self, mean_hours: float) -> OutageDuration:
        """Return the same mixture stretched to another mean [h]."""
        factor = mean_hours / self.mean_hours
        return OutageDuration(
            shares_frac=self.shares_frac,
            means_hours=tuple(factor * mean for mean in self.means_hours),
        )
