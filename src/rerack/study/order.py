"""What a run was asked to do, stored before it starts, and checked before it is resumed."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rerack.base.errors import StoreError
from rerack.numerics.device import Device
from rerack.scenario import InputRow, Scenario, load
from rerack.study.device import device_versions
from rerack.study.processor import arithmetic
from rerack.study.store import write_aside

ORDER = "order.json"
SCENARIO = "scenario.yaml"
#: Packages whose versions a run records, because they can change a figure.
_RECORDED = ("numpy", "numba", "highspy", "duckdb")
#: Characters of a version or digest that messages show.
SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class Order:
    """A run as it was asked for.

    Parameters
    ----------
    study : str
        Name of the study.
    created : str
        When it was asked for, ISO 8601.
    seed, scenarios, months : int
        Of the study.
    closed_loop, option_values : bool
        Options of `run_study`.
    path : str
        Scenario file.
    scenario_sha256 : str
        Digest of the stored scenario text.
    files : dict of str to dict
        Every file read, by the name used for it: ``path`` in full and ``sha256``.
    inputs : list of dict
        Rows of the inputs table, which say which line or option each value comes from.
    versions : dict of str to str
        As of `surroundings`.
    device : {"cpu", "gpu"}
        Where what couples halls is valued; its name is among the versions if it is a GPU.
    """

    study: str
    created: str
    seed: int
    scenarios: int
    months: int
    closed_loop: bool
    option_values: bool
    path: str
    scenario_sha256: str
    files: dict[str, dict[str, str]]
    inputs: list[dict[str, Any]]
    versions: dict[str, str]
    device: Device = "cpu"


def make_order(
    scenario: Scenario,
    *,
    created: str,
    closed_loop: bool,
    option_values: bool,
    device: Device = "cpu",
) -> Order:
    """Return the order of a run of `scenario`."""
    return Order(
        study=scenario.name,
        created=created,
        seed=scenario.seed,
        scenarios=scenario.scenarios,
        months=scenario.grid.months,
        closed_loop=closed_loop,
        option_values=option_values,
        path=str(scenario.path),
        scenario_sha256=_sha256(scenario.merged_text.encode()),
        files={
            name: {"path": str(Path(name).resolve()), "sha256": digest}
            for name, digest in scenario.sha256.items()
        },
        inputs=[asdict(row) for row in scenario.inputs],
        versions=surroundings(device),
        device=device,
    )


def write_order(folder: Path, scenario: Scenario, order: Order) -> None:
    """Store scenario and order in a run folder."""
    write_aside(folder / SCENARIO, scenario.merged_text.encode())
    stored = asdict(order)
    stored["sha256"] = _sha256(_canonical(asdict(order)))
    write_aside(folder / ORDER, json.dumps(stored, indent=1).encode())


def read_order(folder: Path) -> Order:
    """Return the order of a run folder.

    Raises
    ------
    StoreError
        There is none, or it is damaged.
    """
    path = folder / ORDER
    try:
        stored = json.loads(path.read_bytes())
        digest = stored.pop("sha256")
        order = Order(**stored)
    except FileNotFoundError as error:
        raise StoreError(
            f"{folder}: stopped before its order was stored, so there is nothing to resume. "
            "Run the study again."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{path}: damaged ({error}). Run the study again.") from error
    if digest != _sha256(_canonical(stored)):
        raise StoreError(f"{path}: its checksum differs: damaged. Run the study again.")
    return order


def ordered_scenario(folder: Path, order: Order) -> Scenario:
    """Return the scenario of an order, once sure that nothing it depends on has changed.

    Raises
    ------
    StoreError
        Names every file and version that is not what it was.
    """
    changes = [*_changed_files(folder, order), *_changed_versions(order)]
    if changes:
        listed = "\n".join(f"  {change}" for change in changes)
        raise StoreError(
            f"{folder}: cannot be resumed, its results would mix two studies:\n{listed}\n"
            "Put these back as they were, or run the study again."
        )
    return replace(
        load(folder / SCENARIO),
        path=Path(order.path),
        sha256={name: file["sha256"] for name, file in order.files.items()},
        inputs=tuple(InputRow(**row) for row in order.inputs),
    )


def _changed_files(folder: Path, order: Order) -> list[str]:
    stored = {"path": str(folder / SCENARIO), "sha256": order.scenario_sha256}
    found = []
    for file in (stored, *order.files.values()):
        try:
            digest = _sha256(Path(file["path"]).read_bytes())
        except OSError as error:
            found.append(f"{file['path']}: {error.strerror}")
            continue
        if digest != file["sha256"]:
            found.append(f"{file['path']}: changed since the run started")
    return found


def _changed_versions(order: Order) -> list[str]:
    return [
        f"{name}: was {order.versions.get(name, 'absent')[:SHOWN]}, is {value[:SHOWN]}"
        for name, value in surroundings(order.device).items()
        if order.versions.get(name) != value
    ]


def surroundings(device: Device = "cpu") -> dict[str, str]:
    """Return all that a figure depends on beside scenario and data: versions, code, arithmetic.

    Parameters
    ----------
    device : {"cpu", "gpu"}
        Where what couples halls is valued.
    """
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in _RECORDED},
        "rerack": version("rerack"),
        "rerack files": source_digest(),
        **arithmetic(),
        **device_versions(device),
    }


@cache
def source_digest() -> str:
    """Return a digest of all of rerack's own files: code and data that figures come from."""
    total = hashlib.sha256()
    _digest_folder(total, os.fspath(Path(__file__).resolve().parents[1]), "")
    return total.hexdigest()


def _digest_folder(total: Any, folder: str, inside: str) -> None:
    """Add a folder's files in the order of their names; a server waits for it, so no `Path`s."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                _digest_folder(total, entry.path, f"{inside}{entry.name}/")
        else:
            with open(entry.path, "rb", buffering=0) as file:
                content = file.read()
            total.update(f"{inside}{entry.name}\n".encode())
            total.update(hashlib.sha256(content).digest())


def _canonical(stored: dict[str, Any]) -> bytes:
    return json.dumps(stored, sort_keys=True, separators=(",", ":")).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
