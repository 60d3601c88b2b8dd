"""Is a Table Schema certainly valid for the reference?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diplodata.package.plain.members import NAME, Test, array, ask, fits, flag, text, texts, whatever, whole

#: type -> constraints that the reference takes of fields of the type, besides ``unique``.
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_CONSTRAINTS: Mapping[str, tuple[str, ...]] = {
    "any": ("required", "enum"),
    "array": ("required", "minLength", "maxLength", "enum"),
    "boolean": ("required", "enum"),
    "date": ("required", "enum", *_BOUNDS),
    "datetime": ("required", "enum", *_BOUNDS),
    "duration": ("required", "enum"),
    "geojson": ("required", "enum"),
    "geopoint": ("required", "enum"),
    "integer": ("required", "enum", *_BOUNDS),
    "list": ("required", "minLength", "maxLength"),
    "number": ("required", "enum", *_BOUNDS),
    "object": ("required", "minLength", "maxLength", "enum"),
    "string": ("required", "minLength", "maxLength", "pattern", "enum"),
    "time": ("required", "enum", *_BOUNDS),
    "year": ("required", "enum", *_BOUNDS),
    "yearmonth": ("required", "enum", *_BOUNDS),
}

#: type -> formats, where the reference does not take every text.
_FORMATS: Mapping[str, tuple[str, ...]] = {
    "geojson": ("default", "topojson"),
    "string": ("default", "email", "uri", "binary", "uuid"),
}

#: type -> Python types of examples that are certainly valid.
_EXAMPLES: Mapping[str, tuple[type, ...]] = {"integer": (int,), "number": (int,), "string": (str,)}

#: What a list may hold (Table Schema v2, list).
_ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")


#: Members of a field.
FIELD: Mapping[str, Test] = {
    **dict.fromkeys(("name", "type", "title", "description", "format", "rdfType"), text),
    **dict.fromkeys(("decimalChar", "groupChar", "delimiter"), text),
    **dict.fromkeys(("bareNumber", "floatNumber"), flag),
    **dict.fromkeys(("trueValues", "falseValues"), texts),
    **dict.fromkeys(("arrayItem", "required"), ask),
    "constraints": lambda value: isinstance(value, dict),
    "example": whatever,
    "itemType": lambda value: value in _ITEM_TYPES,
    "missingValues": array,
}

#: Constraints.
CONSTRAINTS: Mapping[str, Test] = {
    **dict.fromkeys(("required", "unique"), flag),
    **dict.fromkeys(("minLength", "maxLength"), whole),
    **dict.fromkeys(_BOUNDS, whatever),
    "enum": array,
    "pattern": text,
}

#: Members of a table schema.
SCHEMA: Mapping[str, Test] = {
    **dict.fromkeys(("title", "description"), text),
    "name": lambda value: isinstance(value, str) and NAME.fullmatch(value) is not None,
    "type": ask,
    "fields": lambda value: array(value) and bool(value),
    "fieldsMatch": lambda value: value in ("exact", "equal", "subset", "superset", "partial"),
    "foreignKeys": array,
    "missingValues": array,
    "primaryKey": whatever,
}


def is_schema(descriptor: Any, *, is_v2: bool) -> bool:
    """Whether a Table Schema is certainly valid for the reference.

    Args:
        descriptor: as it would be shown to the reference.
        is_v2: whether the package that it belongs to is one of v2.
    """
    if not (fits(descriptor, SCHEMA) and "fields" in descriptor):
        return False
    fields = descriptor["fields"]
    if not all(_is_field(item, is_v2) for item in fields):
        return False
    names = {item["name"] for item in fields}
    return (
        len(names) == len(fields)
        and _are_missing_values(descriptor.get("missingValues", []), is_v2)
        and ("primaryKey" not in descriptor or _is_key(descriptor["primaryKey"], names))
        and all(_is_reference(item, names) for item in descriptor.get("foreignKeys", []))
    )


def _is_field(item: Any, is_v2: bool) -> bool:
    if not (fits(item, FIELD) and "name" in item):
        return False
    kind = item.get("type", "string")
    allowed = _CONSTRAINTS.get(kind)
    if allowed is None or item.get("format", "default") not in _FORMATS.get(kind, (item.get("format", "default"),)):
        return False
    if not all(_is_constraint(key, limit, allowed, is_v2) for key, limit in item.get("constraints", {}).items()):
        return False
    is_exemplary = "example" not in item or _is_example(item)
    return is_exemplary and _are_missing_values(item.get("missingValues", []), is_v2)


def _is_constraint(key: str, limit: Any, allowed: tuple[str, ...], is_v2: bool) -> bool:
    if key not in allowed and key != "unique":
        return False
    return CONSTRAINTS[key](limit) and (is_v2 or not key.startswith("exclusive"))


def _is_example(item: Mapping[str, Any]) -> bool:
    kinds = _EXAMPLES.get(item.get("type", ""), ())
    return type(item["example"]) in kinds and item.get("format", "default") == "default"


def _are_missing_values(values: list[Any], is_v2: bool) -> bool:
    if texts(values):
        return True
    if not is_v2 or not all(fits(item, {"value": text, "label": text}) and "value" in item for item in values):
        return False
    labels = [item["label"] for item in values if "label" in item]
    return len({item["value"] for item in values}) == len(values) and len(set(labels)) == len(labels)


def _names(value: Any) -> list[str]:
    """Return the names of a key, which may be one text; none when it is no key."""
    if isinstance(value, str) and value:
        return [value]
    return value if texts(value) else []


def _is_key(value: Any, names: set[str]) -> bool:
    key = _names(value)
    return bool(key) and names.issuperset(key)


def _is_reference(value: Any, names: set[str]) -> bool:
    reference = value.get("reference") if isinstance(value, dict) else None
    if not isinstance(reference, dict) or not _is_key(value.get("fields"), names):
        return False
    return text(reference.get("resource", "")) and len(_names(reference.get("fields"))) == len(_names(value["fields"]))
