"""The schemas of the standard with a profile worked in, for tools that know nothing of profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diplodata.errors import UsageError
from diplodata.model.profile import Profile
from diplodata.standard import export, registry, tables
from diplodata.standard.documents import INSIDE_MEETING, MEETING_FIELD

Patched = dict[str, Any]


def json_schema(profile: Profile, name: str) -> Patched:
    """Return a JSON Schema with every definition inside, narrowed by a profile.

    Args:
        profile: what narrows the standard or adds to it.
        name: a table, ``bundle`` or ``nested``.
    """
    schema = export.as_json_schema(profile.standard, name)
    definitions = {key: _narrowed(profile, key, item) for key, item in schema.get("$defs", {}).items()}
    schema = schema | ({"$defs": definitions} if definitions else {})
    schema = _nested(profile, schema) if name == "nested" else _narrowed(profile, name, schema)
    notes = {"$id": f"{profile.address.removesuffix('.json')}/{profile.version}/{name}.schema.json"}
    notes |= {"title": f"{schema['title']} ({profile.title})"}
    notes |= {"$comment": f"The standard {registry.full_version(profile.standard)} with the profile {profile}."}
    return {"$schema": schema["$schema"], **{key: notes.get(key, value) for key, value in schema.items()}, **notes}


def _narrowed(profile: Profile, table: str, record: Mapping[str, Any], leave_out: tuple[str, ...] = ()) -> Patched:
    """Return the schema of the records of a table with what a profile says of them; any other schema as it is."""
    if table not in profile.tables:
        return dict(record)
    properties, required = dict(record["properties"]), list(record["required"])
    for name, asked in profile.fields(table).items():
        if name not in leave_out:
            properties[name] = {**properties.get(name, {}), **_of_own(name, asked)}
    required += [name for name in profile.required(table) if name not in (*required, *leave_out)]
    return {**record, "properties": properties, "required": required}


def _of_own(name: str, asked: Mapping[str, Any]) -> Patched:
    """Return what is merged into a property; a text is never empty in JSON, as an empty cell is no value."""
    is_text = tables.EXTENSION.fullmatch(name) is not None and asked["type"] == "string"
    return ({"minLength": 1} if is_text else {}) | dict(asked)


def _nested(profile: Profile, schema: Mapping[str, Any]) -> Patched:
    """Narrow the meetings of a nested document, and what stands inside them."""
    rows = schema["properties"]["meetings"]
    meeting = _narrowed(profile, "meetings", rows["items"])
    inside = {
        name: {**item, "items": _narrowed(profile, name, item["items"], (MEETING_FIELD,))}
        for name, item in meeting["properties"].items()
        if name in INSIDE_MEETING
    }
    meeting |= {"properties": {**meeting["properties"], **inside}}
    return {**schema, "properties": {**schema["properties"], "meetings": {**rows, "items": meeting}}}


def files(
    profile: Profile, form: str, names: Iterable[str] = (), present: Iterable[str] | None = None
) -> dict[str, str]:
    """Return files to hand out: file name -> text.

    Args:
        profile: what narrows the standard or adds to it.
        form: ``json-schema`` or ``table-schema``.
        names: schemas to export; empty for all.
        present: tables of the package, as for ``export.export``.

    Raises:
        UsageError: a form or a name is unknown.
    """
    version = profile.standard
    plain = export.export(version, form, names, present)
    if names and "datapackage" in names:
        raise UsageError("A profile says nothing of the descriptor; leave out datapackage.")
    found = {}
    for file in plain:
        name = file.partition(".")[0]
        if form == "table-schema":
            found[file] = export.text_of(tables.descriptor(version, name, present, profile))
        elif name != "datapackage":
            found[file] = export.text_of(json_schema(profile, name))
    return found
