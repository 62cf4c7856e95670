"""The catalogue is light: its modules import nothing heavy, a table reads within 20 ms."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from rerack import catalog

ALLOWED = {
    "__future__", "collections", "csv", "dataclasses", "datetime", "difflib", "io", "math",
    "pathlib", "re", "rerack", "typing",
}  # fmt: skip


def test_only_the_standard_library_and_base_are_imported() -> None:
    found = set()
    for path in Path(catalog.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                found.add(module.split(".")[0])
                assert not module.startswith("rerack.") or module.split(".")[1] in {
                    "base",
                    "catalog",
                }
    assert found <= ALLOWED


@pytest.mark.parametrize("table", catalog.tables(), ids=lambda t: t.name)
def test_a_table_reads_within_twenty_milliseconds(table: catalog.Table) -> None:
    times = []
    for _ in range(5):
        start = time.process_time()
        catalog.load(table.name)
        times.append(time.process_time() - start)
    # The least of five: processor time of the reading itself, other work on the machine apart.
    assert min(times) < 0.020
