"""What one server holds: the study, its live answers, and the runs under way."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from rerack.base.errors import InputError, StoreError
from rerack.scenario import Scenario, load
from rerack.study.change import Change
from rerack.study.live import LiveStudy
from rerack.study.run import Run
from rerack.web.jobs import Jobs
from rerack.web.long_work import LongWork
from rerack.web.panel_study import PanelStudy
from rerack.web.settings import ServeSettings

Found = TypeVar("Found")

#: Answers that may wait or be under way at once; one more is refused.
MOST_WORK = 64


class BusyError(Exception):
    """As many answers as are allowed are waiting."""


class Server:
    """The state behind the interface.

    Parameters
    ----------
    settings : ServeSettings
        File, folder of runs and limits.

    Raises
    ------
    ScenarioError
        The file is wrong.
    """

    def __init__(self, settings: ServeSettings) -> None:
        self.settings = settings
        self.scenario: Scenario = load(settings.file)
        self.live = LiveStudy(
            self.scenario, scenarios=settings.live_scenarios, cache=settings.cache
        )
        self.live.answer(Change())
        self._warmed = False
        self.jobs = Jobs(settings)
        self.long = LongWork()
        self.panel_study = PanelStudy()
        # Kernels use both cores as it is; more threads would only make every answer later.
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="rerack-live")
        self._working = 0

    def warm(self) -> None:
        """Make ready for the first change, once the first answer is on its way."""
        if not self._warmed:
            self._warmed = True
            self._threads.submit(self._warm)

    def _warm(self) -> None:
        self.live.warm()
        # What stays to the end need not be looked through again and again for garbage, which takes
        # as long as an answer.
        gc.collect()
        gc.freeze()

    async def work(self, task: Callable[[], Found]) -> Found:
        """Do work beside the loop that answers requests.

        Raises
        ------
        BusyError
            `MOST_WORK` are waiting or under way: a flood of questions cannot queue without end.
        """
        if self._working >= MOST_WORK:
            raise BusyError
        self._working += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, task)
        finally:
            self._working -= 1

    def run_folder(self, name: str) -> Path:
        """Return the folder of a run of this server; a name that leads elsewhere is refused."""
        parent = self.settings.runs.resolve()
        folder = (parent / name).resolve()
        if folder.parent != parent or not folder.is_dir():
            raise StoreError(f"{name}: no such run. GET /api/v1/runs lists them.")
        return folder

    def open_run(self, name: str) -> Run:
        """Return a complete run of this server."""
        return Run.open(self.run_folder(name))

    async def close(self) -> None:
        """End jobs and threads."""
        await self.jobs.close()
        self.long.close()
        self._threads.shutdown(wait=False, cancel_futures=True)


def require_known(name: str, known: tuple[str, ...], where: str) -> None:
    """Refuse a name that is not among those known."""
    if name not in known:
        raise InputError.of(
            where, given=repr(name), allowed=", ".join(known), cure="Choose one of these."
        )
