"""The one-line diagram of a topology, drawn as SVG from its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rerack.reliability import Block, KofN, Leaf, Parallel, Series, Standby, Topology
from rerack.report.figures.frame import label
from rerack.report.format import number, printable, share

_BOX_WIDTH, _BOX_HEIGHT = 112.0, 38.0
_GAP, _BUS, _ROW, _HEAD = 12.0, 10.0, 10.0, 16.0
#: Groups of more than this many like branches are drawn as one with its number.
_MOST_DRAWN = 3
_LONGEST = 17
#: Scale below which the drawing scrolls rather than shrinks.
_READABLE = 0.75
#: A page's style sheet reaches all of its drawings: charts are none of this one's business.
_STYLE = "".join(
    f".one-line {rule}"
    for rule in (
        "text{font:12px system-ui,sans-serif;fill:var(--text,#1c2126)}",
        ".s{font-size:10.5px;fill:var(--muted,#59606a)}",
        "rect{fill:var(--ground,#fff);stroke:var(--ai,#2563a8);stroke-width:1.4}",
        ".r{stroke:var(--storage,#7a5195)}",
        "line{stroke:var(--text,#1c2126);stroke-width:1.3}",
        ".d{stroke-dasharray:4 3}",
    )
)


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A piece of the drawing: its size, the height of its line, its SVG from the corner (0, 0)."""

    width: float
    height: float
    port: float
    svg: str


def one_line_svg(topology: Topology) -> str:
    """Return the one-line diagram of a topology as an SVG element.

    Parameters
    ----------
    topology : Topology
        What to draw; supply on the left, load on the right.

    Notes
    -----
    What is needed in full stands in a row, what is redundant one above the other between two
    buses, reserves below their supply with broken lines. Branches that are alike but for their
    numbers are drawn once, with how many there are. Names are escaped; colours follow the page.

    Examples
    --------
    >>> from rerack.reliability import preset
    >>> one_line_svg(preset("generator", critical_mw=10.0)).startswith("<svg")
    True
    """
    body = _draw(topology.blocks)
    load = _box("load", f"{number(topology.critical_mw)} MW critical", "")
    whole = _row([body, load])
    width, height = whole.width + 2 * _GAP, whole.height + 2 * _ROW
    name = label(topology.name)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="one-line" role="img" '
        f'aria-label="One-line diagram of {name.replace(chr(34), "")}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" style="max-width:100%;min-width:'
        f'{_READABLE * width:.0f}px;height:auto"><style>{_STYLE}</style>'
        f"{_at(_GAP, _ROW, whole.svg)}</svg>"
    )


def _draw(block: Block) -> _Drawn:
    if isinstance(block, Leaf):
        part = block.component
        return _box(part.name, f"{number(part.running_rate_per_year, 2)} /year", "")
    if isinstance(block, Series):
        return _row([_draw(child) for child in block.children])
    if isinstance(block, Standby):
        return _standby(block)
    return _group(block)


def _group(block: Parallel | KofN) -> _Drawn:
    needed = block.k if isinstance(block, KofN) else 1
    count = len(block.children)
    head = f"{needed} of {count} needed · common {share(block.beta_frac or 0.0)}"
    if count > _MOST_DRAWN and len({_shape(child) for child in block.children}) == 1:
        first = block.children[0]
        inner = _draw(first)
        if isinstance(first, Leaf):
            stem = re.sub(r"\W*\d+$", "", first.component.name) or first.component.name
            inner = _box(f"{count} × {stem}", f"{needed} needed", "")
        return _stacked([inner], head)
    return _stacked([_draw(child) for child in block.children], head)


def _standby(block: Standby) -> _Drawn:
    rows = [_draw(block.primary)]
    if block.generator is not None:
        fuel = "" if block.fuel_hours == float("inf") else f", fuel {block.fuel_hours:,.4g} h"
        rows.append(
            _box(f"{block.installed} × {block.generator.name}", f"{block.needed} needed{fuel}", "r")
        )
    if block.battery is not None:
        minutes = block.ride_through_hours * 60.0
        text = f"{minutes:.3g} min" if minutes < 120.0 else f"{minutes / 60.0:.3g} h"
        rows.append(_box(block.battery.name, f"carries {text}", "r"))
    return _stacked(rows, f"{block.name} · common {share(block.beta_frac or 0.0)}", reserve=1)


def _row(parts: Sequence[_Drawn]) -> _Drawn:
    port = max(part.port for part in parts)
    height = max(port - part.port + part.height for part in parts)
    svg, x = "", 0.0
    for number_of, part in enumerate(parts):
        if number_of > 0:
            svg += _line(x, port, x + _GAP, port)
            x += _GAP
        svg += _at(x, port - part.port, part.svg)
        x += part.width
    return _Drawn(width=x, height=height, port=port, svg=svg)


def _stacked(parts: Sequence[_Drawn], head: str, *, reserve: int | None = None) -> _Drawn:
    """Return branches between two buses; those from `reserve` on with broken lines."""
    inner = max(max(part.width for part in parts), 5.4 * len(head))
    width, y = inner + 2 * _BUS, _HEAD
    ports, svg = [], f'<text class="s" x="{_BUS:.0f}" y="11">{label(head)}</text>'
    for position, part in enumerate(parts):
        x = _BUS + (inner - part.width) / 2.0
        port = y + part.port
        broken = reserve is not None and position >= reserve
        svg += _line(0.0, port, x, port, broken) + _line(x + part.width, port, width, port, broken)
        svg += _at(x, y, part.svg)
        ports.append(port)
        y += part.height + _ROW
    svg += _line(0.0, ports[0], 0.0, ports[-1]) + _line(width, ports[0], width, ports[-1])
    middle = ports[0] if reserve is not None else (ports[0] + ports[-1]) / 2.0
    return _Drawn(width=width, height=y - _ROW, port=middle, svg=svg)


def _box(title: str, detail: str, style: str) -> _Drawn:
    shown = printable(title)
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    centre = _BOX_WIDTH / 2.0
    return _Drawn(
        width=_BOX_WIDTH,
        height=_BOX_HEIGHT,
        port=_BOX_HEIGHT / 2.0,
        svg=f'<rect class="{style}" rx="4" width="{_BOX_WIDTH:.0f}" height="{_BOX_HEIGHT:.0f}">'
        f"<title>{label(title)}</title></rect>"
        f'<text x="{centre:.0f}" y="17" text-anchor="middle">{label(shown)}</text>'
        f'<text class="s" x="{centre:.0f}" y="32" text-anchor="middle">{label(detail)}</text>',
    )


def _at(x: float, y: float, svg: str) -> str:
    return f'<g transform="translate({x:.1f},{y:.1f})">{svg}</g>'


def _line(x1: float, y1: float, x2: float, y2: float, broken: bool = False) -> str:
    style = ' class="d"' if broken else ""
    return f'<line{style} x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _shape(block: Block) -> str:
    """Return the structure of a block with numbers taken out of its names."""
    if isinstance(block, Leaf):
        return re.sub(r"\d+", "#", block.component.name)
    if isinstance(block, Standby):
        return f"standby({re.sub(r'[0-9]+', '#', block.name)})"
    return f"{type(block).__name__}({','.join(_shape(child) for child in block.children)})"
