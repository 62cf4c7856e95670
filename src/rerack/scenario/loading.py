"""From a scenario file to a `Scenario`: read, merge, validate, build; all problems at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rerack.base.errors import Problem, ScenarioError
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
from rerack.scenario.draft import draft_of
from rerack.scenario.errors import Index, findings_of
from rerack.scenario.inputs import input_rows
from rerack.scenario.layers import Layers, Override, parse_override, read_layers
from rerack.scenario.model import Scenario
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
from rerack.scenario.source import is_file


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
    layers = read_layers(Path(path), _overrides(overrides, scenarios, seed))
    tree, provenance, findings = unwrap(layers.tree)
    assert isinstance(tree, Mapping)
    index = Index(tree)
    findings = [*layers.findings, *findings, *index.empty()]
    file = _validate(index, findings)
    power_file, digests = _power_file(layers, index, findings)
    world_file = world_file_of(layers.tree)
    if world_file is not None and not is_file(world_file):
        findings.append(_no_file(world_file, index))
    raise_all(findings)
    assert file is not None
    parts = _build(file, index, power_file, world_file)
    derived_rows = (*parts.pop("world_rows"), *parts.pop("derived_rows"))
    return Scenario(
        name=file.study.name,
        path=Path(path),
        grid=grid_of(file.study),
        seed=file.study.seed,
        scenarios=file.study.scenarios,
        inputs=(*input_rows(file, index, provenance), *derived_rows),
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


def _overrides(texts: Iterable[str], scenarios: int | None, seed: int | None) -> list[Override]:
    found = [parse_override(text) for text in texts]
    for name, value in (("scenarios", scenarios), ("seed", seed)):
        if value is not None:
            option, path = f"--{name}", f"study.{name}"
            found.append(Override(label=option, lead=f"{option} ", path=path, text=str(value)))
    return found


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
            place = index.key_place if found.at_key else index.value_place
            findings.append(
                Finding(
                    place=place(found.path),
                    path=found.path,
                    given=found.given,
                    allowed=found.allowed,
                    cure=found.cure,
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
            Finding(
                place=index.value_place(path),
                path=path,
                given=f"{power_file}: {reason}",
                allowed="a readable file, its path relative to this scenario file",
                cure="Check the path.",
            )
        )
        return None, layers.sha256
    return power_file, {**layers.sha256, str(power_file): digest}


def _no_file(file: Path, index: Index) -> Finding:
    return Finding(
        place=index.value_place(WORLD_FILE),
        path=WORLD_FILE,
        given=f"{file}: no such file",
        allowed="a month such as 2025-12, or a network file, relative to this scenario file",
        cure="Check the path.",
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
    parts: dict[str, Any] = {"offers": {}}
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
