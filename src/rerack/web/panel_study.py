"""What panels share: worlds of cohorts by what is moved."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from rerack.network.world import NetworkSimulation
from rerack.study.change import Change


@dataclass(eq=False)
class PanelStudy:
    """What panels share; used by their one thread alone.

    Parameters
    ----------
    worlds : OrderedDict of Change to NetworkSimulation
        Worlds that have been simulated, oldest first.
    """

    worlds: OrderedDict[Change, NetworkSimulation] = field(default_factory=OrderedDict)
