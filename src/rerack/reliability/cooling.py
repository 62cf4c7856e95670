"""Cooling: how much power it takes hour by hour, from weather and type of plant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import (
    FloatArray,
    as_finite,
    frozen_array,
    require,
    require_between,
)

_KELVIN = 273.15

#: To what heat is rejected: air as it is, or air cooled by evaporating water.
Sink = Literal["dry", "wet"]


@dataclass(frozen=True, kw_only=True)
class CoolingLoop:
    """One way by which heat leaves the machines: free where the weather allows, else compressed.

    Parameters
    ----------
    heat_frac : float
        Share of the critical load's heat that this loop carries.
    supply_c : float
        Temperature at which air or water reaches the machines [deg C].
    range_c : float
        By how much it warms there [K].
    sink : {"dry", "wet"}
        Reject to air at its dry bulb, or evaporate water.
    approach_c : float
        How far above the sink's temperature the loop comes without compressors [K].
    wet_effectiveness_frac : float
        How far evaporation cools air from dry to wet bulb; used where `sink` is wet.
    economiser : bool
        Whether heat may bypass the compressors.
    carnot_frac : float
        Compressor efficiency as a share of Carnot's.
    least_lift_c : float
        Lift below which the compressors' efficiency rises no further [K].
    transport_frac : float
        Fans and pumps per unit of heat carried.
    """

    heat_frac: float
    supply_c: float
    range_c: float
    sink: Sink
    approach_c: float
    wet_effectiveness_frac: float = 0.0
    economiser: bool = True
    carnot_frac: float = 0.5
    least_lift_c: float = 12.0
    transport_frac: float = 0.04

    def __post_init__(self) -> None:
        require_between(self.heat_frac, 0.0, 1.0, "cooling: heat_frac")
        require_between(self.supply_c, 5.0, 60.0, "cooling: supply_c")
        require_between(self.range_c, 1.0, 30.0, "cooling: range_c")
        require_between(self.approach_c, 0.0, 30.0, "cooling: approach_c")
        require_between(self.wet_effectiveness_frac, 0.0, 1.0, "cooling: wet_effectiveness_frac")
        require_between(self.carnot_frac, 0.1, 1.0, "cooling: carnot_frac")
        require_between(self.least_lift_c, 1.0, 60.0, "cooling: least_lift_c")
        require_between(self.transport_frac, 0.0, 1.0, "cooling: transport_frac")
        require(
            self.sink in ("dry", "wet"), "cooling: sink", given=self.sink, allowed="'dry' or 'wet'"
        )


@dataclass(frozen=True, kw_only=True)
class CoolingPlant:
    """The cooling of a hall, and what else it draws besides its machines.

    Parameters
    ----------
    name : str
        Name of the type.
    loops : tuple of CoolingLoop
        Loops whose shares of heat add up to 1.
    electrical_loss_frac : float
        Loss in transformers, UPS and distribution, and lights, per unit of critical load.
    description : str
        One sentence.
    """

    name: str
    loops: tuple[CoolingLoop, ...]
    electrical_loss_frac: float = 0.06
    description: str = ""

    def __post_init__(self) -> None:
        where = f"cooling {self.name!r}"
        require_between(self.electrical_loss_frac, 0.0, 1.0, f"{where}: electrical_loss_frac")
        total = sum(loop.heat_frac for loop in self.loops)
        require(
            abs(total - 1.0) < 1e-9,
            f"{where}: loops",
            given=f"shares of heat that add up to {total:g}",
            allowed="shares that add up to 1",
        )


@dataclass(frozen=True, kw_only=True)
class PueYear:
    """Power usage effectiveness through a period of weather.

    Parameters
    ----------
    pue : FloatArray
        Utility over critical power in each hour, shape (hour,).
    free_frac : float
        Share of heat that left without compressors.
    """

    pue: FloatArray
    free_frac: float

    @property
    def pue_mean(self) -> float:
        """Mean over the hours, which is energy over energy for a constant load."""
        return float(self.pue.mean())

    @property
    def pue_design(self) -> float:
        """Highest hour, for which the interconnect has to be sized."""
        return float(self.pue.max())


def pue_by_hour(plant: CoolingPlant, *, dry_bulb_c: ArrayLike, wet_bulb_c: ArrayLike) -> PueYear:
    r"""Return the PUE of each hour.

    Parameters
    ----------
    plant : CoolingPlant
        What cools.
    dry_bulb_c : array_like
        Air temperature [deg C], shape (hour,).
    wet_bulb_c : array_like
        Wet-bulb temperature [deg C], shape (hour,), as `wet_bulb_c` gives it.

    Notes
    -----
    With sink temperature s (dry bulb t, or t - e (t - t_w)), supply T and return T + r, a loop
    cools without compressors for the share

        f = clip((T + r - s - approach) / r, 0, 1)

    of its heat: an economiser precools the return. The rest is pumped up to s + approach by a
    compressor of coefficient of performance

        COP = c (T + 273.15) / max(s + approach - T, least lift)

    Heat is the critical load, the loop's own fans and pumps, and the compressors reject their
    work to the sink. PUE = 1 + losses + sum over loops of h [x + (1 + x)(1 - f) / COP], with x the
    transport share and h the share of heat.

    When not to use it: for a guarantee. Part load, humidity limits, altitude, controls and the
    ageing of coils are left out; each moves a PUE by some hundredths.

    Examples
    --------
    >>> plant = cooling_plant("air economiser")
    >>> year = pue_by_hour(plant, dry_bulb_c=[5.0, 38.0], wet_bulb_c=[3.0, 26.0])
    >>> year.pue.round(3)
    array([1.1  , 1.205])
    """
    dry = as_finite(dry_bulb_c, "dry_bulb_c", ndim=1)
    wet = as_finite(wet_bulb_c, "wet_bulb_c", ndim=1)
    require(
        dry.shape == wet.shape and dry.size > 0,
        "wet_bulb_c",
        given=f"{wet.size} hours for {dry.size} of dry_bulb_c",
        allowed="one value for each hour, at least one hour",
    )
    require(
        bool((wet <= dry + 1e-6).all()),
        "wet_bulb_c",
        given=f"a wet bulb {float((wet - dry).max()):.2f} K above the dry bulb",
        allowed="at most the dry bulb",
        cure="Check that the two columns are not swapped.",
    )
    pue = np.full(dry.shape, 1.0 + plant.electrical_loss_frac)
    free = 0.0
    for loop in plant.loops:
        share = _free_share(loop, dry, wet)
        carried = 1.0 + loop.transport_frac
        power = carried * (1.0 - share) / _performance(loop, dry, wet) + loop.transport_frac
        pue += loop.heat_frac * power
        free += loop.heat_frac * float(share.mean())
    return PueYear(pue=frozen_array(pue), free_frac=free)


def meter_mw(critical_mw: float, year: PueYear) -> FloatArray:
    """Return what a constant critical load draws at the meter [MW utility], shape (hour,).

    Parameters
    ----------
    critical_mw : float
        Critical load [MW critical].
    year : PueYear
        Its PUE.

    Examples
    --------
    >>> year = pue_by_hour(cooling_plant("liquid"), dry_bulb_c=[20.0], wet_bulb_c=[15.0])
    >>> meter_mw(100.0, year).round(1)
    array([109.3])
    """
    require_between(critical_mw, 0.0, 1e5, "critical_mw")
    return critical_mw * year.pue


def cooling_plant(name: str) -> CoolingPlant:
    """Return a plant by type; every figure in it is estimated.

    Parameters
    ----------
    name : str
        One of `COOLING_TYPES`.
    """
    require(
        name in COOLING_TYPES,
        "cooling",
        given=repr(name),
        allowed=", ".join(COOLING_TYPES),
        cure="Name a type, or describe a plant of your own.",
    )
    return COOLING_TYPES[name]


def _sink_c(loop: CoolingLoop, dry: FloatArray, wet: FloatArray) -> FloatArray:
    if loop.sink == "dry":
        return dry
    return dry - loop.wet_effectiveness_frac * (dry - wet)


def _free_share(loop: CoolingLoop, dry: FloatArray, wet: FloatArray) -> FloatArray:
    if not loop.economiser:
        return np.zeros(dry.shape)
    reached = _sink_c(loop, dry, wet) + loop.approach_c
    return np.clip((loop.supply_c + loop.range_c - reached) / loop.range_c, 0.0, 1.0)


def _performance(loop: CoolingLoop, dry: FloatArray, wet: FloatArray) -> FloatArray:
    lift = _sink_c(loop, dry, wet) + loop.approach_c - loop.supply_c
    return loop.carnot_frac * (loop.supply_c + _KELVIN) / np.maximum(lift, loop.least_lift_c)


def _air(name: str, sink: Sink, effectiveness: float, description: str) -> CoolingPlant:
    loop = CoolingLoop(
        heat_frac=1.0,
        supply_c=25.0,
        range_c=12.0,
        sink=sink,
        approach_c=2.0,
        wet_effectiveness_frac=effectiveness,
    )
    return CoolingPlant(name=name, loops=(loop,), description=description)


#: Types of plant, estimated: supply temperatures within the recommended classes of ASHRAE TC 9.9
#: (air up to 27 deg C; W32 for liquid), efficiencies as rules of thumb.
COOLING_TYPES = {
    plant.name: plant
    for plant in (
        _air("air economiser", "dry", 0.0, "Outside air, compressors when it is hot."),
        _air(
            "evaporative", "wet", 0.85, "Outside air over wet pads, compressors when it is humid."
        ),
        CoolingPlant(
            name="chiller",
            loops=(
                CoolingLoop(
                    heat_frac=1.0,
                    supply_c=12.0,
                    range_c=8.0,
                    sink="dry",
                    approach_c=14.0,
                    economiser=False,
                    transport_frac=0.06,
                ),
            ),
            description="Air-cooled chillers at all hours.",
        ),
        CoolingPlant(
            name="liquid",
            loops=(
                CoolingLoop(
                    heat_frac=0.8,
                    supply_c=32.0,
                    range_c=10.0,
                    sink="dry",
                    approach_c=6.0,
                    transport_frac=0.02,
                ),
                CoolingLoop(
                    heat_frac=0.2,
                    supply_c=22.0,
                    range_c=10.0,
                    sink="dry",
                    approach_c=6.0,
                    transport_frac=0.05,
                ),
            ),
            description="Warm water to the chips through CDUs and dry coolers, air for the rest.",
        ),
    )
}
