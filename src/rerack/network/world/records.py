"""What the month step is given, what it keeps, and what it writes: tuples of arrays and numbers."""

from __future__ import annotations

from typing import Final, NamedTuple

from rerack.base.checks import FloatArray, IntArray

#: Positions in `State.tally`.
SCRAPPED: Final = 0
CONVERTED: Final = 1
PRODUCED: Final = 2
CONVERTED_MW: Final = 3

#: Names of the last axis of `Outputs.totals`, in its order.
TOTALS: Final = (
    "online_eh_s",
    "idle_eh_s",
    "in_transit_eh_s",
    "scrapped_eh_s",
    "converted_eh_s",
    "produced_eh_s",
    "equilibrium_usd_per_ph_day",
    "rig_price_usd_per_th",
    "online_mw",
    "converted_mw",
)


class Numbers(NamedTuple):
    """Scalars of `Behaviour` and `AiDemand`, per month where they are speeds."""

    fee: float
    band: float
    scrap: float
    wear: float
    entry_delay: int
    entry_width: float
    foundry_response: float
    site_usd_per_mw: float
    discount: float
    decline: float
    life: float
    start_height: float
    ai_rent: float
    ai_charge: float
    ai_depth: float
    ai_elasticity: float
    ai_premium: float
    ai_speed: float
    ai_limit_mw: float


class Months(NamedTuple):
    """What the months bring, the same in every scenario, shape (month,).

    Parameters
    ----------
    hours : array
        Length [h].
    level : array
        Price level of power and other costs, 1 in month 0.
    newest : array of int
        Generation on sale; -1 where none is.
    foundry_mw : array
        What foundries can make [MW].
    rig_floor : array
        Least price of a rig [USD/TH].
    """

    hours: FloatArray
    level: FloatArray
    newest: IntArray
    foundry_mw: FloatArray
    rig_floor: FloatArray


class Paths(NamedTuple):
    """What differs between scenarios: shape (scenario, month), the next two (scenario,).

    Parameters
    ----------
    price_usd, fees_btc, lease : array
        Bitcoin price, fees per block, lease index.
    power, foundry : array
        Factors on all power prices and on the output of the foundries.
    departing_mw : array, shape (scenario, month, group)
        Announced conversions of each group of cohorts [MW].
    """

    price_usd: FloatArray
    fees_btc: FloatArray
    lease: FloatArray
    power: FloatArray
    foundry: FloatArray
    departing_mw: FloatArray


class Places(NamedTuple):
    """Regions, shape (region,) [MW]: most load, and most that is added in a month."""

    limit_mw: FloatArray
    build_mw: FloatArray


class State(NamedTuple):
    """One scenario's world between months.

    Parameters
    ----------
    rigs : array, shape (cohort,)
        In place, online or not [EH/s].
    sites : array, shape (cohort,)
        Places of all power prices [EH/s]; rigs fill the cheapest, so that scrapping an idle rig
        stops no other.
    online, pending, displaced, left : array, shape (cohort,)
        Running; on the way here; put out by AI this month; convertible still [EH/s].
    ring : array, shape (cohort, delay)
        What arrives in month m stands at m modulo the last axis [EH/s].
    worth : array, shape (cohort,)
        Value of a rig at the cohort's mean power price this month [USD/TH].
    room, taken : array, shape (region,)
        Room this month, and what AI has taken so far [MW].
    retired : array, shape (cohort,)
        Sold out of the network, scrapped while idle, or put out by AI and not moved on, so far; not
        what wore out [EH/s].
    scratch : array, shape (3, cohort)
        For the orders.
    tally : array
        Sums; see the positions above.
    """

    rigs: FloatArray
    sites: FloatArray
    online: FloatArray
    pending: FloatArray
    displaced: FloatArray
    left: FloatArray
    ring: FloatArray
    worth: FloatArray
    retired: FloatArray
    scratch: FloatArray
    room: FloatArray
    taken: FloatArray
    tally: FloatArray


class Outputs(NamedTuple):
    """What the step writes: shapes (scenario, month, `TOTALS`), (scenario, month, region), ...

    Parameters
    ----------
    totals : array
        The sums.
    region, owner, generation : array
        Hashrate online by each [EH/s].
    idle, retired : array, shape (scenario, month, generation)
        Rigs switched off in place, and `State.retired` [EH/s].
    region_mw : array, shape (scenario, month, region)
        Load online by region [MW].
    rigs : array, shape (scenario, cohort)
        Rigs in place after the last month [EH/s].
    """

    totals: FloatArray
    region: FloatArray
    owner: FloatArray
    generation: FloatArray
    idle: FloatArray
    retired: FloatArray
    region_mw: FloatArray
    rigs: FloatArray
