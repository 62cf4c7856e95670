"""Values as JSON and raw arrays: a header, the arrays, and a checksum over both.

Only kinds that the reader names are made, so that reading a file can never run code.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_DIGEST_BYTES = 32
_LENGTH_BYTES = 8
#: Kinds that may be held, by name.
Known = Mapping[str, type]


class DamagedBytesError(Exception):
    """The bytes are not whole; says what is wrong, the caller says where."""


def packed(magic: bytes, header: Any, chunks: list[bytes]) -> bytes:
    """Return `magic`, the header's length, the header as JSON, the arrays, and their SHA-256."""
    text = json.dumps(header, separators=(",", ":")).encode()
    body = b"".join([magic, len(text).to_bytes(_LENGTH_BYTES, "little"), text, *chunks])
    return body + hashlib.sha256(body).digest()


def unpacked(magic: bytes, content: bytes) -> tuple[Any, memoryview]:
    """Return header and arrays of what `packed` made.

    Raises
    ------
    DamagedBytesError
        Truncated, or a bit has changed.
    """
    start = len(magic) + _LENGTH_BYTES
    if len(content) < start + _DIGEST_BYTES or not content.startswith(magic):
        raise DamagedBytesError("truncated, or not what it should be")
    body = memoryview(content)[:-_DIGEST_BYTES]
    if hashlib.sha256(body).digest() != content[-_DIGEST_BYTES:]:
        raise DamagedBytesError("truncated or changed: its checksum does not match")
    header, offset = read_header(magic, io.BytesIO(content))
    return header, body[offset:]


def read_header(magic: bytes, stream: BinaryIO) -> tuple[Any, int]:
    """Return (header, offset of the arrays) of a file that has been checked before."""
    start = len(magic) + _LENGTH_BYTES
    length = int.from_bytes(stream.read(start)[len(magic) :], "little")
    return json.loads(stream.read(length)), start + length


class NodeWriter:
    """Turns values into JSON, arrays into chunks.

    Parameters
    ----------
    known : mapping of str to type
        Dataclasses that may be held.
    apart : tuple of (str, str)
        (kind, field) that are left out; whoever reads has them.
    """

    def __init__(self, known: Known, apart: tuple[tuple[str, str], ...] = ()) -> None:
        self.chunks: list[bytes] = []
        self._known, self._apart = known, apart
        self._offset = 0

    def array(self, values: NDArray[Any]) -> list[Any]:
        """Append an array; return its type, shape and offset, -1 for zeros."""
        if values.dtype.hasobject:
            raise TypeError(f"a file cannot hold an array of {values.dtype}")
        # Zeros of either sign are not alike, so their bits are looked at.
        raw = np.ascontiguousarray(values).tobytes()
        place = [values.dtype.str, list(values.shape), -1]
        if raw.count(0) != len(raw):
            place[2] = self._offset
            self.chunks.append(raw)
            self._offset += len(raw)
        return place

    def node(self, value: Any) -> Any:
        """Return the JSON of a value; each kind but the plain ones is an object with one key."""
        kind = type(value).__name__
        if isinstance(value, np.ndarray):
            if value.dtype.hasobject and all(type(item) is str for item in value.flat):
                # A long column of few texts, which memory holds once each.
                texts, codes = np.unique(value, return_inverse=True)
                return {"texts": [texts.tolist(), self.array(codes)]}
            return {"array": self.array(value)}
        if kind in self._known and is_dataclass(value):
            names = [f.name for f in fields(value) if (kind, f.name) not in self._apart]
            return {kind: {name: self.node(getattr(value, name)) for name in names}}
        if isinstance(value, dict):
            return {"dict": [[self.node(k), self.node(v)] for k, v in value.items()]}
        if isinstance(value, tuple):
            return {"tuple": [self.node(item) for item in value]}
        if value is None or type(value) in (bool, int, float, str):
            return value
        raise TypeError(f"a file cannot hold {kind}")


class NodeReader:
    """Turns JSON and chunks back into values.

    Parameters
    ----------
    known : mapping of str to type
        Dataclasses that are made.
    body : memoryview
        The arrays.
    """

    def __init__(self, known: Known, body: memoryview) -> None:
        self._known, self._body = known, body

    def array(self, place: list[Any]) -> NDArray[Any]:
        """Return one array, a copy."""
        kind, shape, offset = place
        if offset < 0:
            return np.zeros(shape, dtype=kind)
        count = int(np.prod(shape, dtype=np.int64))
        flat = np.frombuffer(self._body, dtype=kind, count=count, offset=offset)
        return flat.reshape(shape).copy()

    def node(self, value: Any, **apart: Any) -> Any:
        """Return the value of a node; `apart` are the fields that were left out of it."""
        if not isinstance(value, dict):
            return value
        ((kind, inside),) = value.items()
        if kind == "array":
            return self.array(inside)
        if kind == "texts":
            names, codes = inside
            return np.array(names, dtype=object)[self.array(codes)]
        if kind == "dict":
            return {self.node(k): self.node(v) for k, v in inside}
        if kind == "tuple":
            return tuple(self.node(item) for item in inside)
        return self._known[kind](
            **{name: self.node(item) for name, item in inside.items()}, **apart
        )
