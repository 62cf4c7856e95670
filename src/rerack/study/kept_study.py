"""What a study takes seconds to prepare, kept in a file for the next time it is opened."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rerack.base.checks import FloatArray
from rerack.markets import PriceLibrary
from rerack.numerics.lsm import StoppingRule
from rerack.numerics.regression import Scale
from rerack.planning import Plan, PolicyPlan
from rerack.planning.policy import FittedPlan, JudgedSite
from rerack.planning.policy.features import Basis
from rerack.planning.policy.hall_policy import FittedHall
from rerack.planning.policy.joint import FittedSite
from rerack.planning.policy.limits import SiteLimits
from rerack.planning.policy.result import HallRule
from rerack.scenario import Scenario
from rerack.study.node_codec import DamagedBytesError, NodeReader, NodeWriter, packed, unpacked
from rerack.study.order import surroundings
from rerack.study.pipeline import with_level
from rerack.study.store import Table

#: First bytes of every file; the number is that of the layout.
_MAGIC = b"rerack study 1\n"
#: Files kept; the oldest goes first. One has some ten megabytes.
_MOST_FILES = 8
_KNOWN = {
    kind.__name__: kind
    for kind in (
        Basis,
        FittedHall,
        FittedSite,
        HallRule,
        JudgedSite,
        PriceLibrary,
        Scale,
        SiteLimits,
        StoppingRule,
    )
}
#: The market stands in the scenario.
_APART = ((FittedSite.__name__, "market"),)

Runnable = tuple[Plan | FittedPlan, ...]
Judged = tuple[JudgedSite | None, ...]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept of a study.

    Parameters
    ----------
    library : PriceLibrary
        Hourly prices.
    curve_usd_per_mwh : ndarray
        Their duration curve.
    plans : tuple of Plan or FittedPlan
        Plans as they are evaluated.
    judged : tuple of JudgedSite or None
        Bounds of each policy on the scenarios that were asked for.
    tables : dict of str to Table
        Tables of the answer on them.
    names : tuple of str
        All tables that it has.
    """

    library: PriceLibrary
    curve_usd_per_mwh: FloatArray
    plans: Runnable
    judged: Judged
    tables: dict[str, Table]
    names: tuple[str, ...]


def cache_folder() -> Path:
    """Return where files are kept: ``rerack`` in ``XDG_CACHE_HOME``, else in ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "rerack"


def kept_path(folder: Path, scenario: Scenario, scenarios: int) -> Path:
    """Return the file of a study: its name depends on all that the content depends on.

    Parameters
    ----------
    folder : Path
        Folder of such files.
    scenario : Scenario
        As it was loaded: what was changed since is not seen.
    scenarios : int
        Scenarios that policies are judged on.
    """
    facts = [
        surroundings(),
        scenario.merged_text,
        sorted(scenario.sha256.values()),
        scenario.seed,
        scenarios,
    ]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    return folder / f"{digest[:32]}.study"


def read_kept(path: Path, scenario: Scenario) -> Kept | None:
    """Return what `write_kept` wrote for a study; None where there is nothing whole.

    Parameters
    ----------
    path : Path
        From `kept_path`.
    scenario : Scenario
        The study.
    """
    try:
        header, body = unpacked(_MAGIC, path.read_bytes())
        os.utime(path)
    except (OSError, DamagedBytesError):
        return None
    reader = NodeReader(_KNOWN, body)
    library = reader.node(header["library"])
    market = with_level(scenario, library).market
    sites = (reader.node(node, market=market) for node in header["sites"])
    return Kept(
        library=library,
        curve_usd_per_mwh=reader.array(header["curve"]),
        plans=tuple(
            FittedPlan(plan=plan, site=next(sites)) if isinstance(plan, PolicyPlan) else plan
            for plan in scenario.plans
        ),
        judged=tuple(reader.node(node) for node in header["judged"]),
        tables=reader.node(header["tables"]),
        names=reader.node(header["names"]),
    )


def write_kept(path: Path, kept: Kept) -> None:
    """Write what is kept of a study; where the disk does not let it, nothing is kept."""
    writer = NodeWriter(_KNOWN, _APART)
    header = {
        "library": writer.node(kept.library),
        "curve": writer.array(kept.curve_usd_per_mwh),
        "sites": [writer.node(p.site) for p in kept.plans if isinstance(p, FittedPlan)],
        "judged": [writer.node(judged) for judged in kept.judged],
        "tables": writer.node(kept.tables),
        "names": writer.node(kept.names),
    }
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(packed(_MAGIC, header, writer.chunks))
        aside.replace(path)
        _drop_oldest(path.parent)
    except OSError:
        with suppress(OSError):
            aside.unlink()


def _drop_oldest(folder: Path) -> None:
    by_age = sorted(folder.glob("*.study"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    for old in by_age[_MOST_FILES:]:
        old.unlink(missing_ok=True)
