"""The public interface is written down: a name that comes or goes shows in review.

After a wanted change: ``python tests/architecture/test_public_names.py`` writes the list anew.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import rerack

LIST = Path(__file__).with_name("public_names.txt")


def public_names() -> list[str]:
    """Return every name in the `__all__` of rerack and its packages, sorted."""
    packages = ["rerack", *(f"rerack.{m.name}" for m in pkgutil.iter_modules(rerack.__path__))]
    names = []
    for package in packages:
        module = importlib.import_module(package)
        names += [f"{package}.{name}" for name in getattr(module, "__all__", ())]
    return sorted(names)


def test_the_list_of_public_names_is_current() -> None:
    assert public_names() == LIST.read_text(encoding="utf-8").split()


if __name__ == "__main__":
    LIST.write_text("\n".join(public_names()) + "\n", encoding="utf-8")
