"""The security file: worlds of cohorts, an attack on them, states that guard a reserve."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.scenario.security_file.loading import SecurityStudy, load_security

_HOME = {"SecurityStudy": "loading", "load_security": "loading"}

__all__ = ["SecurityStudy", "load_security"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
