"""Finding the section, field or rule that a YAML path belongs to."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from rerack.scenario.places import YamlPath
from rerack.scenario.quantities import Rule
from rerack.scenario.schema.base import Section


def section_at(root: type[Section], path: YamlPath, data: object) -> type[Section] | None:
    """Return the section class that stands at `path`, or None where there is none.

    Parameters
    ----------
    root : type of Section
        Class of the whole file.
    path : YamlPath
        Path from the root.
    data : object
        Plain data of the whole file; it decides between kinds of offer and of plan.
    """
    here: Any = root
    for step in path:
        field = _fields(here, data).get(str(step))
        here = field.annotation if field is not None else _value_type(here)
        data = data.get(step) if isinstance(data, dict) else None
        if here is None:
            return None
    chosen = _choose(here, data)
    return chosen if isinstance(chosen, type) and issubclass(chosen, Section) else None


def field_at(root: type[Section], path: YamlPath, data: object) -> FieldInfo | None:
    """Return the field that `path` names, or None (a name in a map of names has none)."""
    parent: Any = data
    for step in path[:-1]:
        parent = parent.get(step) if isinstance(parent, dict) else None
    owner = section_at(root, path[:-1], data)
    return owner.model_fields.get(str(path[-1])) if owner is not None else None


def rule_of(annotation: Any, metadata: list[Any]) -> Rule | None:
    """Return the rule that reads values of a field type, looking into optional types."""
    for item in metadata:
        if isinstance(item, Rule):
            return item
    for inner in get_args(annotation):
        found = rule_of(inner, list(getattr(inner, "__metadata__", ())))
        if found is not None:
            return found
    return None


def value_rule(annotation: Any) -> Rule | None:
    """Return the rule of the values of a map of names to numbers."""
    inner = _value_type(annotation)
    return rule_of(None, list(getattr(inner, "__metadata__", ()))) if inner is not None else None


def sections_of(annotation: Any) -> tuple[list[type[Section]], bool]:
    """Return the sections that a field may hold, and whether it is a map of names to them."""
    values = _value_type(annotation)
    options = _options(annotation if values is None else values)
    found = [o for o in options if isinstance(o, type) and issubclass(o, Section)]
    return found, values is not None


def takes_word(annotation: Any) -> bool:
    """Tell whether a field takes one word, whatever else it takes."""
    return any(option is str for option in _options(annotation))


def _fields(annotation: Any, data: object) -> dict[str, FieldInfo]:
    chosen = _choose(annotation, data)
    if isinstance(chosen, type) and issubclass(chosen, Section):
        return chosen.model_fields
    return {}


def _choose(annotation: Any, data: object) -> Any:
    """Return the one section that `data` selects among the alternatives of a type."""
    options = [o for o in _options(annotation) if isinstance(o, type) and issubclass(o, Section)]
    if len(options) <= 1 or not isinstance(data, dict):
        return options[0] if options else None
    for option in options:
        for name in ("type", "kind"):
            field = option.model_fields.get(name)
            if field is not None and data.get(name) in get_args(field.annotation):
                return option
    return None


def _options(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for inner in get_args(annotation):
            yield from _options(inner)
    elif hasattr(annotation, "__metadata__"):
        yield from _options(annotation.__origin__)
    else:
        yield annotation


def _value_type(annotation: Any) -> Any:
    """Return the type of the values of a map, or None."""
    for option in _options(annotation):
        if get_origin(option) is dict:
            return get_args(option)[1]
    return None
