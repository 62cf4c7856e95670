"""What a megawatt-hour costs at the meter."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.checks import require_between


@dataclass(frozen=True, kw_only=True)
class FixedBlock:
    """A fixed-price block of power, settled financially whatever runs.

    Parameters
    ----------
    block_mw : float
        Size [MW utility].
    price_usd_per_mwh : float
        Contract price [USD/MWh].
    months : int
        Months from the study start that the contract still runs.

    Notes
    -----
    The block pays ``(index - price) * block`` each hour. It never enters the marginal price, so it
    never changes dispatch: this is what miners report as power credits.
    """

    block_mw: float
    price_usd_per_mwh: float
    months: int

    def __post_init__(self) -> None:
        require_between(self.block_mw, 0.0, 1e5, "fixed block: block_mw")
        require_between(self.price_usd_per_mwh, -1e3, 1e4, "fixed block: price_usd_per_mwh")
        require_between(self.months, 0, 600, "fixed block: months")


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """Marginal price at the meter: the index plus an adder, or one fixed price.

    Parameters
    ----------
    adder_usd_per_mwh : float
        Delivery, losses and retail margin on top of the index [USD/MWh].
    fixed_price_usd_per_mwh : float or None
        All-in price if the site buys at one price, as a hosted miner does [USD/MWh]; the index
        and the adder then play no part.
    block : FixedBlock or None
        Financial fixed-price block.
    """

    adder_usd_per_mwh: float = 0.0
    fixed_price_usd_per_mwh: float | None = None
    block: FixedBlock | None = None

    def __post_init__(self) -> None:
        require_between(self.adder_usd_per_mwh, -1e3, 1e4, "tariff: adder_usd_per_mwh")
        if self.fixed_price_usd_per_mwh is not None:
            require_between(
                self.fixed_price_usd_per_mwh, -1e3, 1e4, "tariff: fixed_price_usd_per_mwh"
            )
