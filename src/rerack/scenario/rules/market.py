"""Rules on the market: sources named twice, unknown pairs."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.markets.correlation import DRIVERS
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
            "price file; `series: null` takes away what a file below names.",
            at_key=True,
        )
    for name, unused in (("column", None), ("fill", "none")):
        if power.file is None and getattr(power, name) not in (None, unused):
            yield Contradiction(
                path=(*_POWER, name),
                given=f"a {name} without a file",
                allowed=f"`{name}` beside `file`",
                cure="Remove it, or name the file.",
                at_key=True,
            )


def network_model(draft: Draft) -> Iterator[Contradiction]:
    """Refuse keys of one model of the network beside the other."""
    if draft.market is None:
        return
    network = draft.market.network
    other = ("world",) if network.model == "exogenous" else ("efficiency", "progress")
    for name in other:
        if getattr(network, name) is not None:
            yield Contradiction(
                path=("market", "network", name),
                given=f"`{name}` with the model {network.model}",
                allowed="keys that the model uses",
                cure="Write `model: cohorts`, or remove it."
                if name == "world"
                else "Change it in the world file, or remove it.",
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
