"""Calibrated parameters of the hourly power model, and the dated JSON file that holds them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require, require_between
from rerack.base.errors import DataError, InputError

_PREFIX = "power_"


def _store(owner: object, name: str, shape: tuple[int, ...], where: str) -> FloatArray:
    """Check and freeze one array attribute of a frozen dataclass."""
    array = as_finite(getattr(owner, name), f"{where}.{name}")
    require(array.shape == shape, f"{where}.{name}", given=array.shape, allowed=f"shape {shape}")
    frozen = frozen_array(array)
    object.__setattr__(owner, name, frozen)
    return frozen


@dataclass(frozen=True, kw_only=True, eq=False)
class BodyParameters:
    """Ordinary hours: ``asinh(p / scale) = mean[month, hour] + weekend[hour] + spread * r``.

    Hours count from the start of the *market day*, the UTC hour at which prices are lowest, so
    that the evening peak is not cut in two; months are those of the day's first hour.

    Parameters
    ----------
    scale_usd_per_mwh : float
        Width of the linear zone of asinh [USD/MWh]; negative prices live there.
    day_start_hour : int
        UTC hour at which the market day starts, 0 to 23.
    mean_asinh : ndarray
        Weekday mean, shape (12, 24).
    weekend_asinh : ndarray
        Shift on Saturday and Sunday, shape (24,).
    spread_asinh : ndarray
        Standard deviation, shape (12, 24).
    residual_scores, residual_quantiles : ndarray
        Quantile map from a standard normal x to the residual r, ascending knots, shape (knot,).
    slow_frac, fast_frac, cycle_frac : float
        Shares of the variance of x; they add to 1.
    slow_hours, fast_hours, cycle_hours : float
        Time constants of the slow, the fast and the 24-hour-cycle component [h].
    """

    scale_usd_per_mwh: float
    day_start_hour: int
    mean_asinh: FloatArray
    weekend_asinh: FloatArray
    spread_asinh: FloatArray
    residual_scores: FloatArray
    residual_quantiles: FloatArray
    slow_frac: float
    fast_frac: float
    cycle_frac: float
    slow_hours: float
    fast_hours: float
    cycle_hours: float

    def __post_init__(self) -> None:
        require_between(self.scale_usd_per_mwh, 1e-6, 1e6, "body.scale_usd_per_mwh")
        require_between(self.day_start_hour, 0, 23, "body.day_start_hour")
        _store(self, "mean_asinh", (12, 24), "body")
        _store(self, "weekend_asinh", (24,), "body")
        spread = _store(self, "spread_asinh", (12, 24), "body")
        require(
            bool((spread >= 0).all()), "body.spread_asinh", given=spread.min(), allowed="0 or more"
        )
        knots = np.shape(self.residual_scores)
        require(
            len(knots) == 1 and knots[0] >= 2, "body.residual_scores", given=knots, allowed="2+"
        )
        scores = _store(self, "residual_scores", knots, "body")
        quantiles = _store(self, "residual_quantiles", knots, "body")
        rising = bool((np.diff(scores) > 0).all() and (np.diff(quantiles) >= 0).all())
        require(rising, "body.residual_quantiles", given="falling knots", allowed="ascending knots")
        shares = (self.slow_frac, self.fast_frac, self.cycle_frac)
        for share in shares:
            require_between(share, 0.0, 1.0, "body variance share")
        require_between(sum(shares), 1 - 1e-6, 1 + 1e-6, "sum of the body's variance shares")
        for name in ("slow_hours", "fast_hours", "cycle_hours"):
            require_between(getattr(self, name), 1e-3, 1e5, f"body.{name}")


@dataclass(frozen=True, kw_only=True, eq=False)
class ScarcityParameters:
    """Tight days: a Gaussian tension by day over a monthly threshold, with Pareto peaks.

    Parameters
    ----------
    threshold_usd_per_mwh : float
        A day whose peak passes it is tight [USD/MWh at base level].
    tight_frac : ndarray
        Long-run share of tight days by calendar month, shape (12,).
    slow_frac : float
        Share of the tension's variance in its slow part.
    slow_days, fast_days : float
        Time constants of the tension's slow part (hot spells, tight summers) and fast part [day].
    tail_index : ndarray
        Pareto index of the peak over the threshold by calendar month, shape (12,); the smaller
        the heavier. The law is truncated at the offer cap.
    weight_mean, weight_sd : ndarray
        How far an hour of a tight day is drawn from its ordinary price (0) to the day's peak (1)
        on the asinh scale, before weights are capped at 1 and the day's largest is set to 1: mean
        and standard deviation, shape (3, 24): mild and severe days of April to October, and days of
        November to March.
    weight_hours : float
        Time constant of the weight's noise [h].
    """

    threshold_usd_per_mwh: float
    tight_frac: FloatArray
    slow_frac: float
    slow_days: float
    fast_days: float
    tail_index: FloatArray
    weight_mean: FloatArray
    weight_sd: FloatArray
    weight_hours: float

    def __post_init__(self) -> None:
        tight = _store(self, "tight_frac", (12,), "scarcity")
        ok = bool((tight >= 0).all() and (tight < 1).all())
        require(ok, "scarcity.tight_frac", given=tight, allowed="from 0 to below 1")
        tail = _store(self, "tail_index", (12,), "scarcity")
        require(bool((tail > 0).all()), "scarcity.tail_index", given=tail, allowed="above 0")
        _store(self, "weight_mean", (3, 24), "scarcity")
        _store(self, "weight_sd", (3, 24), "scarcity")
        require_between(self.threshold_usd_per_mwh, 1e-6, 1e6, "scarcity.threshold_usd_per_mwh")
        require_between(self.slow_frac, 0.0, 1.0, "scarcity.slow_frac")
        require_between(self.slow_days, 1e-3, 1e4, "scarcity.slow_days")
        require_between(self.fast_days, 1e-3, 1e4, "scarcity.fast_days")
        require_between(self.weight_hours, 1e-3, 1e4, "scarcity.weight_hours")


@dataclass(frozen=True, kw_only=True)
class StormParameters:
    """A winter storm that holds prices near the offer cap for days, as in February 2021.

    Parameters
    ----------
    rate_per_year : float
        Poisson rate [1/year]; at most one storm a library year, with odds ``1 - exp(-rate)``.
    rate_basis : str
        Where the rate comes from; one event does not estimate a rate.
    mean_hours : float
        Mean length of the plateau [h], gamma distributed with shape 4 (assumed); the hours over
        half the cap of the one event seen.
    up_hours, down_hours : float
        Lengths of the linear rise and fall [h].
    cap_frac_mean, cap_frac_sd : float
        Price on the plateau as a share of the offer cap.
    """

    rate_per_year: float
    rate_basis: str
    mean_hours: float
    up_hours: float
    down_hours: float
    cap_frac_mean: float
    cap_frac_sd: float

    def __post_init__(self) -> None:
        require_between(self.rate_per_year, 0.0, 2.0, "storm.rate_per_year")
        require_between(self.mean_hours, 1.0, 1000.0, "storm.mean_hours")
        require_between(self.up_hours, 1.0, 500.0, "storm.up_hours")
        require_between(self.down_hours, 1.0, 500.0, "storm.down_hours")
        require_between(self.cap_frac_mean, 0.0, 1.0, "storm.cap_frac_mean")
        require_between(self.cap_frac_sd, 0.0, 1.0, "storm.cap_frac_sd")


@dataclass(frozen=True, kw_only=True, eq=False)
class PowerParameters:
    """Everything the hourly power model needs, with where it came from and how well it fits.

    Parameters
    ----------
    name : str
        Name of the set, such as ``ercot_north``.
    source : str
        Series it was calibrated on.
    sample_start, sample_end : str
        First and last hour of the sample, ISO, UTC.
    sample_hours : int
        Hours in the sample.
    dated : str
        Date of the calibration, ISO.
    method : str
        Estimators, in a few words.
    offer_cap_usd_per_mwh : float
        Highest price that the simulated market allows [USD/MWh].
    body, scarcity, storm :
        The model's three parts.
    level_volatility_frac : float
        Volatility of the log monthly level [per square root of a year].
    level_reversion_per_year : float
        Its reversion speed [1/year].
    standard_errors : mapping
        By ``part.parameter``, a number or nested list of the parameter's shape.
    diagnostics : mapping
        Fit and held-out scores, by name.
    """

    name: str
    source: str
    sample_start: str
    sample_end: str
    sample_hours: int
    dated: str
    method: str
    offer_cap_usd_per_mwh: float
    body: BodyParameters
    scarcity: ScarcityParameters
    storm: StormParameters
    level_volatility_frac: float
    level_reversion_per_year: float
    standard_errors: Mapping[str, Any] = field(default_factory=dict)
    diagnostics: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(
            self.offer_cap_usd_per_mwh > self.scarcity.threshold_usd_per_mwh,
            "offer_cap_usd_per_mwh",
            given=self.offer_cap_usd_per_mwh,
            allowed=f"above the threshold {self.scarcity.threshold_usd_per_mwh:g} of a tight day",
        )
        require_between(self.level_volatility_frac, 0.0, 5.0, "level_volatility_frac")
        require_between(self.level_reversion_per_year, 0.0, 100.0, "level_reversion_per_year")

    @classmethod
    def load(cls, name: str) -> PowerParameters:
        """Return a built-in set by name.

        Raises
        ------
        InputError
            No such set; the message lists those there are.

        Examples
        --------
        >>> PowerParameters.load("ercot_north").offer_cap_usd_per_mwh
        5000.0
        """
        if name not in built_in_names():
            raise InputError.of(
                "power series",
                given=repr(name),
                allowed=" or ".join(built_in_names()),
                cure="Name a built-in set, or give price_file.",
            )
        return _load_built_in(name)

    @classmethod
    def read(cls, path: Path) -> PowerParameters:
        """Return the set in a JSON file that `write` wrote."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as reason:
            raise _damaged(str(path), str(reason)) from None
        return _parse(text, str(path))

    def write(self, path: Path) -> None:
        """Write the set as JSON, numbers to six significant digits."""
        text = json.dumps(_plain(self), indent=1, sort_keys=False)
        path.write_text(_join_number_lists(text) + "\n", encoding="utf-8")


