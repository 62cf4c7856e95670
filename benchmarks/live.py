"""The dashboard in a real browser: from a lever's move to the charts on screen.

Needs Playwright and a Chromium; ``RERACK_CHROMIUM`` names one that is not on the path.
"""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.process import COMMAND, EXAMPLE, ROOT
from benchmarks.spec import BenchmarkError, Measurement, Spec

#: Pages whose charts follow the levers.
PAGES = {"decision": "/", "power": "/power", "network": "/network", "finance": "/finance"}
#: Fresh values of each lever on each page.
MOVES = 30
#: Scenarios behind every answer.
SCENARIOS = 32
#: Windows: a laptop's, at the page's live charts, and one in which all of them are in sight [px].
WIDTH, LAPTOP, ALL_CHARTS = 1440, 900, 2600
#: A move counts as made at full speed if a loop of this many steps, timed before and after it, took
#: at most so much longer than it ever did in the run: other guests of the machine slow all of it.
_LOOP_STEPS, _FULL_SPEED = 20_000, 1.15
#: How long an answer may take [s].
_LIMIT_S = 120.0

#: Moves a lever and resolves to the time until the last chart that changes has been painted [ms].
#: A frame is painted when a message posted from its animation callback arrives.
_MOVE = """([name, value]) => new Promise((resolve) => {
  const slide = document.querySelector(`[data-for="${name}"]`);
  let changed = true;
  const watch = new MutationObserver(() => { changed = true; });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  for (const chart of document.querySelectorAll("#live .chart")) watch.observe(chart, all);
  watch.observe(document.getElementById("gain"), all);
  let painted = null;
  const began = performance.now();
  slide.value = value;
  slide.dispatchEvent(new Event("input", { bubbles: true }));
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const now = performance.now();
    const ready = document.documentElement.dataset.state === "ready";
    if (ready && changed) { painted = now; changed = false; }
    if (painted !== null && now - painted > 60) {
      watch.disconnect();
      channel.port1.close();
      return resolve(painted - began);
    }
    requestAnimationFrame(frame);
  };
  const frame = () => channel.port2.postMessage(0);
  requestAnimationFrame(frame);
})"""
_READY = """() => document.documentElement.dataset.state === "ready"
  && !document.querySelector("[data-busy]")"""
_DRAWN = """() => [...document.querySelectorAll(".chart")].every((place) => {
  const box = place.getBoundingClientRect();
  const inSight = !place.hidden && box.bottom > 0 && box.top < innerHeight;
  return !inSight || place.querySelector("svg");
})"""
_RANGE = """(name) => { const s = document.querySelector(`[data-for="${name}"]`);
  return [Number(s.min), Number(s.max)]; }"""


@dataclass(frozen=True, kw_only=True)
class Served:
    """A server under way and when it was started."""

    address: str
    process: subprocess.Popen[str]
    began_s: float


@contextmanager
def served(*, prepared: bool = True) -> Iterator[Served]:
    """Serve the example on a free port until left; with an empty cache where never prepared."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {} if prepared else {"XDG_CACHE_HOME": folder}
        words = ["serve", str(EXAMPLE), "--port", "0", "--live-scenarios", str(SCENARIOS)]
        began = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, *words],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"} | kept,
        )
        try:
            yield Served(address=_address(process), process=process, began_s=began)
        finally:
            process.terminate()
            process.wait(30)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        found = [word for word in line.split() if word.startswith("http://")]
        if found:
            return found[0].rstrip("/.,")
    raise BenchmarkError(f"rerack serve ended without an address:\n{''.join(said)}")


@contextmanager
def browser_page(height: int) -> Iterator[Any]:
    """Open a page of a headless browser in a window of a height [px]."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": WIDTH, "height": height})
            page.set_default_timeout(1e3 * _LIMIT_S)
            yield page
        finally:
            browser.close()


def _chromium() -> str:
    return os.environ.get("RERACK_CHROMIUM") or shutil.which("chromium") or ""


