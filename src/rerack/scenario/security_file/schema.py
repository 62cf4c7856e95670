"""Sections of a security file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerack.scenario.quantities import (
    Count,
    Name,
    PositiveMonths,
    Share,
    Text,
    UtilityMw,
    number,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional, section
from rerack.scenario.schema.study import ScenarioCount

Wanted = Annotated[float, quantity("frac", low=1e-4, high=0.9999, example="51 %")]
Within = Annotated[float, quantity("months", low=0.1, high=1200.0, example="12 months")]
Ratio = Annotated[float, number(low=1.0001, high=1e3)]
Btc = Annotated[float, quantity("btc", low=0.0, high=21e6, example="11,600 BTC")]
PowerPrice = Annotated[float, quantity("usd_per_mwh", low=0.01, high=1e4, example="4.5 c/kWh")]
Chance = Annotated[float, quantity("frac_per_year", low=0.0, high=1.0, example="2 %/year")]
RealRate = Annotated[float, quantity("frac", low=0.0, high=1.0, example="5 %")]
Years = Annotated[float, quantity("years", low=0.1, high=1e3, example="4 years")]


class SecurityStudySection(Section):
    """What is run."""

    name: Name = key("Name of the study.")
    horizon: PositiveMonths | None = optional("Length, in place of each network file's.")
    scenarios: ScenarioCount | None = optional("Scenarios, in place of each network file's.")
    seed: Count | None = optional("Seed, in place of each network file's.")


class WorldEntry(Section):
    """A world: a network file and what is changed in it."""

    file: Text = key("Network file, beside this one.")
    set: list[Text] = Field(
        default_factory=list, description="Changes, each `path.to.key=value`, as with `--set`."
    )


class AttackSection(Section):
    """The attack that is costed in every month."""

    share: Wanted = default(0.51, "Share of the hashrate wanted.", "a majority")
    within: Within = default(12.0, "Time allowed for buying.", "estimated")
    holders: Literal["region", "owner", "pool"] = default(
        "region", "Who is seized, the largest first.", "jurisdictions"
    )
    ratio: Ratio = default(
        1.25, "Majority's hashrate over the honest, in a double spend.", "as in Budish 2018"
    )


class StateSection(Section):
    """A state that guards its coins."""

    region: Name = key("Region where its rigs stand; one of the network files or a new one.")
    power: PowerPrice = key("Its own power cost.")
    limit: UtilityMw = key("Most load that it would give to mining.")
    reserve: Btc = default(0.0, "Coins that it holds.", "none")
    attack: Chance = default(
        0.0, "Chance of an attack in a year that its floor would remove.", "no threat seen"
    )
    loss: Share = default(0.5, "Share of the reserve's worth that an attack takes.", "estimated")
    real_rate: RealRate = default(0.05, "Real rate of interest.", "estimated")
    rig_life: Years = default(4.0, "Years over which rigs are written off.", "estimated")
    site_life: Years = default(15.0, "Years over which sites are written off.", "estimated")


class SecurityFile(Section):
    """Worlds, an attack on them, and states that guard a reserve."""

    study: SecurityStudySection = key("What is run.")
    worlds: dict[Name, WorldEntry] = Field(
        min_length=1, description="Worlds by name; the first is the one that figures begin with."
    )
    attack: AttackSection = section(AttackSection, "The attack.")
    hold: Wanted = default(0.1, "Share that each state is asked to hold.", "a tenth")
    states: dict[Name, StateSection] = Field(default_factory=dict, description="States, by name.")
