"""Runs: seeds, blocks, tables, run folders, comparison, explanation."""

from rerack.study.compare import compare_inputs, compare_plans
from rerack.study.explain import Node, explain, explainable, render
from rerack.study.folder import list_runs, open_run, run_to_folder
from rerack.study.pipeline import Progress, run_study
from rerack.study.run import Run
from rerack.study.store import Table
from rerack.study.tables.inputs import inputs_table

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
    "run_study",
    "run_to_folder",
]
