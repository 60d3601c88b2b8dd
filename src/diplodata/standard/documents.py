"""The schemas of whole documents, made from those of the tables: bundle and nested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diplodata.standard import registry

DRAFT = "https://json-schema.org/draft/2020-12/schema"

#: Tables whose rows stand inside their meeting in a nested document.
INSIDE_MEETING = ("participants", "agenda_items", "interventions", "statements", "decisions")

#: Field that a row inside its meeting leaves out.
MEETING_FIELD = "meeting_id"


def document(version: str, name: str) -> dict[str, Any]:
    """Make the schema ``bundle`` or ``nested`` of a version from its table schemas."""
    return MAKERS[name](version)


def _bundle(version: str) -> dict[str, Any]:
    tables = {
        name: _rows({"$ref": f"{name}.schema.json"}, registry.json_schema(version, name)["description"])
        for name in registry.table_names(version)
    }
    description = "One object with one array of records for each table; a table that is left out has no key."
    return _object(version, "bundle", "Bundle", description, tables)


def _nested(version: str) -> dict[str, Any]:
    tables = {}
    for name in registry.table_names(version):
        if name in INSIDE_MEETING and name != "statements":
            continue
        record = _meeting(version) if name == "meetings" else {"$ref": f"{name}.schema.json"}
        tables[name] = _rows(record, registry.json_schema(version, name)["description"])
    tables["statements"]["description"] = "Statements without a meeting; the others stand in their meeting."
    description = (
        "Meetings with their participants, agenda items, interventions, statements and decisions inside; "
        "all other tables stand beside them."
    )
    return _object(version, "nested", "Nested document", description, tables)


def _meeting(version: str) -> dict[str, Any]:
    inside = {name: _rows(_inner_record(version, name), None) for name in INSIDE_MEETING}
    own = _record(version, "meetings", leave_out=())
    return own | {"properties": own["properties"] | inside}


def _inner_record(version: str, table: str) -> dict[str, Any]:
    return _record(version, table, leave_out=(MEETING_FIELD,))


def _record(version: str, table: str, leave_out: tuple[str, ...]) -> dict[str, Any]:
    source = registry.json_schema(version, table)
    names = [name for name in source["properties"] if name not in leave_out]
    return {
        "type": "object",
        "properties": {name: {"$ref": f"{table}.schema.json#/properties/{name}"} for name in names},
        "patternProperties": source["patternProperties"],
        "additionalProperties": False,
        "required": [name for name in source["required"] if name not in leave_out],
    }


def _rows(record: Mapping[str, Any], description: str | None) -> dict[str, Any]:
    return {**({"description": description} if description else {}), "type": "array", "items": dict(record)}


def _object(version: str, name: str, title: str, description: str, tables: Mapping[str, Any]) -> dict[str, Any]:
    profile = "datapackage.schema.json#/$defs"
    return {
        "$schema": DRAFT,
        "$id": f"{registry.BASE}{version}/{name}.schema.json",
        "title": title,
        "description": description,
        "type": "object",
        "properties": {
            "diplodata": {"$ref": f"{profile}/diplodata"},
            "package": {"$ref": f"{profile}/metadata"},
            **tables,
        },
        "additionalProperties": False,
        "required": ["diplodata", "meetings"] if name == "nested" else ["diplodata"],
    }


MAKERS = {"bundle": _bundle, "nested": _nested}
