"""The model's recursions over hours or days, in plain Python; `kernel` compiles them."""

from __future__ import annotations

import math

import numpy as np

from rerack.base.checks import FloatArray


def autoregressive(normals: FloatArray, decay: float) -> FloatArray:
    """Return a standard AR(1) path, started from its stationary law.

    ``x_0 = e_0``, ``x_t = decay * x_{t-1} + sqrt(1 - decay**2) * e_t``; mean 0, variance 1.

    Parameters
    ----------
    normals : ndarray
        Standard normals e, shape (time,).
    decay : float
        Lag-one autocorrelation, above -1 and below 1.
    """
    out = np.empty_like(normals)
    fresh = math.sqrt(1.0 - decay * decay)
    state = normals[0]
    for t in range(normals.shape[0]):
        if t > 0:
            state = decay * state + fresh * normals[t]
        out[t] = state
    return out


def daily_cycle(real: FloatArray, imaginary: FloatArray, decay: float) -> FloatArray:
    """Return a stochastic 24-hour cycle of variance 1.

    A rotation by a 24th of a turn each hour, damped by `decay` and fed by both normals, so that
    the autocorrelation at lag k is ``decay**k * cos(2 pi k / 24)`` (Harvey 1989, section 2.3.4).

    Parameters
    ----------
    real, imaginary : ndarray
        Standard normals, shape (hour,).
    decay : float
        Damping each hour, 0 to below 1.
    """
    out = np.empty_like(real)
    fresh = math.sqrt(1.0 - decay * decay)
    cosine, sine = math.cos(2.0 * math.pi / 24.0), math.sin(2.0 * math.pi / 24.0)
    a, b = real[0], imaginary[0]
    for t in range(real.shape[0]):
        if t > 0:
            a, b = (
                decay * (cosine * a + sine * b) + fresh * real[t],
                decay * (cosine * b - sine * a) + fresh * imaginary[t],
            )
        out[t] = a
    return out