def missing_browser() -> str:
    """Say what a browser would need."""
    if importlib.util.find_spec("playwright") is None or importlib.util.find_spec("psutil") is None:
        return "playwright or psutil is not installed (the extra `dev`)"
    return "" if _chromium() else "no chromium: neither RERACK_CHROMIUM nor PATH names one"


def wait_ready(page: Any) -> None:
    """Wait until a page shows its live answer and nothing is being worked out."""
    # The page's own policy forbids what `wait_for_function` does, so it is asked again and again.
    end = time.perf_counter() + _LIMIT_S
    while not page.evaluate(_READY):
        if time.perf_counter() > end:
            raise BenchmarkError(f"{page.url}: no answer within {_LIMIT_S:.0f} s")
        time.sleep(0.02)


def wait_drawn(page: Any) -> None:
    """Wait until every chart in sight is drawn, panels too: that is no lever's work."""
    end = time.perf_counter() + _LIMIT_S
    while not page.evaluate(_DRAWN):
        if time.perf_counter() > end:
            raise BenchmarkError(f"{page.url}: charts not drawn within {_LIMIT_S:.0f} s")
        time.sleep(0.02)


def run_moves(height: int) -> Measurement:
    """Move every lever through fresh values on every page with live charts."""
    import psutil

    every: list[float] = []
    loops: list[float] = []
    with served() as server, browser_page(height) as page:
        process = psutil.Process(server.process.pid)
        clock = page.context.new_cdp_session(page)
        clock.send("Performance.enable", {"timeDomain": "threadTicks"})
        for turn, (name, path) in enumerate(PAGES.items()):
            page.goto(server.address + path)
            wait_ready(page)
            page.evaluate("() => document.querySelector('#live .chart').scrollIntoView()")
            wait_drawn(page)
            for lever in _levers(page):
                before = _busy_s(process), _page_s(clock)
                times = []
                for value in _values(page, lever, turn):
                    loops.append(_loop_s())
                    times.append(page.evaluate(_MOVE, [lever, value]))
                spent = (
                    1e3 * (after - was) / len(times)
                    for after, was in zip((_busy_s(process), _page_s(clock)), before, strict=True)
                )
                _print(name, lever, times, *spent)
                every += times
                page.click("#reset")
                wait_ready(page)
        peak_mb = process.memory_info().rss / 2**20
    print(
        f"    all pages and levers: median {statistics.median(every):.0f} ms, "
        f"p95 {p95(every):.0f} ms, on {SCENARIOS} scenarios"
    )
    _print_full_speed(every, [*loops, _loop_s()])
    return Measurement(time_s=p95(every) / 1e3, peak_mb=peak_mb, quality=_error())


def _loop_s() -> float:
    """Time a loop that does nothing else than count."""
    began = time.perf_counter()
    for _ in range(_LOOP_STEPS):
        pass
    return time.perf_counter() - began


def _print_full_speed(times: list[float], loops: list[float]) -> None:
    """Print the moves that were made while the processor ran at full speed."""
    most = _FULL_SPEED * min(loops)
    before, after = loops[:-1], loops[1:]
    full = [t for t, b, a in zip(times, before, after, strict=True) if max(b, a) <= most]
    told = f"median {statistics.median(full):.0f} ms, p95 {p95(full):.0f} ms" if full else "none"
    print(
        f"    {len(full)} of {len(times)} of them at full speed of the processor: {told}; "
        f"a loop took {statistics.median(loops) / min(loops):.2f} times its least"
    )


def _levers(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('[data-for]')].map((s) => s.dataset.for)"
    )
    return found


def _values(page: Any, lever: str, turn: int) -> list[float]:
    """Return values over a slider's range that no other page asks for, far ones in turn."""
    low, high = page.evaluate(_RANGE, lever)
    count = MOVES * len(PAGES)
    steps = [(7 * k) % MOVES * len(PAGES) + turn for k in range(MOVES)]
    return [low + (high - low) * (step + 0.37) / count for step in steps]


