"""Standard errors of a maximum of likelihood."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rerack.base.checks import FloatArray


def opg_standard_errors(
    log_terms: Callable[[FloatArray], FloatArray], theta: FloatArray
) -> FloatArray:
    """Return standard errors from the outer product of gradients.

    Parameters
    ----------
    log_terms : callable
        Log-likelihood of each observation, shape (observation,), at a parameter vector.
    theta : array, shape (parameter,)
        The maximum.

    Returns
    -------
    array, shape (parameter,)
        ``sqrt(diag((sum g g')^-1))``, g the central-difference gradients.

    Notes
    -----
    Reference: Berndt, Hall, Hall and Hausman 1974. Valid where the model is right and the sample
    large; with a hundred months it is a rough guide.

    Examples
    --------
    >>> x = np.array([-1.0, 1.0, -1.0, 1.0])
    >>> opg_standard_errors(lambda m: -0.5 * (x - m[0]) ** 2, np.array([0.0])).round(3)
    array([0.5])
    """
    columns = []
    for i, value in enumerate(theta):
        step = 1e-5 * max(abs(value), 1e-2)
        up, down = theta.copy(), theta.copy()
        up[i] += step
        down[i] -= step
        columns.append((log_terms(up) - log_terms(down)) / (2.0 * step))
    gradients = np.column_stack(columns)
    errors: FloatArray = np.sqrt(np.diag(np.linalg.inv(gradients.T @ gradients)))
    return errors


def normal_density(x: FloatArray, mean: float, sd: float) -> FloatArray:
    """Return the normal density of each x."""
    z = (x - mean) / sd
    density: FloatArray = np.exp(-0.5 * z * z) / (sd * np.sqrt(2.0 * np.pi))
    return density
