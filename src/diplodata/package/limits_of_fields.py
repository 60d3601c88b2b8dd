"""Limits of constraints that are no values of their field's type (Table Schema v2, constraints)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diplodata.package.plain.members import text, whole

#: Constraints whose limit is a value of the field's type, or an array of them.
_OF_VALUES = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum")

#: A year of XML Schema, as a text (Table Schema v2, year).
_YEAR = re.compile(r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})", re.ASCII)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _is_date(value: Any) -> bool:
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


#: Type -> test for limits that are certainly values of it in the default format, so that the reference is not loaded.
_PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "any": lambda _: True,
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_date,
    "integer": whole,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": text,
    "year": lambda value: whole(value) or (isinstance(value, str) and bool(_YEAR.fullmatch(value))),
}


def without_unreadable(
    descriptor: Mapping[str, Any], default_type: str
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return a Table Schema without the constraints that no value can be compared with, and (field, problem) for each.

    Args:
        descriptor: a schema that is valid for the reference.
        default_type: type of fields that name none.
    """
    fields, problems = [], []
    for item in descriptor["fields"]:
        wrong = dict(_unreadable(item, default_type))
        problems += [(item["name"], problem) for problem in wrong.values()]
        kept = {key: limit for key, limit in item.get("constraints", {}).items() if key not in wrong}
        fields.append({**item, "constraints": kept} if wrong else item)
    return {**descriptor, "fields": fields}, problems


def _unreadable(item: Mapping[str, Any], default_type: str) -> Iterator[tuple[str, str]]:
    """Yield (keyword, problem) for each limit that is no value of the type."""
    kind = str(item.get("type") or default_type)
    for keyword, limit in item.get("constraints", {}).items():
        if keyword not in _OF_VALUES:
            continue
        for value in limit if keyword == "enum" else [limit]:
            if value is None and keyword == "enum":
                continue  # no value is asked for an enum, so this member does no harm
            if not _is_readable(item, kind, value):
                yield keyword, f"The limit {value!r} of {keyword} of {item['name']} is no value of the type {kind}."
                break


def _is_readable(item: Mapping[str, Any], kind: str, value: Any) -> bool:
    plain = _PLAIN.get(kind) if item.get("format", "default") == "default" else None
    if plain is not None and plain(value):
        return True
    if kind == "integer" and isinstance(value, str) and item.get("groupChar"):
        value = value.replace(str(item["groupChar"]), "")
    from frictionless import Field

    options = {key: member for key, member in item.items() if key not in ("constraints", "example", "missingValues")}
    options |= {} if kind != "integer" else {"groupChar": None}
    read = Field.from_descriptor(
        {key: member for key, member in options.items() if member is not None} | {"type": kind}
    )
    try:
        return read.create_value_reader()(value) is not None
    except (ArithmeticError, TypeError, ValueError):
        return False
