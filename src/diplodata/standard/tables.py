"""From the JSON Schema of a table to its Table Schema and to the fields that checks read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from diplodata.errors import StandardError
from diplodata.model.profile import Profile
from diplodata.model.schema import Annotations, Field, ForeignKey, Schema
from diplodata.standard import registry

TABLE_SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

#: Names of extension columns; the patternProperties of every table say the same.
EXTENSION = re.compile(r"x_[a-z0-9]+(_[a-z0-9]+)*", re.ASCII)

#: Keywords of JSON Schema that are constraints of Table Schema under the same name.
_CONSTRAINTS = ("minLength", "maxLength", "minimum", "maximum", "pattern", "enum")


@cache
def properties(version: str, table: str) -> dict[str, dict[str, Any]]:
    """Return the properties of a table with shared definitions put in, in column order."""
    if table not in registry.table_names(version):
        raise StandardError(f"Unknown table {table!r}; known: {', '.join(registry.table_names(version))}.")
    written = registry.json_schema(version, table)["properties"]
    return {name: _resolve(version, item) for name, item in written.items()}


def _resolve(version: str, item: Mapping[str, Any]) -> dict[str, Any]:
    resolved = dict(item)
    if "items" in resolved:
        resolved["items"] = _resolve(version, resolved["items"])
    reference = resolved.pop("$ref", None)
    if reference is None:
        return resolved
    shared = registry.json_schema(version, "common")["$defs"][reference.rpartition("/")[2]]
    return {**shared, **resolved}


@cache
def schema(version: str, table: str, present: frozenset[str] | None = None) -> Schema:
    """Return the table's schema for the engine, with the standard's annotations.

    Args:
        version: MAJOR.MINOR of the standard.
        table: name of the table.
        present: tables of the package; foreign keys to any other table are left out. None means all.
    """
    return narrowed(version, table, present, None)


def narrowed(version: str, table: str, present: frozenset[str] | None, profile: Profile | None) -> Schema:
    """Return the table's schema for the engine, as a profile narrows it; the arguments are those of ``schema``."""
    required = _required(version, table, profile)
    items = _properties(version, table, profile).items()
    fields = tuple(_by(profile, table, _field(name, item, name in required)) for name, item in items)
    keys = [key for key in _foreign_keys(fields) if present is None or key.resource in present]
    return Schema(fields=fields, primary_key=("id",), foreign_keys=tuple(keys))


def _properties(version: str, table: str, profile: Profile | None) -> dict[str, dict[str, Any]]:
    """Return the properties of a table, narrowed by a profile, and then those that it adds."""
    found = properties(version, table)
    said = profile.fields(table) if profile else {}
    return {**found, **{name: {**found.get(name, {}), **asked} for name, asked in said.items()}}


def _required(version: str, table: str, profile: Profile | None) -> tuple[str, ...]:
    required = registry.json_schema(version, table)["required"]
    return (*required, *(profile.required(table) if profile else ()))


def _by(profile: Profile | None, table: str, field: Field) -> Field:
    """Note on a field which of its limits a profile sets."""
    said = profile.fields(table).get(field.name, {}) if profile else {}
    is_required = profile is not None and field.name in profile.required(table)
    keywords = tuple(name for name, _ in field.constraints if name in said or (name == "required" and is_required))
    if not keywords:
        return field
    return replace(field, annotations=replace(field.annotations, profile=str(profile), of_profile=keywords))


def _field(name: str, item: Mapping[str, Any], required: bool) -> Field:
    descriptor = _field_descriptor(name, item, required)
    is_list = item["type"] == "array"
    annotations = Annotations(
        kind=item.get("x-kind"),
        codelist=item.get("x-codelist"),
        references=tuple(item.get("x-references", ())),
        record_table=item.get("x-record-table"),
        language_field=item.get("x-language-field"),
        is_list=is_list,
    )
    field = Field.from_descriptor(descriptor, annotations)
    if not is_list:
        return field
    of_items = [("uniqueItems", True)]
    if "maxLength" in item["items"]:
        of_items.insert(0, ("itemMaxLength", item["items"]["maxLength"]))
    return field.also(Field(name=name, constraints=tuple(of_items)))


def _foreign_keys(fields: Iterable[Field]) -> Iterable[ForeignKey]:
    for field in fields:
        notes = field.annotations
        if notes.kind == "reference" and len(notes.references) == 1 and not notes.is_list:
            yield ForeignKey((field.name,), notes.references[0], ("id",))


def descriptor(
    version: str, table: str, present: Iterable[str] | None = None, profile: Profile | None = None
) -> dict[str, Any]:
    """Return the Table Schema (Data Package v2) of a table.

    Args:
        version: MAJOR.MINOR of the standard.
        table: name of the table.
        present: tables of the package; foreign keys to any other table are left out. None means all.
        profile: what narrows the table or adds to it.
    """
    source = registry.json_schema(version, table)
    keep = None if present is None else frozenset(present)
    keys = [
        {"fields": [*key.fields], "reference": {"resource": key.resource, "fields": [*key.reference_fields]}}
        for key in schema(version, table, keep).foreign_keys
    ]
    return {
        "$schema": TABLE_SCHEMA_PROFILE,
        "name": table,
        "title": source["title"],
        "description": source["description"],
        "fields": [
            _field_descriptor(name, item, name in _required(version, table, profile))
            for name, item in _properties(version, table, profile).items()
        ],
        "missingValues": [""],
        "primaryKey": ["id"],
        **({"foreignKeys": keys} if keys else {}),
    }


def _field_descriptor(name: str, item: Mapping[str, Any], required: bool) -> dict[str, Any]:
    is_list = item["type"] == "array"
    result = {
        "name": name,
        "title": item["title"],
        "type": "string" if is_list else item["type"],
        "description": item["description"],
    }
    if "examples" in item:
        example = item["examples"][0]
        result["example"] = " ".join(example) if is_list else example
    if item["type"] == "boolean":
        result |= {"trueValues": ["true"], "falseValues": ["false"]}
    if item.get("deprecated"):
        result["deprecated"] = True
    constraints = {"required": True} if required else {}
    constraints |= (
        _list_constraints(item["items"])
        if is_list
        else {key: item[key] for key in _CONSTRAINTS if key in item and not (key == "minLength" and item[key] == 1)}
    )
    return result | ({"constraints": constraints} if constraints else {})


def _list_constraints(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the constraint of a cell that holds items joined by one space."""
    inner = item["pattern"].removeprefix("^(").removesuffix(")$")
    return {"pattern": f"^({inner})( ({inner}))*$"}
