"""Where a server listens, what it serves, and how much work it takes on."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from rerack.base.checks import require, require_between

#: Shortest token that is let through on an address that others can reach.
LEAST_TOKEN = 16


@dataclass(frozen=True, kw_only=True)
class ServeSettings:
    """What `rerack.web.create_app` needs to know.

    Parameters
    ----------
    file : Path
        Site file that is served.
    runs : Path
        Folder that run folders are kept in.
    reserves : Path or None
        Reserves file, whose miners the finance page shows; None for no such panel.
    portfolio : Path or None
        Portfolio file, whose decision the page of deals shows; None for no such panel.
    host : str
        Address to listen on.
    port : int
        Port; 0 takes a free one.
    token : str
        Secret that every request must carry; may be empty on loopback only.
    live_scenarios : int
        Scenarios behind the figures that sliders move.
    cache : Path or None
        Folder in which the prepared study is kept for the next start; None keeps nothing.
    most_body_bytes : int
        Largest request body.
    most_jobs : int
        Runs that may wait or be under way at once; one more is refused.
    most_scenarios : int
        Scenarios that one run may ask for.

    Raises
    ------
    InputError
        An address other than loopback without a token of 16 characters or more.

    Examples
    --------
    >>> ServeSettings(file=Path("site.yaml")).host
    '127.0.0.1'
    """

    file: Path
    runs: Path = Path("runs")
    reserves: Path | None = None
    portfolio: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    live_scenarios: int = 32
    cache: Path | None = None
    most_body_bytes: int = 1 << 20
    most_jobs: int = 4
    most_scenarios: int = 100_000

    def __post_init__(self) -> None:
        require_between(self.port, 0, 65_535, "--port", cure="Choose a port, such as 8765.")
        require_between(self.live_scenarios, 8, 1024, "--live-scenarios")
        require(
            self.loopback or len(self.token) >= LEAST_TOKEN,
            "--host",
            given=f"{self.host} with {'a short' if self.token else 'no'} token",
            allowed=f"a loopback address, or a token of {LEAST_TOKEN} characters or more",
            cure="Leave --host out, or set RERACK_TOKEN to a long random text.",
        )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine to itself: ``localhost``, or an address of loopback.

    Examples
    --------
    >>> [is_loopback(host) for host in ("localhost", "127.0.0.2", "::1", "127.0.0.1.example")]
    [True, True, True, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
