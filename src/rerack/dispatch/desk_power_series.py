"""Reading what dispatch needs beside prices: profiles, capacity prices, temperature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rerack.base.checks import require
from rerack.base.errors import InputError
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_terms import DeskTerms
from rerack.markets.files import HourlySeries, read_price_file

#: The reader of prices refuses files without a number of 2 or more, as prices in a wrong unit;
#: shares are read a thousandfold and divided again.
_SHARES_UNIT, _SHARES_FACTOR = "USD/kWh", 1000.0


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
            found[name] = _shares(Path(path), column or None)
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


def _shares(path: Path, column: str | None) -> HourlySeries:
    series = read_price_file(path, column=column, unit=_SHARES_UNIT)
    values = series.prices_usd_per_mwh / _SHARES_FACTOR
    outside = (values < 0.0) | (values > 1.0)
    require(
        not outside.any(),
        series.name,
        given=f"{values[outside][0] if outside.any() else 0:g} at hour "
        f"{series.hours[outside.argmax()]}:00Z",
        allowed="available output over capacity, 0 to 1",
        cure="Divide the output by the capacity of the site file.",
    )
    return HourlySeries(name=series.name, start=series.start, prices_usd_per_mwh=values)
