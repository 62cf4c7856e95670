"""The dispatch of a site: who ran in which hour, and what it earned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require
from rerack.base.errors import SolverError
from rerack.base.labelled import Labelled

#: Largest error of a schedule against its own limit and objective, relative.
_TOLERANCE_FRAC = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class Dispatch:
    """A schedule that has been checked against its interconnect and its objective.

    Parameters
    ----------
    site : str
        Name of the site.
    method : str
        ``"fast"`` or ``"lp"``.
    interconnect_mw : float
        Limit at the meter [MW utility].
    run_mw : Labelled
        Power that rigs draw, their mean outage already taken off [MW utility], (hour, unit).
    firm_mw : ndarray
        Firm AI load [MW utility], shape (hour,).
    price_usd_per_mwh : ndarray
        Price at the meter [USD/MWh], shape (hour,).
    strike_usd_per_mwh : Labelled
        Strike price of each hall, 0 for one without rigs [USD/MWh], (hour, unit).
    block_settlement_usd : float
        What the fixed-price block pays over all hours; negative when it costs [USD].
    objective_usd : float
        Margin of the rigs, less the power of the firm load, plus the block settlement [USD].
        What the tenant of the firm load pays is not in it.

    Raises
    ------
    SolverError
        If the schedule breaks the interconnect or does not earn its objective.
    """

    site: str
    method: str
    interconnect_mw: float
    run_mw: Labelled
    firm_mw: FloatArray
    price_usd_per_mwh: FloatArray
    strike_usd_per_mwh: Labelled
    block_settlement_usd: float
    objective_usd: float

    def __post_init__(self) -> None:
        hours = (self.run_mw.values.shape[0],)
        require(
            self.firm_mw.shape == self.price_usd_per_mwh.shape == hours
            and self.strike_usd_per_mwh.values.shape == self.run_mw.values.shape,
            "dispatch",
            given="arrays of different lengths",
            allowed="one row an hour and one column a hall",
        )
        for name in ("firm_mw", "price_usd_per_mwh"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))
        self._certify()

    def _certify(self) -> None:
        drawn = self.run_mw.values.sum(axis=1) + self.firm_mw
        slack_mw = _TOLERANCE_FRAC * max(self.interconnect_mw, 1.0)
        if self.run_mw.values.min(initial=0.0) < -slack_mw:
            raise SolverError(f"{self.site}: the schedule draws negative power")
        if drawn.max() > self.interconnect_mw + slack_mw:
            raise SolverError(f"{self.site}: the schedule draws {drawn.max()} MW")
        margin = float(self.margin_usd.values.sum())
        earned = margin - self.firm_cost_usd + self.block_settlement_usd
        scale = abs(margin) + abs(self.firm_cost_usd) + abs(self.block_settlement_usd)
        if abs(earned - self.objective_usd) > _TOLERANCE_FRAC * max(scale, 1.0):
            raise SolverError(
                f"{self.site}: the schedule earns {earned} USD, not the {self.objective_usd} USD "
                f"that the {self.method} route reports"
            )

    @property
    def halls(self) -> tuple[str, ...]:
        """Names of the halls, in the order of the unit axis."""
        return self.run_mw.coords["unit"]

    @property
    def margin_usd(self) -> Labelled:
        """Hashing income less power and variable operating cost, by hall [USD]."""
        # Transposed, as schedules are laid out hall by hall.
        gain = self.strike_usd_per_mwh.values.T - self.price_usd_per_mwh
        return self._by_hall("margin", np.einsum("kh,kh->k", self.run_mw.values.T, gain), "USD")

    @property
    def energy_mwh(self) -> Labelled:
        """Energy drawn by the rigs, by hall [MWh]."""
        return self._by_hall("energy", self.run_mw.values.sum(axis=0), "MWh")

    @property
    def energy_cost_usd(self) -> Labelled:
        """Price at the meter times energy drawn by the rigs, by hall [USD]."""
        cost = np.einsum("h,hk->k", self.price_usd_per_mwh, self.run_mw.values)
        return self._by_hall("energy cost", cost, "USD")

    @property
    def firm_cost_usd(self) -> float:
        """Price at the meter times energy drawn by the firm load [USD]."""
        return float(np.einsum("h,h->", self.price_usd_per_mwh, self.firm_mw))

    def table(self) -> dict[str, FloatArray]:
        """Return the schedule as columns, one row an hour."""
        run, strike = self.run_mw.values, self.strike_usd_per_mwh.values
        gain = run * (strike - self.price_usd_per_mwh[:, np.newaxis])
        columns = {
            "hour": np.arange(run.shape[0], dtype=np.float64),
            "price_usd_per_mwh": self.price_usd_per_mwh,
            "firm_mw": self.firm_mw,
            "mining_mw": run.sum(axis=1),
            "margin_usd": gain.sum(axis=1),
        }
        for k, hall in enumerate(self.halls):
            columns[f"{hall}: run_mw"] = run[:, k]
            columns[f"{hall}: strike_usd_per_mwh"] = strike[:, k]
        return columns

    def _by_hall(self, name: str, values: FloatArray, unit: str) -> Labelled:
        return Labelled(
            name=name, values=values, dims=("unit",), unit=unit, coords={"unit": self.halls}
        )

    def __repr__(self) -> str:
        hours = self.firm_mw.size
        drawn = self.energy_mwh.values.sum()
        return (
            f"Dispatch of {self.site} ({self.method}, {hours:,} h, {len(self.halls)} halls): "
            f"rigs drew {drawn:,.0f} MWh and earned {self.margin_usd.values.sum():,.0f} USD over "
            f"their power; firm load cost {self.firm_cost_usd:,.0f} USD; block settled "
            f"{self.block_settlement_usd:,.0f} USD"
        )
