"""Preparing a study: beside the server that answers from it, or ahead of the first look at it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock

from rerack.base.errors import StoreError
from rerack.scenario import Scenario, load
from rerack.study.change import Change
from rerack.study.kept_study import kept_path
from rerack.study.live import LiveStudy
from rerack.study.own_prices import require_prices
from rerack.study.plan_power import valued_power
from rerack.web.settings import ServeSettings
from rerack.web.step import StoppedError


class Preparing:
    """A study that is prepared once, in a thread that does nothing else meanwhile.

    Parameters
    ----------
    settings : ServeSettings
        Scenarios behind live answers, and the folder that it is kept in.
    scenario : Scenario
        The study as its file has it.
    thread : ThreadPoolExecutor
        One thread. What needs compiled code besides the study should queue here too: to import
        numba in two threads at once asks for trouble.

    Raises
    ------
    InputError
        The file has terms that no plan can value.
    DataError
        The study was never prepared, and its price file lacks what it needs.
    """

    def __init__(
        self, settings: ServeSettings, scenario: Scenario, thread: ThreadPoolExecutor
    ) -> None:
        self._settings, self._scenario, self._thread = settings, scenario, thread
        self._lock, self._stop = Lock(), Event()
        self._begun: Future[LiveStudy] | None = None
        if scenario.desk.keys:
            valued_power(scenario)
        own_prices = scenario.market.power.price_file is not None
        # What is kept was made from the same prices.
        if own_prices and not (settings.cache and _path(settings, scenario).is_file()):
            require_prices(scenario)

    def begin(self) -> Future[LiveStudy]:
        """Begin, if that has not been done, and return what will be the study."""
        with self._lock:
            if self._begun is None:
                self._begun = self._thread.submit(self._work)
            return self._begun

    def study(self) -> LiveStudy:
        """Return the study, once it is there."""
        return self.begin().result()

    async def wait(self) -> None:
        """Wait for the study without keeping others from being answered."""
        await asyncio.shield(asyncio.wrap_future(self.begin()))

    def stop(self) -> None:
        """Leave it at its next step; nobody waits any more."""
        self._stop.set()

    def _work(self) -> LiveStudy:
        study = LiveStudy(
            self._scenario,
            scenarios=self._settings.live_scenarios,
            cache=self._settings.cache,
            tell=self._step,
        )
        study.answer(Change())
        return study

    def _step(self, _what: str) -> None:
        if self._stop.is_set():
            raise StoppedError


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
    LiveStudy(scenario, scenarios=settings.live_scenarios, cache=settings.cache).keep()
    path = _path(settings, scenario)
    if not path.is_file():
        raise StoreError(
            f"{settings.cache}: cannot be written. Free the disk, or set XDG_CACHE_HOME to a "
            "folder of yours."
        )
    return path


def _path(settings: ServeSettings, scenario: Scenario) -> Path:
    assert settings.cache is not None  # looked at before
    return kept_path(settings.cache, scenario, settings.live_scenarios)
