"""Reading a file of whatever kind it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rerack.scenario.kinds import KINDS, SITE, FileKind, kind_of
from rerack.scenario.layers import read_layers

#: Module and function that read each kind, by its key.
_READERS = {
    "site": ("rerack.scenario.loading", "load"),
    "world": ("rerack.scenario.network_file.loading", "load_network"),
    "worlds": ("rerack.scenario.security_file.loading", "load_security"),
    "miners": ("rerack.scenario.reserves.loading", "load_reserves"),
    "topology": ("rerack.scenario.topology.loading", "load_topology"),
    "companies": ("rerack.scenario.portfolio.loading", "load_portfolio"),
    "sites": ("rerack.scenario.company.loading", "load_company"),
}
assert set(_READERS) == {kind.key for kind in KINDS}


def load_any(path: str | Path, *, overrides: Iterable[str] = ()) -> tuple[FileKind, Any]:
    """Read a file of any kind; one that no key tells is taken for a site file.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values set from outside, each ``path.to.key=value``.

    Returns
    -------
    FileKind
        Its kind.
    object
        What the reader of that kind returns.

    Raises
    ------
    ScenarioError
        Every problem found, in file order.

    Examples
    --------
    >>> kind, study = load_any("examples/network/stayers.yaml")  # doctest: +SKIP
    >>> kind.command  # doctest: +SKIP
    'network'
    """
    from importlib import import_module

    kind = kind_of(read_layers(Path(path)).tree) or SITE
    module, name = _READERS[kind.key]
    return kind, getattr(import_module(module), name)(path, overrides=overrides)
