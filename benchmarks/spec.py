"""What a benchmark is: some work, its sizes, rerack's way and a peer's way of doing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class BenchmarkError(Exception):
    """What was to be measured did not run."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One side of one comparison.

    Parameters
    ----------
    time_s : float
        Best time of all repeats, or the total where the work is long [s].
    peak_mb : float or None
        Growth of the process's resident memory while it ran [MB]; None where unknown.
    quality : float or None
        Error of the answer, as the spec says; None for the side that is the reference.
    """

    time_s: float
    peak_mb: float | None = None
    quality: float | None = None


def always_there() -> str:
    """Say that nothing is missing."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One benchmark.

    Parameters
    ----------
    name : str
        Short name, used on the command line.
    work : str
        What is done, in one phrase.
    size_unit : str
        What a size counts.
    sizes : tuple of int
        Sizes, ascending.
    run : callable
        rerack's way: size -> Measurement.
    target : str
        What it should reach.
    quality : str
        What the quality figure measures.
    peer_name : str
        Whom it is compared with; empty if with nobody.
    peer : callable or None
        The peer's way: size -> Measurement.
    missing : callable
        Returns why the benchmark cannot run here, or an empty text.
    """

    name: str
    work: str
    size_unit: str
    sizes: tuple[int, ...]
    run: Callable[[int], Measurement]
    target: str
    quality: str = ""
    peer_name: str = ""
    peer: Callable[[int], Measurement] | None = None
    missing: Callable[[], str] = always_there
