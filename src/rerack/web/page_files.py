"""The files that pages load: read once, kept by browsers for as long as they stay the same."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

from rerack import __version__
from rerack.report.palette import INKS

_KINDS = {".js": "text/javascript", ".css": "text/css"}
#: A file whose address would change with it.
_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
#: Address of plotly.js, which carries the version.
PLOTLY = f"/assets/plotly.js?v={__version__}"


class PageFiles:
    """Scripts and styles of the pages, by their path under `address`.

    Notes
    -----
    Scripts load each other by relative paths, so it is a folder of the address that carries the
    digest of them all. Under plain ``/assets`` the same files are there for who asks by name.
    """

    def __init__(self) -> None:
        folder = files("rerack.web") / "assets"
        self._files = _texts(folder) | _texts(folder / "paint", "paint/")
        self._files["colours.css"] = _colours().encode()
        whole = hashlib.sha256()
        for name, content in sorted(self._files.items()):
            whole.update(f"{name}\n{len(content)}\n".encode() + content)
        self._edition = whole.hexdigest()[:16]
        #: Folder that pages load them from.
        self.address = f"/assets/{self._edition}"

    @property
    def modules(self) -> list[str]:
        """Scripts that the first script imports, itself or through another."""
        return [name for name in self._files if name.endswith(".js") and name != "app.js"]

    async def answer(self, request: Request) -> Response:
        """Answer with a file."""
        asked: str = request.path_params["name"]
        if asked == "plotly.js":
            headers = {"Cache-Control": "private, max-age=3600"}
            return Response(_plotly(), media_type="text/javascript", headers=headers)
        name = asked.removeprefix(f"{self._edition}/")
        if name not in self._files:
            return Response("no such file", status_code=404, media_type="text/plain")
        kind = _KINDS[name[name.rindex(".") :]]
        headers = {"Cache-Control": "no-cache"} if name == asked else _FOREVER
        return Response(self._files[name], media_type=kind, headers=headers)


@cache
def _plotly() -> bytes:
    # Imported once a chart needs it: the first page is out before.
    from rerack.report.page import plotly_js

    return plotly_js().encode()


def _texts(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    kinds = tuple(_KINDS)
    found = [file for file in folder.iterdir() if file.name.endswith(kinds)]
    return {prefix + file.name: file.read_bytes() for file in found}


def _colours() -> str:
    light = "".join(f"--{name}:{ink.light};" for name, ink in INKS.items())
    dark = "".join(f"--{name}:{ink.dark};" for name, ink in INKS.items())
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
