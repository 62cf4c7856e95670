"""One scenario from several texts: the file, what it extends, and overrides on top."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as ListOf
from dataclasses import dataclass, replace
from pathlib import Path

from rerack.base.errors import Problem, ScenarioError
from rerack.scenario.kinds import FileKind, require_kind
from rerack.scenario.nodes import Entry, Mapping, Node, Scalar
from rerack.scenario.places import Place
from rerack.scenario.problems import Finding
from rerack.scenario.provenance import is_wrapper
from rerack.scenario.source import Source, read_source
from rerack.scenario.yaml_reader import MAX_DEPTH, read_node, read_yaml

#: What takes a key of the file below away.
_NOTHING = "null"
#: Files in one chain of `extends`.
MAX_LAYERS = 10


@dataclass(frozen=True, kw_only=True)
class Layers:
    """The merged tree and what it was read from.

    Parameters
    ----------
    tree : Mapping
        Everything merged.
    findings : tuple of Finding
        Problems that did not stop reading.
    sha256 : dict of str to str
        Digest of every file read, by the name used for it.
    """

    tree: Mapping
    findings: tuple[Finding, ...]
    sha256: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Override:
    """One value set from outside the file.

    Parameters
    ----------
    label : str
        Option as messages show it, such as ``--set study.seed``.
    lead : str
        What stood before the value, such as ``study.seed=``.
    path : str
        Keys joined by dots.
    text : str
        Value, read as YAML.
    """

    label: str
    lead: str
    path: str
    text: str


def parse_override(assignment: str) -> Override:
    """Split ``a.b.c=VALUE``.

    Raises
    ------
    ScenarioError
        No equals sign, or an empty key.

    Examples
    --------
    >>> parse_override("study.seed=8").label
    '--set study.seed'
    """
    path, equals, text = assignment.partition("=")
    path = path.strip()
    parts = path.split(".")
    if not equals or len(parts) > MAX_DEPTH or not all(part.strip() for part in parts):
        raise ScenarioError(
            Problem(
                where="--set",
                given=repr(assignment),
                allowed="path.to.key=value, such as study.seed=8",
                cure="Name the key with dots and give its value after one equals sign.",
            )
        )
    return Override(label=f"--set {path}", lead=f"{path}=", path=path, text=text)


def overrides_of(
    texts: Iterable[str], scenarios: int | None = None, seed: int | None = None
) -> list[Override]:
    """Return the values set by ``--set`` and by the options for scenarios and seed, last wins."""
    found = [parse_override(text) for text in texts]
    for name, value in (("scenarios", scenarios), ("seed", seed)):
        if value is not None:
            option, path = f"--{name}", f"study.{name}"
            found.append(Override(label=option, lead=f"{option} ", path=path, text=str(value)))
    return found


def read_layers(
    path: Path, overrides: ListOf[Override] = (), *, kind: FileKind | None = None
) -> Layers:
    """Read a file, the files it extends (below it) and the overrides (on top).

    Parameters
    ----------
    path : Path
        The file.
    overrides : sequence of Override
        Values set from outside.
    kind : FileKind or None
        Kind that is wanted; None takes every kind.

    Raises
    ------
    ScenarioError
        The file cannot be read, or is clearly of another kind.

    Notes
    -----
    Maps are merged key by key; lists, single values and values with provenance are replaced whole;
    ``null`` takes a key of the layer below away, as in RFC 7396.
    """
    sha256: dict[str, str] = {}
    findings: list[Finding] = []
    tree = _with_bases(path, (), sha256, findings)
    if kind is not None:
        require_kind(tree, kind, str(path))
    for override in overrides:
        top = _override_tree(override, findings)
        if top is not None:
            tree = _merge(tree, top)
    return Layers(tree=tree, findings=tuple(findings), sha256=sha256)


def _with_bases(
    path: Path, chain: tuple[Path, ...], sha256: dict[str, str], findings: list[Finding]
) -> Mapping:
    source = read_source(path)
    sha256[source.file] = source.sha256
    tree, found = read_yaml(source)
    findings.extend(found)
    entry = tree.entries.get("extends")
    if entry is None:
        return tree
    own = Mapping(
        entries={k: e for k, e in tree.entries.items() if k != "extends"}, place=tree.place
    )
    base_path = _base_path(entry.node, path, (*chain, path), findings)
    if base_path is None:
        return own
    try:
        base = _with_bases(base_path, (*chain, path), sha256, findings)
    except ScenarioError as error:
        if error.problems[0].where != str(base_path):
            raise
        # The base itself cannot be had: the line that asks for it is the one to mend.
        problem = error.problems[0]
        given = f"{base_path}: {problem.given}"
        findings.append(_wrong(entry.node.place, given, problem.allowed, problem.cure))
        return own
    return _merge(base, own)


def _base_path(
    node: Node, path: Path, chain: tuple[Path, ...], findings: list[Finding]
) -> Path | None:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        findings.append(_wrong(node.place, "no file name", "one file name", "Name one file."))
        return None
    base = path.parent / node.value
    try:
        visited = base.resolve() in {p.resolve() for p in chain}
    except (OSError, ValueError, RuntimeError):
        findings.append(_wrong(node.place, repr(node.text), "a file name", "Correct the name."))
        return None
    if visited:
        names = " > ".join(str(p) for p in (*chain, base))
        findings.append(
            _wrong(node.place, f"the loop {names}", "a chain that ends", "Remove one `extends`.")
        )
        return None
    if len(chain) >= MAX_LAYERS:
        given = f"{len(chain) + 1} files"
        findings.append(_wrong(node.place, given, f"at most {MAX_LAYERS}", "Merge some of them."))
        return None
    return base


def _wrong(place: Place, given: str, allowed: str, cure: str) -> Finding:
    return Finding(place=place, path=("extends",), given=given, allowed=allowed, cure=cure)


def _override_tree(override: Override, findings: list[Finding]) -> Mapping | None:
    source = Source(file=override.label, text=override.text, option=override.lead)
    node, found = read_node(source)
    findings.extend(found)
    value_place = source.place(0, 0)
    if node is None:
        node = Scalar(text="", value=None, place=value_place)
    place = replace(value_place, column=1)
    if override.path.split(".")[0] == "extends":
        findings.append(_wrong(place, override.path, "extends in a file", "Write it in the file."))
        return None
    for part in reversed(override.path.split(".")):
        node = Mapping(entries={part.strip(): Entry(key_place=place, node=node)}, place=place)
    assert isinstance(node, Mapping)
    return node


def _merge(base: Mapping, top: Mapping) -> Mapping:
    """Return `base` with `top` laid over it; keys of `base` keep their order."""
    entries = dict(base.entries)
    for key, above in top.entries.items():
        below = entries.get(key)
        if below is not None and isinstance(above.node, Scalar) and above.node.text == _NOTHING:
            del entries[key]
            continue
        if below is None or not (_is_map(below.node) and _is_map(above.node)):
            entries[key] = above
            continue
        assert isinstance(below.node, Mapping)
        assert isinstance(above.node, Mapping)
        place = _nearer(below.key_place, above.key_place)
        entries[key] = Entry(key_place=place, node=_merge(below.node, above.node))
    return Mapping(entries=entries, place=_nearer(base.place, top.place))


def _nearer(below: Place, above: Place) -> Place:
    """Return the place of a merged map: an option has no lines to show, so the file's is kept."""
    return below if above.line == 0 else above


def _is_map(node: Node) -> bool:
    return isinstance(node, Mapping) and not is_wrapper(node)
