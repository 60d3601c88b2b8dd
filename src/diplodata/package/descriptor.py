"""From a descriptor to a Package, with a finding for everything that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from diplodata.catalogue import finding
from diplodata.model.finding import Finding
from diplodata.model.package import Package, Resource
from diplodata.model.schema import ForeignKey, Schema
from diplodata.package import paths, profile, strict_json
from diplodata.package.containers import Container, UnreadableFileError
from diplodata.standard import conformance, export, registry, tables

#: Media types of the formats that are read.
_MEDIATYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
}
_ALIASES = {"jsonl": "ndjson", "jsonlines": "ndjson", "parq": "parquet", "tab": "tsv", "txt": "csv"}

#: Ends of tables that are read from a zip archive of their own.
_IN_ARCHIVES = (".csv", ".tsv", ".tab", ".txt")

#: Formats that are read as a table only when the descriptor says that they are one.
_MAYBE_TABLES = ("json",)


@dataclass
class _Reading:
    """What is gathered while a descriptor is read."""

    container: Container
    is_v2: bool
    #: Tables of the standard in the package; an address of the standard gives schemas without keys to any other.
    present: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)

    def say(self, code: str, **members: Any) -> None:
        self.findings.append(finding(code, **members))


def read(
    descriptor: Mapping[str, Any], container: Container, place: str = "datapackage.json"
) -> tuple[Package, list[Finding]]:
    """Return the package that a descriptor describes, and what is wrong with the descriptor.

    Args:
        descriptor: the descriptor as parsed.
        container: where its files lie, for schemas and dialects that it names by path.
        place: name of the descriptor's file, for findings.
    """
    reading = _Reading(container, is_v2="$schema" in descriptor)
    standard = _standard(descriptor)
    problems = list(profile.problems(descriptor, standard))
    for pointer, problem in problems:
        reading.say("profile-error", details={"problem": problem}, pointer=pointer, path=place)
    items = descriptor.get("resources")
    usable = [item for item in items if _is_usable(item)] if isinstance(items, list) else []
    names = [str(item["name"]) for item in usable]
    known = standard if standard in registry.versions() else None
    present = frozenset(name for name in names if known and name in registry.table_names(known))
    reading.present = present
    resources = tuple(_resource(item, known, present, reading) for item in usable)
    package = Package(
        descriptor=descriptor,
        resources=_distinct(resources),
        standard=known,
        prefixes=_prefixes(descriptor),
        attachments=reading.attachments,
    )
    if known:
        for name in _missing_tables(known, names):
            reading.say("required-table-missing", value=name, path=place)
    return package, reading.findings


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


def _resource(item: Mapping[str, Any], standard: str | None, present: frozenset[str], reading: _Reading) -> Resource:
    name = str(item["name"])
    path = item.get("path")
    parts = tuple(path) if isinstance(path, list) else (path,) if isinstance(path, str) else ()
    is_standard = name in present
    own = _own_schema(item, reading)
    own = dict(item) | {"schema": own} if own is not None else dict(item)
    descriptor = own.get("schema") if isinstance(own.get("schema"), Mapping) else None
    schema = _usable_schema(name, descriptor, is_standard, reading)
    if standard and is_standard:
        schema = _standard_schema(name, schema, standard, present, reading)
        descriptor = descriptor or tables.descriptor(standard, name, present)
    dialect = _referred(item, "dialect", reading)
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
    declared = str(item.get("format") or "").lower()
    if not declared:
        media = str(item.get("mediatype") or "").partition(";")[0].strip().lower()
        declared = _MEDIATYPES.get(media) or (_extension(item, parts[0].lower()) if parts else "")
    declared = _ALIASES.get(declared, declared)
    if declared in _MAYBE_TABLES and item.get("type") != "table" and "schema" not in item:
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


def _own_schema(item: Mapping[str, Any], reading: _Reading) -> Mapping[str, Any] | None:
    return _referred(item, "schema", reading)


def _referred(item: Mapping[str, Any], key: str, reading: _Reading) -> Mapping[str, Any] | None:
    """Return a schema or dialect that stands in the descriptor or is named by path or address."""
    value = item.get(key)
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, str):
        return None
    text = _text_of(value, str(item["name"]), reading)
    if text is None:
        return None
    try:
        data = strict_json.plain(strict_json.parse(text))
    except strict_json.JsonProblemError as error:
        problem = f"{value} is not JSON: {error.problem}."
        reading.say("schema-error", details={"problem": problem}, resource=item["name"], path=value, line=error.line)
        return None
    if isinstance(data, Mapping):
        return data
    reading.say("schema-error", details={"problem": f"{value} holds no object."}, resource=item["name"], path=value)
    return None


def _text_of(reference: str, resource: str, reading: _Reading) -> bytes | None:
    """Read what a path or an address of the standard names; nothing is fetched."""
    known = registry.version_of_address(reference)
    if known and known[0] in registry.versions():
        file = registry.folder(known[0]) / known[1]
        table = known[1].removeprefix("tables/").removesuffix(".json")
        if table in registry.table_names(known[0]) and known[1] == f"tables/{table}.json":
            return export.text_of(tables.descriptor(known[0], table, reading.present)).encode()
        if paths.problem(known[1]) is None and file.is_file():
            return file.read_bytes()
    if paths.is_remote(reference):
        problem = f"{reference} is an address and is not read; keep the file in the package."
        reading.say("schema-error", details={"problem": problem}, resource=resource)
        return None
    try:
        with reading.container.open(reference) as stream:
            text = stream.read()
    except UnreadableFileError as error:
        members = {"value": reference} if error.code == "unsafe-path" else {}
        reading.say(error.code, details={"problem": error.problem}, resource=resource, path=reference, **members)
        return None
    reading.attachments[reference] = text
    return text


def _usable_schema(
    name: str, descriptor: Mapping[str, Any] | None, is_standard: bool, reading: _Reading
) -> Schema | None:
    if descriptor is None:
        return None
    for problem in profile.schema_problems(descriptor, name if is_standard else None, is_v2=reading.is_v2):
        reading.say("schema-error", details={"problem": problem}, resource=name)
        return None
    return Schema.from_descriptor(descriptor)


def _standard_schema(
    name: str, own: Schema | None, standard: str, present: frozenset[str], reading: _Reading
) -> Schema:
    ruling = tables.schema(standard, name, present)
    if own is None:
        return ruling
    for key in own.foreign_keys:
        if key.resource in registry.table_names(standard) and key.resource not in present:
            _say_omitted(name, key, present, reading)
    if own == Schema.from_descriptor(tables.descriptor(standard, name)):
        return ruling
    for column, reason in conformance.departures(own, ruling):
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


def _say_omitted(name: str, key: ForeignKey, present: frozenset[str], reading: _Reading) -> None:
    """Report a foreign key to a table that the package leaves out: other tools would refuse the package."""
    problem = f"{name}.{key.fields[0]} refers to {key.resource}, which is not in the package."
    names = ",".join(sorted(present))
    hint = f"Write the schema anew: diplodata schema export --as table-schema --tables {names} --output FOLDER."
    reading.say("resource-error", details={"problem": problem}, hint=hint, resource=name, fields=key.fields)


def text(descriptor: Mapping[str, Any]) -> str:
    """Return a descriptor as the text of its file."""
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
