"""Dated worlds from the catalogue, each number with its standing."""

from __future__ import annotations

from dataclasses import replace

from rerack.base.checks import require
from rerack.catalog import Row, load
from rerack.chain import network_hashrate_eh_s
from rerack.markets.parameters import packaged
from rerack.network.progress import progress_factor
from rerack.network.world.arrays import cohort_arrays
from rerack.network.world.behaviour import AiDemand, Behaviour
from rerack.network.world.cohort import Cohort, Generation, Owner, Region, Relocation
from rerack.network.world.dated import scaled_to_difficulty
from rerack.network.world.state import Assumption, World

#: Regions where all rigs are the state's.
STATE_REGIONS = ("Bhutan",)
#: Months between new generations: an estimate.
GENERATION_MONTHS = 24


def world_of(date: str, *, generations: int = 10) -> World:
    """Return the state of the world's hashrate at one of the catalogue's dates.

    Parameters
    ----------
    date : str
        ``"2021-01"``, ``"2024-04"`` or ``"2025-12"``.
    generations : int
        Generations to come that can be bought, one every two years, 0 to 20.

    Returns
    -------
    World
        `World.assumptions` lists every number taken, with status and source.

    Raises
    ------
    InputError
        A date that the catalogue does not hold.

    Notes
    -----
    Regions, generations and owners are known by themselves, not together: their shares are
    multiplied, as if independent. Installed hashrate is scaled so that what pays at the date's
    price, reward and difficulty is the hashrate that difficulty stands for. A new generation
    improves on the last at the fitted pace of the frontier, which fades.

    Examples
    --------
    >>> world = world_of("2024-04")
    >>> round(world.installed_eh_s), len(world.cohorts), len(world.regions)
    (596, 392, 10)
    """
    rows = [r for r in load("cohorts") if r.text("world") == date]
    dates = sorted({r.text("world") for r in load("cohorts")})
    require(bool(rows), "date", given=repr(date), allowed=" or ".join(dates))
    facts = _Facts(rows)
    height = int(facts.number("chain", "bitcoin", "height"))
    difficulty = facts.number("chain", "bitcoin", "difficulty")
    regions = _regions(facts)
    fleet = _fleet(facts, generations)
    world = World(
        date=date,
        height=height,
        difficulty=difficulty,
        regions=regions,
        generations=tuple(g for g, _, _ in fleet),
        cohorts=_cohorts(facts, regions, fleet, network_hashrate_eh_s(difficulty)),
        relocations=_relocations(facts, regions),
        behaviour=Behaviour(
            foundry_mw_per_month=facts.number("world", "all", "foundry_per_month"),
            rig_floor_usd_per_th=facts.number("world", "all", "rig_floor"),
        ),
        ai=_ai(facts),
        assumptions=tuple(_assumption(r) for r in rows),
    )
    return scaled_to_difficulty(
        _with_orders(world, facts.number("world", "all", "arriving")),
        price_usd=facts.number("chain", "bitcoin", "price"),
        fees_btc=facts.number("chain", "bitcoin", "fees"),
    )


