"""The inputs table: every value of a study, written or defaulted, with unit, source and status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from rerack.scenario.calibrated import Calibrated, calibrated
from rerack.scenario.errors import Index
from rerack.scenario.model import InputRow
from rerack.scenario.nodes import Scalar
from rerack.scenario.places import YamlPath, dotted
from rerack.scenario.provenance import PLAIN_SOURCE, PLAIN_STATUS, Provenance
from rerack.scenario.quantities import Rule
from rerack.scenario.schema import ScenarioFile, Section
from rerack.scenario.schema.walk import rule_of, value_rule

#: Status of a default of rerack's own choice.
DEFAULT_STATUS = "unverified"


def input_rows(
    file: ScenarioFile, index: Index, provenance: Mapping[YamlPath, Provenance]
) -> tuple[InputRow, ...]:
    """Return a row for every input of a validated file.

    Parameters
    ----------
    file : ScenarioFile
        The validated file.
    index : Index
        Places and texts.
    provenance : mapping
        Wrappers by path.
    """
    table = _Table(index=index, provenance=provenance, calibrated=calibrated(file))
    return tuple(table.section(file, ()))


def with_derived(rows: Iterable[InputRow], derived: Iterable[InputRow]) -> tuple[InputRow, ...]:
    """Return `rows` and `derived`; one that is derived stands in place of the default it replaces.

    Parameters
    ----------
    rows : iterable of InputRow
        Rows as written and defaulted.
    derived : iterable of InputRow
        Rows of values that follow from others.
    """
    new = {row.path: row for row in derived}
    kept = [new.pop(row.path, row) for row in rows]
    return (*kept, *new.values())


def section_rows(
    file: Section, index: Index, provenance: Mapping[YamlPath, Provenance]
) -> tuple[InputRow, ...]:
    """Return a row for every input of a file of any kind; nothing of it is calibrated."""
    return tuple(_Table(index=index, provenance=provenance, calibrated={}).section(file, ()))


class _Table:
    def __init__(
        self,
        *,
        index: Index,
        provenance: Mapping[YamlPath, Provenance],
        calibrated: Mapping[YamlPath, Calibrated],
    ) -> None:
        self._index = index
        self._provenance = provenance
        self._calibrated = calibrated

    def section(self, section: Section, path: YamlPath) -> Iterator[InputRow]:
        """Yield the rows of a section and of those inside it."""
        for name, field in type(section).model_fields.items():
            here, value = (*path, name), getattr(section, name)
            rule = rule_of(field.annotation, field.metadata)
            if isinstance(value, dict):
                yield from self._map(value, here, value_rule(field.annotation))
            elif isinstance(value, Section):
                yield from self.section(value, here)
            elif here in self._index:
                yield self._written(here, value, rule)
            elif value is None:
                if here in self._calibrated:
                    yield _row_of_calibrated(here, self._calibrated[here])
            else:
                yield _row_of_default(here, value, field, rule)

    def _map(self, values: dict[str, Any], path: YamlPath, rule: Rule | None) -> Iterator[InputRow]:
        for name, value in values.items():
            if isinstance(value, Section):
                yield from self.section(value, (*path, name))
            else:
                yield self._written((*path, name), value, rule)

    def _written(self, path: YamlPath, value: Any, rule: Rule | None) -> InputRow:
        place = self._index.value_place(path)
        said = self._provenance.get(path)
        source = said.source if said else PLAIN_SOURCE
        if said is None and place.line == 0:
            source = "set on the command line"
        node = self._index.node(path)
        return InputRow(
            path=dotted(path),
            value=node.text if isinstance(node, Scalar) else ", ".join(map(str, value)),
            canonical=_number(value),
            unit=_unit(value, rule),
            source=source,
            status=said.status if said else PLAIN_STATUS,
            as_of=said.as_of if said else "",
            where=place.file if place.line == 0 else f"{place.file}:{place.line}",
        )


def _row_of_default(path: YamlPath, value: Any, field: FieldInfo, rule: Rule | None) -> InputRow:
    extra = field.json_schema_extra
    reason = extra["x-default-reason"] if isinstance(extra, dict) else "see the schema"
    return InputRow(
        path=dotted(path),
        value=written(value, rule),
        canonical=_number(value),
        unit=_unit(value, rule),
        source=f"rerack default: {reason}",
        status=DEFAULT_STATUS,
        as_of="",
        where="default",
    )


def _row_of_calibrated(path: YamlPath, found: Calibrated) -> InputRow:
    return InputRow(
        path=dotted(path),
        value=found.text,
        canonical=found.value,
        unit=found.unit,
        source=f"rerack default: {found.source}",
        status=found.status,
        as_of=found.as_of,
        where="default",
    )


def written(value: Any, rule: Rule | None) -> str:
    """Return a canonical value as one would write it in a file.

    Examples
    --------
    >>> from rerack.scenario.quantities import quantity
    >>> written(0.09, quantity("frac_per_year"))
    '9 %/year'
    """
    if rule is None or not rule.written_unit:
        return f"{value:g}" if isinstance(value, float) else str(value)
    number = value * 100.0 if "%" in rule.written_unit else value
    unit = "months" if rule.written_unit == "month" else rule.written_unit
    return f"{number:,.6g} {unit}"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _unit(value: Any, rule: Rule | None) -> str:
    if _number(value) is None:
        return ""
    unit = rule.written_unit if rule is not None else ""
    return unit.replace("%", "1") or "1"
