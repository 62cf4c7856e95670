"""The templates of the pages."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def template(name: str) -> Any:
    """Return a template by name; all text in it is escaped."""
    environment = Environment(
        loader=PackageLoader("rerack.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{name}.html.j2")
