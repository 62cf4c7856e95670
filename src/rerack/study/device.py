"""Whether a study may run on a GPU, and what its results then depend on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from rerack.base.errors import InputError
from rerack.numerics.device import Device, device_name, device_problem, require_device
from rerack.scenario import Scenario


def check_device(scenario: Scenario, device: Device) -> None:
    """Refuse a GPU that is not there, or that nothing in the study would run on.

    Parameters
    ----------
    scenario : Scenario
        The study.
    device : {"cpu", "gpu"}
        What was asked for.

    Raises
    ------
    InputError
        Saying which.

    Notes
    -----
    Of a block of scenarios, only what couples halls hour by hour fills a device: a battery,
    generation or demand response. Without them compiled kernels are a tenth of the work.
    """
    require_device(device, "device")
    programmes = scenario.desk.programmes
    coupled = (
        scenario.desk.battery is not None
        or bool(programmes.generators)
        or bool(programmes.demand_response)
    )
    if device == "gpu" and not coupled:
        raise InputError.of(
            "device",
            given="gpu, for a site without battery, generation or demand response",
            allowed="gpu where the plans value one of these hour by hour",
            cure="Take cpu: the rest of a study would gain nothing on a GPU.",
        )


def device_versions(device: Device) -> dict[str, str]:
    """Return what can change a figure beside the packages of every study: none on the processor."""
    if device == "cpu":
        return {}
    try:
        target = version("numba-cuda")
    except PackageNotFoundError:
        target = "absent"
    return {"numba-cuda": target, "gpu": device_problem() or device_name()}
