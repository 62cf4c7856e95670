"""Availability of power and cooling: blocks with common causes, exact answers, outage survival."""

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

__all__ = [
    "Block",
    "Component",
    "CutSet",
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
    "Parallel",
    "Parts",
    "Plant",
    "Preset",
    "Reliability",
    "Series",
    "Standby",
    "SupplyLosses",
    "Topology",
    "carried_mw",
    "evaluate",
    "from_feeds",
    "k_of_n_outages_per_year",
    "k_of_n_unavailability_frac",
    "long_run",
    "own_and_common_frac",
    "preset",
    "presets",
    "resolve",
    "run_failure_frac",
    "start_states",
    "supply_losses",
    "survival_frac",
    "too_few_frac",
    "walk",
]
