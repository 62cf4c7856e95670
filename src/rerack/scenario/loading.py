"""From a scenario file to a `Scenario`: read, merge, validate, build; all problems at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rerack.base.errors import InputError, Problem, ScenarioError
from rerack.scenario.build import (
    Placed,
    build_cohorts,
    build_desk,
    build_finance,
    build_market,
    build_network,
    build_offer,
    build_plans,
    build_site,
)
from rerack.scenario.build.cooling import build_cooling
from rerack.scenario.build.offer_topology import build_offer_topology
from rerack.scenario.draft import draft_of
from rerack.scenario.errors import Index, findings_of
from rerack.scenario.inputs import input_rows, with_derived
from rerack.scenario.kinds import SITE
from rerack.scenario.layers import Layers, overrides_of, read_layers
from rerack.scenario.live_series import PREFIX, LiveSeries, live_series
from rerack.scenario.model import InputRow, Scenario
from rerack.scenario.nodes import Mapping
from rerack.scenario.problems import Finding, raise_all
from rerack.scenario.provenance import unwrap
from rerack.scenario.render import (
    WORLD_FILE,
    hour_files_of,
    power_file_of,
    render,
    world_file_of,
)
from rerack.scenario.rules import RULES, grid_of
from rerack.scenario.schema import ScenarioFile
from rerack.scenario.schema.offers import OfferSection
from rerack.scenario.source import is_file
from rerack.scenario.topology.inline import inline_findings


def load(
    path: str | Path,
    *,
    overrides: Iterable[str] = (),
    scenarios: int | None = None,
    seed: int | None = None,
) -> Scenario:
    """Read a scenario file and return everything that a study needs.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values set from outside, each ``path.to.key=value``, as ``--set`` takes them.
    scenarios : int or None
        Number of scenarios instead of the file's.
    seed : int or None
        Seed instead of the file's.

    Returns
    -------
    Scenario
        Domain objects, the inputs table and the digests of the files read.

    Raises
    ------
    ScenarioError
        Every problem found, in file order, each with line, column, YAML path and caret.

    Examples
    --------
    >>> load("examples/corsicana.yaml", scenarios=100).scenarios  # doctest: +SKIP
    100
    """
    layers = read_layers(Path(path), overrides_of(overrides, scenarios, seed), kind=SITE)
    tree, provenance, findings = unwrap(layers.tree)
    assert isinstance(tree, Mapping)
    index = Index(tree)
    findings = [*layers.findings, *findings, *index.empty()]
    file = _validate(index, findings)
    findings.extend(inline_findings(index))
    power_file, digests = _power_file(layers, index, findings)
    live = _live_series(file, power_file, index, findings)
    world_file = world_file_of(layers.tree)
    if world_file is not None and not is_file(world_file):
        findings.append(_no_file(world_file, index))
    raise_all(findings)
    assert file is not None
    parts = _build(file, index, power_file, world_file)
    own = _with_source(input_rows(file, index, provenance), live)
    rows = (*own, *parts.pop("world_rows"))
    digests |= parts.pop("topology_files")
    return Scenario(
        name=file.study.name,
        path=Path(path),
        grid=grid_of(file.study),
        seed=file.study.seed,
        scenarios=file.study.scenarios,
        inputs=with_derived(rows, parts.pop("derived_rows")),
        notes=() if live is None else (live.note,),
        sha256=digests | _digests_of((world_file, *hour_files_of(layers.tree))),
        merged_text=render(layers.tree),
        **parts,
    )


def check(path: str | Path, *, overrides: Iterable[str] = ()) -> tuple[Problem, ...]:
    """Return everything that is wrong with a scenario file; nothing if it loads.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        As in `load`.
    """
    try:
        load(path, overrides=overrides)
    except ScenarioError as error:
        return error.problems
    return ()


def _validate(index: Index, findings: list[Finding]) -> ScenarioFile | None:
    """Validate the whole file; rules run on whatever can be read, so that one pass shows all."""
    file = None
    try:
        file = ScenarioFile.model_validate(index.data)
    except ValidationError as error:
        findings.extend(findings_of(error, index))
    draft = draft_of(index.data)
    for rule in RULES:
        for found in rule(draft):
            findings.append(
                index.finding(
                    found.path, found.given, found.allowed, found.cure, at_key=found.at_key
                )
            )
    return file


def _power_file(
    layers: Layers, index: Index, findings: list[Finding]
) -> tuple[Path | None, dict[str, str]]:
    """Return the price or parameter file, if there is one, and the digests of all files."""
    named = power_file_of(layers.tree)
    if named is None:
        return None, layers.sha256
    path, power_file = named
    reason = "" if is_file(power_file) else "no such file"
    digest = ""
    try:
        if not reason:
            with power_file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or "unreadable"
    if reason:
        findings.append(
            index.finding(
                path,
                f"{power_file}: {reason}",
                "a readable file, its path relative to this scenario file",
                _cure(index.text(path).strip("'"), power_file),
            )
        )
        return None, layers.sha256
    return power_file, {**layers.sha256, str(power_file): digest}


def _cure(written: str, file: Path) -> str:
    """Return what to do where a price or parameter file is not there."""
    if not written.startswith(PREFIX):
        return "Check the path."
    return f"Run `rerack data update {file.stem}`, or say in RERACK_DATA where it is kept."


def _live_series(
    file: ScenarioFile | None, power_file: Path | None, index: Index, findings: list[Finding]
) -> LiveSeries | None:
    """Return what is known of a price file from the cache of live data; what is wrong is found."""
    if file is None or power_file is None or file.market.power.file is None:
        return None
    power = file.market.power
    try:
        named = str(power.file).startswith(PREFIX)
        return live_series(power_file, named=named, fill=power.fill)
    except InputError as error:
        path = ("market", "power", "file")
        findings.extend(
            index.finding(path, f"{p.where}: {p.given}", p.allowed, p.cure) for p in error.problems
        )
        return None


def _with_source(rows: tuple[InputRow, ...], live: LiveSeries | None) -> Iterator[InputRow]:
    """Yield input rows, the price file's with its age where nothing else is said of it."""
    for row in rows:
        if live is not None and row.path == "market.power.file" and not row.as_of:
            yield replace(row, source=live.source, as_of=live.as_of)
        else:
            yield row


