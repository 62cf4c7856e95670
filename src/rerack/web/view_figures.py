"""The live figures of a page, each with the command that explains it."""

from __future__ import annotations

from typing import Any

from rerack.report.figures import figure
from rerack.report.html import explained
from rerack.report.sheets import explain_command
from rerack.report.source import CheckedRun
from rerack.web.views import VIEWS


def view_figures(run: CheckedRun, view: str, plan: str | None) -> dict[str, Any]:
    """Return the figures of a page by name."""
    return {name: figure(run, name, plan) for name in VIEWS[view].figures}


def explanations(run: CheckedRun, view: str) -> dict[str, str]:
    """Return the command that explains each figure of a page."""
    return {name: explain_command(run, explained(run, name)) for name in VIEWS[view].figures}
