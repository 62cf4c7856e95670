"""Mining margin, and its change between two months by cause, with nothing left over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from rerack.base.checks import FloatArray, require, require_between
from rerack.chain import hashprice_usd_per_ph_day
from rerack.network.history.facts import MiningHistory

#: Causes in the order of every table.
CAUSES: Final = ("price", "difficulty", "subsidy", "fees", "efficiency", "energy price")


@dataclass(frozen=True, kw_only=True)
class MiningMonth:
    """What decides the margin of one month.

    Parameters
    ----------
    price_usd : float
        [USD/BTC].
    difficulty : float
        Network difficulty.
    subsidy_btc, fees_btc_per_block : float
        [BTC per block].
    efficiency_j_per_th : float
        [J/TH].
    power_usd_per_mwh : float
        [USD/MWh].
    """

    price_usd: float
    difficulty: float
    subsidy_btc: float
    fees_btc_per_block: float
    efficiency_j_per_th: float
    power_usd_per_mwh: float

    def __post_init__(self) -> None:
        for name in ("price_usd", "difficulty", "efficiency_j_per_th", "power_usd_per_mwh"):
            require_between(getattr(self, name), 1e-9, 1e30, name)
        for name in ("subsidy_btc", "fees_btc_per_block"):
            require_between(getattr(self, name), 0.0, 1e6, name)
        require(
            self.subsidy_btc + self.fees_btc_per_block > 0.0,
            "subsidy_btc + fees_btc_per_block",
            given=0.0,
            allowed="a reward above 0",
        )

    @property
    def hashprice_usd_per_ph_day(self) -> float:
        """Hashprice [USD/PH/day]."""
        return hashprice_usd_per_ph_day(
            self.price_usd, self.difficulty, self.subsidy_btc, self.fees_btc_per_block
        )

    @property
    def cost_usd_per_ph_day(self) -> float:
        """Cost of the power that one PH/s takes in a day [USD/PH/day]."""
        return 0.024 * self.efficiency_j_per_th * self.power_usd_per_mwh

    @property
    def cost_frac(self) -> float:
        """Cost of power over revenue."""
        return self.cost_usd_per_ph_day / self.hashprice_usd_per_ph_day

    @property
    def margin_frac(self) -> float:
        """Margin after power over revenue."""
        return 1.0 - self.cost_frac

    @property
    def revenue_usd_per_mwh(self) -> float:
        """Revenue of a megawatt-hour, the break-even price of power [USD/MWh]."""
        return self.hashprice_usd_per_ph_day / (0.024 * self.efficiency_j_per_th)

    @property
    def margin_usd_per_mwh(self) -> float:
        """Margin of a megawatt-hour [USD/MWh]: break-even less price."""
        return self.revenue_usd_per_mwh - self.power_usd_per_mwh


@dataclass(frozen=True, kw_only=True)
class MarginChange:
    """The change of margin and hashprice between two months by cause, in the order of `CAUSES`.

    Parameters
    ----------
    before, after : MiningMonth
        The two months.
    margin_frac : tuple of float
        Parts of the change of the margin over revenue.
    margin_usd_per_mwh : tuple of float
        Parts of the change of the margin of a megawatt-hour [USD/MWh].
    hashprice_usd_per_ph_day : tuple of float
        Parts of the change of hashprice [USD/PH/day]; efficiency and energy have none.
    """

    before: MiningMonth
    after: MiningMonth
    margin_frac: tuple[float, ...]
    margin_usd_per_mwh: tuple[float, ...]
    hashprice_usd_per_ph_day: tuple[float, ...]


def margin_frac(
    history: MiningHistory,
    *,
    efficiency_j_per_th: float | None = None,
    power_usd_per_mwh: float | None = None,
) -> FloatArray:
    """Return margin after power over revenue, shape (month,).

    Parameters
    ----------
    history : MiningHistory
        Months.
    efficiency_j_per_th : float or None
        One rig throughout [J/TH]; None takes the fleet's path.
    power_usd_per_mwh : float or None
        One power price throughout [USD/MWh]; None takes the history's path.

    Returns
    -------
    array, shape (month,)
        ``1 - 0.024 e p / h``, before pool fee, people and capital. Negative is a loss.

    Examples
    --------
    >>> from rerack.network.history import mining_history
    >>> history = mining_history()
    >>> found = margin_frac(history, efficiency_j_per_th=30.0, power_usd_per_mwh=45.0)
    >>> [round(float(found[history.index_of(m)]), 2) for m in ("2021-10", "2025-11")]
    [0.91, 0.19]
    """
    efficiency: float | FloatArray = efficiency_j_per_th or history.efficiency_j_per_th
    power: float | FloatArray = power_usd_per_mwh or history.power_usd_per_mwh
    margin: FloatArray = 1.0 - 0.024 * efficiency * power / history.hashprice_usd_per_ph_day
    return margin


def month_of(
    history: MiningHistory,
    month: str,
    *,
    efficiency_j_per_th: float | None = None,
    power_usd_per_mwh: float | None = None,
) -> MiningMonth:
    """Return one month of a history.

    Parameters
    ----------
    history : MiningHistory
        Months.
    month : str
        Such as ``2021-11``.
    efficiency_j_per_th, power_usd_per_mwh : float or None
        As in `margin_frac`.
    """
    i = history.index_of(month)
    return MiningMonth(
        price_usd=float(history.price_usd[i]),
        difficulty=float(history.difficulty[i]),
        subsidy_btc=float(history.subsidy_btc[i]),
        fees_btc_per_block=float(history.fees_btc_per_block[i]),
        efficiency_j_per_th=efficiency_j_per_th or float(history.efficiency_j_per_th[i]),
        power_usd_per_mwh=power_usd_per_mwh or float(history.power_usd_per_mwh[i]),
    )


def explain_margin(before: MiningMonth, after: MiningMonth) -> MarginChange:
    """Return the change between two months by cause; the parts sum to the whole exactly.

    Parameters
    ----------
    before, after : MiningMonth
        The two months.

    Returns
    -------
    MarginChange
        Parts by cause.

    Notes
    -----
    Logarithmic mean Divisia index, additive form. With ``L(a, b) = (a - b) / ln(a / b)`` and a
    product ``q = x1 x2 ...`` the part of a factor is ``L(q1, q0) ln(x1' / x1)``, and these sum to
    ``q1 - q0`` without a rest; swapping the months swaps every sign. The reward is a sum, subsidy
    plus fees, so its logarithm is divided in turn by ``(s1 - s0) / L(r1, r0)`` and likewise for
    fees, which may be 0. The margin over revenue is 1 less such a product; that of a MWh is such a
    product less the price of power. Reference: Ang 2005, doi:10.1016/j.enpol.2003.10.010.

    A decomposition is arithmetic, not cause in the sense of economics: difficulty rose *because*
    price rose.

    Examples
    --------
    >>> from rerack.network.history import mining_history
    >>> history = mining_history()
    >>> a, b = (month_of(history, m) for m in ("2021-11", "2025-11"))
    >>> change = explain_margin(a, b)
    >>> abs(sum(change.margin_frac) - (b.margin_frac - a.margin_frac)) < 1e-12
    True
    """
    logs = _log_parts(before, after)
    cost = log_mean(after.cost_frac, before.cost_frac)
    revenue = log_mean(after.revenue_usd_per_mwh, before.revenue_usd_per_mwh)
    paid = log_mean(after.hashprice_usd_per_ph_day, before.hashprice_usd_per_ph_day)
    energy = -(after.power_usd_per_mwh - before.power_usd_per_mwh)
    return MarginChange(
        before=before,
        after=after,
        margin_frac=tuple(cost * part for part in logs),
        margin_usd_per_mwh=(*(revenue * part for part in logs[:5]), energy),
        hashprice_usd_per_ph_day=(*(paid * part for part in logs[:4]), 0.0, 0.0),
    )


def log_mean(a: float, b: float) -> float:
    """Return the logarithmic mean of two numbers above 0, ``(a - b) / ln(a / b)``.

    Parameters
    ----------
    a, b : float
        Above 0; equal numbers are their own mean.

    Notes
    -----
    Written as ``b x expm1(u) / u`` with ``u = ln(a / b)``, which keeps its digits near a = b.
    """
    u = math.log(a / b)
    return b * (math.expm1(u) / u if u != 0.0 else 1.0)


def _log_parts(before: MiningMonth, after: MiningMonth) -> tuple[float, ...]:
    """Return the parts of ln(revenue over cost), in the order of `CAUSES`."""
    old = before.subsidy_btc + before.fees_btc_per_block
    new = after.subsidy_btc + after.fees_btc_per_block
    reward = log_mean(new, old)
    return (
        math.log(after.price_usd / before.price_usd),
        -math.log(after.difficulty / before.difficulty),
        (after.subsidy_btc - before.subsidy_btc) / reward,
        (after.fees_btc_per_block - before.fees_btc_per_block) / reward,
        -math.log(after.efficiency_j_per_th / before.efficiency_j_per_th),
        -math.log(after.power_usd_per_mwh / before.power_usd_per_mwh),
    )
