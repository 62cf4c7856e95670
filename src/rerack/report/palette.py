"""Colour by meaning, colour-blind safe, each with a light and a dark form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, kw_only=True)
class Ink:
    """One colour in its two forms.

    Parameters
    ----------
    light : str
        Hex colour on a light ground; figures carry this one.
    dark : str
        Hex colour on a dark ground; the page puts it in when the reader's screen is dark.
    """

    light: str
    dark: str


#: Meaning -> colour. Loss is always accompanied by a mark or a word.
INKS = {
    "mining": Ink(light="#B8860B", dark="#E0B040"),
    "ai": Ink(light="#2563A8", dark="#6FA8E8"),
    "grid-services": Ink(light="#2E8B6F", dark="#5FC3A5"),
    "storage": Ink(light="#7A5195", dark="#B08BD0"),
    "idle": Ink(light="#8A8F98", dark="#6B7078"),
    "loss": Ink(light="#B3362B", dark="#E2695E"),
    "text": Ink(light="#1C2126", dark="#E7E9EC"),
    "muted": Ink(light="#59606A", dark="#A4ABB5"),
    "rule": Ink(light="#DFE2E6", dark="#343A42"),
    "ground": Ink(light="#FFFFFF", dark="#14171B"),
    "card": Ink(light="#F6F7F9", dark="#1C2026"),
}

#: Opacity of the P5 to P95 band and of the P25 to P75 band.
OUTER, INNER = 0.15, 0.30


def ink(meaning: str) -> str:
    """Return the light hex colour of a meaning.

    Examples
    --------
    >>> ink("mining")
    '#B8860B'
    """
    return INKS[meaning].light


@cache
def wash(meaning: str, opacity: float) -> str:
    """Return the light colour of a meaning at an opacity between 0 and 1.

    Examples
    --------
    >>> wash("ai", OUTER)
    'rgba(37,99,168,0.15)'
    """
    return f"rgba({_triple(ink(meaning))},{opacity:g})"


def dark_colours() -> dict[str, str]:
    """Return light form -> dark form, for hex colours and for the triples within ``rgba()``."""
    out = {i.light: i.dark for i in INKS.values()}
    return out | {_triple(i.light): _triple(i.dark) for i in INKS.values()}


def _triple(colour: str) -> str:
    return ",".join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))
