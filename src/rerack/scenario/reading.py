"""A file of any kind as its section: layers merged, wrappers taken off, every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from rerack.scenario.errors import Index, findings_of
from rerack.scenario.kinds import FileKind
from rerack.scenario.layers import Override, read_layers
from rerack.scenario.nodes import Mapping as Tree
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding, raise_all
from rerack.scenario.provenance import Provenance, unwrap
from rerack.scenario.schema.base import Section

File = TypeVar("File", bound=Section)


@dataclass(frozen=True, kw_only=True)
class ReadFile(Generic[File]):
    """A validated file.

    Parameters
    ----------
    file : Section
        What it says.
    index : Index
        Places and values.
    provenance : mapping
        Wrappers by path.
    sha256 : dict of str to str
        Digest of every file read, by the name used for it.
    """

    file: File
    index: Index
    provenance: Mapping[YamlPath, Provenance]
    sha256: dict[str, str]


def read_file(
    path: str | Path,
    root: type[File],
    overrides: Sequence[Override] = (),
    *,
    kind: FileKind,
    rules: Callable[[File | None, Index], Iterable[Finding]] = lambda file, index: (),
) -> ReadFile[File]:
    """Read a file, what it extends, and what is set from outside.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    root : type of Section
        Its keys.
    overrides : sequence of Override
        Values set from outside.
    kind : FileKind
        What it must be.
    rules : callable
        Finds what is wrong beyond the shape of keys: of the file, None where its shape is wrong
        already, and its places.

    Raises
    ------
    ScenarioError
        Every problem found, in file order, each with line, column, YAML path and caret; or that
        the file is clearly of another kind.
    """
    layers = read_layers(Path(path), overrides, kind=kind)
    tree, provenance, findings = unwrap(layers.tree)
    assert isinstance(tree, Tree)
    index = Index(tree)
    findings = [*layers.findings, *findings, *index.empty()]
    file: File | None = None
    try:
        file = root.model_validate(index.data)
    except ValidationError as error:
        findings.extend(findings_of(error, index, root))
    findings.extend(rules(file, index))
    raise_all(findings)
    assert file is not None
    return ReadFile(file=file, index=index, provenance=provenance, sha256=layers.sha256)
