"""What every section of a scenario file shares."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field


class Section(BaseModel):
    """A map of the scenario file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


#: Tags of a value that may be one word or a map of keys; brackets keep them apart from keys.
WORD, MAP = "[word]", "[map]"


def _form(value: Any) -> str | None:
    if isinstance(value, list):
        return None
    return MAP if isinstance(value, dict) else WORD


#: Chooses between one word and a map of keys, each tagged with `WORD` or `MAP`.
WORD_OR_MAP = Discriminator(
    _form, custom_error_type="word_or_map", custom_error_message="neither one word nor a map"
)


def key(description: str) -> Any:
    """Return a field that must be written."""
    return Field(description=description)


def default(value: Any, description: str, reason: str) -> Any:
    """Return a field that may be left out, with the reason of its default for the inputs table.

    Parameters
    ----------
    value : object
        Canonical value, in the unit that the field's rule names.
    description : str
        One phrase for the schema, the reference page and the starter file.
    reason : str
        Why this value.
    """
    return Field(
        default=value, description=description, json_schema_extra={"x-default-reason": reason}
    )


def optional(description: str) -> Any:
    """Return a field that may be left out and then means that there is none of it."""
    return Field(default=None, description=description)


def section(factory: Any, description: str) -> Any:
    """Return a nested section that may be left out whole."""
    return Field(default_factory=factory, description=description)
