"""What a site owns and is offered: frozen descriptions, no verbs."""

from rerack.assets.battery import Battery
from rerack.assets.cloud_contract import CloudContract
from rerack.assets.conversion import CapexItem, Conversion, Phase
from rerack.assets.deal_terms import (
    Delay,
    DelayDamages,
    ExitOption,
    Flexibility,
    OfferWindow,
    Prepayment,
    TenantCredit,
)
from rerack.assets.generation import Generator, Renewable
from rerack.assets.gpu_cloud import GpuCloud
from rerack.assets.halls import Hall
from rerack.assets.lease import Lease
from rerack.assets.operating_points import HallOperation, OperatingPoint, points_of
from rerack.assets.programmes import AiFlexibility, AncillaryService, DemandResponse, SiteProgrammes
from rerack.assets.rigs import RigFleet, RigModel
from rerack.assets.site import Site
from rerack.assets.tariff_terms import CoincidentPeak, DemandCharge, ExportTerms, MinimumTake
from rerack.assets.tariffs import FixedBlock, Tariff
from rerack.assets.time_of_use import TimeOfUse, TimeOfUsePeriod

#: Anything that a hall can be converted to.
AiUse = Lease | GpuCloud

__all__ = [
    "AiFlexibility",
    "AiUse",
    "AncillaryService",
    "Battery",
    "CapexItem",
    "CloudContract",
    "CoincidentPeak",
    "Conversion",
    "Delay",
    "DelayDamages",
    "DemandCharge",
    "DemandResponse",
    "ExitOption",
    "ExportTerms",
    "FixedBlock",
    "Flexibility",
    "Generator",
    "GpuCloud",
    "Hall",
    "HallOperation",
    "Lease",
    "MinimumTake",
    "OfferWindow",
    "OperatingPoint",
    "Phase",
    "Prepayment",
    "Renewable",
    "RigFleet",
    "RigModel",
    "Site",
    "SiteProgrammes",
    "Tariff",
    "TenantCredit",
    "TimeOfUse",
    "TimeOfUsePeriod",
    "points_of",
]
