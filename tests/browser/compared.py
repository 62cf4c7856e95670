"""A painted trace compared with the figure's values, to half a pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.painted import Axis, corners

from rerack.base.checks import FloatArray

#: How far what is drawn may be from where it belongs [pixels].
NEAR_PX = 0.5


def close(found: Any, wanted: Any) -> None:
    """Assert that pixels are where they belong."""
    assert len(found) == len(wanted)
    found = np.reshape(found, np.shape(wanted))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=NEAR_PX)


def on_path(points: FloatArray, path: FloatArray) -> FloatArray:
    """Return how far each point is from a path of straight pieces [pixels]."""
    a, b = path[:-1], path[1:]
    step = b - a
    length = np.maximum((step**2).sum(axis=1), 1e-9)
    share = np.clip(((points[:, None] - a) * step).sum(axis=2) / length, 0, 1)
    far = np.linalg.norm(points[:, None] - (a + share[..., None] * step), axis=2)
    nearest: FloatArray = far.min(axis=1)
    return nearest


def check_line(trace: dict[str, Any], drawn: dict[str, Any], x: Axis, y: Axis, under: Any) -> None:
    """Compare a line with its values; a step also at each value's end."""
    values = np.asarray(trace["y"], dtype=np.float64) + under
    points = np.column_stack([x.px(trace["x"]), y.px(values)])
    for path in drawn["lines"]:
        found = corners(path)
        steps = trace["line"].get("shape") == "hv"
        if steps:
            ends = np.column_stack([points[1:, 0], points[:-1, 1]])
            assert on_path(np.vstack([points, ends]), found).max() < NEAR_PX
        else:
            close(found, points)
    assert bool(drawn["lines"]) == (trace["line"]["width"] > 0)
    if "markers" in trace["mode"]:
        close([[d["cx"], d["cy"]] for d in drawn["dots"]], points)
    if trace.get("fill", "none") != "none" or "stackgroup" in trace:
        assert len(drawn["areas"]) == 1


def bar_ends(trace: dict[str, Any], piles: dict[Any, float], barmode: str) -> FloatArray:
    """Return where bars begin and end, of shape (bar, 2) [unit of the axis]."""
    lies = trace.get("orientation") == "h"
    sizes, spots = (trace["x"], trace["y"]) if lies else (trace["y"], trace["x"])
    out = []
    for k, (size, spot) in enumerate(zip(sizes, spots, strict=True)):
        key = (spot, size < 0)
        start = trace["base"][k] if "base" in trace else 0.0
        if barmode == "relative":
            start = piles.get(key, 0.0)
            piles[key] = start + size
        out.append((start, start + size))
    return np.asarray(out)


def check_bars(trace: dict[str, Any], drawn: dict[str, Any], x: Axis, y: Axis, ends: Any) -> None:
    """Compare bars, their hatching and whiskers with their values."""
    lies = trace.get("orientation") == "h"
    along, across = (x, y) if lies else (y, x)
    spots = across.px(trace["y"] if lies else trace["x"])
    edges = np.sort(np.column_stack([along.px(ends[:, 0]), along.px(ends[:, 1])]), axis=1)
    shown = edges[:, 1] - edges[:, 0] >= 0.005
    low, span, side, wide = ("x", "width", "y", "height") if lies else ("y", "height", "x", "width")
    close([[b[low], b[low] + b[span]] for b in drawn["boxes"]], edges[shown])
    close([b[side] + b[wide] / 2 for b in drawn["boxes"]], spots[shown])
    hatched = [bool(s) for s in np.asarray(trace["marker"]["pattern"]["shape"])[shown]]
    assert [b["fill"].startswith("url(#hatch") for b in drawn["boxes"]] == hatched
    if "error_x" in trace:
        bars = corners(drawn["whiskers"][0]).reshape(-1, 4, 2)
        low_px = x.px(ends[:, 1] - np.asarray(trace["error_x"]["arrayminus"]))
        high_px = x.px(ends[:, 1] + np.asarray(trace["error_x"]["array"]))
        close(bars[:, 1:3, 0], np.column_stack([low_px, high_px]))
        close(bars[:, 1, 1], spots)


def check_cells(trace: dict[str, Any], drawn: dict[str, Any], x: Axis, y: Axis) -> None:
    """Compare a map's cells with their rows and columns."""
    middles = [[b["x"] + b["width"] / 2, b["y"] + b["height"] / 2] for b in drawn["boxes"]]
    close(middles, [[a, b] for b in y.px(trace["y"]) for a in x.px(trace["x"])])
