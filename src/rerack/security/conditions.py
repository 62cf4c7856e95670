"""What moves through time of a network state, as arrays: hashrate, idle rigs, prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.errors import InputError
from rerack.security.state import NetworkState, RigSupply


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
    supply : RigSupply
        Quantities and prices that stay the same.
    """

    hashrate_eh_s: FloatArray
    efficiency_j_per_th: FloatArray
    hashprice_usd_per_ph_day: FloatArray
    power_price_usd_per_mwh: FloatArray
    rig_price_usd_per_th: FloatArray
    idle_eh_s: FloatArray
    supply: RigSupply


#: Fields of a state that may follow a path.
PATHS = (
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
        Numbers, 0 or more, for fields named in `PATHS`; they broadcast with each other.

    Raises
    ------
    InputError
        An unknown field, NaN, a negative number, no hashrate, or shapes that do not fit.
    """
    unknown = sorted(set(paths) - set(PATHS))
    require(
        not unknown,
        "paths",
        given=", ".join(unknown),
        allowed=", ".join(PATHS),
        cure="Correct the name of the path.",
    )
    require(
        -1.0 < honest_response_frac <= 100.0,
        "honest_response_frac",
        given=honest_response_frac,
        allowed="above -1, up to 100",
        cure="Give the change as a share: -0.2 if a fifth leaves.",
    )
    values = {name: as_finite(paths.get(name, getattr(state, name)), name) for name in PATHS}
    for name, array in values.items():
        require(bool((array >= 0.0).all()), name, given=array.min(), allowed="0 or more")
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
    return Conditions(
        supply=state.supply, **{n: np.broadcast_to(a, shape) for n, a in values.items()}
    )
