"""What every request must pass: host, token, origin, size; and the headers of every answer."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rerack.web.settings import ServeSettings, is_loopback

#: Methods that change nothing.
_SAFE = ("GET", "HEAD", "OPTIONS")
#: Cookie that keeps a token once the first address carried it.
TOKEN_COOKIE = "rerack_token"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Pages load scripts and styles from this server alone; plotly.js sets styles on elements.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Guard:
    """ASGI middleware that refuses what no page of this server would send.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    settings : ServeSettings
        Address, token and limits.

    Notes
    -----
    *Host*: on loopback only names of loopback are answered, so that a foreign name that resolves
    here (DNS rebinding) gets nothing. *Origin*: a request that changes something must come from a
    page of this server or from a program, which sends no Origin. *Token*: compared in constant
    time; taken from the header ``Authorization: Bearer``, from a cookie, or once from ``?token=``.
    """

    def __init__(self, app: ASGIApp, settings: ServeSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused is not None:
            await refused(scope, receive, self._with_headers(send, scope))
            return
        counted = _Counted(receive, self._settings.most_body_bytes)
        try:
            await self._app(scope, counted, self._with_headers(send, scope))
        except _TooLargeError:
            await _too_large(self._settings)(scope, receive, self._with_headers(send, scope))

    def _refusal(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        host = headers.get("host", "")
        if self._settings.loopback and not is_loopback(_named(host)):
            return refusal(421, "Host", host, "a loopback name", "Open the address printed.")
        if not self._token_ok(scope, headers):
            cure = "Open the address that `rerack serve` printed, or send Authorization: Bearer."
            return refusal(401, "token", "none or a wrong one", "the server's token", cure)
        if scope["method"] not in _SAFE:
            origin = headers.get("origin", "")
            if origin and urlsplit(origin).netloc != host:
                cure = "Send the request from a page of this server, or from a program."
                return refusal(403, "Origin", origin, f"a page of {host}", cure)
            if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                cure = "Send the request from a page of this server."
                return refusal(
                    403, "Sec-Fetch-Site", headers["sec-fetch-site"], "same-origin", cure
                )
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._settings.most_body_bytes:
            return _too_large(self._settings)
        return None

    def _token_ok(self, scope: Scope, headers: Headers) -> bool:
        wanted = self._settings.token
        if not wanted:
            return True
        given = [headers.get("authorization", "").removeprefix("Bearer ")]
        given += parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        for part in headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            given += [value] if name == TOKEN_COOKIE else []
        return any(hmac.compare_digest(g.encode(), wanted.encode()) for g in given)

    def _with_headers(self, send: Send, scope: Scope) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", _POLICY)
                headers.setdefault("Cache-Control", "no-store")
                query = scope["query_string"].decode("latin-1")
                if self._settings.token and "token=" in query and message["status"] < 400:
                    headers.append(
                        "Set-Cookie",
                        f"{TOKEN_COOKIE}={self._settings.token}; HttpOnly; SameSite=Strict; Path=/",
                    )
            await send(message)

        return sending


class _TooLargeError(Exception):
    """A body went past the limit while it was read."""


class _Counted:
    """A request body that stops at the limit, whatever its length header said."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive = receive
        self._left = most_bytes

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise _TooLargeError
        return message


def refusal(status: int, where: str, given: str, allowed: str, cure: str) -> JSONResponse:
    """Return a refusal in the form of every error of the interface."""
    body: dict[str, Any] = {
        "error": {
            "message": f"{where}: given {given}; allowed: {allowed}. {cure}",
            "problems": [
                {"where": where, "given": given, "allowed": allowed, "cure": cure, "excerpt": ""}
            ],
        }
    }
    return JSONResponse(body, status_code=status)


def _too_large(settings: ServeSettings) -> JSONResponse:
    most = f"{settings.most_body_bytes:,} bytes"
    return refusal(413, "body", "more", f"up to {most}", "Send less at once.")


def _named(host: str) -> str:
    """Return the name or address of a Host header, without port and brackets."""
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name.removeprefix("[").removesuffix("]")
