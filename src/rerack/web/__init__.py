"""The dashboard and its HTTP interface: one study file in a browser, on this machine."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.web.app import create_app
    from rerack.web.listen import serve
    from rerack.web.preparing import prepare_study
    from rerack.web.settings import ServeSettings

_HOME = {
    "ServeSettings": "settings",
    "create_app": "app",
    "prepare_study": "preparing",
    "serve": "listen",
}

__all__ = ["ServeSettings", "create_app", "prepare_study", "serve"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
