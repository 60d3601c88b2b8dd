"""Is a package's own schema of a table of the standard at least as strict as the standard?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diplodata.model.schema import Field, Schema
from diplodata.standard.tables import EXTENSION

#: Constraints of which a larger limit is stricter, and those of which a smaller one is.
_LARGER = ("minLength", "minimum", "exclusiveMinimum")
_SMALLER = ("maxLength", "maximum", "exclusiveMaximum")

#: Constraints of items of a list, which Table Schema cannot state.
_UNSTATABLE = ("itemMaxLength", "uniqueItems")


def departures(own: Schema, standard: Schema) -> Iterator[tuple[str, str]]:
    """Yield (field, reason) wherever a schema is looser than the standard's or has other columns."""
    for position, field in enumerate(standard.fields):
        mine = own.fields[position] if position < len(own.fields) else None
        if mine is None or mine.name != field.name:
            written = f"has {mine.name!r}" if mine else "ends"
            yield field.name, f"the standard has {field.name!r} at place {position + 1}, where the schema {written}"
            return
        yield from ((field.name, reason) for reason in _field_departures(mine, field))
    for extra in own.fields[len(standard.fields) :]:
        if not EXTENSION.fullmatch(extra.name):
            yield extra.name, f"{extra.name!r} is not a column of the standard, and no extension such as x_desk_note"
    if own.missing_values != standard.missing_values:
        yield "", "missingValues is not the empty text alone"
    if own.fields_match != "exact":
        yield "", f"fieldsMatch is {own.fields_match!r}, not 'exact'"


def _field_departures(own: Field, standard: Field) -> Iterator[str]:
    if own.type != standard.type or own.format != standard.format:
        yield f"{own.name!r} is of the type {own.type!r}, in the standard {standard.type!r}"
    if own.missing_values not in (None, ("",)):
        yield f"{own.name!r} has missing values of its own"
    limits = dict(own.constraints)
    for keyword, limit in standard.constraints:
        if keyword not in _UNSTATABLE and not _as_strict(keyword, limits.get(keyword), limit):
            mine = limits.get(keyword, "nothing")
            yield f"{own.name!r} asks for {keyword} {mine!r}, the standard for {limit!r}"


def _as_strict(keyword: str, own: Any, standard: Any) -> bool:
    if own == standard:
        return True
    if own is None:
        return False
    if keyword in _LARGER:
        return bool(own >= standard)
    if keyword in _SMALLER:
        return bool(own <= standard)
    return keyword == "enum" and set(own) <= set(standard)


def merged(own: Schema, standard: Schema) -> Schema:
    """Return the standard's schema with what a package adds: stricter constraints, ``x_`` columns, keys."""
    fields = tuple(field.also(mine) if (mine := own.field(field.name)) else field for field in standard.fields) + tuple(
        field for field in own.fields if standard.field(field.name) is None and EXTENSION.fullmatch(field.name)
    )
    known = {(key.fields, key.reference_fields) for key in standard.foreign_keys}
    extra = tuple(key for key in own.foreign_keys if (key.fields, key.reference_fields) not in known)
    return replace(standard, fields=fields, foreign_keys=standard.foreign_keys + extra)
