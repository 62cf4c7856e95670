"""Rules on market and finance: sources named twice, unknown pairs, loans that never end."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.base.errors import InputError
from rerack.markets.correlation import DRIVERS
from rerack.planning.depreciation import depreciation_rates
from rerack.scenario.draft import Draft
from rerack.scenario.problems import nearest
from rerack.scenario.rules.contradiction import Contradiction

_POWER = ("market", "power")


def power_source(draft: Draft) -> Iterator[Contradiction]:
    """Refuse power prices from no place or from two: a series, a parameter file, a price file."""
    if draft.market is None:
        return
    power = draft.market.power
    named = [k for k in ("series", "parameters", "file") if getattr(power, k) is not None]
    if len(named) != 1:
        yield Contradiction(
            path=_POWER,
            given=" and ".join(f"`{k}`" for k in named) or "no source of prices",
            allowed="one of `series`, `parameters` and `file`",
            cure="Name a built-in series such as ercot_north, a parameter file of your own, or a "
            "price file.",
            at_key=True,
        )
    if power.file is None and power.column is not None:
        yield Contradiction(
            path=(*_POWER, "column"),
            given="a column without a file",
            allowed="`column` beside `file`",
            cure="Remove it, or name the file.",
            at_key=True,
        )


def correlation_pair(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a correlation that does not name two different drivers, once."""
    if draft.market is None:
        return
    seen: set[frozenset[str]] = set()
    for pair in draft.market.correlation:
        names = [n.strip() for n in pair.split("/")]
        unknown = [n for n in names if n not in DRIVERS]
        cure = nearest(unknown[0], DRIVERS) if unknown else "Name each pair once, as a/b."
        if unknown or len(set(names)) != 2 or len(names) != 2 or frozenset(names) in seen:
            yield Contradiction(
                path=("market", "correlation", pair),
                given=f"the pair {pair!r}",
                allowed=f"two different drivers of {', '.join(DRIVERS)}, joined by a slash, once",
                cure=cure,
                at_key=True,
            )
        seen.add(frozenset(names))


def unknown_depreciation(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a depreciation method that does not exist."""
    methods = draft.finance.depreciation.model_dump() if draft.finance is not None else {}
    for asset, method in methods.items():
        try:
            depreciation_rates(method)
        except InputError as error:
            problem = error.problems[0]
            yield Contradiction(
                path=("finance", "depreciation", asset),
                given=problem.given,
                allowed=problem.allowed,
                cure="Name one of these.",
            )


def loan_never_repaid(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a grace period that is as long as the loan."""
    loan = draft.finance.loan if draft.finance is not None else None
    if loan is not None and loan.grace >= loan.tenor:
        yield Contradiction(
            path=("finance", "loan", "grace"),
            given=f"a grace of {loan.grace} months",
            allowed=f"less than the tenor of {loan.tenor} months",
            cure="Shorten `grace` or lengthen `tenor`.",
        )
