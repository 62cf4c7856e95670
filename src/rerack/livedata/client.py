"""A polite client: bounded in time, tries, rate and size; it tells nobody's secrets."""

from __future__ import annotations

import ipaddress
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from rerack.base.errors import InputError, SourceError

if TYPE_CHECKING:
    import httpx

_REDIRECTS = (301, 302, 307, 308)
_TRY_AGAIN = (429, 500, 502, 503, 504)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one update of a series may cost.

    Parameters
    ----------
    connect_s, read_s : float
        Longest wait for a connection, and for the next bytes [s].
    total_s : float
        Longest time for all requests of an update, waits included [s].
    tries : int
        Tries of one request.
    first_wait_s, longest_wait_s : float
        Wait before the second try, doubled each time, and its bound [s]; the wait drawn is between
        half of it and the whole.
    max_bytes : int
        Largest answer.
    """

    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 600.0
    tries: int = 5
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    max_bytes: int = 64 * 2**20


@dataclass(kw_only=True)
class Client:
    """One source's connection during one update.

    Parameters
    ----------
    source : str
        Name of the source, for messages.
    address : str
        Base address; requests may not leave its host.
    limits : Limits
        Bounds.
    requests_per_minute : float
        Rate kept.
    secrets : tuple of str
        Values that never appear in a message.
    sleep, clock, draw : callable
        Waiting, a monotonic clock [s] and uniform numbers; tests give their own.
    """

    source: str
    address: str
    limits: Limits = field(default_factory=Limits)
    requests_per_minute: float = 60.0
    secrets: tuple[str, ...] = ()
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random
    _open: httpx.Client | None = None
    _started: float | None = None
    _last: float | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError.of(
                f"address of {self.source}",
                given=repr(self.hidden(self.address)),
                allowed="http://host or https://host",
                cure="Correct the environment variable that names it.",
            )
        if self.secrets and parts.scheme == "http" and not _is_near(parts.hostname):
            raise InputError.of(
                f"address of {self.source}",
                given=f"http://{parts.hostname}, which would carry a password unencrypted",
                allowed="https, or a host on this machine or a private network",
                cure="Use https.",
            )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *reason: object) -> None:
        if self._open is not None:
            self._open.close()

    def get_json(
        self, path: str, *, query: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Return the JSON that GET on `path` answers."""
        return self._json(path, self.fetch("GET", path, query=query, headers=headers))

    def post_json(self, path: str, *, body: Any, credentials: tuple[str, str] | None = None) -> Any:
        """Return the JSON that POST of a JSON `body` on `path` answers."""
        text = json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        answer = self.fetch("POST", path, body=text, headers=headers, credentials=credentials)
        return self._json(path, answer)

    def post_form(self, path: str, form: Mapping[str, str]) -> Any:
        """Return the JSON that POST of a form on `path` answers."""
        return self._json(path, self.fetch("POST", path, form=form))

    def fetch(self, method: str, path: str, **sent: Any) -> bytes:
        """Return the body of an answer of status 200, trying again where that may help.

        Parameters
        ----------
        method, path : str
            Request; `path` is joined to the base address.
        **sent
            ``query``, ``headers``, ``body``, ``form``, ``credentials``.

        Raises
        ------
        SourceError
            No good answer within the limits.
        """
        url = self.address.rstrip("/") + path if path else self.address
        reason = "no answer"
        for attempt in range(self.limits.tries):
            if attempt:
                self._pause(self._backoff(attempt), reason)
            self._keep_rate()
            outcome = self._once(method, url, sent)
            if isinstance(outcome, bytes):
                return outcome
            reason, wait_s = outcome
            if wait_s and attempt + 1 < self.limits.tries:
                self._pause(wait_s, reason)
        raise self.failed(f"{reason}, {self.limits.tries} times")

    def failed(self, reason: str) -> SourceError:
        """Return the error of a source that cannot be used now."""
        return SourceError(
            f"{self.source} at {self.hidden(self._host())}: {self.hidden(reason)}. "
            "What was cached before is unchanged."
        )

    def _host(self) -> str:
        return urlsplit(self.address).netloc.rpartition("@")[2]

    def hidden(self, text: str) -> str:
        """Return `text` with every secret blotted out."""
        for secret in self.secrets:
            text = text.replace(secret, "***") if secret else text
        return text

    def _once(self, method: str, url: str, sent: Mapping[str, Any]) -> bytes | tuple[str, float]:
        """Return the body, or why not and the wait that the source asks for [s]."""
        import httpx

        for _ in range(3):
            try:
                status, headers, body = self._ask(method, url, sent)
            except httpx.TimeoutException:
                return "no answer in time", 0.0
            except httpx.HTTPError as reason:
                return f"{type(reason).__name__}: {reason}", 0.0
            if status not in _REDIRECTS:
                break
            url = self._followed(url, headers.get("location", ""))
        else:
            raise self.failed("redirected in a circle")
        if status == 200:
            return body
        if status in _TRY_AGAIN:
            return f"status {status}", self._asked_wait(headers.get("retry-after", ""))
        raise self.failed(f"status {status}{_CURES.get(status, '')}")

    def _ask(
        self, method: str, url: str, sent: Mapping[str, Any]
    ) -> tuple[int, Mapping[str, str], bytes]:
        request = self._http().build_request(
            method,
            url,
            params=sent.get("query"),
            headers={"accept-encoding": "identity", **(sent.get("headers") or {})},
            content=sent.get("body"),
            data=sent.get("form"),
        )
        answer = self._http().send(request, auth=sent.get("credentials"), stream=True)
        try:
            parts: list[bytes] = []
            size = 0
            for part in answer.iter_bytes():
                size += len(part)
                if size > self.limits.max_bytes:
                    raise self.failed(f"an answer of more than {self.limits.max_bytes} bytes")
                self._within_time("an answer that drips")
                parts.append(part)
            return answer.status_code, answer.headers, b"".join(parts)
        finally:
            answer.close()

    def _http(self) -> httpx.Client:
        if self._open is None:
            httpx = load_httpx()
            timeout = httpx.Timeout(self.limits.read_s, connect=self.limits.connect_s)
            self._open = httpx.Client(
                timeout=timeout, follow_redirects=False, headers={"user-agent": "rerack"}
            )
        return self._open

    def _followed(self, url: str, location: str) -> str:
        target = urljoin(url, location)
        here, there = urlsplit(url), urlsplit(target)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise self.failed(f"redirected to another host, {there.netloc or 'none'}: not followed")
        return target

    def _asked_wait(self, text: str) -> float:
        """Return the wait that a Retry-After header asks for [s]; 0 where it says nothing."""
        if text.strip().isdigit():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, ValueError):
            return 0.0
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - datetime.now(UTC)).total_seconds(), 0.0)

    def _backoff(self, attempt: int) -> float:
        whole = min(self.limits.first_wait_s * 2.0 ** (attempt - 1), self.limits.longest_wait_s)
        return whole * (0.5 + 0.5 * self.draw())

    def _keep_rate(self) -> None:
        now = self.clock()
        self._started = now if self._started is None else self._started
        if self._last is not None:
            due = self._last + 60.0 / self.requests_per_minute
            if due > now:
                self._pause(due - now, "the rate limit")
        self._last = self.clock()

    def _pause(self, wait_s: float, reason: str) -> None:
        """Wait, unless that would pass the time of the whole update."""
        begun = self.clock() if self._started is None else self._started
        if self.clock() + wait_s - begun > self.limits.total_s:
            raise self.failed(
                f"{reason}; waiting {wait_s:.0f} s more would pass {self.limits.total_s:.0f} s"
            )
        self.sleep(wait_s)

    def _within_time(self, reason: str) -> None:
        if self._started is not None and self.clock() - self._started > self.limits.total_s:
            raise self.failed(f"{reason}: over {self.limits.total_s:.0f} s in all")

    def _json(self, path: str, body: bytes) -> Any:
        try:
            return json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            start = body[:60].decode("utf-8", "replace")
            raise self.failed(f"{path}: an answer that is not JSON: {start!r}") from None


_CURES = {
    400: " (bad request: the source may have changed its interface)",
    401: " (the credentials are not accepted)",
    403: " (no access: check credentials and subscription)",
    404: " (no such place: the source may have moved)",
}


def load_httpx() -> Any:
    """Return the module httpx, or say how to install it."""
    try:
        import httpx
    except ImportError:
        raise InputError.of(
            "live data",
            given="the package httpx, which is not installed",
            allowed="rerack with its extra `live`",
            cure="Install it with: pip install 'rerack[live]'.",
        ) from None
    return httpx


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        place = ipaddress.ip_address(host)
    except ValueError:
        return False
    return place.is_loopback or place.is_private
