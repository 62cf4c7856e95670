"""The run folder: Parquet tables and a manifest that says when they are complete."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.base.errors import StoreError

#: Columns by name, all of one length.
Table = dict[str, NDArray[Any]]

MANIFEST = "manifest.json"


def create_folder(parent: Path, run_id: str) -> Path:
    """Create ``parent/run_id`` (numbered if taken) with a manifest marked incomplete."""
    number = 1
    while True:
        folder = parent / (run_id if number == 1 else f"{run_id}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
            continue
        except OSError as error:
            raise StoreError(
                f"{folder}: cannot create the run folder ({error.strerror}). "
                "Choose another place with --out."
            ) from error
        write_manifest(folder, {"status": "incomplete", "meta": {}, "tables": {}})
        return folder


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest aside and rename it, so that a reader sees the old or the new one."""
    text = json.dumps(manifest, indent=1, sort_keys=True, allow_nan=True)
    write_aside(folder / MANIFEST, text.encode())


def write_aside(path: Path, content: bytes) -> None:
    """Write `content` to a temporary neighbour and rename it over `path`."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StoreError(
            f"{path}: cannot write ({error.strerror}). Free some space and go on with "
            "`rerack resume`, or choose another --out; the run folder is marked incomplete."
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename outlast a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_tables(folder: Path, tables: dict[str, Table]) -> dict[str, dict[str, Any]]:
    """Write each table as Parquet; return its rows and SHA-256 by name."""
    import duckdb

    listing: dict[str, dict[str, Any]] = {}
    with duckdb.connect() as connection:
        for name, table in tables.items():
            path = folder / f"{name}.parquet"
            aside = folder / f".{path.name}.{os.getpid()}"
            connection.register("columns", {key: _plain(v) for key, v in table.items()})
            try:
                connection.execute(
                    f"COPY (SELECT * FROM columns) TO '{_quoted(aside)}' (FORMAT PARQUET)"
                )
                with aside.open("rb") as stream:
                    os.fsync(stream.fileno())
                aside.replace(path)
            except (duckdb.Error, OSError) as error:
                aside.unlink(missing_ok=True)
                raise StoreError(
                    f"{path}: cannot write ({error}). Free some space and go on with "
                    "`rerack resume`, or choose another --out; the run folder is marked incomplete."
                ) from error
            connection.unregister("columns")
            listing[name] = {
                "rows": len(next(iter(table.values()))),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
    return listing


def read_any_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run folder, complete or not."""
    path = folder / MANIFEST
    if not path.is_file():
        raise StoreError(f"{folder}: not a run folder (no {MANIFEST}). `rerack runs` lists them.")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text())
    except ValueError as error:
        raise StoreError(f"{path}: damaged ({error}). Run the study again.") from error
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a complete run folder."""
    manifest = read_any_manifest(folder)
    if manifest.get("status") != "complete":
        raise StoreError(
            f"{folder}: this run did not finish, so its tables cannot be trusted. "
            f"`rerack resume {folder}` goes on where it stopped."
        )
    return manifest


def read_table(folder: Path, name: str) -> Table:
    """Read one table after checking its SHA-256 against the manifest."""
    import duckdb

    path = folder / f"{name}.parquet"
    expected = read_manifest(folder)["tables"].get(name, {}).get("sha256")
    if not path.is_file():
        raise StoreError(f"{path}: missing. Run the study again.")
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
        raise StoreError(f"{path}: its checksum differs from the manifest. Run the study again.")
    with duckdb.connect() as connection:
        columns = connection.execute(f"SELECT * FROM '{_quoted(path)}'").fetchnumpy()
    return {key: _native(values) for key, values in columns.items()}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """DuckDB reads text from object arrays only."""
    return values.astype(object) if values.dtype.kind == "U" else np.ascontiguousarray(values)


def _native(values: NDArray[Any]) -> NDArray[Any]:
    """Undo DuckDB's types: NULL is NaN in a column of floats, text comes as objects."""
    if isinstance(values, np.ma.MaskedArray):
        values = values.filled(np.nan) if values.dtype.kind == "f" else values.filled()
    return values.astype(str) if values.dtype == object else values
