"""A read-only array that knows its axes and unit, for the boundary between layers and users."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerack.base.checks import FloatArray, frozen_array, require


@dataclass(frozen=True, kw_only=True, eq=False)
class Labelled:
    """Values with named axes.

    Parameters
    ----------
    name : str
        What is measured.
    values : ndarray
        Numbers; made read-only.
    dims : tuple of str
        Axis names in the fixed order (scenario, time, unit).
    unit : str
        Unit as people write it.
    coords : dict
        Labels along an axis, by axis name; an axis without labels counts from 0.
    """

    name: str
    values: FloatArray
    dims: tuple[str, ...]
    unit: str
    coords: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(
            self.values.ndim == len(self.dims),
            f"{self.name}.dims",
            given=self.dims,
            allowed=f"{self.values.ndim} axis names",
        )
        for axis, labels in self.coords.items():
            require(
                axis in self.dims and len(labels) == self.values.shape[self.dims.index(axis)],
                f"{self.name}.coords[{axis}]",
                given=f"{len(labels)} labels",
                allowed="one label for each position of an axis",
            )
        object.__setattr__(self, "values", frozen_array(self.values))

    def __repr__(self) -> str:
        shape = ", ".join(f"{d}={n}" for d, n in zip(self.dims, self.values.shape, strict=True))
        return f"{self.name} [{self.unit}] ({shape}) mean {self.values.mean():.4g}"
