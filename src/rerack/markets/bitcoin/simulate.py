"""The Bitcoin price along every scenario, by the model that the study names."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.markets.bitcoin.bootstrap import bootstrap_martingale
from rerack.markets.bitcoin.gbm import GbmModel, gbm_martingale
from rerack.markets.bitcoin.jump import JumpModel, jump_martingale
from rerack.markets.bitcoin.regime import RegimeModel, regime_martingale
from rerack.markets.bitcoin.spec import BitcoinSpec
from rerack.markets.history import network_history
from rerack.markets.parameters import Calibration, packaged
from rerack.markets.paths import expected_path

Model = GbmModel | JumpModel | RegimeModel


def model_of(name: str, parameters: Calibration | None = None) -> Model:
    """Return a calibrated model.

    Parameters
    ----------
    name : str
        ``gbm``, ``jump`` or ``regime``.
    parameters : Calibration or None
        Calibration; None takes the packaged one.

    Examples
    --------
    >>> 0.3 < model_of("gbm").volatility_frac < 1.0
    True
    """
    p = parameters or packaged("bitcoin")
    if name == "gbm":
        return GbmModel(volatility_frac=p["gbm.volatility_frac"])
    if name == "jump":
        return JumpModel(
            diffusion_frac=p["jump.diffusion_frac"],
            jumps_per_year=p["jump.jumps_per_year"],
            jump_mean_frac=p["jump.jump_mean_frac"],
            jump_sd_frac=p["jump.jump_sd_frac"],
        )
    return RegimeModel(
        mean_frac=(p["regime.calm_mean_frac"], p["regime.wild_mean_frac"]),
        sd_frac=(p["regime.calm_sd_frac"], p["regime.wild_sd_frac"]),
        stay_frac=(p["regime.calm_stay_frac"], p["regime.wild_stay_frac"]),
    )


def martingale_of(
    model: Model, shocks: FloatArray, streams: Streams, *, first_path: int = 0
) -> FloatArray:
    """Return paths of mean 1 of a model, shape (scenario, month).

    Parameters
    ----------
    model : GbmModel, JumpModel or RegimeModel
        The model.
    shocks : array, shape (scenario, month)
        Standard normals; column 0 is unused.
    streams : Streams
        What jumps and states draw from.
    first_path : int
        Index of the first path, a multiple of 64.
    """
    if isinstance(model, GbmModel):
        return gbm_martingale(model, shocks)
    if isinstance(model, JumpModel):
        return jump_martingale(model, shocks, streams, first_path=first_path)
    return regime_martingale(model, shocks, streams, first_path=first_path)


def simulate_bitcoin(
    spec: BitcoinSpec, shocks: FloatArray, streams: Streams, *, first_path: int = 0
) -> FloatArray:
    """Return the price along each path.

    Parameters
    ----------
    spec : BitcoinSpec
        The model and its two numbers.
    shocks : array, shape (scenario, month)
        Standard normals, already correlated with other drivers; column 0 is unused.
    streams : Streams
        Streams of the study.
    first_path : int
        Index of the first path, a multiple of 64.

    Returns
    -------
    array, shape (scenario, month)
        Price [USD/BTC], nominal; month 0 holds ``spec.price_usd``.

    Notes
    -----
    ``S_t = price (1 + growth)^(t/12) M_t`` with M of mean 1, so the expectation is exact whatever
    the model.

    Examples
    --------
    >>> import numpy as np
    >>> spec = BitcoinSpec(price_usd=100.0, growth_frac_per_year=0.1, volatility_frac=0.0)
    >>> round(float(simulate_bitcoin(spec, np.zeros((1, 13)), Streams(1))[0, 12]), 6)
    110.0
    """
    paths, months = shocks.shape
    expected = expected_path(spec.price_usd, spec.growth_frac_per_year, months)
    if spec.model == "bootstrap":
        returns = np.diff(np.log(network_history().price_usd))
        return expected * bootstrap_martingale(
            returns,
            streams,
            paths=paths,
            months=months,
            volatility_frac=spec.volatility_frac,
            first_path=first_path,
        )
    model = model_of(spec.model)
    if spec.volatility_frac is not None:
        model = model.scaled(spec.volatility_frac)
    return expected * martingale_of(model, shocks, streams, first_path=first_path)
