"""The schema of a scenario file for editors (JSON Schema 2020-12)."""

from __future__ import annotations

from typing import Any

from rerack.catalog import STATUSES
from rerack.scenario.schema import ScenarioFile

_STATED = "StatedValue"
_REASON = "x-default-reason"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    Returns
    -------
    dict
        Every key with its description, unit and an example; each single value may also be written
        with its provenance.

    Notes
    -----
    An editor that knows JSON Schema completes keys and marks errors as one types. Contradictions
    between keys are beyond it: `rerack check` finds those.

    Examples
    --------
    >>> sorted(json_schema()["properties"])[:3]
    ['extends', 'finance', 'market']
    """
    schema = ScenarioFile.model_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        properties = definition.get("properties", {})
        for name, body in properties.items():
            # Pydantic leaves out a description that repeats that of the section itself.
            reference = schema["$defs"].get(body.get("$ref", "").rpartition("/")[2], {})
            properties[name] = _wrapped({"description": reference.get("description", "")} | body)
    schema["$defs"][_STATED] = _stated()
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "Another scenario file, relative to this one, that this one changes.",
    }
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "rerack scenario"
    return schema


def _wrapped(body: dict[str, Any]) -> dict[str, Any]:
    """Return a property without pydantic's titles; a single value may carry its provenance."""
    # A default is canonical (0.09); people write "9 %", so it is not shown as one to copy.
    inner = {k: v for k, v in body.items() if k not in ("description", "default", "title", _REASON)}
    alternatives = [a for a in inner.pop("anyOf", [inner]) if a.get("type") != "null"]
    if all(_is_single(a) for a in alternatives):
        alternatives = [*alternatives, {"$ref": f"#/$defs/{_STATED}"}]
    for alternative in alternatives:
        if any(_is_single(a) for a in alternative.get("oneOf", ())):
            alternative["oneOf"].append({"$ref": f"#/$defs/{_STATED}"})
        alternative.pop("title", None)
        values = alternative.get("additionalProperties")
        if isinstance(values, dict) and _is_single(values):
            reference = {"$ref": f"#/$defs/{_STATED}"}
            alternative["additionalProperties"] = {"anyOf": [values, reference]}
    outer = {"description": body["description"]}
    return outer | (alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives})


def _is_single(alternative: dict[str, Any]) -> bool:
    kind = alternative.get("type")
    return kind not in ("object", "array") and not alternative.keys() & {"$ref", "oneOf"}


def _stated() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "A value with its provenance, shown in the inputs table of the report.",
        "additionalProperties": False,
        "required": ["value"],
        "properties": {
            "value": {
                "type": ["string", "number", "boolean"],
                "description": "The value, as without the wrapper.",
            },
            "source": {"type": "string", "description": "Document or person it comes from."},
            "status": {"enum": list(STATUSES), "description": "How far it may be trusted."},
            "as_of": {"type": "string", "description": "Date of the figure: YYYY, -MM, -DD."},
        },
    }
