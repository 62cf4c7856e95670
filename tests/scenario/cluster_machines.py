"""A Dask scheduler and its workers as processes of their own, which a test may kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path


class Machines:
    """A scheduler on 127.0.0.1, and workers as they are added; each writes NAME.log.

    Parameters
    ----------
    folder : Path
        For logs, scratch and the file that names the scheduler.
    workers : tuple of str
        Names of workers without options to start with.
    """

    def __init__(self, folder: Path, *, workers: tuple[str, ...] = ("first", "second")) -> None:
        self._folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._start("scheduler", "distributed.cli.dask_scheduler", "--port", "0")
        file = folder / "scheduler.json"
        deadline = time.monotonic() + 300
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.address = str(json.loads(file.read_text())["address"])
        for name in workers:
            self.add_worker(name)

    def add_worker(self, name: str, *options: str, **environment: str) -> None:
        """Start a worker of one thread; without options it has no nanny to start it again."""
        words = ["--name", name, "--nthreads", "1", *(options or ("--no-nanny",))]
        words += ["--local-directory", str(self._folder)]
        self._start(name, "distributed.cli.dask_worker", *words, **environment)

    def _start(self, name: str, module: str, *options: str, **environment: str) -> None:
        words = ["--no-dashboard", "--host", "127.0.0.1", "--scheduler-file"]
        with self.log(name).open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    module,
                    *words,
                    str(self._folder / "scheduler.json"),
                    *options,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | environment,
            )

    def log(self, name: str) -> Path:
        """Return the file that a process writes its log to."""
        return self._folder / f"{name}.log"

    def kill(self, name: str) -> None:
        """Kill one process at once."""
        self.processes[name].kill()
        self.processes[name].wait()

    def close(self) -> None:
        """End what is left: a nanny politely, so that it ends its worker."""
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
