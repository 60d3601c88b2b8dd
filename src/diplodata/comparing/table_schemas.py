"""Two Table Schemas: what changed, and what each change does to data.

A table is judged by its records: a column that one side lacks is read as empty, and the order of columns is nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diplodata.comparing.limits import constraint_effect
from diplodata.model.changes import Effect, SchemaChange
from diplodata.model.schema import Field, Schema

#: Members of a field that say how its texts are read.
_READING = (
    "arrayItem",
    "bareNumber",
    "decimalChar",
    "delimiter",
    "falseValues",
    "groupChar",
    "itemType",
    "trueValues",
)

#: Members of a field that are compared as constraints are.
_AS_CONSTRAINTS = ("categories",)

#: Members of a field or schema that change no verdict on data.
_NOTES = ("title", "description", "example")

#: Values of fieldsMatch under which a table may have columns that no field stands for.
_OPEN = ("subset", "partial")

#: fieldsMatch -> values under which no table is refused that was good under it, if fields are the same.
_LOOSER = {
    "exact": ("equal", "partial", "subset", "superset"),
    "equal": ("partial", "subset", "superset"),
    "subset": ("partial",),
    "superset": ("partial",),
}


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two schemas, as values and as descriptors."""

    old: Schema
    new: Schema


def table_schema_changes(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, renamed: Sequence[tuple[str, str]] = ()
) -> tuple[SchemaChange, ...]:
    """Return what changed between two Table Schemas, by field in the order of the newer one.

    Args:
        old: the older schema as a descriptor; None when the table has none.
        new: the newer one.
        renamed: fields that are known to have another name now.
    """
    if old is None or new is None:
        return _whole(old, new)
    pair, names = _Pair(_schema(old), _schema(new)), dict(renamed)
    return (*_notes("", old, new), *_of_table(pair, names), *_of_fields(pair, _fields(old), _fields(new), names))


def _schema(descriptor: Mapping[str, Any]) -> Schema:
    # A field without a type takes any text in v2 and in the reference; both sides are read alike.
    return Schema.from_descriptor(descriptor, default_type="any")


def _fields(descriptor: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(item["name"]): item for item in descriptor.get("fields", ())}


