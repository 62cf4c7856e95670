"""What depends on all halls together: battery, generation, demand response, minimum take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from rerack.assets import Site
from rerack.base.checks import FloatArray
from rerack.dispatch.desk_profile import RenewableUnit
from rerack.dispatch.storage_inputs import energy_of, unreachable
from rerack.markets.power.library import MONTH_HOURS
from rerack.numerics.device import Device
from rerack.planning.meter import Meter
from rerack.planning.power.call_hours import call_hours
from rerack.planning.power.hours import Hours, hours_of
from rerack.planning.power.site_state import SiteState, near_battery
from rerack.planning.power.take import minimum_take_usd
from rerack.planning.power.terms import PlanPower

_MONTHS_A_YEAR = 12.0
_YEAR_HOURS = 8760.0


@dataclass(frozen=True, kw_only=True)
class SitePower:
    """Values what couples halls, once for each state of a scenario-month.

    Parameters
    ----------
    site : Site
        Interconnect.
    power : PlanPower
        Terms.
    meter : Meter
        Prices.
    flat_usd_per_mwh : ndarray
        The price library as `flat_library` makes it.
    device : {"cpu", "gpu"}
        Where battery, generation and demand response are valued.
    """

    site: Site
    power: PlanPower
    meter: Meter
    flat_usd_per_mwh: FloatArray
    device: Device = "cpu"
    _known: list[tuple[SiteState, FloatArray]] = field(default_factory=list, repr=False)

    def cash_usd(self, state: SiteState) -> dict[str, FloatArray]:
        """Return money by line of the ledger, each of shape (scenario, month) [USD].

        Parameters
        ----------
        state : SiteState
            Loads under the plan.
        """
        found: dict[str, FloatArray] = {}
        take = self.meter.tariff.minimum_take
        if take is not None:
            classes = [
                (state.strike_usd_per_mwh[:, :, k], state.capacity_mw[:, :, k])
                for k in range(state.capacity_mw.shape[2])
            ]
            found["minimum take"] = minimum_take_usd(take, self.meter, classes, state.ai_mw)
        if not self.power.couples_site:
            return found
        if self.power.battery is not None and self._export_mw == 0.0:
            state = near_battery(state, self.power.battery)
        gain, wanted = np.zeros(state.ai_mw.shape), np.ones(state.ai_mw.shape)
        for known, values in self._known:
            same = known.same(state) & (wanted > 0.0)
            gain[same], wanted[same] = values[same], 0.0
        line = self._fill(state, wanted, gain)
        self._known.append((state, gain))
        return {**found, line: gain}

    def _fill(self, state: SiteState, wanted: FloatArray, gain: FloatArray) -> str:
        """Fill the gain of the one term that couples halls where it is wanted; return its line."""
        hours = hours_of(self.meter, self.flat_usd_per_mwh)
        if self.power.battery is not None:
            self._battery(hours, state, wanted, gain)
            return "battery"
        if self.power.engines or self.power.renewables:
            self._generation(hours, state, wanted, gain)
            return "generation"
        self._response(hours, state, wanted, gain)
        return "grid services"

    def _kernel(self, name: str) -> Callable[..., None]:
        """Return what fills the gain of one term, on the device asked for."""
        if self.device == "gpu":
            from rerack.planning.power.site_power_gpu import ON_GPU  # CUDA: only if asked for

            return ON_GPU[name]
        from rerack.planning.power.site_power_cpu import ON_CPU

        return ON_CPU[name]

    @property
    def _export_mw(self) -> float:
        terms = self.meter.tariff.export
        return 0.0 if terms is None else float(terms.limit_mw)

    def _battery(
        self, hours: Hours, state: SiteState, wanted: FloatArray, gain: FloatArray
    ) -> None:
        battery = self.power.battery
        assert battery is not None
        energy = energy_of(battery)
        energy[2] = max(energy[1], energy[2])
        power = (
            battery.charge_mw, battery.discharge_mw, battery.charge_efficiency_frac,
            battery.discharge_efficiency_frac, battery.throughput_cost_usd_per_mwh,
        )  # fmt: skip
        self._kernel("battery")(
            hours,
            self._export_mw,
            np.array(power),
            energy,
            state.ai_mw,
            state.room_mw,
            state.strike_usd_per_mwh,
            state.capacity_mw,
            wanted,
            gain,
        )
        if np.isnan(gain).any():
            raise unreachable(battery)

    def _generation(
        self, hours: Hours, state: SiteState, wanted: FloatArray, gain: FloatArray
    ) -> None:
        engines, suns = self.power.engines, self.power.renewables
        free = np.full(self.meter.grid.months, np.inf)
        permit = [free] * len(suns) + [
            free
            if engine.permit_hours is None
            else np.floor(engine.permit_hours * hours.hours / _YEAR_HOURS)
            for engine in engines
        ]
        shape = hours.rate_usd_per_mwh.shape
        available = [self._output_mw(unit, hours) for unit in suns]
        available += [np.full(shape, engine.capacity_mw) for engine in engines]
        cost = [0.0] * len(suns) + [engine.marginal_usd_per_mwh for engine in engines]
        self._kernel("generation")(
            hours,
            self._export_mw,
            np.array(cost),
            np.stack(available),
            np.stack(permit),
            state.ai_mw,
            state.strike_usd_per_mwh,
            state.capacity_mw,
            wanted,
            gain,
        )

    def _output_mw(self, unit: RenewableUnit, hours: Hours) -> FloatArray:
        """Return what sun or wind can give in the hours of each month [MW], (month, hour)."""
        assert unit.year_frac is not None
        found = np.zeros(hours.rate_usd_per_mwh.shape)
        begin = np.cumsum((0, *MONTH_HOURS))
        for m, month in enumerate(self.meter.grid.month_of_year - 1):
            output = unit.year_frac[begin[month] : begin[month + 1]]
            found[m, : len(output)] = unit.capacity_mw * np.array(output)
        return found

    def _response(
        self, hours: Hours, state: SiteState, wanted: FloatArray, gain: FloatArray
    ) -> None:
        offer, grid = self.power.response, self.meter.grid
        assert offer is not None
        open_hours = call_hours(
            offer,
            zone=self.power.zone,
            labels=tuple(grid.labels),
            hours=tuple(int(n) for n in hours.hours),
        )
        allowed = min(offer.limit_hours, offer.limit_calls * offer.call_hours) / len(offer.months)
        listed = np.isin(grid.month_of_year, offer.months)
        standing = offer.standing_usd_per_kw_month * 1e3 * offer.enrolled_mw
        self._kernel("response")(
            hours,
            open_hours,
            offer.baseline_mw - offer.enrolled_mw,
            offer.energy_usd_per_mwh * offer.enrolled_mw,
            standing * grid.hours / (_YEAR_HOURS / _MONTHS_A_YEAR),
            np.where(listed, np.floor(allowed), 0.0),
            state.ai_mw,
            state.strike_usd_per_mwh,
            state.capacity_mw,
            wanted,
            gain,
        )
