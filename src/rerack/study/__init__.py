"""Runs: seeds, blocks, tables, run folders, comparison, explanation.

Names are loaded on first use, so that listing runs or checking a file does not load numba.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.study.compare import compare_inputs, compare_plans
    from rerack.study.explanation import Node, explain, explainable, render
    from rerack.study.folder import resume_run, run_to_folder
    from rerack.study.pipeline import run_study
    from rerack.study.register import list_runs, open_run, stopped_run
    from rerack.study.run import Run
    from rerack.study.store import Table
    from rerack.study.tables.inputs import inputs_table
    from rerack.study.work import Progress

_HOME = {
    "Node": "explanation.node",
    "Progress": "work",
    "Run": "run",
    "Table": "store",
    "compare_inputs": "compare",
    "compare_plans": "compare",
    "explain": "explanation.figures",
    "explainable": "explanation.figures",
    "inputs_table": "tables.inputs",
    "list_runs": "register",
    "open_run": "register",
    "render": "explanation.node",
    "resume_run": "folder",
    "run_study": "pipeline",
    "run_to_folder": "folder",
    "stopped_run": "register",
}

__all__ = [
    "Node",
    "Progress",
    "Run",
    "Table",
    "compare_inputs",
    "compare_plans",
    "explain",
    "explainable",
    "inputs_table",
    "list_runs",
    "open_run",
    "render",
    "resume_run",
    "run_study",
    "run_to_folder",
    "stopped_run",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
