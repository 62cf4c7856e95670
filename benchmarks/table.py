"""Results as rows, and rows as text."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks.spec import Measurement, Spec

Row = dict[str, Any]


def measured_row(spec: Spec, size: int, ours: Measurement, peer: Measurement | None) -> Row:
    """Return one row: both sides, their ratio, and what was aimed at."""
    return {
        "name": spec.name,
        "work": spec.work,
        "size": size,
        "size_unit": spec.size_unit,
        "target": spec.target,
        "quality_measures": spec.quality,
        "peer_name": spec.peer_name,
        "ours": asdict(ours),
        "peer": None if peer is None else asdict(peer),
        "ratio": None if peer is None else peer.time_s / ours.time_s,
    }


def scaling_exponent(rows: list[Row]) -> float | None:
    """Return the power of the size by which our time grows, None from fewer than two sizes.

    The slope of log time on log size by least squares: 1 where time grows as the size does.
    """
    if len(rows) < 2:
        return None
    size = np.log([row["size"] for row in rows])
    time = np.log([row["ours"]["time_s"] for row in rows])
    return float(np.polyfit(size, time, 1)[0])


def scaling(spec: Spec, rows: list[Row]) -> str:
    """Return the exponent as a line of text, empty where there is none."""
    exponent = scaling_exponent(rows)
    if exponent is None:
        return ""
    return f"  time grows as {spec.size_unit} to the power of {exponent:.2f}"


def machine() -> Row:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "load_1min": os.getloadavg()[0],
    }


def heading(spec: Spec) -> str:
    """Return the lines above a spec's rows."""
    against = f" against {spec.peer_name}" if spec.peer_name else ""
    lines = [f"\n{spec.name}: {spec.work}{against}", f"  target: {spec.target}"]
    if spec.quality:
        lines.append(f"  quality: {spec.quality}")
    columns = f"  {'size':>16} {'ours':>10} {'peer':>10} {'ratio':>8} {'quality':>9}"
    return "\n".join([*lines, f"{columns} {'memory':>8} {'peer':>8}"])


def line(row: Row) -> str:
    """Return a row as text; a dash stands for what does not apply or is unknown."""
    ours, peer = row["ours"], row["peer"] or {}
    ratio = "–" if row["ratio"] is None else f"{row['ratio']:.3g}x"
    quality = "–" if ours["quality"] is None else f"{ours['quality']:.1e}"
    size = f"{row['size']:,} {row['size_unit']}"
    return (
        f"  {size:>16} {_time(ours['time_s']):>10} {_time(peer.get('time_s')):>10} {ratio:>8} "
        f"{quality:>9} {_memory(ours['peak_mb']):>8} {_memory(peer.get('peak_mb')):>8}"
    )


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    for unit, scale in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def _memory(megabytes: float | None) -> str:
    return "–" if megabytes is None else f"{megabytes:,.0f} MB"
