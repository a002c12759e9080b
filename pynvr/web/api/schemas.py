"""Schemas that several groups of routes share."""

from pynvr.web.routing import Schema

TEXT: Schema = {"type": "string"}
ROLE: Schema = {
    "type": "string",
    "enum": ["viewer", "admin"],
    "description": "A viewer sees all; an admin changes all.",
}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 64}
PASSWORD: Schema = {"type": "string", "minLength": 8, "maxLength": 1024, "writeOnly": True}
INSTANT: Schema = {"type": "number", "description": "Epoch seconds, UTC."}


def record(required: Schema, optional: Schema | None = None, description: str = "") -> Schema:
    """An object with these properties; the first ones are always there."""
    schema: dict[str, object] = {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }
    if description:
        schema["description"] = description
    return schema


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}
