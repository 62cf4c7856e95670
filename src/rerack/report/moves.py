"""Which halls a plan converts, to what and when, read from the shares of its scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import require, require_between
from rerack.report.format import quarter
from rerack.report.source import RunTables, rows, select

NEVER = "never"
#: A hall counts as converted when it converts in at least this share of the scenarios.
_MAJORITY_FRAC = 0.5


@dataclass(frozen=True, kw_only=True)
class Move:
    """Halls that a plan converts to one use.

    Parameters
    ----------
    use : str
        What the halls become.
    halls : tuple of str
        Hall names in site order.
    utility_mw : float
        Their capacity together [MW utility].
    first_month, last_month : str
        Earliest and latest of the halls' median months, ``YYYY-MM``.
    share_frac : float
        Share of scenarios in which the least certain of the halls converts.
    """

    use: str
    halls: tuple[str, ...]
    utility_mw: float
    first_month: str
    last_month: str
    share_frac: float

    def __post_init__(self) -> None:
        require(len(self.halls) > 0, "halls", given="none", allowed="one hall or more")
        require_between(self.share_frac, 0.0, 1.0 + 1e-9, "share_frac")


def moves(run: RunTables, plan: str) -> tuple[Move, ...]:
    """Return what `plan` converts in at least half of the scenarios, largest first.

    A hall's use is the one it takes in most scenarios; its month is the median over those.
    """
    shares = _converting(run, plan)
    found: dict[str, list[tuple[str, str, float]]] = {}
    for hall in hall_capacity_mw(run):
        of_use: dict[str, list[tuple[str, float]]] = {}
        for use, month, share in shares.get(hall, []):
            of_use.setdefault(use, []).append((month, share))
        sums = {use: sum(share for _, share in of_use[use]) for use in sorted(of_use)}
        if sum(sums.values()) < _MAJORITY_FRAC - 1e-9:
            continue
        use = max(sums, key=lambda u: sums[u])
        month = _median(*zip(*of_use[use], strict=True))
        found.setdefault(use, []).append((hall, month, sums[use]))
    out = [_move(run, use, entries) for use, entries in found.items()]
    return tuple(sorted(out, key=lambda m: -m.utility_mw))


def _converting(run: RunTables, plan: str) -> dict[str, list[tuple[str, str, float]]]:
    """Return (use, month, share of scenarios) of each conversion of a plan, by hall."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    for row in rows(select(run.table("decisions"), plan=plan)):
        if row["month"] != NEVER:
            entry = (str(row["use"]), str(row["month"]), float(row["share_frac"]))
            found.setdefault(str(row["hall"]), []).append(entry)
    return found


@dataclass(frozen=True, kw_only=True)
class RuleMoves:
    """What a plan that follows a rule does with its halls.

    Parameters
    ----------
    halls : tuple of str
        Halls that it converts in any scenario, in site order.
    utility_mw : float
        Their capacity together [MW utility].
    use : str
        Offer that takes most of the megawatts.
    share_frac : float
        Share of those halls' MW that is converted, mean over scenarios.
    first_frac : float
        The same at the first decision of the study.
    first_month, median_month : str
        First month in which a hall converts anywhere, and the median over conversions.
    """

    halls: tuple[str, ...]
    utility_mw: float
    use: str
    share_frac: float
    first_frac: float
    first_month: str
    median_month: str


def rule_moves(run: RunTables, plan: str) -> RuleMoves | None:
    """Return what a plan converts in any scenario, weighted by MW; None if it never converts."""
    table = select(run.table("decisions"), plan=plan)
    moved = {name: values[table["month"] != NEVER] for name, values in table.items()}
    capacity_mw = hall_capacity_mw(run)
    halls = tuple(h for h in capacity_mw if bool((moved["hall"] == h).any()))
    if not halls:
        return None
    size_mw = np.array([capacity_mw[str(h)] for h in moved["hall"]])
    mw = size_mw * moved["share_frac"].astype(np.float64)
    total_mw = sum(capacity_mw[h] for h in halls)
    uses = sorted({str(u) for u in moved["use"]})
    start = moved["month"] == str(run.meta["start"])
    return RuleMoves(
        halls=halls,
        utility_mw=total_mw,
        use=max(uses, key=lambda u: float(mw[moved["use"] == u].sum())),
        share_frac=float(mw.sum()) / total_mw,
        first_frac=float(mw[start].sum()) / total_mw,
        first_month=min(map(str, moved["month"])),
        median_month=_median(moved["month"].tolist(), mw.tolist()),
    )


def hall_capacity_mw(run: RunTables) -> dict[str, float]:
    """Return hall name -> capacity [MW utility], in site order."""
    return {str(h["name"]): float(h["utility_mw"]) for h in run.meta["halls"]}


def hall_list(halls: Sequence[str], site_order: Sequence[str]) -> str:
    """Name halls in few words: three or more neighbours become a range.

    Examples
    --------
    >>> hall_list(["B", "C", "D", "F"], list("ABCDEF"))
    'B to D and F'
    """
    runs: list[list[str]] = []
    for hall in sorted(halls, key=site_order.index):
        follows = runs and site_order.index(hall) == site_order.index(runs[-1][-1]) + 1
        if follows:
            runs[-1].append(hall)
        else:
            runs.append([hall])
    names: list[str] = []
    for neighbours in runs:
        names += [f"{neighbours[0]} to {neighbours[-1]}"] if len(neighbours) > 2 else neighbours
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def period(first_month: str, last_month: str) -> str:
    """Write when: one quarter, or from one to another.

    Examples
    --------
    >>> period("2026-07", "2026-09"), period("2026-07", "2028-01")
    ('from 2026 Q3', 'from 2026 Q3 to 2028 Q1')
    """
    first, last = quarter(first_month), quarter(last_month)
    return f"from {first}" if first == last else f"from {first} to {last}"


def _move(run: RunTables, use: str, entries: Sequence[tuple[str, str, float]]) -> Move:
    capacity_mw = hall_capacity_mw(run)
    months = sorted(month for _, month, _ in entries)
    return Move(
        use=use,
        halls=tuple(hall for hall, _, _ in entries),
        utility_mw=sum(capacity_mw[hall] for hall, _, _ in entries),
        first_month=months[0],
        last_month=months[-1],
        share_frac=min(1.0, min(share for _, _, share in entries)),
    )


def _median(months: Sequence[str], weights: Sequence[float]) -> str:
    pairs = sorted(zip(months, weights, strict=True))
    below = np.cumsum([w for _, w in pairs])
    return pairs[int(np.searchsorted(below, below[-1] / 2.0))][0]