def built_in_names() -> tuple[str, ...]:
    """Return the names of the packaged parameter sets, sorted."""
    folder = resources.files("rerack.markets") / "data"
    names = [f.name for f in folder.iterdir() if f.name.endswith(".json")]
    return tuple(sorted(n[len(_PREFIX) : -5] for n in names if n.startswith(_PREFIX)))


@cache
def _load_built_in(name: str) -> PowerParameters:
    file = resources.files("rerack.markets") / "data" / f"{_PREFIX}{name}.json"
    return _parse(file.read_text(encoding="utf-8"), file.name)


def _parse(text: str, where: str) -> PowerParameters:
    try:
        raw = json.loads(text)
        parts: dict[str, Any] = {
            "body": BodyParameters(**_arrays(raw.pop("body"))),
            "scarcity": ScarcityParameters(**_arrays(raw.pop("scarcity"))),
            "storm": StormParameters(**raw.pop("storm")),
        }
        return PowerParameters(**raw, **parts)
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as reason:
        raise _damaged(where, f"{type(reason).__name__}: {reason}") from None


def _damaged(where: str, reason: str) -> InputError:
    return DataError.of(
        where,
        given=reason,
        allowed="a power parameter file as `rerack calibrate power` writes it",
        cure="Write it again with `rerack calibrate power`.",
    )


def _arrays(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        k: np.asarray(v, dtype=np.float64) if isinstance(v, list) else v for k, v in raw.items()
    }


def _plain(value: object) -> Any:
    """Return `value` as JSON types, floats to six significant digits."""
    if isinstance(value, (BodyParameters, ScarcityParameters, StormParameters, PowerParameters)):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.6g}")
    return value


def _join_number_lists(text: str) -> str:
    """Put each innermost list of numbers on one line, so that the file can be read and compared."""
    lines: list[str] = []
    row: list[str] | None = None
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.endswith("["):
            if row is not None:
                lines.extend(row)
            row = [line]
        elif row is not None and stripped in ("]", "],"):
            lines.append(row[0] + " ".join(r.strip() for r in row[1:]) + stripped)
            row = None
        elif row is not None:
            row.append(line)
        else:
            lines.append(line)
    return "\n".join(lines)
