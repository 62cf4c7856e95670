"""What the network pays along every scenario, and what rigs cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.base.labelled import Labelled
from rerack.base.timegrid import MonthGrid

_UNITS: Final = {
    "hashrate_eh_s": "EH/s",
    "difficulty": "1",
    "subsidy_btc": "BTC/block",
    "btc_per_ph_day": "BTC/PH/day",
    "hashprice_usd_per_ph_day": "USD/PH/day",
    "rig_price_usd_per_th": "USD/TH",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkOutlook:
    """The network along every scenario; nominal US dollars, read-only arrays.

    Parameters
    ----------
    grid : MonthGrid
        Months.
    hashrate_eh_s : array, shape (scenario, month)
        Mean hashrate [EH/s].
    difficulty : array, shape (scenario, month)
        Harmonic time mean of difficulty, so that income is exact.
    subsidy_btc : array, shape (scenario, month)
        Subsidy, mean over the month's blocks [BTC per block].
    btc_per_ph_day : array, shape (scenario, month)
        Expected income of one PH/s, before any pool fee [BTC/PH/day].
    hashprice_usd_per_ph_day : array, shape (scenario, month)
        ``btc_per_ph_day`` times the Bitcoin price of the month [USD/PH/day].
    halving_month : array, shape (scenario, halving)
        Fractional months from the start to each coming halving; inf where beyond the horizon.
    frontier_j_per_th : array, shape (month,)
        Best rig on sale [J/TH].
    efficiency_j_per_th : array, shape (month,) or (scenario, month)
        Mean of the running fleet [J/TH]; by scenario where cohorts decide.
    rig_price_usd_per_th : array, shape (scenario, month)
        Price of that best rig [USD/TH].
    lease_left_frac : array, shape (scenario, month), or None
        Factor on rents signed in the month that conversions all over the world leave; None is 1.

    Raises
    ------
    InputError
        Shapes differ, or a number is not finite or not above 0.
    """

    grid: MonthGrid
    hashrate_eh_s: FloatArray
    difficulty: FloatArray
    subsidy_btc: FloatArray
    btc_per_ph_day: FloatArray
    hashprice_usd_per_ph_day: FloatArray
    halving_month: FloatArray
    frontier_j_per_th: FloatArray
    efficiency_j_per_th: FloatArray
    rig_price_usd_per_th: FloatArray
    lease_left_frac: FloatArray | None = None

    def __post_init__(self) -> None:
        shape = self.hashrate_eh_s.shape
        for name in (*_UNITS, "frontier_j_per_th", "efficiency_j_per_th"):
            values = as_finite(getattr(self, name), name)
            by_scenario = name in _UNITS or (name == "efficiency_j_per_th" and values.ndim == 2)
            wanted = shape if by_scenario else shape[1:]
            require(values.shape == wanted, name, given=values.shape, allowed=f"shape {wanted}")
            lowest = float(values.min())
            # No subsidy is left after height 6,930,000: the only array that may be 0.
            ok = lowest > 0.0 or (name == "subsidy_btc" and lowest == 0.0)
            require(ok, name, given=f"{lowest:g}", allowed="numbers above 0")
            object.__setattr__(self, name, frozen_array(values))
        object.__setattr__(self, "halving_month", frozen_array(self.halving_month))
        if self.lease_left_frac is not None:
            factor = as_finite(self.lease_left_frac, "lease_left_frac")
            require(
                factor.shape == shape, "lease_left_frac", given=factor.shape, allowed=f"{shape}"
            )
            object.__setattr__(self, "lease_left_frac", frozen_array(factor))

    @property
    def paths(self) -> int:
        """Number of scenarios."""
        return int(self.hashrate_eh_s.shape[0])

    def labelled(self, name: str) -> Labelled:
        """Return one array with its axes and unit.

        Parameters
        ----------
        name : str
            Name of a (scenario, month) array of this outlook.
        """
        require(name in _UNITS, "name", given=repr(name), allowed=", ".join(_UNITS))
        return Labelled(
            name=name,
            values=getattr(self, name),
            dims=("scenario", "month"),
            unit=_UNITS[name],
            coords={"month": self.grid.labels},
        )

    def __repr__(self) -> str:
        return (
            f"NetworkOutlook({self.paths} scenarios, {self.grid.months} months from "
            f"{self.grid.labels[0]}; " + ", ".join(_UNITS) + ", halving_month)"
        )
