"""Everything a desk values beyond price, block and rigs, as one frozen description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from rerack.assets import Battery, Site, Tariff
from rerack.assets.programmes import SiteProgrammes
from rerack.base.checks import require
from rerack.dispatch.desk_cooled import CooledLoad
from rerack.dispatch.desk_profile import RenewableUnit


@dataclass(frozen=True, kw_only=True)
class DeskTerms:
    """What stands in a site file beside price, block and rigs.

    Parameters
    ----------
    tariff : Tariff or None
        The whole tariff; None where the site's own has all there is.
    programmes : SiteProgrammes
        Operating points, AI flexibility, engines, demand response, ancillary services.
    renewables : tuple of RenewableUnit
        Sun and wind; profiles come with them, or with the hours dispatched.
    battery : Battery or None
        Battery behind the meter.
    firm_load_mw : float
        AI load that is served first, where it is constant [MW utility].
    cooled : CooledLoad or None
        AI load that follows its PUE by hour, instead of a constant one.
    zone : str
        Time zone of tariff and programmes.
    capacity_usd_per_mwh : mapping of str to float
        Capacity price of ancillary services that have one for all hours [USD per MW and hour].
    keys : tuple of str
        Keys of the site file behind all this, for messages.

    Notes
    -----
    `dispatch_site` values all of these terms; plans (`rerack run`) most of them, and refuse the
    others by name (`rerack.planning.power.terms`).
    """

    tariff: Tariff | None = None
    programmes: SiteProgrammes = field(default_factory=SiteProgrammes)
    renewables: tuple[RenewableUnit, ...] = ()
    battery: Battery | None = None
    firm_load_mw: float = 0.0
    cooled: CooledLoad | None = None
    zone: str = "UTC"
    capacity_usd_per_mwh: Mapping[str, float] = field(default_factory=dict)
    keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [unit.name for unit in self.renewables]
        names += [unit.name for unit in self.programmes.generators]
        require(
            self.cooled is None or self.firm_load_mw == 0.0,
            "desk terms: cooled",
            given=f"beside {self.firm_load_mw:g} MW of constant load",
            allowed="one description of the AI load",
        )
        require(
            len(set(names)) == len(names),
            "desk terms: generation",
            given=names,
            allowed="each name once",
        )
        frozen = MappingProxyType(dict(self.capacity_usd_per_mwh))
        object.__setattr__(self, "capacity_usd_per_mwh", frozen)

    @property
    def has_programmes(self) -> bool:
        """Whether anything but tariff, battery and a constant firm load is there."""
        known = self.programmes != SiteProgrammes() or bool(self.renewables)
        return known or self.cooled is not None

    def site(self, site: Site) -> Site:
        """Return the site with the whole tariff and the firm load.

        Parameters
        ----------
        site : Site
            The site as the study knows it.
        """
        tariff = site.tariff if self.tariff is None else self.tariff
        return replace(site, tariff=tariff, firm_load_mw=site.firm_load_mw + self.firm_load_mw)


#: A site without any of it.
NO_TERMS = DeskTerms()
