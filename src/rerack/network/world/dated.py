"""A world fitted to a date's difficulty: carried to another month, scaled to what runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rerack.base.checks import require
from rerack.base.timegrid import parse_month
from rerack.chain import network_hashrate_eh_s, subsidy_sat
from rerack.network.world.arrays import cohort_arrays
from rerack.network.world.clearing import supply
from rerack.network.world.state import World

#: A world is carried no further than this [month]: fleets turn over.
MOST_MONTHS = 24


def redated(world: World, *, date: str, height: int, difficulty: float) -> World:
    """Return a world carried to a later month, at the chain's height and difficulty there.

    Parameters
    ----------
    world : World
        The world of an earlier month.
    date : str
        Month to carry it to, at most `MOST_MONTHS` later.
    height : int
        Height of the next block then.
    difficulty : float
        Difficulty then.

    Raises
    ------
    InputError
        A month before the world's, or too far after it; a conversion announced for a month that
        is past by then.

    Notes
    -----
    Nobody buys, moves or leaves in between: use `scaled_to_difficulty` after it, which gives the
    difference to all alike. For months, not for years.

    Examples
    --------
    >>> from rerack.network.world import world_of
    >>> redated(world_of("2025-12"), date="2026-01", height=930_300, difficulty=1.48e14).date
    '2026-01'
    """
    (y0, m0), (y1, m1) = parse_month(world.date, "world.date"), parse_month(date, "date")
    months = 12 * (y1 - y0) + m1 - m0
    require(
        0 <= months <= MOST_MONTHS,
        "date",
        given=date,
        allowed=f"{world.date} to {MOST_MONTHS} months later",
        cure="Take the world of another date, or start the study in another month.",
    )
    generations = tuple(
        replace(g, release_month=g.release_month - months) for g in world.generations
    )
    return replace(world, date=date, height=height, difficulty=difficulty, generations=generations)


def scaled_to_difficulty(
    world: World, *, price_usd: float, fees_btc: float, fixed: frozenset[str] = frozenset()
) -> World:
    """Return a world in which what pays is the hashrate that its difficulty stands for.

    Parameters
    ----------
    world : World
        Any world.
    price_usd : float
        Bitcoin price of its month [USD/BTC].
    fees_btc : float
        Fees [BTC per block].
    fixed : frozenset of str
        Names of cohorts whose rigs are known and stay as they are.

    Raises
    ------
    InputError
        The fixed cohorts alone run more than difficulty stands for.

    Notes
    -----
    Difficulty is known, installed rigs are not: with H the hashrate of difficulty, F what fixed
    cohorts run at hashprice R/H and V what the others do, all of the others are multiplied by
    (H - F)/V.

    Examples
    --------
    >>> from rerack.network.world import equilibrium, world_of
    >>> world = scaled_to_difficulty(world_of("2025-12"), price_usd=60_000.0, fees_btc=0.02)
    >>> round(equilibrium(world, 60_000.0, 3.145).hashrate_eh_s)
    1069
    """
    wanted = network_hashrate_eh_s(world.difficulty)
    reward_btc = subsidy_sat(world.height) / 1e8 + fees_btc
    online, _ = supply(cohort_arrays(world), float(np.log(0.144 * reward_btc * price_usd / wanted)))
    held = np.array([c.name in fixed for c in world.cohorts])
    stated, rest = float(online[held].sum()), float(online[~held].sum())
    require(
        stated < wanted or not rest,
        "world.cohorts",
        given=f"{stated:,.0f} EH/s that run in the cohorts stated",
        allowed=f"less than {wanted:,.0f} EH/s, what the difficulty stands for",
        cure="Lower their hashrate, or give the difficulty that it made.",
    )
    if rest <= 0.0:
        return world
    factor = (wanted - stated) / rest
    cohorts = tuple(
        c
        if c.name in fixed
        else replace(c, installed_eh_s=c.installed_eh_s * factor, floor_eh_s=c.floor_eh_s * factor)
        for c in world.cohorts
    )
    return replace(world, cohorts=cohorts)
