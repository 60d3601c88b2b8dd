"""Values near the limits of a JSON Schema: one that is valid by one schema and not by another proves a difference."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from diplodata.comparing.json_documents import Document, canonical
from diplodata.comparing.schema_parts import Part, Parts, flat, limits, types_of

#: Values of each kind that any schema is tried with.
_PLAIN: tuple[Any, ...] = (None, True, 0, 1.5, "a", [], {})

#: Deepest value.
_DEPTH = 6

#: Values that are tried of one part, and of a whole schema.
_OF_PART, _OF_ALL = 60, 1500

#: Items of the longest array, characters of the longest text.
_LONGEST = 300

#: A name that hardly any schema knows.
_UNKNOWN = "x_unknown"

#: Examples of formats.
_FORMATS = {
    "date": "2020-05-26",
    "date-time": "2020-05-26T10:00:00Z",
    "email": "a@example.org",
    "time": "10:00:00Z",
    "uri": "https://example.org/a",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}


def witness(valid_by: Document, refused_by: Document) -> tuple[Any] | None:
    """Return a value that is valid by one schema and not by the other; None when none was found.

    Args:
        valid_by: the schema by which it is valid.
        refused_by: the schema by which it is not.
    """
    good, bad = valid_by.judge(valid_by.schema), refused_by.judge(refused_by.schema)
    if good is None or bad is None:
        return None
    for document in (valid_by, refused_by):
        for value in islice(_Values(document).of((Part(document.schema, document),), _DEPTH), _OF_ALL):
            if good(value) and not bad(value):
                return (value,)
    return None


class _Values:
    """Values of one schema and its parts."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[tuple[str, int], list[Any]] = {}

    def of(self, parts: Parts, depth: int) -> Iterator[Any]:
        """Yield values that are valid, or nearly so."""
        parts = flat(parts)
        seen: set[str] = set()
        for value in self._all(parts, depth):
            text = canonical(value)
            if text not in seen:
                seen.add(text)
                yield value

    def _all(self, parts: Parts, depth: int) -> Iterator[Any]:
        yield from self._listed(parts)
        for keyword in ("anyOf", "oneOf"):
            for part in parts:
                branches = part.words.get(keyword)
                for branch in branches if isinstance(branches, list) and depth else ():
                    rest = part.below({key: value for key, value in part.words.items() if key != keyword})
                    others = tuple(item for item in parts if item is not part)
                    yield from islice(self.of((part.below(branch), rest, *others), depth - 1), _OF_PART)
        types = types_of(parts)
        if "object" in types and depth:
            yield from self._objects(parts, depth)
        if "array" in types and depth:
            yield from self._arrays(parts, depth)
        if "string" in types:
            yield from _texts(parts)
        if types & {"integer", "fraction"}:
            yield from _numbers(parts)
        yield from _PLAIN

    def _listed(self, parts: Parts) -> Iterator[Any]:
        for part in parts:
            yield from [part.words["const"]] if "const" in part.words else []
            for keyword in ("enum", "examples"):
                listed = part.words.get(keyword)
                yield from listed if isinstance(listed, list) else ()
            yield from [part.words["default"]] if "default" in part.words else []

    def _below(self, parts: Parts, depth: int) -> list[Any]:
        """Return values of a part, the valid ones first; the same list each time."""
        key = (" ".join(sorted(self._document.text(part.schema) for part in parts)), depth)
        if key not in self._known:
            self._known[key] = [{}]
            found = list(islice(self.of(parts, depth), _OF_PART))
            judges = [self._document.judge(part.schema) for part in parts]
            self._known[key] = sorted(found, key=lambda value: not all(judge(value) for judge in judges if judge))
        return self._known[key]

    def _objects(self, parts: Parts, depth: int) -> Iterator[Any]:
        said: dict[str, list[Part]] = {}
        needed: list[str] = []
        for part in parts:
            members, names = part.words.get("properties"), part.words.get("required")
            for name, schema in members.items() if isinstance(members, dict) else ():
                said.setdefault(name, []).append(part.below(schema))
            needed += [str(name) for name in names] if isinstance(names, list) else []
        values = {name: self._below(tuple(schemas), depth - 1) for name, schemas in said.items()}
        least = {name: values.get(name, _PLAIN)[0] for name in dict.fromkeys(needed)}
        most = least | {name: found[0] for name, found in values.items()}
        yield least
        yield most
        yield least | {_UNKNOWN: 1}
        for name in values:
            yield least | {name: values[name][0]}
        for name in least:
            yield {other: value for other, value in most.items() if other != name}
        for place in range(1, _OF_PART):
            for name, found in values.items():
                if place < len(found):
                    yield least | {name: found[place]}
                    yield most | {name: found[place]}

    def _arrays(self, parts: Parts, depth: int) -> Iterator[Any]:
        schemas = [part.words["items"] for part in parts if isinstance(part.words.get("items"), dict | bool)]
        items = self._below(tuple(parts[0].below(schema) for schema in schemas), depth - 1) if schemas else [*_PLAIN]
        yield []
        yield [items[0]]
        yield [items[0], items[0]]
        for keyword in ("minItems", "maxItems"):
            for limit in limits(parts, keyword):
                for number in (int(limit) - 1, int(limit), int(limit) + 1):
                    if 0 <= number <= _LONGEST:
                        yield (items * number)[:number]
                        yield [items[0]] * number
        yield from ([item] for item in items[1:])


def _texts(parts: Parts) -> Iterator[str]:
    for part in parts:
        form = part.words.get("format")
        yield from [_FORMATS[form]] if isinstance(form, str) and form in _FORMATS else []
    for keyword in ("minLength", "maxLength"):
        for limit in limits(parts, keyword):
            yield from ("a" * number for number in (int(limit) - 1, int(limit), int(limit) + 1) if number <= _LONGEST)
    yield from ("", "a", "A", "1", "a b", "é")


def _numbers(parts: Parts) -> Iterator[int | float]:
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"):
        for limit in limits(parts, keyword):
            for number in (limit, limit - 1, limit + 1, 2 * limit, limit / 2):
                yield int(number) if number.denominator == 1 else float(number)
    yield from (0, 1, -1, 1.5, 7)
