"""The document of the interface, made from the endpoints themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from rerack import __version__
from rerack.web.endpoint import Endpoint, Query, error_response
from rerack.web.models import Error

_REFERENCE = "#/components/schemas/{model}"
#: What any request may meet, and what it means.
_COMMON = {
    401: "The token is missing or wrong.",
    421: "The host name is not this server's.",
    422: "A part of the request is wrong; each problem is named.",
    429: "As much work as is allowed is waiting or under way.",
}
_MEANING = {
    **_COMMON,
    403: "The request comes from another site.",
    404: "There is no such thing.",
    409: "The run is incomplete, damaged or missing on disk.",
    413: "The body is too large.",
    415: "The body is not JSON.",
}


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of `endpoints`."""
    every = list(endpoints)
    models: set[type[BaseModel]] = {Error}
    for endpoint in every:
        models |= {m for m in (endpoint.body, endpoint.answer) if m is not None}
    ordered = sorted(models, key=lambda m: m.__name__)
    _, schemas = models_json_schema(
        [(m, "serialization") for m in ordered], ref_template=_REFERENCE
    )
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in every:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "rerack",
            "version": __version__,
            "description": "One site file: live answers, runs as jobs, tables, figures.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "operationId": _name(endpoint),
        "parameters": [
            *(_parameter(q, "path") for q in endpoint.path_values),
            *(_parameter(q, "query") for q in endpoint.query),
        ],
        "responses": {str(endpoint.status): _success(endpoint)},
    }
    statuses = {*_COMMON, *endpoint.errors}
    if endpoint.body is not None:
        reference = {"$ref": _REFERENCE.format(model=endpoint.body.__name__)}
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": reference}},
        }
        statuses |= {413, 415}
    if endpoint.method != "GET":
        statuses |= {403}
    for status in sorted(statuses):
        made["responses"][str(status)] = error_response(_MEANING[status])
    return made


def _name(endpoint: Endpoint) -> str:
    parts = [p.strip("{}") for p in endpoint.path.split("/") if p and p not in ("api", "v1")]
    return "_".join([endpoint.method.lower(), *parts]).replace(".", "_").replace("-", "_")


def _parameter(query: Query, place: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "in": place,
        "required": place == "path",
        "description": query.about,
        "schema": query.schema(),
    }


def _success(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.answer is not None:
        reference = {"$ref": _REFERENCE.format(model=endpoint.answer.__name__)}
        return {"description": "Done.", "content": {"application/json": {"schema": reference}}}
    if endpoint.media:
        return {"description": "Done.", "content": {endpoint.media: {"schema": {}}}}
    return {"description": "Done."}
