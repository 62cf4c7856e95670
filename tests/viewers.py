"""Many viewers of one dashboard at once: how long each waits, and whether any is refused.

``python -m tests.viewers`` serves an example to 50 viewers and prints the waits.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from tests.serving import serving

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "examples" / "corsicana.yaml"
VIEWERS = 50
#: What a browser loads with a page for the first time.
_FOLDER = ROOT / "src" / "rerack" / "web" / "assets"
ASSETS = ("colours.css", *(str(file.relative_to(_FOLDER)) for file in sorted(_FOLDER.rglob("*.*"))))
PANELS = ("power", "finance", "policy")
#: Most seconds that one answer may take before it counts as an error.
LIMIT_S = 300.0


class Watch:
    """What viewers met.

    Attributes
    ----------
    waits_s : dict of str to list of float
        Seconds that each kind of answer took, one by one.
    errors : list of str
        Answers that were none.
    """

    def __init__(self) -> None:
        self.waits_s: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []

    async def ask(self, client: httpx.AsyncClient, kind: str, path: str) -> None:
        """Ask for one path and note what came."""
        began = time.perf_counter()
        try:
            answer = await client.get(path)
        except httpx.HTTPError as error:
            self.errors.append(f"{path}: {error!r}")
            return
        self.waits_s[kind].append(time.perf_counter() - began)
        if answer.status_code != 200:
            self.errors.append(f"{path}: {answer.status_code} {answer.text[:200]}")

    def told(self) -> str:
        """Return the waits as a table."""
        lines = ["answer         asked   median s   95th percentile s   longest s"]
        for kind, waits in self.waits_s.items():
            ordered = sorted(waits)
            middle, high = (ordered[int(q * (len(ordered) - 1))] for q in (0.5, 0.95))
            lines.append(f"{kind:<12}{len(waits):8}{middle:11.2f}{high:20.2f}{ordered[-1]:12.2f}")
        return "\n".join([*lines, f"errors: {len(self.errors)}"])


async def _look(client: httpx.AsyncClient, watch: Watch, k: int, job: str) -> None:
    """Open a page with its panel, move a lever, and look how far a run is."""
    await watch.ask(client, "page", "/")
    await asyncio.gather(*(watch.ask(client, "asset", f"/assets/{name}") for name in ASSETS))
    panel = PANELS[k % len(PANELS)]
    await asyncio.gather(
        watch.ask(client, "live", "/api/v1/live/decision"),
        watch.ask(client, "panel", f"/api/v1/panels/{panel}"),
    )
    # Panels are drawn by a library that comes with the first of them.
    await watch.ask(client, "asset", "/assets/plotly.js")
    moved = f"power_usd_per_mwh={25 + k / 2}"
    await watch.ask(client, "moved live", f"/api/v1/live/decision?{moved}")
    await watch.ask(client, "moved panel", f"/api/v1/panels/{panel}?{moved}")
    for _ in range(3):
        await watch.ask(client, "job", f"/api/v1/jobs/{job}")
        await asyncio.sleep(0.2)


async def look_all(address: str, viewers: int = VIEWERS) -> Watch:
    """Let viewers look at once, each at a state of its own, while a run is under way."""
    watch = Watch()
    limits = httpx.Limits(max_connections=6)  # as many as a browser opens to one server
    async with httpx.AsyncClient(base_url=address, timeout=LIMIT_S) as first:
        order = await first.post("/api/v1/runs", json={"scenarios": 64})
        job = order.raise_for_status().json()["id"]
        clients = [
            httpx.AsyncClient(base_url=address, timeout=LIMIT_S, limits=limits)
            for _ in range(viewers)
        ]
        await asyncio.gather(*(_look(c, watch, k, job) for k, c in enumerate(clients)))
        for client in clients:
            await client.aclose()
        await first.delete(f"/api/v1/jobs/{job}")
    return watch


def main() -> None:
    """Serve the example to many viewers and print their waits."""
    with TemporaryDirectory() as folder, serving(SITE, Path(folder) / "runs") as address:
        began, load = time.perf_counter(), os.getloadavg()[0]
        watch = asyncio.run(look_all(address))
        took = time.perf_counter() - began
    sys.stdout.write(f"{VIEWERS} viewers, {took:.0f} s, load average before {load:.1f}\n")
    sys.stdout.write(watch.told() + "\n")


if __name__ == "__main__":
    main()
