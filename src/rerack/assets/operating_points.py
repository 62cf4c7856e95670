"""How the rigs of a hall can be run: operating points, idle draw, starts, restore, cooling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rerack.assets.rigs import RigModel
from rerack.base.checks import require, require_between


@dataclass(frozen=True, kw_only=True)
class OperatingPoint:
    """One setting of a rig, relative to its rated one.

    Parameters
    ----------
    power_frac : float
        Power over rated power.
    hashrate_frac : float
        Hashrate over rated hashrate.
    """

    power_frac: float
    hashrate_frac: float

    def __post_init__(self) -> None:
        require_between(self.power_frac, 1e-3, 1.0, "operating point: power_frac")
        require_between(self.hashrate_frac, 0.0, 1.5, "operating point: hashrate_frac")


RATED = OperatingPoint(power_frac=1.0, hashrate_frac=1.0)


def points_of(
    model: RigModel, settings: Sequence[tuple[float, float]]
) -> tuple[OperatingPoint, ...]:
    """Return the operating points of a model, its rated one included.

    Parameters
    ----------
    model : RigModel
        Rated hashrate and power.
    settings : sequence of (float, float)
        Other settings as (hashrate [TH/s], power [W]).

    Returns
    -------
    tuple of OperatingPoint
        The rated point first.

    Examples
    --------
    >>> s21 = RigModel(name="S21", hashrate_th_s=200.0, power_w=3500.0)
    >>> points_of(s21, [(140.0, 2100.0)])[1]
    OperatingPoint(power_frac=0.6, hashrate_frac=0.7)
    """
    return (
        RATED,
        *(
            OperatingPoint(
                power_frac=watts / model.power_w, hashrate_frac=th_s / model.hashrate_th_s
            )
            for th_s, watts in settings
        ),
    )


@dataclass(frozen=True, kw_only=True)
class HallOperation:
    """What the rigs of one hall can do beyond running at rated power.

    Parameters
    ----------
    hall : str
        Name of the hall.
    points : tuple of OperatingPoint
        Settings; one of them draws rated power.
    idle_frac : float
        Draw of an idling hall over its rated power (fans, control boards, network).
    start_usd_per_mw, stop_usd_per_mw : float
        Wear and lost hashing for every rated MW started and stopped [USD/MW].
    restore_mw_per_hour : float or None
        Most power that comes back from one hour to the next [MW/h]; None: all at once.
    min_up_hours : int
        Hours that a started rig runs at least.
    inlet_limit_c : float or None
        Inlet temperature above which the hall idles [°C]; None: never.
    response_s : float or None
        Time from an order to reduced load [s]; None, unknown, qualifies for no reserve.

    Notes
    -----
    The rigs of a hall are many, so any mix of settings can be run: the best income at a given
    power is the concave upper hull of idle and the points, and a share of a hall can be started.
    """

    hall: str
    points: tuple[OperatingPoint, ...] = (RATED,)
    idle_frac: float = 0.0
    start_usd_per_mw: float = 0.0
    stop_usd_per_mw: float = 0.0
    restore_mw_per_hour: float | None = None
    min_up_hours: int = 1
    inlet_limit_c: float | None = None
    response_s: float | None = None

    def __post_init__(self) -> None:
        here = f"operation of hall {self.hall}"
        require(
            len(self.points) > 0 and max(p.power_frac for p in self.points) == 1.0,
            f"{here}: points",
            given=[p.power_frac for p in self.points],
            allowed="one point or more, the strongest at power_frac 1",
            cure="Add the rated point, or rate the rigs at the strongest point.",
        )
        require_between(self.idle_frac, 0.0, 0.5, f"{here}: idle_frac")
        require(
            self.idle_frac < min(p.power_frac for p in self.points),
            f"{here}: idle_frac",
            given=self.idle_frac,
            allowed="below the power_frac of every operating point",
        )
        require_between(self.start_usd_per_mw, 0.0, 1e6, f"{here}: start_usd_per_mw")
        require_between(self.stop_usd_per_mw, 0.0, 1e6, f"{here}: stop_usd_per_mw")
        if self.restore_mw_per_hour is not None:
            require_between(
                self.restore_mw_per_hour, 1e-6, math.inf, f"{here}: restore_mw_per_hour"
            )
        require_between(self.min_up_hours, 1, 168, f"{here}: min_up_hours")
        if self.inlet_limit_c is not None:
            require_between(self.inlet_limit_c, -40.0, 80.0, f"{here}: inlet_limit_c")
        if self.response_s is not None:
            require_between(self.response_s, 0.0, 86_400.0, f"{here}: response_s")

    @property
    def couples_hours(self) -> bool:
        """Whether an hour's choice depends on the hours before it."""
        return (
            self.start_usd_per_mw > 0.0
            or self.stop_usd_per_mw > 0.0
            or self.restore_mw_per_hour is not None
            or self.min_up_hours > 1
        )
