"""A block of scenarios as bytes: a header, raw arrays, and a checksum over both."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import fields, is_dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from rerack.planning import Plan, PlanBlock
from rerack.planning.accounts import Accounts, CovenantCount, WorstCover
from rerack.planning.decisions import Decisions
from rerack.planning.financing import Financed
from rerack.planning.policy import JudgedSite
from rerack.study.simulate import Block

#: First bytes of every block; the number is that of the layout.
MAGIC = b"rerack block 1\n"
_DIGEST_BYTES = 32
_LENGTH_BYTES = 8
#: What a block may consist of. A closed list, so that reading a file can never run code.
_KNOWN = {
    kind.__name__: kind
    for kind in (Accounts, CovenantCount, Decisions, Financed, JudgedSite, PlanBlock, WorstCover)
}


class DamagedBlockError(Exception):
    """The bytes are not a whole block; says what is wrong, the caller says where."""


def encode_block(block: Block) -> bytes:
    """Return a block as bytes.

    Parameters
    ----------
    block : Block
        From `rerack.study.simulate.run_block`.

    Notes
    -----
    Layout: `MAGIC`; length of the header (8 bytes, little-endian); the header as JSON; the arrays
    one after another; SHA-256 of all that. Driver paths come first, month by month, so that a few
    months of them can be read alone. Arrays of zeros, such as lines that nothing is posted to, are
    stored as their shape. Floats are stored as they are: decoding gives the same bits.
    """
    writer = _Writer()
    header = {
        "drivers": {n: writer.array(paths.T) for n, paths in block.drivers.items()},
        "plans": [writer.node(plan) for plan in block.plans],
        "judged": [writer.node(judged) for judged in block.judged],
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    body = b"".join([MAGIC, len(text).to_bytes(_LENGTH_BYTES, "little"), text, *writer.chunks])
    return body + hashlib.sha256(body).digest()


def decode_block(content: bytes, plans: tuple[Plan, ...], *, drivers: bool = True) -> Block:
    """Return the block that `content` holds.

    Parameters
    ----------
    content : bytes
        From `encode_block`.
    plans : tuple of Plan
        The study's plans, in its order.
    drivers : bool
        Whether to decode driver paths too.

    Raises
    ------
    DamagedBlockError
        Truncated, or a bit has changed.
    """
    header, start = checked_header(content)
    reader = _Reader(memoryview(content)[start:-_DIGEST_BYTES])
    return Block(
        plans=tuple(
            reader.node(node, plan) for node, plan in zip(header["plans"], plans, strict=True)
        ),
        judged=tuple(reader.node(node) for node in header["judged"]),
        drivers={n: reader.array(place).T for n, place in header["drivers"].items()}
        if drivers
        else {},
    )


def checked_header(content: bytes) -> tuple[dict[str, Any], int]:
    """Return (header, offset of the arrays) after checking length and SHA-256."""
    start = len(MAGIC) + _LENGTH_BYTES
    if len(content) < start + _DIGEST_BYTES or not content.startswith(MAGIC):
        raise DamagedBlockError("truncated, or not a block of scenarios")
    if hashlib.sha256(content[:-_DIGEST_BYTES]).digest() != content[-_DIGEST_BYTES:]:
        raise DamagedBlockError("truncated or changed: its checksum does not match")
    return read_header(io.BytesIO(content))


def read_header(stream: BinaryIO) -> tuple[dict[str, Any], int]:
    """Return (header, offset of the arrays) of a block that has been checked before."""
    start = len(MAGIC) + _LENGTH_BYTES
    length = int.from_bytes(stream.read(start)[len(MAGIC) :], "little")
    header: dict[str, Any] = json.loads(stream.read(length))
    return header, start + length


class _Writer:
    """Turns values into JSON, arrays into chunks."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self._offset = 0

    def array(self, values: NDArray[Any]) -> list[Any]:
        """Append an array; return its type, shape and offset, -1 for zeros."""
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
        if isinstance(value, np.ndarray):
            return {"array": self.array(value)}
        if type(value).__name__ in _KNOWN and is_dataclass(value):
            return {
                type(value).__name__: {
                    f.name: self.node(getattr(value, f.name))
                    for f in fields(value)
                    if not _is_plan(value, f.name)
                }
            }
        if isinstance(value, dict):
            return {"dict": [[self.node(k), self.node(v)] for k, v in value.items()]}
        if isinstance(value, tuple):
            return {"tuple": [self.node(item) for item in value]}
        if value is None or type(value) in (bool, int, float, str):
            return value
        raise TypeError(f"a block cannot hold {type(value).__name__}")


class _Reader:
    """Turns JSON and chunks back into values."""

    def __init__(self, body: memoryview) -> None:
        self._body = body

    def array(self, place: list[Any]) -> NDArray[Any]:
        """Return one array, a copy."""
        kind, shape, offset = place
        if offset < 0:
            return np.zeros(shape, dtype=kind)
        count = int(np.prod(shape, dtype=np.int64))
        flat = np.frombuffer(self._body, dtype=kind, count=count, offset=offset)
        return flat.reshape(shape).copy()

    def node(self, value: Any, plan: Plan | None = None) -> Any:
        """Return the value of a node; `plan` stands in a block of a plan."""
        if not isinstance(value, dict):
            return value
        ((kind, inside),) = value.items()
        if kind == "array":
            return self.array(inside)
        if kind == "dict":
            return {self.node(k): self.node(v) for k, v in inside}
        if kind == "tuple":
            return tuple(self.node(item) for item in inside)
        found = {name: self.node(item) for name, item in inside.items()}
        if kind == PlanBlock.__name__:
            found["plan"] = plan
        return _KNOWN[kind](**found)


def _is_plan(owner: object, field: str) -> bool:
    return isinstance(owner, PlanBlock) and field == "plan"