def _whole(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[SchemaChange, ...]:
    if old == new:
        return ()
    if new is None:
        return (SchemaChange("", "schema", "a schema", None, "widening", "The schema is gone."),)
    return (SchemaChange("", "schema", None, "a schema", "narrowing", "There is a schema now."),)


def _notes(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[SchemaChange]:
    for key in _NOTES:
        before, after = old.get(key), new.get(key)
        if before != after:
            text = f"The {key} of {where or 'the table'} is another one."
            yield SchemaChange(where, key, before, after, "compatible", text)


def _of_table(pair: _Pair, renamed: Mapping[str, str]) -> Iterator[SchemaChange]:
    old, new = pair.old, pair.new
    yield from _of_primary_key(_renamed(old.primary_key, renamed), new.primary_key)
    yield from _of_keys("uniqueKeys", [_renamed(key, renamed) for key in old.unique_keys], new.unique_keys)
    yield from _of_keys(
        "foreignKeys",
        [(*_renamed(key.fields, renamed), "->", key.resource, *key.reference_fields) for key in old.foreign_keys],
        [(*key.fields, "->", key.resource, *key.reference_fields) for key in new.foreign_keys],
    )
    if old.fields_match != new.fields_match:
        effect: Effect = "cannot tell"
        if new.fields_match in _LOOSER.get(old.fields_match, ()):
            effect = "widening"
        elif old.fields_match in _LOOSER.get(new.fields_match, ()):
            effect = "narrowing"
        yield _table_change("fieldsMatch", old.fields_match, new.fields_match, effect, "fieldsMatch")
    before = _renamed(old.names, renamed)
    olds = [name for name in before if name in new.names]
    news = [name for name in new.names if name in before]
    if olds != news:
        yield SchemaChange("", "fields", olds, news, "compatible", "The fields stand in another order.")


def _renamed(names: Sequence[str], renamed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(renamed.get(name, name) for name in names)


def _of_primary_key(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[SchemaChange]:
    if old == new:
        return
    effect: Effect = "cannot tell"
    if not (old and new):
        effect = "narrowing" if new else "widening"
    elif set(old) == set(new):
        effect = "compatible"
    yield _table_change("primaryKey", list(old) or None, list(new) or None, effect, "The primary key")


def _table_change(keyword: str, old: Any, new: Any, effect: Effect, what: str) -> SchemaChange:
    return SchemaChange("", keyword, old, new, effect, f"{what} was {said(old)} and is {said(new)}.")


def _of_keys(keyword: str, olds: Sequence[Any], news: Sequence[Any]) -> Iterator[SchemaChange]:
    noun = {"uniqueKeys": "unique key", "foreignKeys": "foreign key"}[keyword]
    for key in dict.fromkeys((*olds, *news)):
        name = " ".join(str(part) for part in key)
        if key not in news:
            yield SchemaChange("", keyword, name, None, "widening", f"The {noun} {name} is gone.")
        elif key not in olds:
            yield SchemaChange("", keyword, None, name, "narrowing", f"There is a new {noun} {name}.")


def _of_fields(
    pair: _Pair, olds: dict[str, Mapping[str, Any]], news: dict[str, Mapping[str, Any]], renamed: Mapping[str, str]
) -> Iterator[SchemaChange]:
    before = {renamed.get(name, name): name for name in pair.old.names}
    for field in pair.new.fields:
        name = before.get(field.name)
        old = pair.old.field(name) if name is not None else None
        if old is None:
            yield _added(pair, field)
            continue
        if name != field.name:
            yield SchemaChange(field.name, "name", name, field.name, "breaking", f"{name} is named {field.name} now.")
        yield from _notes(field.name, olds.get(str(name), {}), news.get(field.name, {}))
        yield from _of_field(pair, old, field)
    for field in pair.old.fields:
        if pair.new.field(renamed.get(field.name, field.name)) is None:
            yield _removed(pair, field)


def _added(pair: _Pair, field: Field) -> SchemaChange:
    must = _must(pair.new, field)
    if pair.old.fields_match in _OPEN:
        # Such a column may have been there, with any values.
        effect: Effect = "compatible" if _takes_all(field) and not must else "narrowing"
    else:
        effect = "breaking" if must else "widening"
    text = f"There is a new field {field.name}{', which must have a value' if must else ''}."
    return SchemaChange(field.name, "field", None, field.type, effect, text)


def _removed(pair: _Pair, field: Field) -> SchemaChange:
    must = _must(pair.old, field)
    if pair.new.fields_match in _OPEN:
        effect: Effect = "compatible" if _takes_all(field) and not must else "widening"
    else:
        effect = "breaking" if must else "narrowing"
    return SchemaChange(field.name, "field", field.type, None, effect, f"The field {field.name} is gone.")


def _must(schema: Schema, field: Field) -> bool:
    return field.is_required or field.name in schema.primary_key


def _takes_all(field: Field) -> bool:
    return field.type in ("any", "string") and field.format == "default" and not _limits(field)


def _of_field(pair: _Pair, old: Field, new: Field) -> Iterator[SchemaChange]:
    readings = [
        {"type": item.type, "format": item.format, **{key: item.options.get(key) for key in _READING}}
        for item in (old, new)
    ]
    reads_alike = readings[0] == readings[1]
    if not reads_alike:
        yield from _of_reading(pair, old, new, readings)
    yield from _of_missing(pair, old, new)
    others = [
        {key: value for key, value in item.options.items() if key not in (*_READING, *_AS_CONSTRAINTS)}
        for item in (old, new)
    ]
    for key in sorted(others[0].keys() | others[1].keys()):
        values = [item.get(key) for item in others]
        if values[0] != values[1]:
            text = f"{key} of {new.name} was {said(values[0])} and is {said(values[1])}."
            yield SchemaChange(new.name, key, values[0], values[1], "compatible", text)
    limits = [_limits(item) for item in (old, new)]
    for keyword in sorted(limits[0].keys() | limits[1].keys()):
        before, after = limits[0].get(keyword), limits[1].get(keyword)
        if before == after:
            continue
        # Whether a value has to be there does not depend on how it is read.
        is_comparable = reads_alike or keyword == "required"
        effect = constraint_effect(keyword, new.type, before, after) if is_comparable else "cannot tell"
        text = f"{keyword} of {new.name} was {said(before)} and is {said(after)}."
        yield SchemaChange(new.name, keyword, before, after, effect, text)


def _limits(field: Field) -> dict[str, Any]:
    """Return the constraints of a field; one that asks for nothing is none."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in field.constraints
        if value is not False and value is not None
    }


def _of_reading(pair: _Pair, old: Field, new: Field, readings: Sequence[Mapping[str, Any]]) -> Iterator[SchemaChange]:
    for key in readings[0]:
        before, after = readings[0][key], readings[1][key]
        if before == after:
            continue
        effect: Effect = "cannot tell"
        if key == "type":
            effect = _type_effect(pair, old, new)
        elif key == "format" and _type_effect(pair, old, new) != "cannot tell":
            continue
        text = f"{key} of {new.name} was {said(before)} and is {said(after)}."
        yield SchemaChange(new.name, key, before, after, effect, text)


def _type_effect(pair: _Pair, old: Field, new: Field) -> Effect:
    """Say what another type does: wider when the newer one takes all texts of the older one, whatever they are."""
    keys = {name for schema in (pair.old, pair.new) for key in schema.foreign_keys for name in key.fields}
    if old.name in keys or new.name in keys:
        return "cannot tell"
    if _takes(old, new):
        return "widening"
    return "narrowing" if _takes(new, old) else "cannot tell"


def _takes(narrow: Field, wide: Field) -> bool:
    """Whether every text that is good as one type is good as the other."""
    if any(key not in ("required", "unique") for key in {**_limits(wide), **_limits(narrow)}):
        return False
    if any(wide.options.get(key) is not None for key in _READING) or wide.format != "default":
        return False
    if wide.type in ("any", "string"):
        return True
    is_plain = narrow.format == "default" and all(narrow.options.get(key) is None for key in _READING)
    return is_plain and (narrow.type, wide.type) == ("integer", "number")


def _of_missing(pair: _Pair, old: Field, new: Field) -> Iterator[SchemaChange]:
    before = set(pair.old.missing_values if old.missing_values is None else old.missing_values)
    after = set(pair.new.missing_values if new.missing_values is None else new.missing_values)
    if before == after:
        return
    needs_value = [
        item.is_required or item.name in schema.primary_key for item, schema in ((old, pair.old), (new, pair.new))
    ]
    effect: Effect = "cannot tell"
    if before < after and not needs_value[1]:
        effect = "widening"
    elif after < before and not needs_value[0]:
        effect = "narrowing"
    text = f"Missing values of {new.name} were {said(sorted(before))} and are {said(sorted(after))}."
    yield SchemaChange(new.name, "missingValues", sorted(before), sorted(after), effect, text)


def said(value: Any) -> str:
    """Return a value of a schema in words, shortened."""
    if value is None:
        return "not there"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:119]}…"
