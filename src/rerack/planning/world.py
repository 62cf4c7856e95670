"""Everything that plans of one site are evaluated on: the same draws for each plan."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from rerack.assets import AiUse, RigFleet, Site
from rerack.base.checks import IntArray
from rerack.dispatch import PriceDuration
from rerack.markets import Outlook, PowerOutlook
from rerack.network import NetworkOutlook
from rerack.planning.deal_events import draw_events
from rerack.planning.hosting import HostingCash, hosting_cash
from rerack.planning.meter import Meter
from rerack.planning.mining import MiningCash, buys_alike, mining_cash
from rerack.planning.power.hours import flat_library
from rerack.planning.power.rates import RatedDuration
from rerack.planning.power.site_power import SitePower
from rerack.planning.power.terms import NO_POWER, PlanPower
from rerack.planning.terms import FinanceTerms


@dataclass(frozen=True, kw_only=True)
class World:
    """A site, what it is offered, and a block of scenarios.

    Parameters
    ----------
    site : Site
        Halls and interconnect.
    offers : dict of str to AiUse
        By offer name.
    outlook : Outlook
        Market drivers, shape (scenario, month).
    network : NetworkOutlook
        Hashprice and rig market on the same scenarios.
    meter : Meter
        Hourly prices on the same scenarios.
    terms : FinanceTerms
        Discounting, tax and debt.
    power : PlanPower
        Operating points, reserves, battery, generation, demand response.
    site_power : SitePower or None
        Values what couples halls; None where nothing does.
    """

    site: Site
    offers: dict[str, AiUse]
    outlook: Outlook
    network: NetworkOutlook
    meter: Meter
    terms: FinanceTerms
    power: PlanPower = NO_POWER
    site_power: SitePower | None = None
    _mining: dict[tuple[Any, ...], MiningCash] = field(default_factory=dict, repr=False)
    _hosting: dict[tuple[AiUse, bytes], HostingCash] = field(default_factory=dict, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """(scenarios, months)."""
        scenarios, months = self.outlook.lease_index.shape
        return scenarios, months

    def operated(self, hall: str) -> Hashable:
        """Return what of a hall's operation makes a difference per MW."""
        operation = self.power.operations.get(hall)
        how = None if operation is None else (operation.points, operation.idle_frac)
        return how, self.power.reserves.get(hall)

    @cached_property
    def kind_of_hall(self) -> dict[str, int]:
        """Number of each hall's kind: halls of a kind have equal rigs and are run alike."""
        kinds: dict[Hashable, int] = {}
        return {
            hall.name: kinds.setdefault((hall.rigs, self.operated(hall.name)), len(kinds))
            for hall in self.site.halls
        }

    def mining(self, fleet: RigFleet, end_month: int, hall: str = "") -> MiningCash:
        """Return a fleet's money per MW, computed once for each (fleet, known end, operation).

        It holds in the months before `end_month` alone. A fleet known to mine to the horizon
        stands for one that ends earlier wherever it has bought the same rigs until then.
        """
        how, months = self.operated(hall), self.shape[1]
        key = (fleet, end_month, how)
        if key not in self._mining:
            unended = self._mining.get((fleet, months, how))
            if unended is not None and buys_alike(
                unended, fleet, self.network, self.meter, end_month
            ):
                self._mining[key] = unended
            else:
                self._mining[key] = self._mined(fleet, end_month, hall)
        return self._mining[key]

    def _mined(self, fleet: RigFleet, end_month: int, hall: str) -> MiningCash:
        return mining_cash(
            fleet,
            self.network,
            self.meter,
            end_month=end_month,
            inflation_frac_per_year=self.terms.inflation_frac_per_year,
            operation=self.power.operations.get(hall),
            reserve=self.power.reserves.get(hall),
        )

    def forget(self) -> None:
        """Drop the money per MW that was computed; it is computed anew where it is asked for."""
        self._mining.clear()
        self._hosting.clear()

    def hosting(self, use: AiUse, decide_month: IntArray) -> HostingCash:
        """Return an offer's money per utility MW, computed once for each (offer, dates)."""
        key = (use, decide_month.tobytes())
        if key not in self._hosting:
            self._hosting[key] = hosting_cash(
                use,
                decide_month=decide_month,
                outlook=self.outlook,
                meter=self.meter,
                inflation_frac_per_year=self.terms.inflation_frac_per_year,
                events=draw_events(use, decide_month, self.outlook),
            )
        return self._hosting[key]


def repriced(world: World, power: PowerOutlook) -> World:
    """Return the world with other hourly prices, in all that reads them.

    Parameters
    ----------
    world : World
        Scenarios.
    power : PowerOutlook
        Prices on the same scenarios, from a library of their own.
    """
    hourly, schedule = power.library.hourly_usd_per_mwh, world.meter.tariff.time_of_use
    meter = replace(
        world.meter,
        power=power,
        duration=PriceDuration.build(hourly),
        rated=None
        if schedule is None
        else RatedDuration.build(hourly, schedule, world.meter.grid, world.power.zone),
    )
    site_power = world.site_power
    if site_power is not None:
        site_power = replace(
            site_power, meter=meter, flat_usd_per_mwh=flat_library(hourly), _known=[]
        )
    return replace(
        world,
        meter=meter,
        outlook=replace(world.outlook, power=power),
        site_power=site_power,
        _mining={},
        _hosting={},
    )
