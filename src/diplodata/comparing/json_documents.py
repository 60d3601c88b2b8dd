"""One JSON Schema with its references: resolved inside of it, and never outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import unquote

from diplodata.errors import ComparisonError

#: The dialect in which a reference hides what stands beside it.
_HIDING = "http://json-schema.org/draft-07/schema"

#: The newest dialect, for which a schema without ``$schema`` is taken.
_NEWEST = "https://json-schema.org/draft/2020-12/schema"

#: Dialects of which proofs are tried -> keywords of other dialects that say nothing in them.
_KNOWN: Mapping[str, tuple[str, ...]] = {
    _HIDING: ("dependentRequired", "dependentSchemas", "maxContains", "minContains", "prefixItems"),
    "https://json-schema.org/draft/2019-09/schema": ("prefixItems",),
    _NEWEST: (),
}

#: Dialects of which no proof is tried.
_OLDER = ("http://json-schema.org/draft-04/schema", "http://json-schema.org/draft-06/schema")

#: Keywords whose value is data, not schema.
_DATA = ("const", "default", "enum", "examples")

#: Where another document lies in one that evaluates parts of it.
_HOME = "x-document"


@dataclass(frozen=True, eq=False)
class Document:
    """A JSON Schema as a whole."""

    schema: Any
    _judges: dict[str, Callable[[Any], bool] | None] = field(default_factory=dict)
    _texts: dict[int, tuple[Any, str]] = field(default_factory=dict)

    @property
    def dialect(self) -> str:
        """The address of its dialect, without a fragment."""
        declared = self.schema.get("$schema") if isinstance(self.schema, dict) else None
        return str(declared or _NEWEST).rstrip("#")

    @property
    def is_known(self) -> bool:
        """Whether its dialect is one of which proofs are tried, and all of it has one base address."""
        return self.dialect in _KNOWN and not any(_has_address(item) for item in _below(self.schema))

    @property
    def is_schema(self) -> bool:
        """Whether it is a schema by its own dialect, if that is known."""
        import jsonschema_rs

        # The schema of any other dialect would be fetched.
        return self.dialect not in (*_KNOWN, *_OLDER) or bool(jsonschema_rs.meta.is_valid(self.schema))

    @property
    def hides(self) -> bool:
        """Whether a reference hides what stands beside it."""
        return self.dialect == _HIDING

    @property
    def mute(self) -> tuple[str, ...]:
        """Keywords that say nothing in its dialect."""
        return _KNOWN.get(self.dialect, ())

    def text(self, part: Any) -> str:
        """Return the canonical text of a schema that is used with the document."""
        # Each is kept, so that no other object gets its number.
        if id(part) not in self._texts:
            self._texts[id(part)] = (part, canonical(part))
        return self._texts[id(part)][1]

    def agrees(self, other: Document) -> bool:
        """Whether references lead to the same in both documents: all of them to definitions, which are equal."""
        for name in ("$defs", "definitions"):
            pair = [item.schema.get(name) if isinstance(item.schema, dict) else None for item in (self, other)]
            if canonical(pair[0]) != canonical(pair[1]):
                return False
        return all(
            str(found.get("$ref", "#/$defs/")).startswith(("#/$defs/", "#/definitions/"))
            for item in (self, other)
            for found in _below(item.schema)
        )

    def target(self, reference: Any) -> Any:
        """Return what a reference within the document leads to; None when it leads nowhere or outside."""
        if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
            return None
        found = self.schema
        for part in reference.split("/")[1:]:
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            elif isinstance(found, dict) and name in found:
                found = found[name]
            else:
                return None
        return found if isinstance(found, dict | bool) else None

    def judge(self, part: Any) -> Callable[[Any], bool] | None:
        """Return a function that says whether a value is valid by a part of the document; None when it cannot be had.

        Args:
            part: the schema itself, or a schema within it.
        """
        key = self.text(part)
        if key not in self._judges:
            self._judges[key] = self._judge(part)
        return self._judges[key]

    @cached_property
    def _home(self) -> Any:
        return _without_address(_moved(self.schema))

    def _judge(self, part: Any) -> Callable[[Any], bool] | None:
        import jsonschema_rs

        whole = {"$schema": self.dialect, _HOME: self._home, "allOf": [_without_address(_moved(part))]}
        try:
            validator = jsonschema_rs.validator_for(whole, validate_formats=True, retriever=_never)
        except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
            return None
        return lambda value: bool(validator.is_valid(value))


def read_document(schema: Any) -> Document:
    """Return a schema as a document.

    Raises:
        ComparisonError: it is neither an object nor a boolean.
    """
    if not isinstance(schema, dict | bool):
        raise ComparisonError("A JSON Schema is an object, true or false.")
    return Document(schema)


def canonical(value: Any) -> str:
    """Return a JSON value as a text that is equal for equal values, and for no others."""
    return json.dumps(value, sort_keys=True)


def has_references(schema: Any) -> bool:
    """Whether a schema refers to anything."""
    return any(key in item for item in _below(schema) for key in ("$ref", "$dynamicRef", "$recursiveRef"))


@cache
def matches(pattern: str, text: str) -> bool:
    """Whether a text has a match of a pattern of JSON Schema; a pattern that cannot be read has none."""
    import jsonschema_rs

    try:
        return bool(jsonschema_rs.is_valid({"pattern": pattern}, text))
    except (ValueError, jsonschema_rs.ValidationError):
        return False


def _never(address: str) -> Any:
    raise ValueError(f"{address} is not read")


def _has_address(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("$id"), str)


def _below(schema: Any, *, is_root: bool = True) -> list[dict[str, Any]]:
    """Return all objects of a schema; of the first of them, without its address."""
    found: list[dict[str, Any]] = []
    if isinstance(schema, dict):
        found.append({key: value for key, value in schema.items() if key != "$id"} if is_root else schema)
        for key, value in schema.items():
            found += [] if key in _DATA else _below(value, is_root=False)
    elif isinstance(schema, list):
        for value in schema:
            found += _below(value, is_root=False)
    return found


def _without_address(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    return {key: value for key, value in schema.items() if key not in ("$id", "$schema")}


def _moved(schema: Any) -> Any:
    """Return a copy of a schema in which references lead into the document where it lies."""
    if isinstance(schema, list):
        return [_moved(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"#/{_HOME}{value[1:]}"
        if key == "$ref" and isinstance(value, str) and value.startswith("#")
        else (value if key in _DATA else _moved(value))
        for key, value in schema.items()
    }
