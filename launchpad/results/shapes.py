"""JSON Schemas made from the declarations of answers: each shape a definition, its docstring the description.

A shape is a TypedDict, or a dataclass that an answer holds as `dataclasses.asdict` gives it.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin, is_typeddict

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
PLAIN: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
    object: {},
    Any: {},
}


class Shapes:
    """The definitions gathered while schemas are made; each declared shape stands once, by its name."""

    def __init__(self) -> None:
        self.definitions: Schema = {}

    def of(self, declared: object) -> Schema:
        """The schema of a type: a plain value, a literal, a list, a mapping, an alternative, or a shape."""
        if declared in PLAIN:
            return dict(PLAIN[declared])
        origin, inside = get_origin(declared), get_args(declared)
        if origin is Annotated:
            return self.of(inside[0]) | {"description": inside[1]}
        if origin is Literal:
            return {"enum": list(inside)}
        if origin in (types.UnionType, typing.Union):
            return self._any(inside)
        if origin is list or (origin is tuple and inside[1:] == (...,)):
            return {"type": "array", "items": self.of(inside[0])}
        if origin is tuple:
            return {"type": "array", "prefixItems": [self.of(one) for one in inside], "minItems": len(inside)}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(inside[1])}
        if isinstance(declared, type) and (is_typeddict(declared) or dataclasses.is_dataclass(declared)):
            return self._shape(declared)
        raise TypeError(f"{declared!r} has no JSON Schema")

    def _any(self, inside: tuple[object, ...]) -> Schema:
        """One of several; plain types share one `type`, as people write it."""
        each = [self.of(one) for one in inside]
        if all(set(one) == {"type"} and isinstance(one["type"], str) for one in each):
            return {"type": [one["type"] for one in each]}
        return {"anyOf": each}

    def _shape(self, declared: type) -> Schema:
        name = declared.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # A shape may hold itself.
            fields = typing.get_type_hints(declared, include_extras=True)
            self.definitions[name] = {
                "type": "object",
                "description": " ".join((declared.__doc__ or "").split()),
                "properties": {key: self.of(value) for key, value in fields.items()},
                "required": [*fields],
            }
        return {"$ref": f"#/$defs/{name}"}


def schema_of(declared: object, title: str) -> Schema:
    """A whole schema (draft 2020-12) of one answer; additions stay allowed, as answers change by addition only."""
    shapes = Shapes()
    root = shapes.of(declared)
    return {"$schema": DIALECT, "title": title, **root, "$defs": shapes.definitions}
