"""A lock on a run folder: who works on it, and whether that process still lives."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rerack.base.errors import StoreError
from rerack.study.store import write_aside

LOCK = "run.lock"


@contextmanager
def working_on(folder: Path) -> Iterator[None]:
    """Hold the lock of a run folder.

    Parameters
    ----------
    folder : Path
        A run folder.

    Raises
    ------
    StoreError
        Another process that is alive, or one of another machine, holds it.

    Notes
    -----
    The lock names host, process and the time at which that process started, so that a number which
    the system has given to another process since is not taken for the owner. A lock whose owner is
    gone is replaced. Looking and replacing are one step: both happen under an advisory lock on the
    folder itself.
    """
    path = folder / LOCK
    mine = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started": process_start(os.getpid()),
    }
    with _alone(folder):
        owner = lock_owner(folder)
        if owner is not None:
            raise StoreError(
                f"{folder}: process {owner['pid']} on {owner['host']} is working on this run. "
                f"Wait for it or end it; if that machine is gone, remove {path}."
            )
        write_aside(path, json.dumps(mine, sort_keys=True).encode())
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def lock_owner(folder: Path) -> dict[str, Any] | None:
    """Return who works on a run folder; None if nobody does, or if the owner is gone."""
    try:
        owner: dict[str, Any] = json.loads((folder / LOCK).read_text())
        host, pid, started = str(owner["host"]), int(owner["pid"]), str(owner["started"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        # The lock is written aside and renamed, so one that cannot be read is no live process's.
        return None
    if host != socket.gethostname():
        return owner
    return owner if process_start(pid) == started else None


def process_start(pid: int) -> str:
    """Return when a process started, in the system's own words; empty if there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The name stands in parentheses and may hold anything; the start is field 22.
            words = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        # A process that has ended but was not waited for works on nothing.
        return "" if words[0] in "ZX" else words[19]
    found = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
