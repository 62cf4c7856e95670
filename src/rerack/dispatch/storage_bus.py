"""What an hour's power is worth behind the meter, as the kernels of storage take it."""

from __future__ import annotations

from typing import NamedTuple


class Bus(NamedTuple):
    """What an hour's power is worth behind the meter, numbers only, as kernels take them.

    Uses compete for the interconnect's power: classes, selling it, and not buying it, which is
    worth the price for every MWh of the interconnect's limit.

    Parameters
    ----------
    limit_mw : float
        Interconnect [MW].
    room_mw : float
        Interconnect less firm load [MW].
    export_mw : float
        Export limit [MW].
    charge_mw, discharge_mw : float
        Battery power at the bus [MW].
    charge_frac, discharge_frac : float
        Efficiencies.
    wear_usd_per_mwh : float
        Wear per MWh discharged at the bus [USD/MWh].
    """

    limit_mw: float
    room_mw: float
    export_mw: float
    charge_mw: float
    discharge_mw: float
    charge_frac: float
    discharge_frac: float
    wear_usd_per_mwh: float
