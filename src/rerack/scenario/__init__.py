"""The YAML file: schema, units, line-numbered errors, overrides, and domain objects from it.

Names are loaded on first use: the schema needs no compiler, domain objects do.

>>> from rerack import scenario
>>> scenario.starter().splitlines()[0]
'# A starting point: change the values, keep the keys. All keys: `rerack schema`.'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.scenario.keys import key_table
    from rerack.scenario.loading import check, load
    from rerack.scenario.model import InputRow, OfferTopology, Scenario
    from rerack.scenario.schema_json import json_schema
    from rerack.scenario.starters import starter

_HOME = {
    "InputRow": "model",
    "OfferTopology": "model",
    "Scenario": "model",
    "check": "loading",
    "json_schema": "schema_json",
    "key_table": "keys",
    "load": "loading",
    "starter": "starters",
}

__all__ = [
    "InputRow",
    "OfferTopology",
    "Scenario",
    "check",
    "json_schema",
    "key_table",
    "load",
    "starter",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
