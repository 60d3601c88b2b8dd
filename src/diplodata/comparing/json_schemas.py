"""What changed between the texts of two JSON Schemas, keyword by keyword.

What a change does to data is said only where a keyword limits the value by itself; whether all data stay valid is
proven elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diplodata.comparing.json_documents import canonical
from diplodata.comparing.limits import constraint_effect
from diplodata.comparing.table_schemas import said
from diplodata.model.changes import Effect, SchemaChange

#: Keywords that change no verdict on data.
_NOTES = (
    "$comment",
    "$id",
    "contentEncoding",
    "contentMediaType",
    "default",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
)

#: Keywords that hold schemas by name, and those that hold one or a list of them, all of which values have to meet.
_BY_NAME, _AS_ONE = ("properties", "patternProperties"), ("items", "prefixItems", "allOf")

#: Keywords that hold schemas of which it is not known here how they limit values.
_OTHERWISE = (
    "$defs",
    "additionalProperties",
    "anyOf",
    "contains",
    "definitions",
    "dependentSchemas",
    "else",
    "if",
    "not",
    "oneOf",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
)

#: Keywords whose limits can be compared by themselves.
_LIMITS = (
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "pattern",
)


def json_schema_changes(old: Any, new: Any) -> Iterator[SchemaChange]:
    """Yield what changed, by JSON pointer.

    Args:
        old: the older schema, as parsed from JSON.
        new: the newer one.
    """
    yield from _changes("", old, new, is_limit=True)


def _changes(where: str, old: Any, new: Any, *, is_limit: bool) -> Iterator[SchemaChange]:
    """Yield changes below a place; a limit is one that every value at the place has to meet."""
    if canonical(old) == canonical(new):
        return
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield _change(where, "schema", old, new, "cannot tell")
        return
    for keyword in dict.fromkeys((*old, *new)):
        before, after = old.get(keyword), new.get(keyword)
        both = keyword in old and keyword in new
        if both and canonical(before) == canonical(after):
            continue
        place = f"{where}/{_escaped(keyword)}"
        if both and keyword in (*_BY_NAME, *_AS_ONE, *_OTHERWISE):
            deeper = is_limit and keyword in (*_BY_NAME, *_AS_ONE)
            yield from _inside(place, before, after, is_limit=deeper)
        else:
            yield _change(where, keyword, before, after, _effect(keyword, before, after, is_limit=is_limit))


def _inside(place: str, old: Any, new: Any, *, is_limit: bool) -> Iterator[SchemaChange]:
    keyword = place.rpartition("/")[2]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from _changes(f"{place}/{number}", *pair, is_limit=is_limit)
    elif keyword in (*_BY_NAME, "$defs", "definitions", "dependentSchemas") and _are_objects(old, new):
        for name in dict.fromkeys((*old, *new)):
            pair = old.get(name), new.get(name)
            if name in old and name in new:
                yield from _changes(f"{place}/{_escaped(name)}", *pair, is_limit=is_limit)
            else:
                yield _change(place, name, *pair, "cannot tell")
    elif _are_objects(old, new):
        yield from _changes(place, old, new, is_limit=is_limit)
    else:
        where, _, keyword = place.rpartition("/")
        yield _change(where, keyword, old, new, "cannot tell")


def _are_objects(old: Any, new: Any) -> bool:
    return isinstance(old, dict) and isinstance(new, dict)


def _effect(keyword: str, old: Any, new: Any, *, is_limit: bool) -> Effect:
    if keyword in _NOTES or keyword.startswith("x-"):
        return "compatible"
    if not is_limit:
        return "cannot tell"
    if keyword == "required" and all(isinstance(item, list | None) for item in (old, new)):
        olds, news = ({canonical(name) for name in item or ()} for item in (old, new))
        if olds == news:
            return "compatible"
        return "narrowing" if olds < news else "widening" if news < olds else "breaking"
    return constraint_effect(keyword, "", old, new) if keyword in _LIMITS else "cannot tell"


def _change(where: str, keyword: str, old: Any, new: Any, effect: Effect) -> SchemaChange:
    text = f"{where or '/'}: {keyword} was {said(old)} and is {said(new)}."
    return SchemaChange(where, keyword, old, new, effect, text)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
