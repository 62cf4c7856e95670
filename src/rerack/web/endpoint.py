"""One endpoint declared once: its route, its checks and its part of the document."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from rerack.base.errors import InputError, Problem
from rerack.web.guard import refusal
from rerack.web.models import Error

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Query:
    """One parameter of a query or of a path.

    Parameters
    ----------
    name, about : str
        Name, and one sentence.
    kind : {"number", "integer", "string"}
        JSON type.
    low, high : float
        Bounds of a number, both inclusive.
    default : object
        Value where it is left out; None for none.
    pattern : str
        Regular expression that a text matches whole.
    choices : tuple of str
        Texts that are taken; empty for any.
    """

    name: str
    about: str
    kind: str = "string"
    low: float = -math.inf
    high: float = math.inf
    default: Any = None
    pattern: str = ""
    choices: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the parameter."""
        made: dict[str, Any] = {"type": self.kind}
        if not math.isinf(self.low):
            made["minimum"] = self.low
        if not math.isinf(self.high):
            made["maximum"] = self.high
        if self.pattern:
            made["pattern"] = f"^{self.pattern}$"
        if self.choices:
            made["enum"] = list(self.choices)
        if self.default is not None:
            made["default"] = self.default
        return made

    def read(self, text: str) -> Any:
        """Return the value that a text stands for; raises `InputError`."""
        value: Any = text
        ok = True
        if self.kind in ("number", "integer"):
            try:
                value = int(text) if self.kind == "integer" else float(text)
            except ValueError:
                ok = False
            ok = ok and "_" not in text and math.isfinite(value) and self.low <= value <= self.high
        elif self.choices:
            ok = text in self.choices
        elif self.pattern:
            ok = re.fullmatch(self.pattern, text, re.ASCII) is not None
        if not ok:
            raise InputError.of(
                self.name,
                given=repr(text[:60]),
                allowed=self._allowed(),
                cure="Correct the value.",
            )
        return value

    def _allowed(self) -> str:
        if self.choices:
            return ", ".join(self.choices)
        if self.kind == "string":
            return f"a text that matches {self.pattern}"
        word = "a whole number" if self.kind == "integer" else "a number"
        if math.isinf(self.low):
            return word
        return (
            f"{word}, {self.low:g} or more"
            if math.isinf(self.high)
            else (f"{word} from {self.low:g} to {self.high:g}")
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request whose parts have been checked.

    Parameters
    ----------
    values : mapping
        Path and query parameters by name; None where left out.
    body : BaseModel or None
        The body.
    request : Request
        The request itself.
    """

    values: Mapping[str, Any]
    body: Any
    request: Request


#: What an endpoint does: from a checked request to a body, or to a response of its own.
Handler = Callable[[Asked], Awaitable[BaseModel | Response]]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One method of one path.

    Parameters
    ----------
    method, path, summary : str
        As in the document.
    tag : str
        Group in the document.
    handler : callable
        What it does.
    path_values, query : tuple of Query
        Parameters.
    body : type of BaseModel or None
        What is taken.
    answer : type of BaseModel or None
        What is given; None for `media`.
    media : str
        Media type of an answer that is not JSON; empty for none at all.
    status : int
        Status of success.
    errors : tuple of int
        Statuses of refusals beside those that any request may meet.
    """

    method: str
    path: str
    summary: str
    tag: str
    handler: Handler
    path_values: tuple[Query, ...] = ()
    query: tuple[Query, ...] = ()
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    media: str = ""
    status: int = 200
    errors: tuple[int, ...] = field(default=())

    async def __call__(self, request: Request) -> Response:
        """Check a request, let the handler answer, and write its answer."""
        values, problems = self._values(request)
        body: Any = None
        if self.body is not None:
            kind = request.headers.get("content-type", "").partition(";")[0].strip()
            if kind != "application/json":
                cure = "Send JSON and say so."
                return refusal(415, "Content-Type", kind or "none", "application/json", cure)
            try:
                body = self.body.model_validate_json(await request.body() or b"{}")
            except ValidationError as error:
                problems += body_problems(error)
        if problems:
            raise InputError(*problems)
        made = await self.handler(Asked(values=values, body=body, request=request))
        if isinstance(made, Response):
            return made
        # As bytes, which is what is sent; a number that is none is null.
        content = to_json(made, inf_nan_mode="null")
        return Response(content, status_code=self.status, media_type="application/json")

    def _values(self, request: Request) -> tuple[dict[str, Any], list[Problem]]:
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        known = {q.name for q in self.query} | {"token"}
        for name in request.query_params:
            if name not in known:
                problems.append(
                    Problem(
                        where=name,
                        given=repr(request.query_params[name][:60]),
                        allowed=", ".join(sorted(known)),
                        cure="Remove or rename it.",
                    )
                )
        for place, wanted in (
            (request.path_params, self.path_values),
            (request.query_params, self.query),
        ):
            for query in wanted:
                text = place.get(query.name)
                try:
                    values[query.name] = query.default if text is None else query.read(str(text))
                except InputError as error:
                    problems += error.problems
        return values, problems


def body_problems(error: ValidationError) -> list[Problem]:
    """Return what pydantic refused in rerack's words."""
    return [
        Problem(
            where=".".join(str(part) for part in detail["loc"]) or "body",
            given=repr(detail.get("input"))[:60],
            allowed=detail["msg"],
            cure="See the document of the interface, /api/v1/openapi.json.",
        )
        for detail in error.errors(include_url=False, include_context=False)
    ]


def error_response(about: str) -> dict[str, Any]:
    """Return the document's part for a refusal."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{Error.__name__}"}}}
    return {"description": about, "content": content}
