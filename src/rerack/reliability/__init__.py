"""Availability of power and cooling: blocks, exact answers, SLA, cheapest design, PUE.

What goes beyond the exact answers is loaded on first use: the simulation needs a compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rerack.reliability.blocks import Block, KofN, Leaf, Parallel, Series, Standby
from rerack.reliability.closed_forms import (
    k_of_n_outages_per_year,
    k_of_n_unavailability_frac,
    own_and_common_frac,
    run_failure_frac,
    too_few_frac,
)
from rerack.reliability.component import Component
from rerack.reliability.diagram import Feed, from_feeds
from rerack.reliability.duration import OutageDuration
from rerack.reliability.evaluate import CutSet, Reliability, evaluate
from rerack.reliability.fault_tree import Event, FaultTree, Gate, Maintenance
from rerack.reliability.long_run import LongRun, long_run
from rerack.reliability.parts import Parts
from rerack.reliability.plant import Plant
from rerack.reliability.presets import Preset, preset, presets
from rerack.reliability.resolve import resolve
from rerack.reliability.supply import SupplyLosses, supply_losses
from rerack.reliability.survival import (
    GeneratorFleet,
    OutageBattery,
    start_states,
    survival_frac,
)
from rerack.reliability.topology import Topology, carried_mw, walk

if TYPE_CHECKING:
    from rerack.reliability.assessment import Assessment, assess
    from rerack.reliability.cooling import (
        COOLING_TYPES,
        CoolingLoop,
        CoolingPlant,
        PueYear,
        cooling_plant,
        meter_mw,
        pue_by_hour,
    )
    from rerack.reliability.cooling_weather import dew_point_c, wet_bulb_c
    from rerack.reliability.credits import (
        CREDIT_SCHEDULES,
        Credits,
        CreditSchedule,
        ProportionalCredits,
        expected_credits,
        stepped_credits,
    )
    from rerack.reliability.design import Design, DesignAnswer, DesignSpace, cheapest_design
    from rerack.reliability.design_options import Choice, Reserve
    from rerack.reliability.outages import OutageKind, OutageProfile, outage_profile
    from rerack.reliability.shedding import Sheddable, SheddingValue, shedding_value
    from rerack.reliability.simulation import Simulation, simulate
    from rerack.reliability.sla import SlaOutlook, sla_outlook

_HOME = {
    "Assessment": "assessment",
    "COOLING_TYPES": "cooling",
    "CREDIT_SCHEDULES": "credits",
    "Choice": "design_options",
    "CoolingLoop": "cooling",
    "CoolingPlant": "cooling",
    "CreditSchedule": "credits",
    "Credits": "credits",
    "Design": "design",
    "DesignAnswer": "design",
    "DesignSpace": "design",
    "OutageKind": "outages",
    "OutageProfile": "outages",
    "ProportionalCredits": "credits",
    "PueYear": "cooling",
    "Reserve": "design_options",
    "Sheddable": "shedding",
    "SheddingValue": "shedding",
    "Simulation": "simulation",
    "SlaOutlook": "sla",
    "assess": "assessment",
    "cheapest_design": "design",
    "cooling_plant": "cooling",
    "dew_point_c": "cooling_weather",
    "expected_credits": "credits",
    "meter_mw": "cooling",
    "outage_profile": "outages",
    "pue_by_hour": "cooling",
    "shedding_value": "shedding",
    "simulate": "simulation",
    "sla_outlook": "sla",
    "stepped_credits": "credits",
    "wet_bulb_c": "cooling_weather",
}

__all__ = [
    "COOLING_TYPES",
    "CREDIT_SCHEDULES",
    "Assessment",
    "Block",
    "Choice",
    "Component",
    "CoolingLoop",
    "CoolingPlant",
    "CreditSchedule",
    "Credits",
    "CutSet",
    "Design",
    "DesignAnswer",
    "DesignSpace",
    "Event",
    "FaultTree",
    "Feed",
    "Gate",
    "GeneratorFleet",
    "KofN",
    "Leaf",
    "LongRun",
    "Maintenance",
    "OutageBattery",
    "OutageDuration",
    "OutageKind",
    "OutageProfile",
    "Parallel",
    "Parts",
    "Plant",
    "Preset",
    "ProportionalCredits",
    "PueYear",
    "Reliability",
    "Reserve",
    "Series",
    "Sheddable",
    "SheddingValue",
    "Simulation",
    "SlaOutlook",
    "Standby",
    "SupplyLosses",
    "Topology",
    "assess",
    "carried_mw",
    "cheapest_design",
    "cooling_plant",
    "dew_point_c",
    "evaluate",
    "expected_credits",
    "from_feeds",
    "k_of_n_outages_per_year",
    "k_of_n_unavailability_frac",
    "long_run",
    "meter_mw",
    "outage_profile",
    "own_and_common_frac",
    "preset",
    "presets",
    "pue_by_hour",
    "resolve",
    "run_failure_frac",
    "shedding_value",
    "simulate",
    "sla_outlook",
    "start_states",
    "stepped_credits",
    "supply_losses",
    "survival_frac",
    "too_few_frac",
    "walk",
    "wet_bulb_c",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
