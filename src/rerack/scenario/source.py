"""Reading a scenario's bytes safely: size, kind and encoding are checked before YAML sees them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rerack.base.errors import Problem, ScenarioError
from rerack.scenario.places import Place

#: A scenario is a page or two of text; anything larger is some other file.
MAX_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Source:
    """A text with the name that messages use for it.

    Parameters
    ----------
    file : str
        File as the user named it, or an option of the command line.
    text : str
        Contents.
    sha256 : str
        Digest of the bytes; empty for an option.
    option : str
        How the command line gave the text, such as ``study.seed=``; empty for a file. An option has
        no line numbers.
    """

    file: str
    text: str
    sha256: str = ""
    option: str = ""

    def place(self, line: int, column: int) -> Place:
        """Return the place at `line` and `column`, both counted from 0 as the parser does."""
        shown = self._lines[line] if line < len(self._lines) else ""
        return Place(
            file=self.file,
            line=0 if self.option else line + 1,
            column=len(self.option) + column + 1,
            source_line=self.option + shown,
        )

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines()


def read_source(path: Path) -> Source:
    """Return the text of a scenario file.

    Raises
    ------
    ScenarioError
        Missing, a folder, unreadable, larger than `MAX_BYTES` (nothing of it is then read), not
        UTF-8, or binary.
    """
    raw = _read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refuse(
            f"{path}:{line}", f"byte 0x{raw[error.start]:02x}", "UTF-8 text", "Save it as UTF-8."
        ) from None
    if "\x00" in text:
        raise _refuse(str(path), "binary data", "a YAML text", "Give a scenario file.")
    return Source(file=str(path), text=text, sha256=hashlib.sha256(raw).hexdigest())


def _read_bytes(path: Path) -> bytes:
    cure = "Check the path."
    if path.is_dir():
        raise _refuse(str(path), "a folder", "a scenario file", "Name the YAML file in it.")
    if not path.exists():
        raise _refuse(str(path), "no such file", "a scenario file", cure)
    if not is_file(path):
        raise _refuse(str(path), "not a regular file", "a scenario file", cure)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
            size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        given = f"unreadable ({error.strerror})"
        raise _refuse(str(path), given, "a readable scenario file", cure) from None
    if len(raw) > MAX_BYTES:
        raise _refuse(
            str(path),
            f"{size:,} bytes",
            f"at most {MAX_BYTES:,} bytes",
            "Give a scenario file; price series belong in market.power.file.",
        )
    return raw


def _refuse(where: str, given: str, allowed: str, cure: str) -> ScenarioError:
    return ScenarioError(Problem(where=where, given=given, allowed=allowed, cure=cure))


def is_file(path: Path) -> bool:
    """Whether a path names a file; a name that the system does not take names none."""
    return os.path.isfile(path)
