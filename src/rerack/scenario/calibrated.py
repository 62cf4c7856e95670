"""What a model takes where the scenario leaves a number out, for the inputs table."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.catalog import find
from rerack.markets.parameters import Calibration, packaged
from rerack.scenario.build.site import rig_efficiency_j_per_th
from rerack.scenario.places import YamlPath
from rerack.scenario.schema import ScenarioFile


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """A number that calibration, the catalogue or the series itself supplies.

    Parameters
    ----------
    text : str
        The number as one would write it, or what stands for it.
    value : float or None
        The number where there is a single one.
    unit : str
        Its unit.
    source, status, as_of : str
        As in `rerack.scenario.model.InputRow`.
    """

    text: str
    value: float | None
    unit: str
    source: str
    status: str = "derived"
    as_of: str = ""


#: Path, package, parameter file and estimate of what is calibrated to a single number.
_MARKETS, _NETWORK = "rerack.markets", "rerack.network"
_ESTIMATES: tuple[tuple[YamlPath, str, str, str, str], ...] = (
    (("market", "network", "progress"), _NETWORK, "growth", "progress_frac_per_year", "%/year"),
    (("market", "lease", "volatility"), _MARKETS, "lease", "volatility_frac", "%"),
    (("market", "gpu", "decline"), _MARKETS, "gpu", "decline_frac_per_year", "%/year"),
    (("market", "gpu", "volatility"), _MARKETS, "gpu", "volatility_frac", "%"),
)


def calibrated(file: ScenarioFile) -> dict[YamlPath, Calibrated]:
    """Return what stands in for each number that a file may leave to calibration.

    Parameters
    ----------
    file : ScenarioFile
        The validated file; it decides which models are in use.
    """
    found = {
        path: _estimate(packaged(name, package), estimate, unit)
        for path, package, name, estimate, unit in _ESTIMATES
    }
    bitcoin = packaged("bitcoin")
    found["market", "bitcoin", "volatility"] = Calibrated(
        text=f"as calibrated for the {file.market.bitcoin.model} model",
        value=None,
        unit="",
        source=f"{bitcoin.source}; {bitcoin.sample}",
        as_of=bitcoin.date,
    )
    survey = packaged("rigs", _NETWORK)
    found["market", "network", "efficiency"] = Calibrated(
        text="last survey rolled forward to the start",
        value=None,
        unit="",
        source=f"{survey.source}; {survey.sample}",
        as_of=survey.date,
    )
    found.update(_power(file))
    found.update(_rigs(file))
    return found


def _rigs(file: ScenarioFile) -> dict[YamlPath, Calibrated]:
    """Efficiencies that come from the catalogue, alone or with a figure of the file's own."""
    found: dict[YamlPath, Calibrated] = {}
    for name, hall in file.site.halls.items():
        rigs = hall.rigs
        if rigs is None or rigs.efficiency is not None:
            continue
        value = rig_efficiency_j_per_th(rigs)
        path: YamlPath = ("site", "halls", name, "rigs", "efficiency")
        source, status, as_of = "power over hashrate, as stated", "derived", ""
        if rigs.hashrate is None or rigs.power is None:
            row = find("rigs", model=rigs.model)
            source, as_of = f"catalogue rigs: {row.text('source')}", row.text("as_of")
            if rigs.hashrate is None and rigs.power is None:
                status = row.text("status")
        found[path] = Calibrated(
            text=f"{value:.4g} J/TH",
            value=value,
            unit="J/TH",
            source=source,
            status=status,
            as_of=as_of,
        )
    return found


def _power(file: ScenarioFile) -> dict[YamlPath, Calibrated]:
    power = file.market.power
    own = (
        f"price file {power.file}"
        if power.file
        else f"calibrated set {power.parameters or power.series}"
    )
    volatility = "none: a file carries its own" if power.file else "as calibrated"
    return {
        ("market", "power", "level"): Calibrated(
            text="the mean of the series itself", value=None, unit="", source=own
        ),
        ("market", "power", "volatility"): Calibrated(
            text=volatility, value=None, unit="", source=own
        ),
    }


def _estimate(parameters: Calibration, name: str, unit: str) -> Calibrated:
    value = parameters[name]
    return Calibrated(
        text=f"{value * 100.0:.4g} {unit}",
        value=value,
        unit=unit.replace("%", "1"),
        source=f"{parameters.source}; {parameters.sample}",
        as_of=parameters.date,
    )
