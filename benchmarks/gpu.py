"""A CUDA device against one thread of the processor, copies to and from the device included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.measure import best_of
from benchmarks.spec import Measurement, Spec
from benchmarks.twenty_years import duration_route
from benchmarks.workload import LIBRARY_YEARS, workload
from rerack.base.checks import FloatArray
from rerack.numerics.device import device_problem
from rerack.planning.power.battery_kernel import battery_kernel
from rerack.planning.power.hours import Hours

#: Classes of rigs beside the battery.
_CLASSES = 3


def _difference(ours: FloatArray, theirs: FloatArray) -> float:
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def run_duration_gpu(scenarios: int) -> Measurement:
    """Time the price-duration route on the device."""
    work = workload(scenarios)
    ours = duration_route(work, "gpu").margin_usd_per_mwh(work.strike)
    theirs = duration_route(work).margin_usd_per_mwh(work.strike)
    time_s = best_of(3, lambda: duration_route(work, "gpu"))
    return Measurement(time_s=time_s, quality=_difference(ours, theirs))


def peer_duration(scenarios: int) -> Measurement:
    """Time it on one thread."""
    work = workload(scenarios)
    return Measurement(time_s=best_of(3, lambda: duration_route(work)))


def _battery(scenarios: int, kernel: Callable[..., None]) -> Callable[[], FloatArray]:
    """Return what values a battery in every scenario-month of twenty years."""
    work = workload(scenarios)
    calendar, hours = work.month_of_year - 1, work.month_hours
    sizes = np.array([month.size for month in work.library])
    shape = work.level.shape
    given = (
        Hours(
            shape_usd_per_mwh=np.concatenate([month.ravel() for month in work.library]),
            start=(np.cumsum(sizes) - sizes)[calendar],
            hours=sizes[calendar] // LIBRARY_YEARS,
            library_year=work.library_year,
            level=work.level,
            index_level=work.level,
            base_usd_per_mwh=5.0,
            discount_usd_per_mwh=0.0,
            rate_usd_per_mwh=np.zeros((hours.size, 744)),
            scale=np.ones(hours.size),
        ),
        0.0,
        np.array([100.0, 100.0, 0.93, 0.93, 10.0]),
        np.array([400.0, 200.0, 200.0, 1.0]),
        np.full(shape, 200.0),
        np.full(shape, 800.0),
        np.ascontiguousarray(work.strike[:, :, :_CLASSES]),
        np.full((*shape, _CLASSES), 250.0),
        np.ones(shape),
    )

    def fill() -> FloatArray:
        gain = np.zeros(shape)
        kernel(*given, gain)
        return gain

    return fill


def run_battery_gpu(scenarios: int) -> Measurement:
    """Time the battery of every scenario-month on the device."""
    from rerack.planning.power.site_power_gpu import ON_GPU

    ours, theirs = _battery(scenarios, ON_GPU["battery"]), _battery(scenarios, battery_kernel)
    quality = _difference(ours(), theirs())
    return Measurement(time_s=best_of(3, ours), quality=quality)


def peer_battery(scenarios: int) -> Measurement:
    """Time it on one thread."""
    fill = _battery(scenarios, battery_kernel)
    return Measurement(time_s=best_of(2, fill))


_QUALITY = "largest difference to the processor, over the largest figure"

SPECS = (
    Spec(
        name="duration-gpu",
        work="monthly margins of 10 rig classes over 20 years on a GPU, sorting included",
        size_unit="scenarios",
        sizes=(1_000, 10_000),
        run=run_duration_gpu,
        target="none set: no device was at hand",
        quality=_QUALITY,
        peer_name="one thread",
        peer=peer_duration,
        missing=device_problem,
    ),
    Spec(
        name="battery-gpu",
        work="what a battery adds in every month of 20 years, 3 rig classes, on a GPU",
        size_unit="scenarios",
        sizes=(16, 256),
        run=run_battery_gpu,
        target="none set: no device was at hand",
        quality=_QUALITY,
        peer_name="one thread",
        peer=peer_battery,
        missing=device_problem,
    ),
)
