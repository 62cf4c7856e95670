"""The commented file that a new study starts from."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from rerack.base.checks import require
from rerack.scenario.nodes import plain, walk
from rerack.scenario.schema import ScenarioFile
from rerack.scenario.schema.walk import field_at
from rerack.scenario.source import Source
from rerack.scenario.yaml_reader import read_yaml

#: Kinds of starting point.
STARTERS: Final = ("site",)
#: Column at which comments begin, where the line is shorter.
_COMMENT_COLUMN = 44


def starter(kind: str = "site") -> str:
    """Return a scenario file that loads as it is, each key explained by the schema.

    Parameters
    ----------
    kind : str
        One of `STARTERS`.

    Returns
    -------
    str
        YAML text. Its figures are made up, and its head says so.

    Raises
    ------
    InputError
        Unknown kind.
    """
    require(
        kind in STARTERS,
        "starter",
        given=repr(kind),
        allowed=", ".join(STARTERS),
        cure="Name one of these.",
    )
    name = f"starter_{kind}.yaml"
    text = files("rerack.scenario").joinpath("data", name).read_text(encoding="utf-8")
    notes = _notes(Source(file=name, text=text))
    lines = [
        f"{line.ljust(_COMMENT_COLUMN)}  # {notes[number]}" if number in notes else line
        for number, line in enumerate(text.splitlines(), start=1)
    ]
    return "\n".join(lines) + "\n"


def _notes(source: Source) -> dict[int, str]:
    """Return the schema's description by line number; a key explained once is not repeated."""
    tree, _ = read_yaml(source)
    data = plain(tree)
    notes: dict[int, str] = {}
    told: set[str] = set()
    for path, place, _node in walk(tree):
        field = field_at(ScenarioFile, path, data) if path else None
        if field is not None and field.description and field.description not in told:
            told.add(field.description)
            notes[place.line] = field.description
    return notes
