"""All benchmarks, in the order in which they are run."""

from __future__ import annotations

from benchmarks import (
    gpu,
    live,
    policy,
    price_paths,
    process,
    programmes,
    returns,
    site_year,
    storage,
    twenty_years,
    world,
)
from benchmarks.spec import Spec

SPECS: tuple[Spec, ...] = (
    *twenty_years.SPECS,
    *site_year.SPECS,
    *storage.SPECS,
    *programmes.SPECS,
    *policy.SPECS,
    *world.SPECS,
    *price_paths.SPECS,
    *returns.SPECS,
    *gpu.SPECS,
    *process.SPECS,
    *live.SPECS,
)


def chosen(names: tuple[str, ...]) -> tuple[Spec, ...]:
    """Return the specs of these names, all if none is named; an unknown name raises KeyError."""
    by_name = {spec.name: spec for spec in SPECS}
    return tuple(by_name[name] for name in names) if names else SPECS
