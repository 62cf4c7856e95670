"""A block of scenarios as bytes."""

from __future__ import annotations

from typing import Any, BinaryIO

from rerack.planning import Plan, PlanBlock
from rerack.planning.accounts import Accounts, CovenantCount, WorstCover
from rerack.planning.decisions import Decisions
from rerack.planning.financing import Financed
from rerack.planning.policy import JudgedSite
from rerack.study import node_codec
from rerack.study.node_codec import NodeReader, NodeWriter, packed, unpacked
from rerack.study.simulate import Block

#: First bytes of every block; the number is that of the layout.
MAGIC = b"rerack block 1\n"
#: What a block may consist of.
_KNOWN = {
    kind.__name__: kind
    for kind in (Accounts, CovenantCount, Decisions, Financed, JudgedSite, PlanBlock, WorstCover)
}
#: Plans stand in the scenario.
_APART = ((PlanBlock.__name__, "plan"),)


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
    writer = NodeWriter(_KNOWN, _APART)
    header = {
        "drivers": {n: writer.array(paths.T) for n, paths in block.drivers.items()},
        "plans": [writer.node(plan) for plan in block.plans],
        "judged": [writer.node(judged) for judged in block.judged],
    }
    return packed(MAGIC, header, writer.chunks)


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
    DamagedBytesError
        Truncated, or a bit has changed.
    """
    header, body = unpacked(MAGIC, content)
    reader = NodeReader(_KNOWN, body)
    return Block(
        plans=tuple(
            reader.node(node, plan=plan) for node, plan in zip(header["plans"], plans, strict=True)
        ),
        judged=tuple(reader.node(node) for node in header["judged"]),
        drivers={n: reader.array(place).T for n, place in header["drivers"].items()}
        if drivers
        else {},
    )


def check_block(content: bytes) -> None:
    """Raise `DamagedBytesError` unless `content` is a whole block."""
    unpacked(MAGIC, content)


def read_header(stream: BinaryIO) -> tuple[dict[str, Any], int]:
    """Return (header, offset of the arrays) of a block that has been checked before."""
    header: dict[str, Any]
    header, start = node_codec.read_header(MAGIC, stream)
    return header, start
