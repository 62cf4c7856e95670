"""What a megawatt-hour costs at the meter."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.assets.tariff_terms import CoincidentPeak, DemandCharge, ExportTerms, MinimumTake
from rerack.assets.time_of_use import TimeOfUse
from rerack.base.checks import require, require_between


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
    """Price at the meter: the index plus an adder, or one fixed price, and the terms around it.

    Parameters
    ----------
    adder_usd_per_mwh : float
        Delivery and retail margin on top of the index [USD/MWh].
    fixed_price_usd_per_mwh : float or None
        All-in price if the site buys at one price, as a hosted miner does [USD/MWh]; the index
        and the adder then play no part.
    block : FixedBlock or None
        Financial fixed-price block.
    time_of_use : TimeOfUse or None
        Energy rates added by month, weekday and hour, to either price.
    demand_charge : DemandCharge or None
        Charge on the peak of each month.
    coincident_peak : CoincidentPeak or None
        Charge on the load in the system's peaks.
    minimum_take : MinimumTake or None
        Take or pay.
    export : ExportTerms or None
        Terms of selling back; None forbids it.
    losses_frac : float
        Share of the energy bought at the index that is lost before the meter.

    Notes
    -----
    ``price at the meter = index / (1 - losses) + adder + time of use``. `solve` and the
    price-duration route know the first three parameters only; `beyond_index` names the others
    that are set, and `solve_programmes` and `bill` take all.

    Examples
    --------
    >>> Tariff(adder_usd_per_mwh=4.0, losses_frac=0.02).beyond_index
    ('losses_frac',)
    """

    adder_usd_per_mwh: float = 0.0
    fixed_price_usd_per_mwh: float | None = None
    block: FixedBlock | None = None
    time_of_use: TimeOfUse | None = None
    demand_charge: DemandCharge | None = None
    coincident_peak: CoincidentPeak | None = None
    minimum_take: MinimumTake | None = None
    export: ExportTerms | None = None
    losses_frac: float = 0.0

    def __post_init__(self) -> None:
        require_between(self.adder_usd_per_mwh, -1e3, 1e4, "tariff: adder_usd_per_mwh")
        require_between(self.losses_frac, 0.0, 0.5, "tariff: losses_frac")
        if self.fixed_price_usd_per_mwh is not None:
            require_between(
                self.fixed_price_usd_per_mwh, -1e3, 1e4, "tariff: fixed_price_usd_per_mwh"
            )
            require(
                self.losses_frac == 0.0,
                "tariff: losses_frac",
                given=self.losses_frac,
                allowed="0 with a fixed price, which is all-in",
                cure="Leave the losses out, or buy at the index.",
            )
        if self.export is not None:
            self._check_export(self.export)

    def _check_export(self, export: ExportTerms) -> None:
        """Refuse what would pay a site for buying and selling in one hour."""
        require(
            self.fixed_price_usd_per_mwh is None,
            "tariff: export",
            given="export at the index with purchases at a fixed price",
            allowed="export with purchases at the index",
            cure="Buy at the index plus an adder.",
        )
        rates = [0.0] if self.time_of_use is None else [
            p.rate_usd_per_mwh for p in self.time_of_use.periods
        ]  # fmt: skip
        spread = self.adder_usd_per_mwh + min(rates) + export.discount_usd_per_mwh
        require(
            spread >= 0.0,
            "tariff: export",
            given=f"an export price {-spread:g} USD/MWh above the purchase price",
            allowed="adder + lowest time-of-use rate + export discount of 0 or more",
            cure="Raise the export discount.",
        )

    @property
    def beyond_index(self) -> tuple[str, ...]:
        """Names of the terms set that the hour-by-hour merit order does not know."""
        optional = ("time_of_use", "demand_charge", "coincident_peak", "minimum_take", "export")
        found = [name for name in optional if getattr(self, name) is not None]
        return (*found, *(("losses_frac",) if self.losses_frac else ()))
