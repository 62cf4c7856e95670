"""Finished blocks in the run folder: written aside, synced, renamed, checked when read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rerack.base.errors import StoreError
from rerack.planning import Plan
from rerack.study.block_codec import check_block, decode_block, read_header
from rerack.study.drivers import StoredDrivers, StoredPaths
from rerack.study.executor import blocks
from rerack.study.node_codec import DamagedBytesError
from rerack.study.simulate import Block
from rerack.study.store import write_aside

BLOCKS = "blocks"


@dataclass(frozen=True, kw_only=True)
class BlockStore:
    """The blocks of one run.

    Parameters
    ----------
    folder : Path
        Run folder.
    scenarios : int
        Scenarios of the study.
    """

    folder: Path
    scenarios: int

    def path(self, index: int) -> Path:
        """Return the file of a block."""
        return self.folder / BLOCKS / f"{index:06d}.block"

    def keep(self, index: int, content: bytes) -> None:
        """Write an encoded block; a reader sees all of it or none."""
        path = self.path(index)
        path.parent.mkdir(exist_ok=True)
        write_aside(path, content)

    def missing(self) -> tuple[list[int], list[str]]:
        """Return blocks still to be worked out, and a message for each damaged one among them."""
        absent, damaged = [], []
        for index in range(len(blocks(self.scenarios))):
            path = self.path(index)
            if not path.is_file():
                absent.append(index)
                continue
            try:
                check_block(path.read_bytes())
            except DamagedBytesError as error:
                absent.append(index)
                damaged.append(f"{path}: {error}; worked out again")
        return absent, damaged

    def read(self, plans: tuple[Plan, ...]) -> Iterator[Block]:
        """Yield all blocks in order, checked, without their driver paths.

        Raises
        ------
        StoreError
            A file is damaged or missing.
        """
        for index in range(len(blocks(self.scenarios))):
            path = self.path(index)
            try:
                yield decode_block(path.read_bytes(), plans, drivers=False)
            except FileNotFoundError as error:
                raise StoreError(f"{path}: missing. {_cure(self.folder)}") from error
            except DamagedBytesError as error:
                raise StoreError(f"{path}: {error}. {_cure(self.folder)}") from error

    def drivers(self) -> StoredDrivers:
        """Return the driver paths, left in the files, once all blocks have been read."""
        parts: dict[str, list[StoredPaths]] = {}
        for index in range(len(blocks(self.scenarios))):
            path = self.path(index)
            with path.open("rb") as stream:
                header, start = read_header(stream)
            for name, (_, (months, count), offset) in header["drivers"].items():
                parts.setdefault(name, []).append(
                    StoredPaths(
                        file=path,
                        offset=offset if offset < 0 else start + offset,
                        months_count=months,
                        scenarios=count,
                    )
                )
        return StoredDrivers(parts=parts)

    def discard(self) -> None:
        """Remove all blocks: once the tables are written they are no longer needed."""
        shutil.rmtree(self.folder / BLOCKS, ignore_errors=True)


def count_blocks(folder: Path) -> int:
    """Return how many blocks a run folder holds, without reading them."""
    return sum(1 for _ in (folder / BLOCKS).glob("*.block"))


def _cure(folder: Path) -> str:
    return f"`rerack resume {folder}` works it out again."
