"""Every key of a scenario file as a Markdown table, for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from rerack.scenario.inputs import written
from rerack.scenario.schema import ScenarioFile, Section
from rerack.scenario.schema.walk import rule_of, sections_of, takes_word


def key_table(root: type[Section] = ScenarioFile) -> str:
    """Return all keys with what may be written, the default and the description.

    Parameters
    ----------
    root : type of Section
        The whole file: a site file, or a file of another kind.

    Returns
    -------
    str
        A Markdown table; ``NAME`` stands for a name of your own.

    Examples
    --------
    >>> key_table().splitlines()[2]
    '| `study.name` | text | must be written | Name of the study, shown in every report. |'
    """
    head = "| key | what to write | if left out | meaning |\n|---|---|---|---|"
    # Keys that alternatives share are told once, under the first.
    rows = dict.fromkeys(_rows(root, ""))
    return "\n".join([head, *rows]) + "\n"


def _rows(section: type[Section], prefix: str) -> Iterator[str]:
    fields = section.model_fields
    for name in sorted(fields, key=lambda n: n not in ("type", "kind")):
        field, path = fields[name], f"{prefix}{name}"
        inner, is_map = sections_of(field.annotation)
        if not inner or takes_word(field.annotation):
            given = "NAME: number" if is_map else _what(field)
            yield f"| `{path}` | {given} | {_absent(field)} | {field.description} |"
        for option in inner:
            yield from _rows(option, f"{path}.NAME." if is_map else f"{path}.")


def _what(field: FieldInfo) -> str:
    rule = rule_of(field.annotation, field.metadata)
    if get_origin(field.annotation) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(field.annotation))
    if get_origin(field.annotation) is list:
        return "list of names"
    schema: dict[str, Any] = dict(rule.schema) if rule is not None else {}
    if "examples" in schema:
        return " or ".join(f"`{example}`" for example in schema["examples"])
    return {"string": "text", "integer": "whole number"}.get(schema.get("type", ""), "number")


def _absent(field: FieldInfo) -> str:
    if field.default is None:
        return "-"
    if field.default is not PydanticUndefined:
        extra = field.json_schema_extra
        reason = f" ({extra['x-default-reason']})" if isinstance(extra, dict) else ""
        return f"{written(field.default, rule_of(field.annotation, field.metadata))}{reason}"
    return "must be written" if field.default_factory is None else "none"
