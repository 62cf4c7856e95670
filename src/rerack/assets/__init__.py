"""What a site owns and is offered: frozen descriptions, no verbs."""

from rerack.assets.conversion import CapexItem, Conversion
from rerack.assets.gpu_cloud import GpuCloud
from rerack.assets.halls import Hall
from rerack.assets.lease import Lease
from rerack.assets.rigs import RigFleet, RigModel
from rerack.assets.site import Site
from rerack.assets.tariffs import FixedBlock, Tariff

#: Anything that a hall can be converted to.
AiUse = Lease | GpuCloud

__all__ = [
    "AiUse",
    "CapexItem",
    "Conversion",
    "FixedBlock",
    "GpuCloud",
    "Hall",
    "Lease",
    "RigFleet",
    "RigModel",
    "Site",
    "Tariff",
]
