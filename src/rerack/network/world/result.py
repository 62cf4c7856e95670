"""The world's hashrate along every scenario, month by month."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import FloatArray, frozen_array
from rerack.base.labelled import Labelled
from rerack.base.timegrid import MonthGrid
from rerack.network.world.cohort import OWNERS
from rerack.network.world.state import World

_UNITS = {
    "online_eh_s": "EH/s",
    "idle_eh_s": "EH/s",
    "in_transit_eh_s": "EH/s",
    "scrapped_eh_s": "EH/s",
    "converted_eh_s": "EH/s",
    "produced_eh_s": "EH/s",
    "equilibrium_usd_per_ph_day": "USD/PH/day",
    "hashprice_usd_per_ph_day": "USD/PH/day",
    "btc_per_ph_day": "BTC/PH/day",
    "subsidy_btc": "BTC/block",
    "rig_price_usd_per_th": "USD/TH",
    "online_mw": "MW",
    "converted_mw": "MW",
    "difficulty": "1",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkSimulation:
    """What the world's miners did; read-only arrays, nominal dollars.

    Parameters
    ----------
    world : World
        Where it began.
    grid : MonthGrid
        Months.
    online_eh_s, idle_eh_s, in_transit_eh_s : array, shape (scenario, month)
        Rigs running, switched off in place, and on the way (new or moving) [EH/s].
    scrapped_eh_s, converted_eh_s : array, shape (scenario, month)
        Rigs that have left so far: worn out, sold out of the network or scrapped; put out by a
        conversion to AI and not moved on [EH/s].
    produced_eh_s : array, shape (scenario, month)
        New rigs ordered so far [EH/s]. What was installed or arriving at the start plus these is
        the sum of the five above, in every month.
    equilibrium_usd_per_ph_day : array, shape (scenario, month)
        Hashprice that the month's decisions were taken at: difficulty having followed.
    hashprice_usd_per_ph_day : array, shape (scenario, month)
        Hashprice that was paid, retarget by retarget.
    btc_per_ph_day : array, shape (scenario, month)
        The same in coins.
    subsidy_btc : array, shape (scenario, month)
        Subsidy, mean over the month's blocks.
    difficulty : array, shape (scenario, month)
        Harmonic time mean.
    rig_price_usd_per_th : array, shape (scenario, month)
        Price of a new rig of the newest generation.
    online_mw, converted_mw : array, shape (scenario, month)
        Load of the rigs online, and of all sites converted so far [MW].
    region_eh_s, owner_eh_s, generation_eh_s : array, shape (scenario, month, .)
        Hashrate online by region, kind of owner (`OWNERS`) and generation, in the world's order.
    generation_idle_eh_s : array, shape (scenario, month, generation)
        Rigs switched off in place, by generation [EH/s].
    generation_retired_eh_s : array, shape (scenario, month, generation)
        Rigs that left the network so far and still worked: scrapped or sold off while idle, or put
        out by a conversion and not moved on; what wore out is not among them [EH/s].
    region_mw : array, shape (scenario, month, region)
        Load online by region.
    installed_eh_s : array, shape (scenario, cohort)
        Rigs in place after the last month.
    power_level_frac : array, shape (scenario,)
        Factor on the power prices of all cohorts, beside inflation.
    halving_month : array, shape (scenario, halving)
        Months from the start to each coming halving; inf where beyond the horizon.
    """

    world: World
    grid: MonthGrid
    online_eh_s: FloatArray
    idle_eh_s: FloatArray
    in_transit_eh_s: FloatArray
    scrapped_eh_s: FloatArray
    converted_eh_s: FloatArray
    produced_eh_s: FloatArray
    equilibrium_usd_per_ph_day: FloatArray
    hashprice_usd_per_ph_day: FloatArray
    btc_per_ph_day: FloatArray
    subsidy_btc: FloatArray
    difficulty: FloatArray
    rig_price_usd_per_th: FloatArray
    online_mw: FloatArray
    converted_mw: FloatArray
    region_eh_s: FloatArray
    owner_eh_s: FloatArray
    generation_eh_s: FloatArray
    generation_idle_eh_s: FloatArray
    generation_retired_eh_s: FloatArray
    region_mw: FloatArray
    installed_eh_s: FloatArray
    power_level_frac: FloatArray
    halving_month: FloatArray

    def __post_init__(self) -> None:
        for name in (
            *_UNITS,
            "region_eh_s",
            "owner_eh_s",
            "generation_eh_s",
            "generation_idle_eh_s",
            "generation_retired_eh_s",
            "region_mw",
            "installed_eh_s",
            "power_level_frac",
            "halving_month",
        ):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))

    @property
    def paths(self) -> int:
        """Number of scenarios."""
        return int(self.online_eh_s.shape[0])

    @property
    def efficiency_j_per_th(self) -> FloatArray:
        """Mean of the rigs online, shape (scenario, month) [J/TH]."""
        mean: FloatArray = self.online_mw / self.online_eh_s
        return mean

    @property
    def imbalance_eh_s(self) -> FloatArray:
        """Rigs made less rigs found, shape (scenario, month) [EH/s]; rounding only."""
        found = self.online_eh_s + self.idle_eh_s + self.in_transit_eh_s
        gone = self.scrapped_eh_s + self.converted_eh_s
        start = sum(c.installed_eh_s + c.arriving_eh_s for c in self.world.cohorts)
        lost: FloatArray = start + self.produced_eh_s - found - gone
        return lost

    def labelled(self, name: str) -> Labelled:
        """Return one array with its axes and unit.

        Parameters
        ----------
        name : str
            Name of an array by scenario and month, or of one by region, owner or generation.
        """
        generations = ("generation", tuple(g.name for g in self.world.generations))
        labels = {
            "region_eh_s": ("region", self.world.region_names),
            "region_mw": ("region", self.world.region_names),
            "owner_eh_s": ("owner", OWNERS),
            "generation_eh_s": generations,
            "generation_idle_eh_s": generations,
            "generation_retired_eh_s": generations,
        }
        coords = {"month": self.grid.labels}
        dims: tuple[str, ...] = ("scenario", "month")
        if name in labels:
            axis, names = labels[name]
            dims, coords = (*dims, axis), {**coords, axis: names}
        return Labelled(
            name=name,
            values=getattr(self, name),
            dims=dims,
            unit=_UNITS.get(name, "MW" if name.endswith("_mw") else "EH/s"),
            coords=coords,
        )

    def __repr__(self) -> str:
        return (
            f"NetworkSimulation({self.paths} scenarios, {self.grid.months} months from "
            f"{self.grid.labels[0]}; mean hashrate {self.online_eh_s[:, 0].mean():,.0f} to "
            f"{self.online_eh_s[:, -1].mean():,.0f} EH/s)"
        )
