"""What panels share: the study prepared once, and worlds of cohorts by what is moved."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from rerack.network.world import NetworkSimulation
from rerack.study.live import Change
from rerack.study.simulate import Prepared


@dataclass(eq=False)
class PanelStudy:
    """What panels share; used by their one thread alone.

    Parameters
    ----------
    prepared : Prepared or None
        The study, once it has been asked for.
    worlds : OrderedDict of Change to NetworkSimulation
        Worlds that have been simulated, oldest first.
    """

    prepared: Prepared | None = None
    worlds: OrderedDict[Change, NetworkSimulation] = field(default_factory=OrderedDict)
