"""Fifty viewers at once, each with levers of their own, while a run is under way: no error."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("httpx", reason="asks the server")

from tests.serving import serving
from tests.viewers import SITE, VIEWERS, look_all


@pytest.mark.slow
def test_fifty_viewers_meet_no_error(tmp_path: Path) -> None:
    with serving(SITE, tmp_path / "runs") as address:
        watch = asyncio.run(look_all(address))
    assert watch.errors == [], watch.told()
    assert len(watch.waits_s["moved live"]) == len(watch.waits_s["moved panel"]) == VIEWERS
