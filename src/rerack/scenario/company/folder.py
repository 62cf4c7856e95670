"""The company files of a folder: what a row of companies is read from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rerack.base.checks import require
from rerack.base.errors import ScenarioError
from rerack.scenario.layers import read_layers

#: Key that company files have and site files, which say ``site``, do not.
_KEY = "sites"


def company_files(paths: Iterable[str | Path]) -> tuple[Path, ...]:
    """Return company files, each folder among `paths` by the company files that are in it.

    Parameters
    ----------
    paths : iterable of str or Path
        Files and folders. Of a folder every ``*.yaml`` with a key ``sites`` is taken, by name; a
        market file that lies beside them is not one. A file that cannot be read is taken too, so
        that it is reported.

    Raises
    ------
    InputError
        A folder without company files.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        inside = [one for one in sorted(path.glob("*.yaml")) if _is_company(one)]
        require(
            bool(inside) or not path.is_dir(),
            str(path),
            given="a folder without company files",
            allowed="a folder of YAML files with a key `sites`",
            cure="Name the files, or see docs/reference/company-file.md.",
        )
        found += inside if path.is_dir() else [path]
    return tuple(found)


def _is_company(path: Path) -> bool:
    try:
        tree = read_layers(path).tree
    except ScenarioError:
        return True
    return _KEY in tree.entries
