"""What data-centre space rents for: an index of wholesale lease rates."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerack.base.checks import FloatArray, require_between
from rerack.markets.parameters import packaged
from rerack.markets.paths import expected_path, log_walk


@dataclass(frozen=True, kw_only=True)
class LeaseSpec:
    """A model of lease rates for new contracts.

    Parameters
    ----------
    growth_frac_per_year : float
        Growth of the expected rate, nominal. The default, 2.5 %, keeps rents level in real terms
        and is an assumption: 2018 to 2025 saw 5.7 % a year, most of it after 2021.
    volatility_frac : float
        Standard deviation of the yearly log change; calibrated on seven yearly asking rents.

    Examples
    --------
    >>> LeaseSpec(growth_frac_per_year=0.03, volatility_frac=0.1).volatility_frac
    0.1
    """

    growth_frac_per_year: float = 0.025
    volatility_frac: float = field(default_factory=lambda: packaged("lease")["volatility_frac"])

    def __post_init__(self) -> None:
        require_between(self.growth_frac_per_year, -0.9, 10.0, "lease.growth_frac_per_year")
        require_between(self.volatility_frac, 0.0, 5.0, "lease.volatility_frac")


def simulate_lease(spec: LeaseSpec, shocks: FloatArray) -> FloatArray:
    """Return the lease-rate index along each path.

    Parameters
    ----------
    spec : LeaseSpec
        The model.
    shocks : array, shape (scenario, month)
        Standard normals; column 0 is unused.

    Returns
    -------
    array, shape (scenario, month)
        Index, 1 in month 0: multiply an offer of that month to get what a new contract signed in
        month t would pay. A signed lease keeps its own rate and escalator.

    Notes
    -----
    Log random walk whose mean is ``(1 + growth)^t`` exactly. No cycle and no ceiling by
    construction cost are modelled.

    Examples
    --------
    >>> import numpy as np
    >>> float(simulate_lease(LeaseSpec(growth_frac_per_year=0.0), np.zeros((1, 2)))[0, 0])
    1.0
    """
    walk = log_walk(shocks, spec.volatility_frac)
    return expected_path(1.0, spec.growth_frac_per_year, shocks.shape[1]) * walk
