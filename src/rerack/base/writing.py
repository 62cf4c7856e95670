"""Small files written all or nothing."""

from __future__ import annotations

import os
from pathlib import Path

from rerack.base.errors import StoreError


def write_whole(text: str, path: Path) -> None:
    """Write a text; what stood at `path` is lost only once the new text is there.

    Parameters
    ----------
    text : str
        The content, written as UTF-8.
    path : Path
        File to write; its folder is made if need be.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}). Free some space, or choose another "
            "file."
        ) from error
