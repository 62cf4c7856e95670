"""Clock and memory: best or median of several repeats, and the peak of the resident set."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

_CLEAR = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def best_of(repeats: int, work: Callable[[], object]) -> float:
    """Return the shortest wall time of several repeats [s]; noise only ever adds time."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def median_of(repeats: int, work: Callable[[], object]) -> float:
    """Return the median processor time of several repeats [s]: other jobs do not count in it."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return statistics.median(times)


class PeakMemory:
    """Growth of resident memory from construction to `read_mb`, as Linux counts it."""

    def __init__(self) -> None:
        try:
            _CLEAR.write_text("5")  # forgets the old peak, see proc(5)
            self._before_mb = _status_mb("VmRSS")
        except OSError:
            self._before_mb = None

    def read_mb(self) -> float | None:
        """Return the peak less what was resident at the start [MB]; None where unknown."""
        if self._before_mb is None:
            return None
        peak_mb = _status_mb("VmHWM")
        return None if peak_mb is None else max(peak_mb - self._before_mb, 0.0)


def _status_mb(field: str) -> float | None:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{field}:"):
            return float(line.split()[1]) / 1024.0
    return None
