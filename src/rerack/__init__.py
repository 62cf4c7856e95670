"""Tell the owner of a power site what every megawatt should compute.

>>> import rerack
>>> rerack.chain.subsidy_sat(840_000)
312500000
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack import catalog, chain, dispatch, finance
    from rerack.api import Companies, Live, Result, Study, company, load, open_result

__version__ = "0.1.0"

_API = ("Companies", "Live", "Result", "Study", "company", "load", "open_result")
_PACKAGES = (
    "assets",
    "base",
    "catalog",
    "chain",
    "dispatch",
    "finance",
    "markets",
    "network",
    "planning",
    "report",
    "scenario",
    "study",
)

__all__ = [
    "Companies",
    "Live",
    "Result",
    "Study",
    "__version__",
    "catalog",
    "chain",
    "company",
    "dispatch",
    "finance",
    "load",
    "open_result",
]


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import rerack`` and ``rerack --help`` stay quick."""
    if name in _API:
        return getattr(import_module("rerack.api"), name)
    if name in _PACKAGES:
        return import_module(f"rerack.{name}")
    raise AttributeError(f"module 'rerack' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_API, *_PACKAGES})
