"""Every input of a study with its unit, source and status."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rerack.scenario import InputRow
from rerack.study.store import Table

_COLUMNS = ("path", "value", "unit", "source", "status", "as_of", "where")


def inputs_table(inputs: Sequence[InputRow]) -> Table:
    """Return one row an input, in the order of the schema.

    Parameters
    ----------
    inputs : sequence of InputRow
        Of a file of any kind.
    """
    return {
        name: np.asarray([str(getattr(row, name)) for row in inputs], dtype=str)
        for name in _COLUMNS
    }
