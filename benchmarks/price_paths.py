"""Bitcoin price paths from named streams, against bare NumPy."""

from __future__ import annotations

import numpy as np

from benchmarks.measure import PeakMemory, best_of
from benchmarks.spec import Measurement, Spec
from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.markets.bitcoin.simulate import simulate_bitcoin
from rerack.markets.bitcoin.spec import BitcoinSpec

MONTHS = 240
SPEC = BitcoinSpec(price_usd=85_000.0, model="gbm", growth_frac_per_year=0.05, volatility_frac=0.6)


def rerack_paths(paths: int) -> FloatArray:
    """Draw and simulate, so that path i is the same whatever their number."""
    streams = Streams(7)
    shocks = streams.normals("bitcoin", paths=paths, shape=(MONTHS,))
    return simulate_bitcoin(SPEC, shocks, streams)


def numpy_paths(paths: int) -> FloatArray:
    """Draw and simulate with one generator, in place where possible."""
    step = 0.6 / np.sqrt(12.0)
    walk = np.random.default_rng(7).standard_normal((paths, MONTHS))
    walk *= step
    walk += np.log1p(0.05) / 12.0 - step * step / 2.0
    walk[:, 0] = np.log(85_000.0)
    np.cumsum(walk, axis=1, out=walk)
    return np.exp(walk, out=walk)


def _error(prices: FloatArray) -> float:
    """Return how far the mean log price of month 24 lies from theory, in standard errors."""
    logs = np.log(prices[:, 24] / 85_000.0)
    expected = 2.0 * np.log(1.05) - 0.6**2
    return float(abs(logs.mean() - expected) / (logs.std() / np.sqrt(logs.size)))


def run_paths(paths: int) -> Measurement:
    """Time rerack."""
    memory = PeakMemory()
    time_s = best_of(5, lambda: rerack_paths(paths))
    return Measurement(time_s=time_s, peak_mb=memory.read_mb(), quality=_error(rerack_paths(paths)))


def peer_paths(paths: int) -> Measurement:
    """Time NumPy."""
    memory = PeakMemory()
    time_s = best_of(5, lambda: numpy_paths(paths))
    return Measurement(time_s=time_s, peak_mb=memory.read_mb(), quality=_error(numpy_paths(paths)))


SPECS = (
    Spec(
        name="price-paths",
        work="geometric Brownian price paths of 240 months, drawing included",
        size_unit="paths",
        sizes=(1_000, 10_000),
        run=run_paths,
        target="50 M path-months a second, that is 48 ms for 10,000",
        quality="mean log price of month 24 against theory, in standard errors",
        peer_name="bare NumPy",
        peer=peer_paths,
    ),
)
