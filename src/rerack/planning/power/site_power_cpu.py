"""The kernels of site power by term, on the processor."""

from __future__ import annotations

from collections.abc import Callable

from rerack.planning.power.battery_kernel import battery_kernel
from rerack.planning.power.generation_kernel import generation_kernel
from rerack.planning.power.response_kernel import response_kernel

#: Term -> what fills the gain of a site's months; `site_power_gpu.ON_GPU` has the same on a device.
ON_CPU: dict[str, Callable[..., None]] = {
    "battery": battery_kernel,
    "generation": generation_kernel,
    "response": response_kernel,
}
