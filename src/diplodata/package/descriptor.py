"""From a descriptor to a Package, with a finding for everything that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from diplodata.model.finding import Finding
from diplodata.model.package import Package, Resource
from diplodata.model.schema import ForeignKey, Schema
from diplodata.package import codelists, limits_of_fields, profile, standard_profile, versions
from diplodata.package.containers import Container
from diplodata.package.gathering import Reading
from diplodata.package.references import referred
from diplodata.package.relations import settled
from diplodata.standard import conformance, registry, tables

#: Media types of the formats that are read.
_MEDIATYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/jsonl": "ndjson",
    "application/ndjson": "ndjson",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.sqlite3": "sqlite",
    "application/x-ndjson": "ndjson",
    "text/json": "json",
    "text/ndjson": "ndjson",
}
_ALIASES = {
    "jsonl": "ndjson",
    "jsonlines": "ndjson",
    "parq": "parquet",
    "sqlite3": "sqlite",
    "tab": "tsv",
    "txt": "csv",
}

#: Ends of tables that are read from a zip archive of their own.
_IN_ARCHIVES = (
    *(".csv", ".json", ".jsonl", ".ndjson", ".ods", ".parq", ".parquet"),
    *(".tab", ".tsv", ".txt", ".xls", ".xlsx"),
)

#: Formats that are read as a table only when the descriptor says that they are one.
_MAYBE_TABLES = ("json", "sqlite")


def read(
    descriptor: Mapping[str, Any], container: Container, place: str = "datapackage.json"
) -> tuple[Package, list[Finding]]:
    """Return the package that a descriptor describes, and what is wrong with the descriptor.

    Args:
        descriptor: the descriptor as parsed.
        container: where its files lie, for schemas and dialects that it names by path.
        place: name of the descriptor's file, for findings.
    """
    reading = Reading(container, versions.version(descriptor), place)
    standard = _standard(descriptor)
    problems = list(profile.problems(descriptor, standard))
    for pointer, problem in problems:
        reading.say("profile-error", details={"problem": problem}, pointer=pointer, path=place)
    _ask_profiles(descriptor, standard, reading)
    items = descriptor.get("resources")
    usable = [item for item in items if _is_usable(item)] if isinstance(items, list) else []
    names = [str(item["name"]) for item in usable]
    known = standard if standard in registry.versions() else None
    present = frozenset(name for name in names if known and name in registry.table_names(known))
    reading.present = present
    reading.profile = standard_profile.read(descriptor, known, reading)
    resources = tuple(_resource(item, known, present, reading) for item in usable)
    package = Package(
        descriptor=descriptor,
        resources=settled(_distinct(resources), reading),
        standard=known,
        standard_version=registry.full_version(known) if known else None,
        profile=reading.profile,
        prefixes=_prefixes(descriptor),
        attachments=reading.attachments,
    )
    if known:
        reading.attachments.update(codelists.files(container, known))
        for name in _missing_tables(known, names):
            reading.say("required-table-missing", value=name, path=place)
    return package, reading.findings


def _ask_profiles(descriptor: Mapping[str, Any], standard: str | None, reading: Reading) -> None:
    """Check by the profiles of the package and its resources; an inner ``$schema`` is ignored, as the spec says."""
    place, address = reading.place, descriptor.get("$schema")
    # What declares the standard is checked by its profile already.
    is_asked = standard is not None and isinstance(address, str) and registry.version_of_address(address) is not None
    if not is_asked:
        reading.ask_profile("$schema", descriptor, "", path=place)
    reading.ask_profile("profile", descriptor, "", path=place)
    resources = descriptor.get("resources")
    for position, item in enumerate(resources if isinstance(resources, list) else ()):
        if isinstance(item, Mapping):
            name = item.get("name")
            owner = {"resource": name} if isinstance(name, str) else {}
            reading.ask_profile("profile", item, f"/resources/{position}", path=place, **owner)


def _standard(descriptor: Mapping[str, Any]) -> str | None:
    declared = descriptor.get("diplodata")
    return str(declared.get("standard", "")) if isinstance(declared, Mapping) else None


def _prefixes(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    declared = descriptor.get("diplodata")
    prefixes = declared.get("prefixes") if isinstance(declared, Mapping) else None
    return tuple(str(item) for item in prefixes) if isinstance(prefixes, list) else ()


def _is_usable(item: object) -> bool:
    """Whether a resource can be looked at at all; the profile says what is wrong with it otherwise."""
    if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
        return False
    path = item.get("path")
    if isinstance(path, list):
        return bool(path) and all(isinstance(part, str) for part in path)
    return isinstance(path, str) or "data" in item


def _distinct(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    return tuple({item.name: item for item in reversed(list(resources))}.values())[::-1]


def _missing_tables(version: str, names: list[str]) -> Iterator[str]:
    for table in registry.table_names(version):
        if table not in names and registry.json_schema(version, table)["x-level"] == "required":
            yield table


def resource(item: Mapping[str, Any], reading: Reading) -> Resource:
    """Return the resource that a descriptor describes on its own, outside any package of the standard."""
    return settled((_resource(item, None, frozenset(), reading),), reading)[0]


def _resource(item: Mapping[str, Any], standard: str | None, present: frozenset[str], reading: Reading) -> Resource:
    name = str(item["name"])
    path = item.get("path")
    parts = tuple(path) if isinstance(path, list) else (path,) if isinstance(path, str) else ()
    is_standard = name in present
    own = referred(item, "schema", reading)
    own = dict(item) | {"schema": own} if own is not None else dict(item)
    descriptor = own.get("schema") if isinstance(own.get("schema"), Mapping) else None
    schema = _usable_schema(name, descriptor, is_standard, reading)
    if standard and is_standard:
        if schema is not None and _lacks_columns(name, schema, standard, reading):
            descriptor = tables.descriptor(standard, name, present, reading.profile)
            schema = replace(schema, fields=Schema.from_descriptor(descriptor).fields)
        descriptor = descriptor or tables.descriptor(standard, name, present, reading.profile)
        schema = _standard_schema(name, schema, standard, present, reading)
    dialect = referred(item, "dialect", reading)
    return Resource(
        name=name,
        paths=parts,
        format=format_of(item, parts),
        descriptor=dict(item) | ({"dialect": dialect} if dialect is not None else {})
        if dialect != item.get("dialect")
        else item,
        schema=schema,
        schema_descriptor=descriptor,
        is_standard=is_standard,
    )


def format_of(item: Mapping[str, Any], parts: tuple[str, ...]) -> str:
    """Return the key of the format of a resource; the empty text for a plain file.

    The declared format decides, then the media type, then the extension (Data Package v2, format).
    """
    if not parts and isinstance(item.get("data"), list):
        return "inline"
    # What is no text is said of the descriptor, and declares nothing.
    declared = item["format"].lower() if isinstance(item.get("format"), str) else ""
    if not declared:
        media = str(item.get("mediatype") or "").partition(";")[0].strip().lower()
        declared = _MEDIATYPES.get(media) or (_extension(item, parts[0].lower()) if parts else "")
    declared = _ALIASES.get(declared, declared)
    is_table = (
        item.get("type") == "table"
        or versions.name_of(str(item.get("profile"))) == "tabular-data-resource"
        or "schema" in item
    )
    if declared in _MAYBE_TABLES and not is_table:
        return ""
    return "" if declared.startswith("vnd.") else declared


def _extension(item: Mapping[str, Any], path: str) -> str:
    """Return the extension of what a file holds once it is unpacked."""
    inner = item.get("innerpath")
    if isinstance(inner, str) and (path.endswith(".zip") or item.get("compression") == "zip"):
        return inner.lower().rpartition(".")[2]
    stem = path.removesuffix(".zip")
    is_table = stem.endswith(_IN_ARCHIVES)
    return (stem if is_table else path.removesuffix(".gz")).rpartition(".")[2]


def _usable_schema(
    name: str, descriptor: Mapping[str, Any] | None, is_standard: bool, reading: Reading
) -> Schema | None:
    if descriptor is None:
        return None
    for problem in profile.schema_problems(descriptor, name if is_standard else None, is_v2=reading.is_v2):
        reading.say("schema-error", details={"problem": problem}, resource=name)
        return None
    for problem in profile.schema_forms(descriptor):
        reading.say("schema-form", details={"problem": problem}, resource=name)
    default_type = "any" if reading.is_v2 else "string"
    usable, problems = limits_of_fields.without_unreadable(descriptor, default_type)
    for field, problem in problems:
        reading.say("schema-error", details={"problem": problem}, resource=name, fields=(field,))
    return Schema.from_descriptor(usable, default_type)


def _standard_schema(name: str, own: Schema | None, standard: str, present: frozenset[str], reading: Reading) -> Schema:
    ruling = tables.schema(standard, name, present)
    if reading.profile is not None:
        ruling = tables.narrowed(standard, name, present, reading.profile)
    if own is None:
        return ruling
    for key in own.foreign_keys:
        if key.resource in registry.table_names(standard) and key.resource not in present:
            _say_omitted(name, key, present, reading)
    if own == Schema.from_descriptor(tables.descriptor(standard, name)):
        return ruling
    for column, reason in conformance.departures(own, _lenient(ruling, name, standard)):
        problem = f"In the schema of {name}, {reason}."
        reading.say(
            "schema-not-standard", details={"problem": problem}, resource=name, fields=(column,) if column else ()
        )
    merged = conformance.merged(own, ruling)
    kept = tuple(
        key
        for key in merged.foreign_keys
        if key.resource in present or key.resource not in registry.table_names(standard)
    )
    return replace(merged, foreign_keys=kept)


def _lacks_columns(name: str, own: Schema, standard: str, reading: Reading) -> bool:
    """Whether a schema is the standard's as it is, and a profile adds columns: they are then known as well."""
    if reading.profile is None:
        return False
    fields = Schema.from_descriptor(tables.descriptor(standard, name)).fields
    return own.fields == fields and bool(reading.profile.fields(name).keys() - set(own.names))


def _lenient(ruling: Schema, name: str, standard: str) -> Schema:
    """Return what a package's own schema has to be as strict as; the limits of a profile are asked of the data only."""
    plain = tables.schema(standard, name)
    return replace(ruling, fields=tuple(plain.field(item.name) or item for item in ruling.fields))


def _say_omitted(name: str, key: ForeignKey, present: frozenset[str], reading: Reading) -> None:
    """Report a foreign key to a table that the package leaves out: other tools would refuse the package."""
    problem = f"{name}.{key.fields[0]} refers to {key.resource}, which is not in the package."
    names = ",".join(sorted(present))
    hint = f"Write the schema anew: diplodata schema export --as table-schema --tables {names} --output FOLDER."
    reading.say("resource-error", details={"problem": problem}, hint=hint, resource=name, fields=key.fields)


def text(descriptor: Mapping[str, Any]) -> str:
    """Return a descriptor as the text of its file."""
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
