"""From a security file to network studies, the attack and the guards; all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rerack.scenario.errors import Index
from rerack.scenario.inputs import section_rows
from rerack.scenario.kinds import SECURITY
from rerack.scenario.layers import overrides_of
from rerack.scenario.model import InputRow
from rerack.scenario.network_file import NetworkStudy, load_network
from rerack.scenario.problems import Finding, raise_all
from rerack.scenario.reading import read_file
from rerack.scenario.security_file.schema import AttackSection, SecurityFile, StateSection
from rerack.scenario.source import is_file
from rerack.security.guard import Guard


@dataclass(frozen=True, kw_only=True)
class SecurityStudy:
    """A security file, read.

    Parameters
    ----------
    name : str
        Name of the study.
    path : Path
        The file.
    worlds : dict of str to NetworkStudy
        Worlds by name, in the order of the file.
    share_frac, within_months : float
        The attack, as in `rerack.security.attack_cost`.
    holders : str
        Who is seized.
    hashrate_ratio : float
        Majority's hashrate over the honest.
    hold_frac : float
        Share that each state is asked to hold.
    guards : tuple of Guard
        States.
    inputs : tuple of InputRow
        Every number of this file; those of the worlds are theirs.
    """

    name: str
    path: Path
    worlds: dict[str, NetworkStudy]
    share_frac: float
    within_months: float
    holders: str
    hashrate_ratio: float
    hold_frac: float
    guards: tuple[Guard, ...]
    inputs: tuple[InputRow, ...]


def load_security(
    path: str | Path,
    *,
    overrides: Iterable[str] = (),
    scenarios: int | None = None,
    seed: int | None = None,
) -> SecurityStudy:
    """Read a security file and the network files that it names.

    Parameters
    ----------
    path : str or Path
        The YAML file.
    overrides : iterable of str
        Values set from outside, each ``path.to.key=value``.
    scenarios, seed : int or None
        In place of the files'.

    Returns
    -------
    SecurityStudy
        Worlds, attack, guards.

    Raises
    ------
    ScenarioError
        Every problem of the file with line, column and caret; or those of a network file.

    Examples
    --------
    >>> load_security("examples/network/attack.yaml").share_frac  # doctest: +SKIP
    0.51
    """
    read = read_file(path, SecurityFile, overrides_of(overrides), kind=SECURITY)
    file, index = read.file, read.index
    raise_all(_missing_files(file, Path(path), index))
    attack: AttackSection = file.attack
    return SecurityStudy(
        name=file.study.name,
        path=Path(path),
        worlds=_worlds(file, Path(path), scenarios, seed),
        share_frac=attack.share,
        within_months=attack.within,
        holders=attack.holders,
        hashrate_ratio=attack.ratio,
        hold_frac=file.hold,
        guards=tuple(_guard(name, state) for name, state in file.states.items()),
        inputs=section_rows(file, index, read.provenance),
    )


def _worlds(
    file: SecurityFile, path: Path, scenarios: int | None, seed: int | None
) -> dict[str, NetworkStudy]:
    """Read every network file; its own errors carry its own lines."""
    study = file.study
    horizon = [] if study.horizon is None else [f"study.horizon={study.horizon} months"]
    return {
        name: load_network(
            path.parent / entry.file,
            overrides=[*horizon, *entry.set],
            scenarios=study.scenarios if scenarios is None else scenarios,
            seed=study.seed if seed is None else seed,
        )
        for name, entry in file.worlds.items()
    }


def _guard(name: str, state: StateSection) -> Guard:
    return Guard(
        name=name,
        region=state.region,
        power_usd_per_mwh=state.power,
        limit_mw=state.limit,
        reserve_btc=state.reserve,
        attack_per_year=state.attack,
        price_loss_frac=state.loss,
        real_rate_frac=state.real_rate,
        rig_life_years=state.rig_life,
        site_life_years=state.site_life,
    )


def _missing_files(file: SecurityFile, path: Path, index: Index) -> Iterator[Finding]:
    for name, entry in file.worlds.items():
        if not is_file(path.parent / entry.file):
            yield index.finding(
                ("worlds", name, "file"),
                f"{entry.file!r}, which is not there",
                f"a network file in {path.parent}",
                "Correct the name; see `rerack network --help` for such files.",
            )
