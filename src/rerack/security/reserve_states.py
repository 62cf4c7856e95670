"""States that hold coins or cheap power: what a share of the hashrate would cost each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rerack import catalog
from rerack.security.facts import fact
from rerack.security.reserve import ReserveCost, reserve_cost, share_of_power_frac
from rerack.security.state import NetworkState


@dataclass(frozen=True, kw_only=True)
class _Example:
    """Where in the catalogue a state's load, power price and reserve stand."""

    region: str
    #: Metric and period of the mining load; None where it is not known as a load of the state.
    load: tuple[str, str] | None
    #: Metric and period of the power price; None takes the lent hydro cost.
    power: tuple[str, str] | None
    #: Row of the power price: the region itself, or one that lends its price.
    power_region: str
    #: Period of the reserve; None for none known.
    reserve_period: str | None


_EXAMPLES: Final = (
    _Example(
        region="Bhutan",
        load=("mining_load", "undated"),
        power=None,
        power_region="Bhutan",
        reserve_period="2025-07",
    ),
    _Example(
        region="Bhutan",
        load=("mining_load_planned", "2025"),
        power=None,
        power_region="Bhutan",
        reserve_period="2025-07",
    ),
    _Example(
        region="El Salvador",
        load=("mining_load", "2024-05"),
        power=("power_price_median", "2024"),
        power_region="world, surveyed firms",
        reserve_period="2025-07",
    ),
    _Example(
        region="Paraguay",
        load=("mining_load", "2025-08"),
        power=("generation_cost_itaipu", "undated"),
        power_region="Paraguay",
        reserve_period=None,
    ),
    _Example(
        region="United States",
        load=None,
        power=("power_price_fleet", "2025-Q3"),
        power_region="United States",
        reserve_period="2025-10",
    ),
)


@dataclass(frozen=True, kw_only=True)
class ReserveExample:
    """A state, the share it is asked to hold, and the account.

    Parameters
    ----------
    name : str
        The state and what the share stands for.
    power_usd_per_mwh : float
        Power cost used [USD/MWh].
    power_basis : str
        Where that cost comes from, "assumed" where it is lent from elsewhere.
    cost : ReserveCost
        The account.
    """

    name: str
    power_usd_per_mwh: float
    power_basis: str
    cost: ReserveCost


def reserve_examples(
    state: NetworkState, *, btc_price_usd: float = 85_000.0, floor_frac: float = 0.1
) -> tuple[ReserveExample, ...]:
    """Return the accounts of Bhutan, El Salvador, a hydro host and the United States.

    Parameters
    ----------
    state : NetworkState
        The network.
    btc_price_usd : float
        Price of a coin [USD].
    floor_frac : float
        Share that each is asked to hold besides the one that its known mining load makes.

    Returns
    -------
    tuple of ReserveExample
        For each of Bhutan (100 MW now, 600 MW planned), El Salvador (1.5 MW) and Paraguay (700 MW,
        most of it private): the load known to the catalogue, filled with new rigs. For each state
        and the United States: the floor.

    Notes
    -----
    Reserves and prices come from the catalogue. Lent: Bhutan's power cost is Itaipu's generation
    cost, El Salvador's the median of surveyed firms. The United States pays the upper end of listed
    fleets. A state that hosts private miners holds their hashrate only if it can command it.

    Examples
    --------
    >>> from rerack.security import december_2025
    >>> found = reserve_examples(december_2025())
    >>> found[0].name, round(found[0].cost.share_frac, 4)
    ('Bhutan, 100 MW', 0.0069)
    """
    found = []
    for example in _EXAMPLES:
        if example.load is None:
            continue
        load = _number(example.region, *example.load)
        found.append(
            _account(
                state,
                f"{example.region}, {load:g} MW",
                share_of_power_frac(state, load),
                example,
                btc_price_usd,
            )
        )
    for example in {e.region: e for e in _EXAMPLES}.values():
        name = f"{example.region}, {100 * floor_frac:g} % floor"
        found.append(_account(state, name, floor_frac, example, btc_price_usd))
    return tuple(found)


def _account(
    state: NetworkState, name: str, share_frac: float, example: _Example, btc_price_usd: float
) -> ReserveExample:
    price, basis = _power(example)
    period = example.reserve_period
    return ReserveExample(
        name=name,
        power_usd_per_mwh=price,
        power_basis=basis,
        cost=reserve_cost(
            state,
            share_frac,
            power_usd_per_mwh=price,
            btc_price_usd=btc_price_usd,
            reserve_btc=_number(example.region, "btc_reserve", period) if period else 0.0,
            price_loss_frac=fact("price_loss_frac"),
            real_rate_frac=fact("real_rate_frac"),
            rig_life_years=fact("rig_life_years"),
            site_life_years=fact("site_life_years"),
        ),
    )


def _power(example: _Example) -> tuple[float, str]:
    if example.power is None:
        return fact("hydro_cost_usd_per_mwh"), "assumed: Itaipu"
    metric, period = example.power
    row = catalog.find("regions", region=example.power_region, metric=metric, period=period)
    high = row["value_high"]
    price = high if isinstance(high, float) else row.number("value")
    own = example.power_region == example.region
    return price, f"catalogue {row.as_of}" if own else f"assumed: {example.power_region}"


def _number(region: str, metric: str, period: str) -> float:
    return catalog.find("regions", region=region, metric=metric, period=period).number("value")
