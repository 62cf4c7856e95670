"""What a majority costs by a route: once, or along every scenario."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import FloatArray, IntArray
from rerack.security.routes import Route


@dataclass(frozen=True, kw_only=True)
class AttackCost:
    """Cost of a share of the hashrate by one route.

    Parameters
    ----------
    route : str
        How it is got.
    share_frac, reached_frac : float
        Share asked for, and share that the route gives; costs are those of what it gives.
    hashrate_eh_s : float
        Attacker's hashrate [EH/s].
    rigs_usd, sites_usd, capex_usd : float
        Capital cost of rigs, of sites, and of both [USD].
    power_mw : float
        Utility power that the attacker pays for [MW].
    power_usd_per_hour, rent_usd_per_hour : float
        What an hour of attack costs in power and in rent [USD/h], before the rewards it mines.
    months_to_acquire : float
        Time from the decision until the share is held [month].
    explanation : tuple of str
        How the figures came about, one step a line.
    """

    route: Route
    share_frac: float
    reached_frac: float
    hashrate_eh_s: float
    rigs_usd: float
    sites_usd: float
    capex_usd: float
    power_mw: float
    power_usd_per_hour: float
    rent_usd_per_hour: float
    months_to_acquire: float
    explanation: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether the route gives the share asked for."""
        return self.reached_frac >= self.share_frac - 1e-9


@dataclass(frozen=True, kw_only=True)
class AttackPath:
    """Cost of a share of the hashrate through time, in arrays of the shape of the paths.

    Parameters
    ----------
    route : str
        How it is got.
    share_frac : float
        Share asked for.
    reached_frac : array
        Share that the route gives.
    hashrate_eh_s : array
        Attacker's hashrate [EH/s].
    capex_usd : array
        Capital cost of rigs and sites [USD].
    power_mw : array
        Utility power [MW].
    power_usd_per_hour, rent_usd_per_hour : array
        Running cost [USD/h].
    months_to_acquire : array
        Time until the share is held [month].
    holders_taken : array of int
        Holders that are seized, the fewest that reach the share; 0 by other routes.
    """

    route: Route
    share_frac: float
    reached_frac: FloatArray
    hashrate_eh_s: FloatArray
    capex_usd: FloatArray
    power_mw: FloatArray
    power_usd_per_hour: FloatArray
    rent_usd_per_hour: FloatArray
    months_to_acquire: FloatArray
    holders_taken: IntArray
