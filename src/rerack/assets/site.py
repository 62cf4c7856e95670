"""A power site: halls behind one interconnect, on one tariff."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.assets.halls import Hall
from rerack.assets.tariffs import Tariff
from rerack.base.checks import require, require_between


@dataclass(frozen=True, kw_only=True)
class Site:
    """One interconnect and what hangs on it.

    Parameters
    ----------
    name : str
        Name.
    interconnect_mw : float
        Limit at the meter [MW utility].
    halls : tuple of Hall
        Halls, unique names.
    tariff : Tariff
        Price at the meter.
    firm_load_mw : float
        AI load that is served first in every hour [MW utility].
    """

    name: str
    interconnect_mw: float
    halls: tuple[Hall, ...]
    tariff: Tariff
    firm_load_mw: float = 0.0

    def __post_init__(self) -> None:
        here = f"site {self.name}"
        require_between(self.interconnect_mw, 0.0, 1e6, f"{here}: interconnect_mw")
        names = [h.name for h in self.halls]
        require(
            len(set(names)) == len(names),
            f"{here}: halls",
            given=names,
            allowed="unique hall names",
        )
        require(
            0.0 <= self.firm_load_mw <= self.interconnect_mw,
            f"{here}: firm_load_mw",
            given=self.firm_load_mw,
            allowed=f"0 to the interconnect, {self.interconnect_mw:g} MW",
        )

    def hall(self, name: str) -> Hall:
        """Return the hall called `name`."""
        found = {h.name: h for h in self.halls}
        require(
            name in found,
            f"site {self.name}: hall",
            given=repr(name),
            allowed=", ".join(sorted(found)),
            cure="Name an existing hall.",
        )
        return found[name]
