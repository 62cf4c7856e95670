"""What one server holds: the study, its live answers, and the runs under way."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rerack.base.errors import InputError, StoreError
from rerack.scenario import Scenario, load
from rerack.study.live import LiveStudy
from rerack.study.run import Run
from rerack.web.jobs import Jobs
from rerack.web.long_work import LongWork
from rerack.web.panel_study import PanelStudy
from rerack.web.preparing import Preparing
from rerack.web.settings import ServeSettings

if TYPE_CHECKING:
    from rerack.scenario.portfolio import PortfolioStudy
    from rerack.scenario.reserves import ReserveStudy

Found = TypeVar("Found")

#: Answers that may wait or be under way at once; one more is refused.
MOST_WORK = 64


def _reserves(file: Path) -> ReserveStudy:
    # Imported where there is such a file: a start without one is not the later for it.
    from rerack.scenario.reserves import load_reserves

    return load_reserves(file)


def _portfolio(file: Path) -> PortfolioStudy:
    # As with reserves.
    from rerack.scenario.portfolio import load_portfolio

    return load_portfolio(file)


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
        The file is wrong, or the reserves or portfolio file.
    InputError
        It, or its price file, holds what no plan can do with.

    Notes
    -----
    Only the file is read here. Its study is prepared beside what is answered (`preparing`).
    """

    def __init__(self, settings: ServeSettings) -> None:
        self.settings = settings
        self.scenario: Scenario = load(settings.file)
        self.reserves = None if settings.reserves is None else _reserves(settings.reserves)
        self.portfolio = None if settings.portfolio is None else _portfolio(settings.portfolio)
        self.jobs = Jobs(settings)
        self.long = LongWork()
        self.preparing = Preparing(settings, self.scenario, self.long.thread)
        self._warmed = False
        self.panel_study = PanelStudy()
        #: Threads that answers are made in.
        # Kernels use both cores as it is; more threads would only make every answer later.
        self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="rerack-live")
        self._working = 0

    @property
    def live(self) -> LiveStudy:
        """The study and its live answers; waits until it is prepared, so ask in `work`."""
        return self.preparing.study()

    def warm(self) -> None:
        """Make ready for the first change and the next start, once the first answer is out."""
        if not self._warmed:
            self._warmed = True
            # Where panels and refits are made: one thread imports what they share.
            self.long.thread.submit(self._warm)

    def _warm(self) -> None:
        self.live.warm()
        self.live.keep()
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
            return await asyncio.get_running_loop().run_in_executor(self.threads, task)
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
        self.preparing.stop()
        await self.jobs.close()
        self.long.close()
        self.threads.shutdown(wait=False, cancel_futures=True)


def require_known(name: str, known: tuple[str, ...], where: str) -> None:
    """Refuse a name that is not among those known."""
    if name not in known:
        raise InputError.of(
            where, given=repr(name), allowed=", ".join(known), cure="Choose one of these."
        )
