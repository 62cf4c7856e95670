"""`rerack serve` in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Scenarios behind live answers: what they find does not matter here, that they agree does.
LIVE_SCENARIOS = 8


@contextmanager
def serving(file: Path, runs: Path, *, scenarios: int = LIVE_SCENARIOS) -> Iterator[str]:
    """Serve a site file and give the address; the server ends with the block."""
    command = (sys.executable, "-m", "rerack", "serve", str(file), "--port", "0")
    with subprocess.Popen(
        [*command, "--out", str(runs), "--live-scenarios", str(scenarios)],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "RERACK_TOKEN": "",
            "PYTHONUNBUFFERED": "1",
            # Prepared anew each time, and nothing left in the folder of whoever runs the tests.
            "XDG_CACHE_HOME": str(runs.parent / "cache"),
        },
    ) as process:
        assert process.stdout is not None  # asked for above
        try:
            said = process.stdout.readline()
            assert said.startswith("http://127.0.0.1:"), said
            yield said.split("/  ")[0]
        finally:
            process.terminate()
