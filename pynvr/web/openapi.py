"""The interface described for programs: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from the routes."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pynvr import __version__
from pynvr.web.routing import Access, Parameter, Route, Schema
from pynvr.web.session_cookie import NAME

ADDRESS = "/api/openapi.json"
# `<name>`, `<name:filter>`, `<name:filter:configuration>`, as in Bottle's rules.
_WILDCARD = re.compile(r"<(?P<name>[A-Za-z_]\w*)(?::(?P<filter>[A-Za-z_]*)(?::(?:\\.|[^\\>])+)?)?>")
_BY_FILTER: Mapping[str | None, Schema] = {"int": {"type": "integer"}, "float": {"type": "number"}}
_DESCRIPTION = (
    "Recordings, cameras and what belongs to them. Log in with a token (`Authorization: Bearer …`) or a session. Every "
    "GET answers HEAD too. Instants in answers are epoch seconds with a fraction; in requests they are ISO 8601 (with "
    "a zone, or taken as the configured one), epoch seconds, or stamps (`20261121.1403`, local time). An error is "
    '`{"error": {"code", "message"}}`; `code` is for programs.'
)
_SCHEMES: Mapping[str, Schema] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Made with `pynvr token create` or `POST /api/tokens`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": NAME,
        "description": "Set by `POST /api/login`. What isn't GET needs the header `X-PyNVR: 1` and the same origin.",
    },
}
_ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "For programs; stays the same."},
                "message": {"type": "string", "description": "For people."},
            },
            "additionalProperties": True,
        }
    },
}

Json = dict[str, Any]  # Any: a JSON document nests freely


def route(routes: Callable[[], Sequence[Route]]) -> Route:
    """The route of the description; `routes` gives all routes when it is asked for."""
    return Route(
        "GET",
        ADDRESS,
        lambda: document(routes()),
        Access.VIEWER,
        "This description (OpenAPI 3.1)",
        answer={"type": "object"},
    )


def document(routes: Sequence[Route]) -> Json:
    """The description of the documented routes."""
    paths: dict[str, Json] = {}
    for one in routes:
        if one.documented:
            paths.setdefault(path_of(one.rule), {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "PyNVR", "version": __version__, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": _SCHEMES,
            "schemas": {"Error": _ERROR},
            "responses": {
                "Error": {
                    "description": "What went wrong.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
            },
        },
    }


def path_of(rule: str) -> str:
    """The path template of a rule: `/api/x/<name:re:…>` is `/api/x/{name}`."""
    return _WILDCARD.sub(r"{\g<name>}", rule)


def operation_id(route: Route) -> str:
    """A name for programs that are generated: `get_1_camera_by_camera_id_frame_by_time_jpg`."""
    path = re.sub(r"\{(\w+)\}", r" by_\1 ", path_of(route.rule).removeprefix("/api"))
    return "_".join([route.method.lower(), *re.findall(r"\w+", path)])


def _operation(route: Route) -> Json:
    operation: Json = {
        "operationId": operation_id(route),
        "summary": route.summary,
        "tags": [tag_of(route)],
        "security": _security(route.access),
        "responses": {
            **{str(status): _success(route) for status in (route.status, *route.also)},
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
    parameters = [*_path_parameters(route), *(_parameter(one) for one in route.parameters if one.where == "query")]
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        forms = ("application/x-www-form-urlencoded", "multipart/form-data") if route.form else ()
        content = {media_type: {"schema": route.body} for media_type in (*forms, "application/json")}
        operation["requestBody"] = {"required": bool(route.body.get("required")) or not route.form, "content": content}
    return operation


def _security(access: Access) -> list[Json]:
    if access is Access.OPEN:
        return []
    # OpenAPI 3.1 lets role names stand here for schemes that have no scopes.
    return [{scheme: [str(access)]} for scheme in _SCHEMES]


def _success(route: Route) -> Json:
    if route.status == 204:
        return {"description": "Done; there is nothing to say."}
    schema = {} if route.answer is None else {"schema": route.answer}
    return {"description": "As asked.", "content": {route.media_type.partition(";")[0]: schema}}


def _path_parameters(route: Route) -> list[Json]:
    described = {one.name: one for one in route.parameters if one.where == "path"}
    return [
        _parameter(described.get(found["name"]) or _undescribed(found["name"], found["filter"]), required=True)
        for found in _WILDCARD.finditer(route.rule)
    ]


def _undescribed(name: str, filter_name: str | None) -> Parameter:
    return Parameter(name, "path", name.replace("_", " "), _BY_FILTER.get(filter_name, {"type": "string"}))


def _parameter(parameter: Parameter, required: bool = False) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": required or parameter.required,
        "description": parameter.description,
        "schema": parameter.schema,
    }


def tag_of(route: Route) -> str:
    """The subject under which a route is listed: the word behind /api/, `recordings` for version 1."""
    words = path_of(route.rule).strip("/").split("/")
    if words[0] != "api" or len(words) < 2:
        return "service"
    return "recordings" if words[1] == "1" else words[1].partition(".")[0]
