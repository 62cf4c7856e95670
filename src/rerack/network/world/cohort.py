"""What the world's hashrate is made of: cohorts of rigs, and the regions they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from rerack.base.checks import require, require_between

Owner = Literal["listed", "private", "hosted", "state"]

#: Kinds of owner, in the order of every array by owner.
OWNERS: Final[tuple[str, ...]] = get_args(Owner)


@dataclass(frozen=True, kw_only=True)
class Region:
    """Where mining may stand.

    Parameters
    ----------
    name : str
        Country or group of countries.
    limit_mw : float
        Most mining load that the region will ever bear [MW at the meter].
    build_mw_per_month : float
        Most load that can be added in a month, by new rigs and by rigs that move in [MW].

    Examples
    --------
    >>> Region(name="Paraguay", limit_mw=2_000.0, build_mw_per_month=40.0).limit_mw
    2000.0
    """

    name: str
    limit_mw: float
    build_mw_per_month: float

    def __post_init__(self) -> None:
        require(bool(self.name), "region.name", given="no name", allowed="a name")
        require_between(self.limit_mw, 0.0, 1e7, f"region {self.name}.limit_mw")
        require_between(self.build_mw_per_month, 0.0, 1e6, f"region {self.name}.build_mw_per_month")


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """Rigs of one generation, in one region, of one kind of owner.

    Parameters
    ----------
    region, generation : str
        Where they stand; what class of rig they are.
    owner : {"listed", "private", "hosted", "state"}
        Whose they are.
    installed_eh_s : float
        Rigs in place, online or not [EH/s].
    arriving_eh_s : float
        Ordered before the start: comes in equal parts over the months of the entry delay [EH/s].
    efficiency_j_per_th : float
        Energy per work at the meter [J/TH]; times EH/s it is MW.
    power_usd_per_mwh : float
        Mean power price of the cohort's sites [USD/MWh].
    spread_frac : float
        Standard deviation of the log of their power price, above 0: prices are lognormal.
    convertible_frac : float
        Share of the sites that could host AI instead.
    floor_eh_s : float
        What its owner runs at any hashprice [EH/s], and replaces as it wears out: a state's.

    Raises
    ------
    InputError
        A number out of range, a share above 1, an unknown owner.

    Examples
    --------
    >>> Cohort(region="Bhutan", generation="S21 class", owner="state", installed_eh_s=5.0,
    ...        efficiency_j_per_th=17.5, power_usd_per_mwh=30.0, floor_eh_s=2.0).load_mw
    87.5
    """

    region: str
    generation: str
    owner: Owner
    installed_eh_s: float
    efficiency_j_per_th: float
    power_usd_per_mwh: float
    spread_frac: float = 0.25
    arriving_eh_s: float = 0.0
    convertible_frac: float = 0.0
    floor_eh_s: float = 0.0

    def __post_init__(self) -> None:
        where = f"cohort {self.name}"
        require(
            self.owner in OWNERS,
            f"{where}.owner",
            given=repr(self.owner),
            allowed=", ".join(OWNERS),
        )
        require_between(self.installed_eh_s, 0.0, 1e9, f"{where}.installed_eh_s")
        require_between(self.arriving_eh_s, 0.0, 1e9, f"{where}.arriving_eh_s")
        require_between(self.efficiency_j_per_th, 0.01, 1e6, f"{where}.efficiency_j_per_th")
        require_between(self.power_usd_per_mwh, 0.01, 1e4, f"{where}.power_usd_per_mwh")
        require_between(
            self.spread_frac,
            1e-4,
            3.0,
            f"{where}.spread_frac",
            cure="Give a spread above 0: without one the hashrate at break-even is not one number.",
        )
        require_between(self.convertible_frac, 0.0, 1.0, f"{where}.convertible_frac")
        require_between(self.floor_eh_s, 0.0, self.installed_eh_s, f"{where}.floor_eh_s")

    @property
    def name(self) -> str:
        """Region, generation and owner, which identify the cohort."""
        return f"{self.region} / {self.generation} / {self.owner}"

    @property
    def load_mw(self) -> float:
        """Load with all rigs online [MW]: 1 EH/s at 1 J/TH is 1 MW."""
        return self.installed_eh_s * self.efficiency_j_per_th


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A class of rigs that can be bought from some month on.

    Parameters
    ----------
    name : str
        Name, as cohorts use it.
    release_month : int
        Months from the world's date to the first sale; 0 or less where it is on sale already.
        The newest generation released is the one that is bought.
    """

    name: str
    release_month: int

    def __post_init__(self) -> None:
        require_between(self.release_month, -600, 600, f"generation {self.name}.release_month")


@dataclass(frozen=True, kw_only=True)
class Relocation:
    """A way for rigs from one region to another.

    Parameters
    ----------
    origin, destination : str
        Regions.
    cost_usd_per_th : float
        Freight, duty, dismantling and the new place at the world's date, rising with inflation
        [USD/TH].
    delay_months : int
        Months between the old socket and the new one, 1 to 24.
    limit_frac : float
        Largest share of a cohort's idle rigs that leaves in a month.
    """

    origin: str
    destination: str
    cost_usd_per_th: float = 3.0
    delay_months: int = 3
    limit_frac: float = 0.1

    def __post_init__(self) -> None:
        where = f"relocation {self.origin} to {self.destination}"
        require(
            self.origin != self.destination,
            where,
            given="one region",
            allowed="two different regions",
        )
        require_between(self.cost_usd_per_th, 0.0, 1e4, f"{where}.cost_usd_per_th")
        require_between(self.delay_months, 1, 24, f"{where}.delay_months")
        require_between(self.limit_frac, 0.0, 1.0, f"{where}.limit_frac")