class _Facts:
    """Rows of one world, by part, name and metric."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = {(r.text("part"), r.text("name"), r.text("metric")): r for r in rows}

    def number(self, part: str, name: str, metric: str) -> float:
        return self._rows[part, name, metric].number("value")

    def number_or(self, part: str, name: str, metric: str, missing: float) -> float:
        row = self._rows.get((part, name, metric))
        return missing if row is None else row.number("value")

    def names(self, part: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for p, name, _ in self._rows if p == part))


def _regions(facts: _Facts) -> tuple[Region, ...]:
    return tuple(
        Region(
            name=name,
            limit_mw=facts.number("region", name, "mining_load_limit"),
            build_mw_per_month=facts.number("region", name, "build_per_month"),
        )
        for name in facts.names("region")
    )


def _fleet(facts: _Facts, coming: int) -> list[tuple[Generation, float, float]]:
    """Return generations with their share of what is installed and their J/TH."""
    names = facts.names("generation")
    found = [
        (
            Generation(name=name, release_month=i - len(names) + 1),
            facts.number("generation", name, "installed_share"),
            facts.number("generation", name, "efficiency"),
        )
        for i, name in enumerate(names)
    ]
    newest = found[-1][2]
    fitted = packaged("rigs", "rerack.network")
    pace, fading = fitted["frontier_pace_frac_per_year"], fitted["progress_halving_years"]
    for k in range(1, coming + 1):
        left = float(progress_factor(k * GENERATION_MONTHS / 12.0, pace, fading))
        generation = Generation(name=f"coming {k}", release_month=k * GENERATION_MONTHS)
        found.append((generation, 0.0, newest * left))
    return found


def _cohorts(
    facts: _Facts,
    regions: tuple[Region, ...],
    fleet: list[tuple[Generation, float, float]],
    hashrate_eh_s: float,
) -> tuple[Cohort, ...]:
    private: tuple[Owner, ...] = ("listed", "private", "hosted")
    shares = {o: facts.number("owner", o, "installed_share") for o in private}
    cohorts = []
    for region in regions:
        here: dict[Owner, float] = {"state": 1.0} if region.name in STATE_REGIONS else dict(shares)
        share = facts.number("region", region.name, "hashrate_share")
        power = facts.number("region", region.name, "power_price")
        for generation, part, efficiency in fleet:
            for owner, owned in here.items():
                installed = hashrate_eh_s * share * part * owned
                floor = facts.number("owner", "state", "floor_share") if owner == "state" else 0.0
                cohorts.append(
                    Cohort(
                        region=region.name,
                        generation=generation.name,
                        owner=owner,
                        installed_eh_s=installed,
                        efficiency_j_per_th=efficiency,
                        # A hosted rig stops at what its host charges, power included.
                        power_usd_per_mwh=facts.number_or("owner", owner, "power_price", power),
                        spread_frac=facts.number("world", "all", "power_spread"),
                        convertible_frac=facts.number("owner", owner, "convertible_share"),
                        floor_eh_s=floor * installed,
                    )
                )
    return tuple(cohorts)


def _relocations(facts: _Facts, regions: tuple[Region, ...]) -> tuple[Relocation, ...]:
    """Allow every move to a region of cheaper power; cost, delay and limit are estimates."""
    power = {r.name: facts.number("region", r.name, "power_price") for r in regions}
    return tuple(
        Relocation(origin=a, destination=b)
        for a in power
        for b in power
        if power[b] < power[a] and b not in STATE_REGIONS
    )


def _ai(facts: _Facts) -> AiDemand | None:
    if not facts.names("ai"):
        return None
    return AiDemand(
        rent_usd_per_mw_year=facts.number("ai", "all", "rent"),
        capex_usd_per_mw=facts.number("ai", "all", "capex"),
        depth_mw=facts.number("ai", "all", "depth"),
        limit_mw_per_month=facts.number("ai", "all", "convert_limit_per_month"),
    )


def _assumption(row: Row) -> Assumption:
    return Assumption(
        what=f"{row.text('part')} {row.text('name')}, {row.text('metric')}",
        value=row.number("value"),
        unit=row.text("unit"),
        status=row.status,
        as_of=row.as_of,
        source=row.source,
    )


def _with_orders(world: World, arriving_mw: float) -> World:
    """Spread orders of the past over regions by how fast they build, over owners by load."""
    newest = [g.name for g in world.generations if g.release_month <= 0][-1]
    pace = {r.name: r.build_mw_per_month for r in world.regions}
    total = sum(pace.values())
    parts = cohort_arrays(world).entry_share
    cohorts = tuple(
        replace(
            c, arriving_eh_s=arriving_mw * pace[c.region] / total * part / c.efficiency_j_per_th
        )
        if c.generation == newest
        else c
        for c, part in zip(world.cohorts, parts, strict=True)
    )
    return replace(world, cohorts=cohorts)
