"""Dated facts, each with value, unit, date, source and standing; the user's own files extend them.

>>> from rerack import catalog
>>> catalog.find("rigs", model="S21 Pro").number("power_w")
3510.0
"""

from rerack.catalog.query import BUNDLED, find, load, select, tables
from rerack.catalog.rows import Catalog, Cell, Row
from rerack.catalog.schema import STATUSES, Column, Table

__all__ = [
    "BUNDLED",
    "STATUSES",
    "Catalog",
    "Cell",
    "Column",
    "Row",
    "Table",
    "find",
    "load",
    "select",
    "tables",
]
