"""Results of a sweep as they come: lines appended to a CSV file, each with a checksum."""

from __future__ import annotations

import csv
import io
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rerack.base.errors import StoreError
from rerack.study.store import Table, write_aside
from rerack.study.sweep.evaluate import FIGURES

RESULTS = "results.csv"
#: Columns behind those of the axes. `rows` is how many lines the study has, `crc32` that of the
#: line before it.
_COLUMNS = ("plan", "answer", *FIGURES, "problem", "rows", "crc32")


@dataclass(frozen=True, kw_only=True)
class SweepResults:
    """The results of one sweep.

    Parameters
    ----------
    folder : Path
        Sweep folder.
    keys : tuple of str
        Inputs varied.
    """

    folder: Path
    keys: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The file that results are appended to."""
        return self.folder / RESULTS

    def begin(self) -> None:
        """Write the header."""
        write_aside(self.path, _line(["study", *self.keys, *_COLUMNS]).encode())

    def append(self, values: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
        """Append all rows of one study in one write, synced."""
        text = "".join(_checked_line(values, row, len(rows)) for row in rows)
        try:
            with self.path.open("ab", buffering=0) as stream:
                before = stream.tell()
                written = stream.write(text.encode())
                if written != len(text.encode()):
                    stream.truncate(before)
                    raise OSError(28, "No space left on device")
                os.fsync(stream.fileno())
        except OSError as error:
            raise StoreError(
                f"{self.path}: cannot write ({error.strerror}). Free some space, then "
                "`rerack sweep resume` goes on."
            ) from error

    def read(self) -> tuple[list[dict[str, str]], list[str]]:
        """Return all rows of finished studies, and a message for each line that is not whole."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise StoreError(f"{self.path}: missing. Run the sweep again.") from error
        except UnicodeDecodeError as error:
            raise StoreError(f"{self.path}: damaged ({error}). Run the sweep again.") from error
        names = ["study", *self.keys, *_COLUMNS]
        rows, messages = [], []
        for number, line in enumerate(text.splitlines(keepends=True)[1:], start=2):
            body, _, digest = line.rstrip("\n").rpartition(",")
            if not line.endswith("\n") or digest != _crc(body):
                messages.append(f"{self.path}:{number}: not whole; its study is run again")
                continue
            rows.append(dict(zip(names, next(csv.reader([line])), strict=True)))
        return _whole_studies(rows), messages

    def keep(self, rows: Iterable[dict[str, str]]) -> None:
        """Write the file anew with these rows alone."""
        names = ["study", *self.keys, *_COLUMNS]
        lines = [_line(names), *(_line([row[name] for name in names]) for row in rows)]
        write_aside(self.path, "".join(lines).encode())

    def in_order(self, rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
        """Return rows in the order of the studies, those of a study in the order of its plans."""
        return sorted(rows, key=lambda row: int(row["study"]))

    def table(self, rows: list[dict[str, str]]) -> Table:
        """Return rows as columns, in the order of the studies; NaN where a study was refused."""
        ordered = self.in_order(rows)
        table: Table = {"study": np.array([int(r["study"]) for r in ordered], dtype=np.int64)}
        for key in self.keys:
            table[key] = np.array([r[key] for r in ordered], dtype=str)
        table["plan"] = np.array([r["plan"] for r in ordered], dtype=str)
        table["answer"] = np.array([r["answer"] == "1" for r in ordered], dtype=bool)
        for figure in FIGURES:
            table[figure] = np.array([float(r[figure]) for r in ordered], dtype=np.float64)
        table["problem"] = np.array([r["problem"] for r in ordered], dtype=str)
        return table


def _checked_line(values: tuple[str, ...], row: dict[str, Any], count: int) -> str:
    cells = [row["study"], *values, *(row[name] for name in _COLUMNS[:-2]), count]
    body = _line([repr(c) if isinstance(c, float) else c for c in cells]).rstrip("\n")
    return f"{body},{_crc(body)}\n"


def _line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([str(cell).replace("\n", " ") for cell in cells])
    return out.getvalue()


def _crc(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def _whole_studies(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of studies that have all their rows; one that is there twice counts once."""
    by_study: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        by_study.setdefault(row["study"], {})[row["plan"]] = row
    return [
        row
        for plans in by_study.values()
        if len(plans) == int(next(iter(plans.values()))["rows"])
        for row in plans.values()
    ]
