"""Tables for people and for programs: aligned text, CSV and JSON from the same columns."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import require
from rerack.report.format import number, numbers, printable

#: A cell that a spreadsheet would run: a formula, or a signed text that holds a call.
_FORMULA = re.compile(r"^(?:[=@\t\r]|[+\-](?=.*[(|!]))")
#: Where a word may be broken: after an underscore, and after a hyphen between letters (no dates).
_BREAKS = re.compile(r"(?<=[0-9A-Za-z]_)(?=[0-9A-Za-z])|(?<=[A-Za-z]-)(?=[A-Za-z])")
#: Widest word that a text column keeps whole while others can give way, and its least width.
_WHOLE_WORD, _NARROWEST = 24, 8
_GAP = 2


@dataclass(frozen=True, kw_only=True)
class Written:
    """A table whose cells are texts, ready for a terminal or a page.

    Parameters
    ----------
    heads : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells, one tuple a row.
    right : tuple of bool
        Whether a column stands to the right, as numbers do.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]

    def __post_init__(self) -> None:
        lengths = {len(self.right), *map(len, self.rows)}
        require(
            lengths == {len(self.heads)},
            "table",
            given=f"rows of {sorted(lengths)} cells",
            allowed=f"{len(self.heads)} cells in each",
        )


def written(
    columns: Mapping[str, ArrayLike],
    *,
    headings: Mapping[str, str] | None = None,
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    right: Sequence[str] = (),
) -> Written:
    """Write every cell of `columns` as text.

    Parameters
    ----------
    columns : mapping of str to array_like
        Values by column name, each of shape (row,).
    headings : mapping of str to str, optional
        Heading by column name; the name itself where absent.
    formats : mapping of str to callable, optional
        How to write a cell of a column; by default three significant figures.
    right : sequence of str
        Columns of numbers that are texts already, to stand to the right as other numbers do.
    """
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    counts = {name: len(values) for name, values in arrays.items()}
    require(len(set(counts.values())) <= 1, "columns", given=counts, allowed="one length")
    write = formats or {}
    cells = [_cells(values, write.get(name)) for name, values in arrays.items()]
    return Written(
        heads=tuple(printable((headings or {}).get(name, name)) for name in arrays),
        rows=tuple(zip(*cells, strict=True)),
        right=tuple(_is_number(v) or name in right for name, v in arrays.items()),
    )


def _is_number(values: NDArray[Any]) -> bool:
    """Return whether a column holds numbers; None stands for one that is missing."""
    if values.dtype.kind != "O":
        return values.dtype.kind in "iuf"
    known = [type(value) for value in values.tolist() if value is not None]
    return bool(known) and all(kind in (int, float) for kind in known)


def _cells(values: NDArray[Any], write: Callable[[Any], str] | None) -> list[str]:
    """Return a column as texts without control characters."""
    if write is None and values.dtype.kind == "f":
        return numbers(values)
    plain = values.tolist()
    written_so = write is None and values.dtype.kind == "U"
    texts = plain if written_so else [(write or _default)(value) for value in plain]
    # Nearly always all of them are printable, which one look tells.
    return texts if "".join(texts).isprintable() else [printable(text) for text in texts]


def table_text(
    columns: Mapping[str, ArrayLike],
    *,
    headings: Mapping[str, str] | None = None,
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    width: int = 90,
    indent: int = 0,
) -> str:
    """Lay columns out as text: numbers to the right, words to the left, long words wrapped.

    Parameters
    ----------
    columns, headings, formats
        As in `written`.
    width : int
        Characters to keep within; only text columns give way.
    indent : int
        Spaces before each line.

    Examples
    --------
    >>> print(table_text({"rig": ["S21", "S19 XP"], "price": [1234.0, 83.51]}))
    rig     price
    S21     1,234
    S19 XP   83.5
    """
    table = written(columns, headings=headings, formats=formats)
    return lay_out(table, width=width, indent=indent)


def lay_out(table: Written, *, width: int = 90, indent: int = 0) -> str:
    """Return a written table as aligned lines within `width` characters."""
    widths = _fit(table, width - indent)
    lines = [_row_lines(row, widths, table.right, indent) for row in (table.heads, *table.rows)]
    return "\n".join(itertools.chain.from_iterable(lines))


