"""Is a descriptor valid? The standard's profile decides for its packages, the reference for all others."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from diplodata.package import asking
from diplodata.package.dialects import dialect_problems
from diplodata.standard import export, registry, tables

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator as Decider

#: A time with its offset (RFC 3339), as Data Package v2 asks of ``created``.
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")


def problems(descriptor: Mapping[str, Any], standard: str | None) -> Iterator[tuple[str, str]]:
    """Yield (JSON Pointer, problem) for each rule of Data Package v2 or of the standard that is broken."""
    if standard is not None and standard not in registry.versions():
        known = ", ".join(registry.versions())
        yield "/diplodata/standard", f"The standard {standard!r} is unknown; this tool knows {known}."
        return
    if standard is not None:
        yield from _by_profile(descriptor, standard)
    else:
        yield from asking.package_problems(descriptor)
    yield from _by_hand(descriptor)


def _by_profile(descriptor: Mapping[str, Any], standard: str) -> Iterator[tuple[str, str]]:
    """Let jsonschema-rs decide, and jsonschema explain what it refuses."""
    if _decider(standard).is_valid(descriptor):
        return
    from jsonschema import Draft202012Validator

    schema = export.as_json_schema(standard, "datapackage")
    explainer = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    found = sorted(explainer.iter_errors(descriptor), key=lambda error: [str(part) for part in error.absolute_path])
    for error in found:
        pointer = "".join(f"/{part}" for part in error.absolute_path)
        yield pointer, f"At {pointer or 'the top'}: {error.message}."
    if not found:
        yield "", "The descriptor breaks the profile of the standard."


@cache
def _decider(standard: str) -> Decider:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(export.as_json_schema(standard, "datapackage"), validate_formats=True)


def _by_hand(descriptor: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Check what neither says: resources that are no list or empty, names that stand twice."""
    address = descriptor.get("$schema", "")
    if not isinstance(address, str):
        yield "/$schema", f"The $schema, {address!r}, is not the address or path of a profile."
    created = descriptor.get("created", "")
    if created != "" and "diplodata" not in descriptor and not _is_time(str(created)):
        yield "/created", f"The time created, {created!r}, is not as RFC 3339 has it: date, time and offset."
    if "diplodata" in descriptor and not isinstance(descriptor["diplodata"], Mapping):
        yield "/diplodata", "diplodata is not an object with standard and prefixes."
    resources = descriptor.get("resources")
    if resources == [] and "diplodata" not in descriptor:
        yield "/resources", "A package has at least one resource."
    seen: set[str] = set()
    for position, item in enumerate(resources if isinstance(resources, list) else ()):
        if isinstance(item, Mapping):
            yield from _resource_problems(f"/resources/{position}", item, seen, "diplodata" in descriptor)


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _resource_problems(
    pointer: str, item: Mapping[str, Any], seen: set[str], is_standard: bool
) -> Iterator[tuple[str, str]]:
    name = item.get("name")
    if isinstance(name, str):
        if name in seen and is_standard:
            yield f"{pointer}/name", f"Two resources are named {name!r}."
        seen.add(name)
    if "bytes" in item and not is_standard and (isinstance(item["bytes"], bool) or not isinstance(item["bytes"], int)):
        yield f"{pointer}/bytes", f"bytes is {item['bytes']!r}, not a whole number."
    dialect = item.get("dialect")
    for key, problem in dialect_problems(dialect if isinstance(dialect, Mapping) else {}):
        yield f"{pointer}/dialect/{key}", problem


def schema_problems(descriptor: Mapping[str, Any], table: str | None, *, is_v2: bool) -> Iterator[str]:
    """Yield what is wrong with a Table Schema.

    Args:
        descriptor: the schema as parsed.
        table: the table of the standard that it describes, if it is one.
        is_v2: whether the descriptor of the package has a ``$schema``, which alone decides the version.
    """
    if table is not None and any(descriptor == tables.descriptor(version, table) for version in _versions_of(table)):
        return
    found = list(asking.schema_problems(descriptor, is_v2=is_v2))
    yield from found
    if not found:
        yield from _shape_problems(descriptor)


def schema_forms(descriptor: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is understood in a Table Schema, and what other tools may refuse."""
    names = [item["name"] for item in descriptor["fields"]]
    for name in sorted(name for name, number in Counter(names).items() if number > 1):
        yield f"Two fields are named {name!r}; they were taken for the columns at their places."
    if isinstance(descriptor.get("fieldsMatch"), list):
        yield f"fieldsMatch is an array; it was read as {descriptor['fieldsMatch'][0]!r}."


def _shape_problems(descriptor: Mapping[str, Any]) -> Iterator[str]:
    """Check what the reference passes over (Table Schema v2, fields, categories, uniqueKeys)."""
    fields = descriptor.get("fields")
    if not (isinstance(fields, list) and fields):
        yield "The schema has no fields."
        return
    if not all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in fields):
        yield "A field of the schema is no object with a name."
        return
    names = [item["name"] for item in fields]
    match = descriptor.get("fieldsMatch", "exact")
    if len(set(names)) < len(names) and match not in ("exact", ["exact"]):
        yield f"Two fields have the same name, and fieldsMatch is {match!r}, which finds columns by name."
    for item in fields:
        if "categories" in item and not _are_categories(item["categories"]):
            yield f"The categories of {item['name']} are not an array of values, or of objects with a value."
    references = descriptor.get("foreignKeys", [])
    if not isinstance(references, list) or not all(map(_is_reference, references)):
        yield "foreignKeys is not an array of objects with fields and a reference that has fields."
    keys = descriptor.get("uniqueKeys", [])
    if not isinstance(keys, list) or not all(_is_key(key, names) for key in keys):
        yield "uniqueKeys is not an array of arrays with names of fields."


def _are_categories(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, str | int | float) or (isinstance(item, Mapping) and "value" in item) for item in value
    )


def _is_reference(key: Any) -> bool:
    reference = key.get("reference") if isinstance(key, Mapping) else None
    return isinstance(reference, Mapping) and "fields" in reference and "fields" in key


def _is_key(key: Any, names: list[str]) -> bool:
    return isinstance(key, list) and bool(key) and all(isinstance(name, str) and name in names for name in key)


def _versions_of(table: str) -> list[str]:
    return [version for version in registry.versions() if table in registry.table_names(version)]