def _busy_s(process: Any) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _page_s(clock: Any) -> float:
    """Return the processor time of the page's main thread [s]."""
    found = clock.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in found if m["name"] == "TaskDuration"))


def p95(times: list[float]) -> float:
    """Return the 95th percentile, the next larger value where it falls between two.

    Examples
    --------
    >>> p95([float(k) for k in range(1, 101)])
    95.0
    """
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def _print(name: str, lever: str, times: list[float], server_ms: float, page_ms: float) -> None:
    print(
        f"    {name:9} {lever:25} median {statistics.median(times):4.0f} ms, "
        f"p95 {p95(times):4.0f} ms; processor: server {server_ms:4.0f} ms, page {page_ms:4.0f} ms",
        flush=True,
    )


@cache
def _error() -> float:
    """Return the error of the gain at rest against the full run [MUSD], the larger of two."""
    from rerack.scenario import load
    from rerack.study import run_study
    from rerack.study.change import Change, overrides_of
    from rerack.study.live import LiveStudy

    live = LiveStudy(load(EXAMPLE), scenarios=SCENARIOS)
    errors = []
    for change in (Change(), Change(rent_factor=0.8)):
        full = run_study(load(EXAMPLE, overrides=tuple(overrides_of(live.scenario, change))))
        told, whole = live.answer(change, refit=True).table("plans"), full.table("plans")
        # The plan that the answer speaks of: the first one is mining on, whose gain is zero.
        k = 1 + int(whole["delta_mean_usd"][1:].argmax())
        error = float(told["delta_mean_usd"][k] - whole["delta_mean_usd"][k])
        errors.append(abs(error) / 1e6)
        print(
            f"    {'moved' if change.moved else 'as in the file'}: gain of “{whole['plan'][k]}” "
            f"{told['delta_mean_usd'][k] / 1e6:.0f} MUSD on {SCENARIOS} scenarios, "
            f"{whole['delta_mean_usd'][k] / 1e6:.0f} MUSD on {full.meta['scenarios']}: "
            f"off by {error / told['delta_se_usd'][k]:+.1f} of its standard errors",
            flush=True,
        )
    return max(errors)


def run_start(repeats: int) -> Measurement:
    """Time from the command to its answer on screen, of a file that was served before."""
    with served() as server, browser_page(LAPTOP) as page:
        page.goto(server.address)
        wait_ready(page)
    return _starts(repeats, prepared=True)


def run_first_start(repeats: int) -> Measurement:
    """Time from the command to its answer on screen, of a file never prepared."""
    return _starts(repeats, prepared=False)


def _starts(repeats: int, *, prepared: bool) -> Measurement:
    times = []
    with browser_page(LAPTOP) as page:
        for _ in range(repeats):
            with served(prepared=prepared) as server:
                page.goto(server.address)
                while not page.evaluate("() => document.documentElement.dataset.state === 'ready'"):
                    time.sleep(0.01)
                times.append(time.perf_counter() - server.began_s)
    print("    starts:", ", ".join(f"{t:.2f} s" for t in times))
    return Measurement(time_s=min(times))


SPECS = (
    Spec(
        name="live-moves",
        work="each lever through fresh values on each page: input event to charts painted, p95",
        size_unit="px in sight",
        sizes=(LAPTOP, ALL_CHARTS),
        run=run_moves,
        target="100 ms at the 95th percentile",
        quality="error of the gain at rest against the full run [MUSD]",
        missing=missing_browser,
    ),
    Spec(
        name="live-start",
        work="rerack serve of a file served before, from the command to the answer on screen",
        size_unit="starts",
        sizes=(6,),
        run=run_start,
        target="2 s",
        missing=missing_browser,
    ),
    Spec(
        name="live-first-start",
        work="the same of a file never prepared, on an installation that compiled its kernels",
        size_unit="starts",
        sizes=(6,),
        run=run_first_start,
        target="2 s",
        missing=missing_browser,
    ),
)
