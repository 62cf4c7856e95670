"""What lenders and the treasury see of a plan: contracted cash, coins and their price."""

from __future__ import annotations

import numpy as np

from rerack.assets import Lease
from rerack.base.checks import FloatArray
from rerack.finance import SculptedLoan
from rerack.planning.decisions import Decisions
from rerack.planning.financing import Prospects
from rerack.planning.hosting import HostingCash
from rerack.planning.inflation import growth_path
from rerack.planning.world import World


class ProspectsOf:
    """Adds up a plan's prospects hall by hall, only as far as the terms need them.

    Parameters
    ----------
    world : World
        Terms, drivers and shape.
    """

    def __init__(self, world: World) -> None:
        terms = world.terms
        self._world = world
        self._lender: FloatArray | None = None
        self._mined: FloatArray | None = None
        if isinstance(terms.loan, SculptedLoan):
            self._lender = np.zeros(world.shape)
        if terms.note is not None or not terms.treasury.is_plain:
            self._mined = np.zeros(world.shape)

    def mined(self, btc_per_mw: FloatArray, still_mining: FloatArray, utility_mw: float) -> None:
        """Add the coins of halls, in the months in which they mine."""
        if self._mined is not None:
            self._mined += btc_per_mw * still_mining * utility_mw

    def contracted(
        self, hall: str, utility_mw: float, decisions: Decisions, cash: HostingCash
    ) -> None:
        """Add what halls decided as `hall` earn within a lease's first term, as a lender counts it.

        Known when the lease is signed, but for power that the owner pays and what befalls the
        tenant. GPU-hours are sold at the market: a lender counts on none.
        """
        if self._lender is None:
            return
        month = np.arange(self._world.shape[1])[None, :]
        in_term = np.zeros(self._world.shape, dtype=np.bool_)
        for offer, decided in decisions.taken(hall):
            use = self._world.offers[offer]
            if isinstance(use, Lease):
                age = month - (decided + use.conversion.lead_months)[:, None]
                in_term |= (age >= 0) & (age < use.term_months)
        earned = cash.revenue_usd_per_mw - cash.power_usd_per_mw
        earned = earned - cash.operations_usd_per_mw - cash.credits_usd_per_mw
        self._lender += earned * in_term * utility_mw

    def found(self) -> Prospects | None:
        """Return what was added up, less overhead, or None where the terms need nothing."""
        if self._lender is None and self._mined is None:
            return None
        none = np.zeros(self._world.shape)
        lender = none
        if self._lender is not None:
            terms = self._world.terms
            overhead = terms.overhead_usd_per_year / 12.0
            path = overhead * growth_path(terms.inflation_frac_per_year, self._world.shape[1])
            lender = np.maximum(self._lender - path, 0.0)
        return Prospects(
            lender_cash_usd=lender,
            mined_btc=none if self._mined is None else self._mined,
            coin_price_usd=self._world.outlook.btc_price_usd,
        )
