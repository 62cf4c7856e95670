"""Calibrations: dated files of estimates, each with its standard error and unit."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from rerack.base.checks import require
from rerack.base.errors import DataError


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One estimated number.

    Parameters
    ----------
    value : float
        Point estimate.
    se : float or None
        Standard error; None where the number is an assumption rather than an estimate.
    unit : str
        Unit as people write it.
    note : str
        What a reader must know before using it, or empty.
    """

    value: float
    se: float | None
    unit: str
    note: str = ""

    def __post_init__(self) -> None:
        require(math.isfinite(self.value), "value", given=self.value, allowed="a finite number")
        if self.se is not None:
            ok = math.isfinite(self.se) and self.se >= 0
            require(ok, "se", given=self.se, allowed="0 or more, or null for an assumption")


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The outcome of one calibration, as it is written to disk.

    Parameters
    ----------
    name : str
        Name of the model and of its file.
    date : str
        ISO date of the last observation used.
    sample : str
        What was observed and when.
    source : str
        Where the observations come from.
    method : str
        How the numbers were estimated.
    estimates : mapping
        Estimates by name.
    diagnostics : mapping
        Fit and held-out scores by name.
    """

    name: str
    date: str
    sample: str
    source: str
    method: str
    estimates: Mapping[str, Estimate]
    diagnostics: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "estimates", MappingProxyType(dict(self.estimates)))
        object.__setattr__(self, "diagnostics", MappingProxyType(dict(self.diagnostics)))

    def __getitem__(self, name: str) -> float:
        """Return the value of estimate `name`."""
        return self.estimates[name].value


def write_parameters(parameters: Calibration, folder: Path) -> Path:
    """Write ``<folder>/<name>.json`` and return its path.

    Parameters
    ----------
    parameters : Calibration
        What a calibration returned.
    folder : Path
        An existing folder.

    Returns
    -------
    Path
        The file written.
    """
    body = {
        "name": parameters.name,
        "date": parameters.date,
        "sample": parameters.sample,
        "source": parameters.source,
        "method": parameters.method,
        "estimates": {k: _plain(e) for k, e in parameters.estimates.items()},
        "diagnostics": {k: _rounded(v) for k, v in parameters.diagnostics.items()},
    }
    path = folder / f"{parameters.name}.json"
    path.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read_parameters(path: Path) -> Calibration:
    """Read a parameter file.

    Parameters
    ----------
    path : Path
        A file that `write_parameters` wrote.

    Returns
    -------
    found : Calibration
        The estimates.

    Raises
    ------
    DataError
        The file is missing, is not JSON, or lacks a field.
    """
    try:
        return _parse(path.read_text(encoding="utf-8"))
    except OSError as reason:
        given = reason.strerror or "an unreadable file"
    except (ValueError, KeyError, TypeError, AttributeError) as reason:
        given = f"text that does not parse: {reason}"
    raise DataError.of(
        str(path),
        given=given,
        allowed="a parameter file as `rerack calibrate` writes it",
        cure="Run the calibration again.",
    )


@cache
def packaged(name: str, package: str = "rerack.markets") -> Calibration:
    """Return the parameters that ship with `package`, read once.

    Parameters
    ----------
    name : str
        Name of the file without its suffix.
    package : str
        Package whose ``data`` folder holds it.

    Examples
    --------
    >>> packaged("fees").estimates["volatility_frac"].unit
    '1/sqrt(year), log'
    """
    return _parse(files(package).joinpath("data", f"{name}.json").read_text(encoding="utf-8"))


def _parse(text: str) -> Calibration:
    body = json.loads(text)
    estimates = {k: Estimate(**e) for k, e in body.pop("estimates").items()}
    return Calibration(estimates=estimates, **body)


def _plain(estimate: Estimate) -> dict[str, object]:
    se = None if estimate.se is None else _rounded(estimate.se)
    body: dict[str, object] = {"value": _rounded(estimate.value), "se": se, "unit": estimate.unit}
    if estimate.note:
        body["note"] = estimate.note
    return body


def _rounded(value: float) -> float:
    # Six digits are far more than any standard error here supports.
    return float(f"{value:.6g}")
