"""The keys of a scenario file, one module a section."""

from rerack.scenario.schema.base import Section
from rerack.scenario.schema.root import ScenarioFile

__all__ = ["ScenarioFile", "Section"]
