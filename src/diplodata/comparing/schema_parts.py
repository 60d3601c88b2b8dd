"""Schemas within JSON Schemas: what they say, and which values they leave."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from diplodata.comparing.json_documents import Document, has_references

#: Values of an enum that are tried one by one.
_VALUES = 1000

ALL_TYPES = frozenset({"null", "boolean", "object", "array", "string", "integer", "fraction"})
NUMBER = frozenset({"integer", "fraction"})


@dataclass(frozen=True, eq=False)
class Part:
    """A schema within a document."""

    schema: Any
    document: Document

    def below(self, schema: Any) -> Part:
        """Return a schema that stands in this one."""
        return Part(schema, self.document)

    @property
    def words(self) -> Mapping[str, Any]:
        """The keywords that count."""
        if not isinstance(self.schema, dict):
            return {}
        if self.document.hides and "$ref" in self.schema:
            return {"$ref": self.schema["$ref"]}
        mute = self.document.mute
        return {key: value for key, value in self.schema.items() if key not in mute} if mute else self.schema

    @property
    def is_false(self) -> bool:
        """Whether it takes nothing."""
        return self.schema is False


Parts = tuple[Part, ...]


def name_of(part: Part) -> str:
    """Return a text that is equal for the same schema in the same document."""
    return f"{id(part.document)} {part.document.text(part.schema)}"


def is_same(narrow: Part, wide: Part) -> bool:
    """Whether two schemas say the very same, their references included."""
    if narrow.document.text(narrow.schema) != wide.document.text(wide.schema):
        return False
    if narrow.document.dialect != wide.document.dialect:
        return False
    return not has_references(wide.schema) or narrow.document.agrees(wide.document)


def flat(parts: Parts) -> Parts:
    """Return schemas with what they refer to and all members of allOf beside them."""
    found: dict[str, Part] = {}
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        name = name_of(part)
        if name in found:
            continue
        found[name] = part
        target = part.document.target(part.words.get("$ref"))
        waiting += [part.below(target)] if target is not None else []
        members = part.words.get("allOf")
        waiting += [part.below(item) for item in members] if isinstance(members, list) else []
    return tuple(found.values())


def types_of(parts: Parts) -> frozenset[str]:
    """Return the types that a value can have."""
    found = ALL_TYPES
    for part in parts:
        if "type" in part.words:
            found &= types_declared(part.words["type"])
        if "const" in part.words:
            found &= {type_of(part.words["const"])}
        if isinstance(part.words.get("enum"), list):
            found &= {type_of(item) for item in part.words["enum"]}
    return found


def types_declared(declared: Any) -> frozenset[str]:
    """Return the types that the keyword ``type`` allows."""
    names = [declared] if isinstance(declared, str) else declared if isinstance(declared, list) else [*ALL_TYPES]
    found: set[str] = set()
    for name in names:
        found |= NUMBER if name == "number" else {str(name)}
    return frozenset(found)


def type_of(value: Any) -> str:
    """Return the type of a value; whole numbers are integers, however they are written."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if float(value).is_integer() else "fraction"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def values_of(parts: Parts) -> Sequence[Any] | None:
    """Return all values that can be valid; None when they are too many."""
    for part in parts:
        if "const" in part.words:
            return [part.words["const"]]
        listed = part.words.get("enum")
        if isinstance(listed, list) and len(listed) <= _VALUES:
            return listed
    if types_of(parts) <= {"null", "boolean"}:
        return [None, True, False]
    return None


def is_refused(parts: Parts, value: Any) -> bool:
    """Whether one of the schemas is known to refuse a value."""
    if type_of(value) not in types_of(parts):
        return True
    judges = [part.document.judge(part.schema) for part in parts]
    return any(judge is not None and not judge(value) for judge in judges)


def number(value: Any) -> Fraction | None:
    """Return a limit as a number; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(str(value)) if math.isfinite(value) else None


def limits(parts: Parts, keyword: str) -> Iterator[Fraction]:
    """Yield what the schemas say for a keyword that takes numbers."""
    for part in parts:
        limit = number(part.words.get(keyword))
        if limit is not None:
            yield limit
