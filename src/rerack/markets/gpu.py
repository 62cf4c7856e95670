"""What a GPU-hour of a given generation rents for: an index that falls."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerack.base.checks import FloatArray, require_between
from rerack.markets.parameters import packaged
from rerack.markets.paths import expected_path, log_walk


@dataclass(frozen=True, kw_only=True)
class GpuSpec:
    """A model of the rental price of one GPU generation.

    Parameters
    ----------
    decline_frac_per_year : float
        Share of the expected price lost each year, nominal.
    volatility_frac : float
        Standard deviation of the yearly log change around the decline.

    Examples
    --------
    >>> GpuSpec(decline_frac_per_year=0.15, volatility_frac=0.2).decline_frac_per_year
    0.15
    """

    decline_frac_per_year: float = field(
        default_factory=lambda: packaged("gpu")["decline_frac_per_year"]
    )
    volatility_frac: float = field(default_factory=lambda: packaged("gpu")["volatility_frac"])

    def __post_init__(self) -> None:
        require_between(self.decline_frac_per_year, -1.0, 0.95, "gpu.decline_frac_per_year")
        require_between(self.volatility_frac, 0.0, 5.0, "gpu.volatility_frac")


def simulate_gpu(spec: GpuSpec, shocks: FloatArray) -> FloatArray:
    """Return the GPU-hour price index along each path.

    Parameters
    ----------
    spec : GpuSpec
        The model.
    shocks : array, shape (scenario, month)
        Standard normals; column 0 is unused.

    Returns
    -------
    array, shape (scenario, month)
        Index of the generation on sale in month 0, 1 in that month. A fleet bought in month b at
        the then list price earns ``price * index[t] / index[b]`` in month t: that a newer
        generation starts afresh at its own price is for the planner, which knows when it buys.

    Notes
    -----
    Log random walk whose mean is ``(1 - decline)^t`` exactly.

    Examples
    --------
    >>> import numpy as np
    >>> spec = GpuSpec(decline_frac_per_year=0.2, volatility_frac=0.0)
    >>> round(float(simulate_gpu(spec, np.zeros((1, 13)))[0, 12]), 3)
    0.8
    """
    walk = log_walk(shocks, spec.volatility_frac)
    return expected_path(1.0, -spec.decline_frac_per_year, shocks.shape[1]) * walk
