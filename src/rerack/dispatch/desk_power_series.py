"""Reading what dispatch needs beside prices: profiles, capacity prices, temperature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rerack.base.checks import require
from rerack.base.errors import InputError
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_profile import read_shares
from rerack.dispatch.desk_terms import DeskTerms
from rerack.markets.files import HourlySeries, read_price_file


@dataclass(frozen=True, kw_only=True, eq=False)
class DeskSeries:
    """Series of the hours dispatched beside the index price, where the terms need them.

    Parameters
    ----------
    by_name : dict of str to HourlySeries
        Available output over capacity of sun and wind, and capacity prices of ancillary services
        [USD per MW and hour], by their names in the site file.
    load : SystemLoad or None
        Load of the system, which finds the coincident peaks.
    inlet_c : HourlySeries or None
        Inlet temperature of the halls [°C].
    """

    by_name: dict[str, HourlySeries] = field(default_factory=dict)
    load: SystemLoad | None = None
    inlet_c: HourlySeries | None = None


#: No series but the prices.
NO_SERIES = DeskSeries()


def read_named_series(given: Iterable[str], terms: DeskTerms) -> dict[str, HourlySeries]:
    """Read ``NAME=FILE`` or ``NAME=FILE::COLUMN`` for sun, wind and ancillary services.

    Parameters
    ----------
    given : iterable of str
        As ``--series`` takes them.
    terms : DeskTerms
        Names of the site file, which decide what a file holds: shares of capacity for sun and
        wind, USD per MW and hour for ancillary services.

    Returns
    -------
    dict of str to HourlySeries
        By name.

    Raises
    ------
    InputError
        An unknown name, a name twice, or no file; or as `read_price_file`.
    """
    units = {unit.name for unit in terms.renewables}
    services = {service.name for service in terms.programmes.ancillary}
    found: dict[str, HourlySeries] = {}
    for text in given:
        name, equals, place = (part.strip() for part in text.partition("="))
        path, _, column = place.partition("::")
        if not (name and equals and path) or name in found:
            raise InputError.of(
                "--series",
                given=repr(text),
                allowed="NAME=FILE or NAME=FILE::COLUMN, each name once",
                cure="Write it as in --series solar=solar.csv.",
            )
        refuse_strangers([name], terms)
        if name in units:
            found[name] = read_shares(path, column=column or None)
        elif name in services:
            found[name] = read_price_file(path, column=column or None)
    return found


def refuse_strangers(names: Iterable[str], terms: DeskTerms) -> None:
    """Raise `InputError` if a series is for nothing that the site file names."""
    known = [unit.name for unit in terms.renewables]
    known += [service.name for service in terms.programmes.ancillary]
    strangers = sorted(set(names) - set(known))
    require(
        not strangers,
        "--series",
        given=", ".join(strangers),
        allowed=f"sun, wind and ancillary services of the site file: "
        f"{', '.join(sorted(known)) or 'it has none'}",
        cure="Correct the name.",
    )
