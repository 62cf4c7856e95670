"""Everything the world may do to a site's margins: drivers by scenario and month."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.base.labelled import Labelled
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets.bitcoin.simulate import simulate_bitcoin
from rerack.markets.bitcoin.spec import BitcoinSpec
from rerack.markets.correlation import Correlation, correlated_shocks
from rerack.markets.fees import FeesSpec, simulate_fees
from rerack.markets.gpu import GpuSpec, simulate_gpu
from rerack.markets.lease import LeaseSpec, simulate_lease
from rerack.markets.power.library import PriceLibrary
from rerack.markets.power.outlook import PowerOutlook, PowerSpec, power_outlook

_UNITS: Final = {
    "btc_price_usd": "USD/BTC",
    "fees_btc_per_block": "BTC/block",
    "network_shock": "standard normal",
    "lease_index": "1 in month 0",
    "gpu_index": "1 in month 0",
}


@dataclass(frozen=True, kw_only=True)
class MarketSpec:
    """The market models of a study.

    Parameters
    ----------
    bitcoin, fees, power, lease, gpu
        One model each.
    correlation : Correlation
        How their monthly shocks move together. The default is none: what the history shows
        between price and fees stands in the diagnostics of the fees calibration.

    Examples
    --------
    >>> MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0)).fees.level_btc_per_block
    0.02
    """

    bitcoin: BitcoinSpec
    fees: FeesSpec = field(default_factory=FeesSpec)
    power: PowerSpec = field(default_factory=PowerSpec)
    lease: LeaseSpec = field(default_factory=LeaseSpec)
    gpu: GpuSpec = field(default_factory=GpuSpec)
    correlation: Correlation = field(default_factory=Correlation)


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlook:
    """Drivers along every scenario; nominal US dollars, read-only arrays (scenario, month).

    Parameters
    ----------
    grid : MonthGrid
        Months; month 0 holds the start values, the same in every scenario.
    seed : int
        Seed of the study.
    first_path : int
        Number of the first scenario, for studies computed in chunks.
    btc_price_usd : array
        Bitcoin price [USD/BTC].
    fees_btc_per_block : array
        Transaction fees [BTC per block].
    network_shock : array
        Standard normals that `rerack.network` turns into hashrate.
    lease_index, gpu_index : array
        Lease rates and GPU-hour price relative to month 0.
    power : PowerOutlook
        Hourly power prices: a weather year and a level a scenario and month.

    Raises
    ------
    InputError
        Shapes differ, or a number is not finite.
    """

    grid: MonthGrid
    seed: int
    first_path: int
    btc_price_usd: FloatArray
    fees_btc_per_block: FloatArray
    network_shock: FloatArray
    lease_index: FloatArray
    gpu_index: FloatArray
    power: PowerOutlook

    def __post_init__(self) -> None:
        shape = (self.btc_price_usd.shape[0], self.grid.months)
        for name in _UNITS:
            values = as_finite(getattr(self, name), name, ndim=2)
            require(values.shape == shape, name, given=values.shape, allowed=f"shape {shape}")
            require(
                name == "network_shock" or bool((values > 0.0).all()),
                name,
                given=f"{values.min():g}",
                allowed="numbers above 0",
            )
            object.__setattr__(self, name, frozen_array(values))

    @property
    def paths(self) -> int:
        """Number of scenarios."""
        return int(self.btc_price_usd.shape[0])

    def labelled(self, name: str) -> Labelled:
        """Return one driver with its axes and unit.

        Parameters
        ----------
        name : str
            Name of an array of this outlook.
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
            f"Outlook({self.paths} scenarios from {self.first_path}, {self.grid.months} months "
            f"from {self.grid.labels[0]}, seed {self.seed}; "
            + ", ".join(f.name for f in fields(self) if f.name in _UNITS)
            + ", power)"
        )


def build_outlook(
    spec: MarketSpec,
    grid: MonthGrid,
    streams: Streams,
    *,
    paths: int,
    first_path: int = 0,
    library: PriceLibrary | None = None,
) -> Outlook:
    """Draw the market scenarios of a study.

    Parameters
    ----------
    spec : MarketSpec
        The models.
    grid : MonthGrid
        Months of the study.
    streams : Streams
        Random streams of the study.
    paths : int
        Number of scenarios, 1 or more.
    first_path : int
        Number of the first one, a multiple of 64.
    library : PriceLibrary or None
        What ``power_library(spec.power, grid, streams)`` returns, where a study in chunks has
        made it already; None makes it.

    Returns
    -------
    Outlook
        Scenario i is the same whatever the number of scenarios or chunks.

    Raises
    ------
    InputError
        A wrong number, or a correlation with Bitcoin asked of the bootstrap, which has no shock.

    Examples
    --------
    >>> from rerack.markets.outlook import MarketSpec, build_outlook
    >>> spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    >>> outlook = build_outlook(spec, MonthGrid.parse("2026-01", 24), Streams(7), paths=3)
    >>> outlook.btc_price_usd.shape, float(outlook.btc_price_usd[0, 0])
    ((3, 24), 85000.0)
    """
    require(paths >= 1, "paths", given=paths, allowed="1 or more")
    _refuse_bootstrap_correlation(spec)
    shocks = correlated_shocks(
        spec.correlation, streams, paths=paths, months=grid.months, first_path=first_path
    )
    return Outlook(
        grid=grid,
        seed=streams.seed,
        first_path=first_path,
        btc_price_usd=simulate_bitcoin(
            spec.bitcoin, shocks["bitcoin"], streams, first_path=first_path
        ),
        fees_btc_per_block=simulate_fees(spec.fees, shocks["fees"]),
        network_shock=shocks["network"],
        lease_index=simulate_lease(spec.lease, shocks["lease"]),
        gpu_index=simulate_gpu(spec.gpu, shocks["gpu"]),
        power=power_outlook(
            spec.power,
            grid,
            streams,
            paths=paths,
            first_path=first_path,
            level_shocks=shocks["power"],
            library=library,
        ),
    )


def _refuse_bootstrap_correlation(spec: MarketSpec) -> None:
    related = [p for p in spec.correlation.pairs if "bitcoin" in p[:2] and p[2] != 0.0]
    require(
        spec.bitcoin.model != "bootstrap" or not related,
        "correlation",
        given=", ".join(f"{a}/{b} {v:g}" for a, b, v in related),
        allowed="no correlation with bitcoin where its model is bootstrap",
        cure="Choose gbm, jump or regime, or drop the pair.",
    )