def to_csv(table: Mapping[str, ArrayLike]) -> str:
    r"""Write columns as CSV with a header line; full precision, NaN as an empty cell.

    A text that a spreadsheet would run as a formula gets an apostrophe before it.

    Examples
    --------
    >>> to_csv({"plan": ["wait"], "irr_frac": [float("nan")], "capex_usd": [1.5]})
    'plan,irr_frac,capex_usd\nwait,,1.5\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table)
    for row in zip(*(np.asarray(v).tolist() for v in table.values()), strict=True):
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue()


def to_json(table: Mapping[str, ArrayLike]) -> str:
    """Write columns as a JSON list with one object a row; NaN and infinity become null.

    Examples
    --------
    >>> to_json({"plan": ["wait"], "irr_frac": [float("nan")]})
    '[{"plan": "wait", "irr_frac": null}]'
    """
    columns = [plain(np.asarray(v)) for v in table.values()]
    objects = [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]
    return json.dumps(objects, ensure_ascii=False, allow_nan=False)


#: Types whose values JSON knows as they are.
_PLAIN = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """Return `value` as JSON knows it: no NumPy types, None for what is not finite."""
    # Most of a figure is texts and lists of them, month by month: what is common is asked first.
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        texts = all(type(v) is str for v in value)
        return list(value) if texts else [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        whole = value.dtype.kind in "iub" or (value.dtype.kind == "f" and np.isfinite(value).all())
        return value.tolist() if whole else plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, Mapping):
        return {str(k): v if type(v) in _PLAIN else plain(v) for k, v in value.items()}
    return value


def _default(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, float) else str(value)


def _fit(table: Written, width: int) -> list[int]:
    """Return column widths: headings of numbers give way first, then texts, words whole at first.

    Words are broken only where that brings the table within `width`.
    """
    columns = [list(column) for column in zip(table.heads, *table.rows, strict=True)]
    widths = [max(map(len, column)) for column in columns]
    room = width - _GAP * (len(widths) - 1)
    # Numbers are never broken: their column keeps the longest, and the longest word of its head.
    floors = [
        max(map(len, [*column[1:], *_pieces(column[0]), ""])) if is_number else _longest(column)
        for column, is_number in zip(columns, table.right, strict=True)
    ]
    for giving_way in (True, False):
        able = [k for k, is_number in enumerate(table.right) if is_number is giving_way]
        _give_way(widths, floors, able, room)
    least = [
        w if right else min(w, _NARROWEST) for w, right in zip(widths, table.right, strict=True)
    ]
    if sum(least) <= room:
        _give_way(widths, least, range(len(widths)), room)
    return widths


def _longest(column: list[str]) -> int:
    """Return the width at which a text column keeps its words whole, but for very long ones."""
    return min(_WHOLE_WORD, max((len(p) for cell in column for p in _pieces(cell)), default=0))


def _give_way(widths: list[int], floors: Sequence[int], able: Iterable[int], room: int) -> None:
    """Take from the widest of the columns that are able, until all fit or none has more to give."""
    able = list(able)
    while sum(widths) > room:
        slack = [k for k in able if widths[k] > floors[k]]
        if not slack:
            return
        widths[max(slack, key=lambda k: widths[k])] -= 1


def _pieces(text: str) -> list[str]:
    """Return what a line may end after: words, and the parts of names that are written as one."""
    return [piece for word in text.split() for piece in _BREAKS.split(word)]


def _wrapped(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` characters; only a part too long is cut."""
    if len(text) <= width:
        return [text]
    lines = [""]
    for word in text.split():
        for k, piece in enumerate(_BREAKS.split(word)):
            space = " " if k == 0 and lines[-1] else ""
            if len(lines[-1]) + len(space) + len(piece) <= width:
                lines[-1] += space + piece
                continue
            cut = [piece[i : i + width] for i in range(0, len(piece), width)]
            lines += cut
    return [line for line in lines if line] or [""]


def _row_lines(
    row: Sequence[str], widths: Sequence[int], right: Sequence[bool], indent: int
) -> list[str]:
    wrapped = [_wrapped(cell, w) for cell, w in zip(row, widths, strict=True)]
    lines = []
    for parts in itertools.zip_longest(*wrapped, fillvalue=""):
        cells = [
            part.rjust(w) if is_number else part.ljust(w)
            for part, w, is_number in zip(parts, widths, right, strict=True)
        ]
        lines.append((" " * indent + (" " * _GAP).join(cells)).rstrip())
    return lines


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, float) and math.isnan(cell):
        return ""
    if isinstance(cell, str) and _FORMULA.match(cell):
        return f"'{cell}"
    return cell
