"""Where the command line names a place: options in messages, files that are to be written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from rerack.base.errors import InputError, StoreError


@contextmanager
def option_names(options: Mapping[str, str]) -> Iterator[None]:
    """Let refusals name the option that a person gave, where they name a parameter.

    Parameters
    ----------
    options : mapping of str to str
        Option by place of the problem, or by its last part: ``{"share_frac": "--share"}``.
    """
    try:
        yield
    except InputError as error:
        problems = [
            replace(p, where=options.get(p.where.rsplit(": ", 1)[-1], p.where))
            for p in error.problems
        ]
        raise type(error)(*problems) from None


class OutFile(click.Path):
    """A file to be written; refused before the work begins where it cannot be."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, once a file could be written beside it."""
        path = Path(str(super().convert(value, param, ctx)))
        place = param.opts[0] if isinstance(param, click.Option) else ""
        if path.is_dir():
            raise InputError.of(
                f"{place} {path}".strip(),
                given="a folder",
                allowed="a file to be written",
                cure="Name a file in it.",
            )
        folder = path.absolute().parent
        while not folder.exists():
            folder = folder.parent
        trial = folder / f".{path.name}.{os.getpid()}.try"
        try:
            trial.touch()
            trial.unlink()
        except OSError as error:
            where = f"{place} {path}".strip()
            raise StoreError(
                f"{where}: cannot be written ({error.strerror}). Choose another file."
            ) from None
        return path
