"""Every error of rerack as an exact JSON body with its status."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rerack.base.errors import InputError, RerackError, SolverError, StoreError
from rerack.web.guard import refusal

#: Status by class of error, the most special first.
_STATUS = ((InputError, 422), (StoreError, 409), (SolverError, 500))


async def rerack_problem(_request: Request, error: Exception) -> Response:
    """Answer an error that rerack raised on purpose."""
    assert isinstance(error, RerackError)
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    problems = [
        {
            "where": p.where,
            "given": p.given,
            "allowed": p.allowed,
            "cure": p.cure,
            "excerpt": p.excerpt,
        }
        for p in getattr(error, "problems", ())
    ]
    body = {"error": {"message": str(error), "problems": problems}}
    return JSONResponse(body, status_code=status)


async def http_problem(request: Request, error: Exception) -> Response:
    """Answer a path or method that is not there."""
    assert isinstance(error, HTTPException)
    place = f"{request.method} {request.url.path}"
    answer = refusal(
        error.status_code,
        place,
        str(error.detail),
        "a path and method of /api/v1/openapi.json",
        "See the document of the interface.",
    )
    answer.headers.update(error.headers or {})
    return answer


async def busy_problem(_request: Request, _error: Exception) -> Response:
    """Answer that as much as is allowed is waiting already."""
    allowed = "fewer questions at once"
    return refusal(429, "server", "one more question", allowed, "Ask again in a moment.")
