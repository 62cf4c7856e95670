"""Rules on the site: power that does not add up, tariffs and rigs said twice."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.base.errors import InputError
from rerack.catalog import find
from rerack.scenario.draft import Draft
from rerack.scenario.rules.contradiction import Contradiction, grid_of


def halls_over_interconnect(draft: Draft) -> Iterator[Contradiction]:
    """Refuse halls that together draw more than the interconnect."""
    if draft.interconnect_mw is None or not draft.halls_complete:
        return
    total = sum(h.power for h in draft.halls.values())
    if total > draft.interconnect_mw * (1.0 + 1e-12):
        yield Contradiction(
            path=("site", "interconnect"),
            given=f"halls of {total:,g} MW utility behind {draft.interconnect_mw:,g} MW utility",
            allowed="halls that sum to the interconnect or less",
            cure="Lower the halls or raise the interconnect.",
        )


def tariff_said_twice(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an adder beside a fixed price, which is all-in."""
    tariff = draft.tariff
    if tariff is not None and tariff.fixed is not None and tariff.adder is not None:
        yield Contradiction(
            path=("site", "power", "adder"),
            given="an adder beside a fixed price",
            allowed="either `fixed` or `adder`",
            cure="Remove one: `fixed` is all-in.",
            at_key=True,
        )


def block_over_before_start(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a block contract that ended before the start: it is no position."""
    tariff, study = draft.tariff, draft.study
    if tariff is None or tariff.block is None or study is None:
        return
    if grid_of(study).index_of(tariff.block.until) < 0:
        yield Contradiction(
            path=("site", "power", "block", "until"),
            given=f"a block that ended in {tariff.block.until}",
            allowed=f"{study.start} or later",
            cure="Remove the block or correct its end.",
        )


def rigs_said_twice(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an efficiency beside a hashrate or a power: it is their ratio."""
    for name, hall in draft.halls.items():
        rigs = hall.rigs
        if rigs is None or rigs.efficiency is None:
            continue
        if rigs.hashrate is not None or rigs.power is not None:
            yield Contradiction(
                path=("site", "halls", name, "rigs", "efficiency"),
                given="an efficiency beside a hashrate or a power",
                allowed="`efficiency`, or `hashrate` and `power`",
                cure="Remove `efficiency`, or the other two.",
                at_key=True,
            )


def unknown_rig_model(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a model that the catalogue lacks, unless its figures are given."""
    for name, hall in draft.halls.items():
        rigs = hall.rigs
        if rigs is None or rigs.efficiency is not None:
            continue
        if rigs.hashrate is not None and rigs.power is not None:
            continue
        try:
            find("rigs", model=rigs.model)
        except InputError as error:
            problem = error.problems[0]
            yield Contradiction(
                path=("site", "halls", name, "rigs", "model"),
                given=repr(rigs.model),
                allowed=problem.allowed,
                cure=f"{problem.cure} Or give `efficiency` for rigs of your own.",
            )


def first_refresh_before_start(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a first replacement in the past, or of rigs that are never replaced."""
    for name, hall in draft.halls.items():
        rigs, study = hall.rigs, draft.study
        if rigs is None or rigs.first_refresh is None or study is None:
            continue
        path = ("site", "halls", name, "rigs", "first_refresh")
        if grid_of(study).index_of(rigs.first_refresh) < 0:
            yield Contradiction(
                path=path,
                given=f"{rigs.first_refresh}, before the start",
                allowed=f"{study.start} or later",
                cure="Correct the month.",
            )
        elif rigs.refresh == 0:
            yield Contradiction(
                path=path,
                given="a first replacement of rigs that are never replaced",
                allowed="no `first_refresh` where `refresh` is never",
                cure="Remove it, or give `refresh` an age.",
            )
