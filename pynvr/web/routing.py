"""Routes as values: what the application serves, who may, and what the OpenAPI document says about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

# A JSON schema, as OpenAPI 3.1 has it. Any: schemas nest freely.
Schema = Mapping[str, Any]


class Access(StrEnum):
    """Who may call a route."""

    OPEN = "open"  # anybody: /health, and the login page with its files
    VIEWER = "viewer"  # every user and token
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input of a route. Path parameters are the names in `Route.rule`."""

    name: str
    where: Literal["path", "query"]
    description: str
    schema: Schema = field(default_factory=lambda: {"type": "string"})
    required: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address.

    `rule`: as Bottle has it; its filters (`<camera_id:re:…>`) become path parameters. `handler` gets the path
    parameters by name, reads the rest from `bottle.request`, and returns what Bottle can send, or a dict or list for
    JSON; it raises `ApiError`. `body`: JSON schema of the request's JSON body, None = it takes none. `answer`: schema
    of a JSON answer, None = `media_type` says it all. GET routes answer HEAD too.
    """

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    rule: str
    handler: Callable[..., object]
    access: Access
    summary: str
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    answer: Schema | None = None
    status: int = 200
    # Further statuses with an answer of the same form.
    also: tuple[int, ...] = ()
    media_type: str = "application/json"
    # What HTML forms send is taken too, and no body at all for an empty one.
    form: bool = False
    # Pages and their files are no part of the interface for programs.
    documented: bool = True
