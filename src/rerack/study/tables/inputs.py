"""Every input of a study with its unit, source and status."""

from __future__ import annotations

import numpy as np

from rerack.scenario import Scenario
from rerack.study.store import Table

_COLUMNS = ("path", "value", "unit", "source", "status", "as_of", "where")


def inputs_table(scenario: Scenario) -> Table:
    """Return one row an input, in the order of the schema."""
    return {
        name: np.asarray([str(getattr(row, name)) for row in scenario.inputs], dtype=str)
        for name in _COLUMNS
    }
