"""What moves through time of a network state, as arrays: hashrate, idle rigs, prices."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.errors import InputError
from rerack.security.state import NetworkState


class SupplyPaths(NamedTuple):
    """`RigSupply` over scenarios and time: its fields as arrays that broadcast with the others."""

    rig_efficiency_j_per_th: FloatArray
    output_eh_s_per_month: FloatArray
    supply_elasticity: FloatArray
    idle_price_usd_per_th: FloatArray
    idle_efficiency_j_per_th: FloatArray
    idle_months: FloatArray
    rentable_eh_s: FloatArray
    rent_premium_frac: FloatArray
    manufacture_usd_per_th: FloatArray
    design_cost_usd: FloatArray
    design_months: FloatArray
    site_usd_per_mw: FloatArray


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """A network state spread over scenarios and time.

    Parameters
    ----------
    hashrate_eh_s : array
        Honest hashrate that the attacker meets [EH/s]; all arrays share one shape, such as
        (scenario, month).
    efficiency_j_per_th : array
        Mean efficiency of what is online [J/TH].
    hashprice_usd_per_ph_day : array
        Income of hashrate [USD/PH/day].
    power_price_usd_per_mwh : array
        Power price of the attack [USD/MWh].
    rig_price_usd_per_th : array
        Price of a new rig [USD/TH].
    idle_eh_s : array
        Hashrate of rigs that stand idle [EH/s].
    supply : SupplyPaths
        Quantities and prices of rigs beyond the market price of one.
    """

    hashrate_eh_s: FloatArray
    efficiency_j_per_th: FloatArray
    hashprice_usd_per_ph_day: FloatArray
    power_price_usd_per_mwh: FloatArray
    rig_price_usd_per_th: FloatArray
    idle_eh_s: FloatArray
    supply: SupplyPaths


#: Fields of a state, and of its supply, that may follow a path.
STATE_PATHS = (
    "hashrate_eh_s",
    "efficiency_j_per_th",
    "hashprice_usd_per_ph_day",
    "power_price_usd_per_mwh",
    "rig_price_usd_per_th",
    "idle_eh_s",
)


def conditions(
    state: NetworkState, *, honest_response_frac: float = 0.0, **paths: ArrayLike
) -> Conditions:
    """Spread a state over the shape of the paths given for some of its fields.

    Parameters
    ----------
    state : NetworkState
        Values of the fields without a path.
    honest_response_frac : float
        Change of honest hashrate in answer to the attack, above -1: positive if defenders switch
        rigs on, negative if the falling price drives them off.
    **paths : array_like
        Numbers, 0 or more, for fields named in `STATE_PATHS` or of `RigSupply`; they broadcast
        with each other.

    Raises
    ------
    InputError
        An unknown field, NaN, a negative number, no hashrate, or shapes that do not fit.
    """
    allowed = (*STATE_PATHS, *SupplyPaths._fields)
    unknown = sorted(set(paths) - set(allowed))
    require(
        not unknown,
        "paths",
        given=", ".join(unknown),
        allowed=", ".join(allowed),
        cure="Correct the name of the path.",
    )
    require(
        -1.0 < honest_response_frac <= 100.0,
        "honest_response_frac",
        given=honest_response_frac,
        allowed="above -1, up to 100",
        cure="Give the change as a share: -0.2 if a fifth leaves.",
    )
    given = {n: getattr(state, n) for n in STATE_PATHS} | asdict(state.supply) | paths
    values = {name: as_finite(value, name) for name, value in given.items()}
    for name, array in values.items():
        # A premium may be a discount; `RigSupply` has checked it.
        ok = bool((array >= 0.0).all()) or (name == "rent_premium_frac" and name not in paths)
        require(ok, name, given=array.min(), allowed="0 or more")
    honest = values["hashrate_eh_s"]
    require(
        bool((honest > 0.0).all()),
        "hashrate_eh_s",
        given="0",
        allowed="above 0",
        cure="A network without hashrate has no majority to buy.",
    )
    try:
        shape = np.broadcast_shapes(*(a.shape for a in values.values()))
    except ValueError:
        raise InputError.of(
            "paths",
            given=str({name: a.shape for name, a in values.items() if a.ndim}),
            allowed="shapes that broadcast together",
            cure="Give paths over the same scenarios and months.",
        ) from None
    values["hashrate_eh_s"] = honest * (1.0 + honest_response_frac)
    full = {n: np.broadcast_to(a, shape) for n, a in values.items()}
    supply = SupplyPaths(**{n: full.pop(n) for n in SupplyPaths._fields})
    return Conditions(supply=supply, **full)
