"""Components made from rows of the equipment catalogue, the user's own files over it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rerack.base.errors import InputError
from rerack.catalog import Row, load
from rerack.reliability.component import Component

#: Which estimate stands for a kind of equipment unless the user chooses another, and for its cost.
ESTIMATES: dict[str, tuple[str, str]] = {
    "utility feed": ("US average 2014-2023, all events", "cost estimate"),
    "transformer": ("IEEE 3006.8 liquid MV/LV 5 MVA", "cost estimate"),
    "switchgear": ("bare bus 600 V", "cost estimate"),
    "automatic transfer switch": ("IEEE 3006.8 aggregated", "cost estimate"),
    "static transfer switch": ("Vertiv demonstrated", "cost estimate"),
    "ups module": ("IEEE 493-2007 small computer room", "cost estimate"),
    "pdu": ("placeholder", "cost estimate"),
    "diesel generator": ("REopt default", "cost, REopt default 2020"),
    "battery": ("REopt default", "cost, REopt default"),
    "chiller": ("Callou", "cost estimate"),
    "cooling tower": ("Callou", "cost estimate"),
    "crac": ("Callou", "cost estimate"),
    "motor pump": ("INL 2020 running, repair estimated", "cost estimate"),
    "cdu pump": ("canned rotor, middle of range", "cost estimate"),
    "dry cooler": ("estimate", "cost estimate"),
}


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The equipment catalogue as topologies use it.

    Parameters
    ----------
    extend : tuple of Path
        The user's own files of table ``equipment``; a row of the same key replaces the bundled one.
    estimates : mapping of str to str
        Estimate to use for a kind of equipment, in place of that of `ESTIMATES`.

    Examples
    --------
    >>> ups = Parts().component("ups module", name="UPS 1", capacity_mw=2.5)
    >>> ups.failure_rate_per_year, ups.mttr_hours, ups.capex_usd
    (0.01, 2.0, 875000.0)
    """

    extend: tuple[Path, ...] = ()
    estimates: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> dict[tuple[str, ...], Row]:
        return {row.key: row for row in load("equipment", extend=self.extend)}

    def row(self, equipment: str, estimate: str) -> Row:
        """Return the row of an estimate.

        Raises
        ------
        InputError
            No such row; the message lists the estimates of the equipment.
        """
        found = self._rows.get((equipment.casefold(), estimate.casefold()))
        if found is not None:
            return found
        same = [r.text("estimate") for r in self._rows.values() if r["equipment"] == equipment]
        raise InputError.of(
            f"equipment {equipment!r}",
            given=f"estimate {estimate!r}",
            allowed="; ".join(same) or "an equipment of the catalogue",
            cure="Choose one of these, or add the row in your own file.",
        )

    def reliability_row(self, equipment: str) -> Row:
        """Return the row that gives failures and repair of a kind of equipment."""
        standard = ESTIMATES.get(equipment, ("", ""))[0]
        return self.row(equipment, self.estimates.get(equipment, standard))

    def component(
        self,
        equipment: str,
        *,
        name: str,
        capacity_mw: float = math.inf,
        paid_mw: float | None = None,
        energy_mwh: float = 0.0,
        maintenance_hours_per_year: float = 0.0,
    ) -> Component:
        """Return a component of a kind of equipment.

        Parameters
        ----------
        equipment : str
            Kind of equipment.
        name : str
            Name of the component.
        capacity_mw : float
            What it carries [MW critical].
        paid_mw : float or None
            Power that the cost is for [MW]; None is `capacity_mw`.
        energy_mwh : float
            Energy that the cost is for, of a battery [MWh].
        maintenance_hours_per_year : float
            Planned hours out of service [h/year].

        Raises
        ------
        InputError
            Unknown equipment, or failures without a repair time: what is not known is not made up.
        """
        row = self.reliability_row(equipment)
        rate = _known(row, "failure_rate_per_year")
        return Component(
            name=name,
            failure_rate_per_year=rate,
            mttr_hours=row.number("mttr_hours") if rate > 0.0 else 0.0,
            fail_to_start_frac=_known(row, "fail_to_start_frac"),
            fail_to_run_per_hour=_known(row, "fail_to_run_per_hour"),
            maintenance_hours_per_year=maintenance_hours_per_year,
            capex_usd=self.cost_usd(equipment, paid_mw or capacity_mw, energy_mwh=energy_mwh),
            capacity_mw=capacity_mw,
            source=f"{row.label}: {row.source} ({row.status})",
            kind=equipment,
        )

    def cost_usd(self, equipment: str, power_mw: float, *, energy_mwh: float = 0.0) -> float:
        """Return the installed cost of a kind of equipment [USD]; 0 for an unlimited capacity."""
        if math.isinf(power_mw):
            return 0.0
        row = self.row(equipment, ESTIMATES.get(equipment, ("", "cost estimate"))[1])
        cost = power_mw * row.number("power_cost_usd_per_mw")
        return cost + (energy_mwh * row.number("energy_cost_usd_per_mwh") if energy_mwh else 0.0)

    def beta_frac(self, estimate: str) -> float:
        """Return a common-cause share of the catalogue, such as ``"generic pair"``."""
        return self.row("common cause", estimate).number("beta_frac")


def _known(row: Row, column: str) -> float:
    """Return a number, 0 where the row is silent: that way of failing is not in the estimate."""
    return 0.0 if row[column] is None else row.number(column)
