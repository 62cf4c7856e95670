"""The calibration command's work for the network: both parameter files."""

from __future__ import annotations

from pathlib import Path

from rerack.markets import NetworkHistory, network_history
from rerack.markets.parameters import write_parameters
from rerack.network.calibrate.growth import calibrate_growth
from rerack.network.calibrate.rigs import calibrate_rigs


def calibrate_network(out: Path, *, history: NetworkHistory | None = None) -> tuple[Path, ...]:
    """Estimate the hashrate model and the rig market and write their files.

    Parameters
    ----------
    out : Path
        Existing folder for ``growth.json`` and ``rigs.json``.
    history : NetworkHistory or None
        Monthly history; None takes the built-in one.

    Returns
    -------
    tuple of Path
        The files written.
    """
    months = history or network_history()
    found = (calibrate_growth(months), calibrate_rigs(months))
    return tuple(write_parameters(p, out) for p in found)
