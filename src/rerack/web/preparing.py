"""Preparing a file ahead of the first look at it."""

from __future__ import annotations

from pathlib import Path

from rerack.base.errors import StoreError
from rerack.scenario import load
from rerack.study.kept_study import kept_path
from rerack.study.live import LiveStudy
from rerack.web.settings import ServeSettings


def prepare_study(settings: ServeSettings) -> Path:
    """Keep what a server needs to open a file at once, and return where it is kept.

    Parameters
    ----------
    settings : ServeSettings
        File, scenarios behind live answers, and the folder to keep it in.

    Raises
    ------
    ScenarioError
        The file is wrong.
    StoreError
        There is no such folder, or the disk does not let it be kept.
    """
    if settings.cache is None:
        raise StoreError("nothing can be kept without a folder to keep it in.")
    scenario = load(settings.file)
    LiveStudy(scenario, scenarios=settings.live_scenarios, cache=settings.cache)
    path = kept_path(settings.cache, scenario, settings.live_scenarios)
    if not path.is_file():
        raise StoreError(
            f"{settings.cache}: cannot be written. Free the disk, or set XDG_CACHE_HOME to a "
            "folder of yours."
        )
    return path
