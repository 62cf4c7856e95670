"""What is fuzzed: each target reads bytes as one kind of file and may only refuse them in words."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rerack import catalog
from rerack.base.errors import RerackError
from rerack.markets.files import read_price_file
from rerack.scenario import load, starter
from rerack.scenario.network_file import load_network
from rerack.scenario.portfolio import load_portfolio
from rerack.scenario.topology import load_topology

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One kind of file.

    Parameters
    ----------
    name, suffix : str
        Name, and ending of the file.
    seed : bytes
        A good file, from which others are made.
    read : callable
        Reads a path.
    weight : int
        Share of the cases: what is read fast is read often.
    """

    name: str
    suffix: str
    seed: bytes
    read: Callable[[Path], object]
    weight: int


def _prices() -> bytes:
    rows = [f"2024-01-{1 + h // 24:02d}T{h % 24:02d}:00Z,{20 + h % 7}.5" for h in range(72)]
    return "\n".join(["time,price_usd_per_mwh", *rows]).encode()


def _rigs() -> bytes:
    columns = [c.name for c in catalog.load("rigs").table.columns]
    given = {"model": "Own 1", "maker": "Own", "cooling": "air", "power_w": "3000"}
    given |= {"as_of": "2026", "source": "own", "status": "unverified"}
    return f"{','.join(columns)}\n{','.join(given.get(c, '') for c in columns)}\n".encode()


def _example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()


TARGETS = (
    Target(name="prices", suffix=".csv", seed=_prices(), read=read_price_file, weight=40),
    Target(
        name="catalogue",
        suffix=".csv",
        seed=_rigs(),
        read=lambda path: catalog.load("rigs", extend=[path]),
        weight=40,
    ),
    Target(name="site", suffix=".yaml", seed=starter().encode(), read=load, weight=12),
    Target(
        name="topology",
        suffix=".yaml",
        seed=_example("reliability/two-feeds.yaml"),
        read=load_topology,
        weight=4,
    ),
    Target(
        name="network",
        suffix=".yaml",
        seed=_example("network/stayers.yaml"),
        read=load_network,
        weight=2,
    ),
    Target(
        name="portfolio",
        suffix=".yaml",
        seed=_example("portfolio/two-companies.yaml"),
        read=load_portfolio,
        weight=2,
    ),
)


def attempt(target: Target, raw: bytes, folder: Path | None = None) -> bool:
    """Read bytes as a target's file; whether they were good.

    Any error but a refusal in words goes through: that is what fuzzing looks for.
    """
    with tempfile.TemporaryDirectory() as own:
        path = (folder or Path(own)) / f"case{target.suffix}"
        path.write_bytes(raw)
        try:
            target.read(path)
        except RerackError as error:
            for problem in getattr(error, "problems", ()):
                fields = (problem.where, problem.given, problem.allowed, problem.cure)
                if not all(fields):
                    raise AssertionError(
                        f"{target.name}: a refusal without words: {fields}"
                    ) from None
            return False
        return True
