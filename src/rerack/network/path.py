"""The network along every scenario: hashrate first, then the chain's own clock."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.chain import run_epochs
from rerack.markets import Outlook
from rerack.network.cohort_network import CohortNetwork, cohort_path
from rerack.network.growth import growth_inputs, simulate_hashrate
from rerack.network.outlook import NetworkOutlook
from rerack.network.progress import efficiency_path, frontier_path
from rerack.network.rig_market import rig_price_path
from rerack.network.spec import NetworkSpec


def network_path(spec: NetworkSpec | CohortNetwork, outlook: Outlook) -> NetworkOutlook:
    """Return hashrate, difficulty, hashprice, halvings and rig price of every scenario.

    Parameters
    ----------
    spec : NetworkSpec or CohortNetwork
        The network at the start and how it reacts: as a whole, or as cohorts that decide.
    outlook : Outlook
        Bitcoin price, fees and the network's shocks.

    Returns
    -------
    NetworkOutlook
        Hashprice is ``btc_per_ph_day`` times the price of the month; halvings come at the heights
        that the scenario's own hashrate reaches.

    Raises
    ------
    InputError
        A path leaves the finite positive numbers.

    Examples
    --------
    >>> from rerack.base import MonthGrid, Streams
    >>> from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
    >>> spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    >>> outlook = build_outlook(spec, MonthGrid.parse("2026-01", 24), Streams(7), paths=2)
    >>> start = NetworkSpec(start_height=927_360, start_difficulty=148.1953e12)
    >>> round(float(network_path(start, outlook).hashprice_usd_per_ph_day[0, 0]), 1)
    36.3
    """
    if not isinstance(spec, NetworkSpec):
        return cohort_path(spec, outlook)
    hashrate_eh_s, _ = simulate_hashrate(growth_inputs(spec, outlook))
    return outlook_of(spec, outlook, hashrate_eh_s)


def outlook_of(spec: NetworkSpec, outlook: Outlook, hashrate_eh_s: FloatArray) -> NetworkOutlook:
    """Return what the chain pays under given hashrate, and what rigs then cost.

    Parameters
    ----------
    spec : NetworkSpec
        The chain at the start, and the rig market.
    outlook : Outlook
        Bitcoin price and fees.
    hashrate_eh_s : array, shape (scenario, month)
        Network hashrate [EH/s].
    """
    epochs = run_epochs(
        hashrate_eh_s=hashrate_eh_s,
        hours=outlook.grid.hours,
        fees_btc=outlook.fees_btc_per_block,
        start_height=spec.start_height,
        start_difficulty=spec.start_difficulty,
    )
    hashprice = epochs.btc_per_ph_day * outlook.btc_price_usd
    return NetworkOutlook(
        grid=outlook.grid,
        hashrate_eh_s=hashrate_eh_s,
        difficulty=epochs.difficulty_mean,
        subsidy_btc=epochs.subsidy_btc_mean,
        btc_per_ph_day=epochs.btc_per_ph_day,
        hashprice_usd_per_ph_day=hashprice,
        halving_month=epochs.halving_month,
        frontier_j_per_th=frontier_path(spec, outlook.grid),
        efficiency_j_per_th=efficiency_path(spec, outlook.grid),
        rig_price_usd_per_th=rig_price_path(spec, outlook.grid, hashprice),
    )
