"""Files gone wrong: bytes flipped, lines lost, doubled, swapped, values replaced by nasty ones."""

from __future__ import annotations

import random
from collections.abc import Callable

NASTY = (
    b"",
    b"*a",
    b"&a",
    b"<<: x",
    b"[",
    b"{",
    b"- ",
    b"\t",
    b"'",
    b'"',
    b"|",
    b"!!int 3",
    b"?",
    b"\xff\xfe",
    b"\xc2\x85",
    b"\x00",
    b"1e999",
    b"-1e999",
    b"NaN",
    b"inf",
    b"yes",
    b"9" * 400,
    b"0",
    b"-1",
    b"null",
    b"~",
    b"{value: {value: 1}}",
    b"extends: case.yaml",
    b"0 MW utility",
    b"1e300 MW utility",
    b"-5 %",
    b"2026-13",
    b"9999-12-31T23:00Z",
    b"2024-02-30T00:00Z",
    b"=cmd()",
    b"x" * 5_000,
)


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Return `seed` after one to four changes."""
    raw = seed
    for _ in range(chance.randint(1, 4)):
        raw = chance.choice(_WAYS)(raw, chance)
    return raw


def _flip(raw: bytes, chance: random.Random) -> bytes:
    if not raw:
        return raw
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]


def _insert(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.choice(NASTY) + raw[at:]


def _cut(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + raw[at + chance.randint(0, 60) :]


def _end(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def _value(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    at = chance.randrange(len(lines))
    for mark in (b":", b","):
        head, found, _ = lines[at].partition(mark)
        if found:
            lines[at] = head + found + b" " + chance.choice(NASTY)
            break
    return b"\n".join(lines)


def _lines(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    way = chance.randrange(3)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(to, lines[at])
    else:
        lines[at], lines[to] = lines[to], lines[at]
    return b"\n".join(lines)


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip,
    _insert,
    _cut,
    _end,
    _value,
    _value,
    _lines,
)
