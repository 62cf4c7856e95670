"""``rerack schema``."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of site files.

    \b
    Point an editor at it:
      rerack schema > rerack.schema.json
      # yaml-language-server: $schema=rerack.schema.json
    """  # noqa: D301
    import json

    from rerack.scenario import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