def _no_file(file: Path, index: Index) -> Finding:
    return index.finding(
        WORLD_FILE,
        f"{file}: no such file",
        "a month such as 2025-12, or a network file, relative to this scenario file",
        "Check the path.",
    )


def _digests_of(files: Iterable[Path | None]) -> dict[str, str]:
    """Return the digests of network, weather and output files, which have been read by now."""
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file is not None
    }


def _build(
    file: ScenarioFile, index: Index, power_file: Path | None, world_file: Path | None
) -> dict[str, Any]:
    """Build every domain object; what they refuse is raised at its place."""
    placed = Placed(index)
    grid = grid_of(file.study)
    parts: dict[str, Any] = {"offers": {}, "topologies": {}, "topology_files": {}}
    with placed.at("site"):
        parts["site"] = build_site(file.site, grid)
    parts["desk"] = build_desk(file.site, parts.get("site"), placed)
    parts["derived_rows"] = []
    for name, offer in file.offers.items():
        section, path = offer.conversion.cooling, ("offers", name, "conversion", "cooling")
        cooling = None if section is None else build_cooling(section, path, placed)
        if section is not None and cooling is None:
            continue
        with placed.at("offers", name):
            parts["offers"][name] = build_offer(name, offer, grid, cooling)
            if cooling is not None:
                parts["derived_rows"].append(cooling.row(path))
        if offer.topology is not None and "site" in parts and name in parts["offers"]:
            _with_topology(name, offer, parts, placed)
    if "site" in parts and len(parts["offers"]) == len(file.offers):
        with placed.at("plans"):
            parts["plans"] = build_plans(file.plans, parts["offers"], parts["site"], grid)
    parts["market"] = build_market(file.market, power_file, placed)
    parts["world_rows"] = ()
    with placed.at("market", "network"):
        if file.market.network.model == "exogenous":
            parts["network"] = build_network(file.market.network, file.study.inflation)
        else:
            parts["network"], parts["world_rows"] = build_cohorts(file, world_file)
    with placed.at("finance"):
        parts["finance"] = build_finance(file.finance, file.study)
    raise_all(placed.findings)
    return parts


def _with_topology(name: str, offer: OfferSection, parts: dict[str, Any], placed: Placed) -> None:
    """Give an offer the availability and the credits of its topology, or note what is refused."""
    made = build_offer_topology(offer, parts["offers"][name], parts["site"], placed)
    if made is None:
        return
    parts["offers"][name] = made.use
    parts["topologies"][name] = made.found
    parts["topology_files"] |= made.sha256
    parts["derived_rows"].extend(made.rows())
