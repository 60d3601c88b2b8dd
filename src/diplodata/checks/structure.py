"""The header of a table against the fields of its schema, and a file against what is declared of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diplodata.catalogue import finding
from diplodata.engine.session import LoadedTable
from diplodata.engine.sql import identifier
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Schema


def check_labels(table: LoadedTable) -> Iterator[Finding]:
    """Compare labels with fields as ``fieldsMatch`` says, and note which column holds which field.

    A column whose label is wrong still stands for the field at its place (Table Schema v2, fieldsMatch exact),
    so that one wrong label is one finding.
    """
    schema = table.resource.schema
    if schema is None:
        table.columns = {label: identifier(f"c{number}") for number, label in enumerate(table.labels, 1)}
        yield from _blank_or_repeated(table)
    elif schema.fields_match == "exact":
        yield from _exact(table, schema)
    else:
        yield from _by_name(table, schema)


def _say(table: LoadedTable, code: str, **members: Any) -> Finding:
    return finding(code, resource=table.resource.name, path=table.resource.place, row=1, **members)


def _exact(table: LoadedTable, schema: Schema) -> Iterator[Finding]:
    for number, (field, label) in enumerate(zip(schema.fields, table.labels, strict=False), 1):
        table.columns[field.name] = identifier(f"c{number}")
        if not label:
            yield _say(table, "blank-label", column=number, fields=(field.name,))
        elif label in table.labels[: number - 1]:
            yield _say(table, "duplicate-label", column=number, fields=(field.name,), value=label)
        elif label != field.name:
            yield _say(table, "incorrect-label", column=number, fields=(field.name,), value=label, limit=field.name)
    for field in schema.fields[len(table.labels) :]:
        yield _say(table, "missing-label", fields=(field.name,))
    for number, label in enumerate(table.labels[len(schema.fields) :], len(schema.fields) + 1):
        yield _say(table, "extra-label", column=number, value=label)


def _by_name(table: LoadedTable, schema: Schema) -> Iterator[Finding]:
    yield from _blank_or_repeated(table)
    for number, label in enumerate(table.labels, 1):
        if schema.field(label):
            table.columns.setdefault(label, identifier(f"c{number}"))
        elif label and schema.fields_match in ("equal", "superset"):
            yield _say(table, "extra-label", column=number, value=label)
    absent = [field for field in schema.fields if field.name not in table.columns]
    if schema.fields_match == "partial" and len(absent) == len(schema.fields):
        yield _say(table, "unmatched-header")
        return
    may_be_absent = schema.fields_match in ("superset", "partial")
    for field in absent:
        if not may_be_absent or field.is_required or field.name in schema.primary_key:
            yield _say(table, "missing-label", fields=(field.name,))


def _blank_or_repeated(table: LoadedTable) -> Iterator[Finding]:
    for number, label in enumerate(table.labels, 1):
        if not label:
            yield _say(table, "blank-label", column=number)
        elif label in table.labels[: number - 1]:
            yield _say(table, "duplicate-label", column=number, value=label)


def check_file(resource: Resource, size: int, hashes: Mapping[str, str]) -> Iterator[Finding]:
    """Compare a file with the ``bytes`` and ``hash`` that its resource declares."""
    place: dict[str, Any] = {"resource": resource.name, "path": resource.place}
    declared = resource.descriptor.get("bytes")
    if isinstance(declared, int) and declared != size:
        yield finding("byte-count", value=str(size), limit=declared, **place)
    hash_declared = resource.descriptor.get("hash")
    if isinstance(hash_declared, str):
        algorithm, _, digest = hash_declared.rpartition(":")
        actual = hashes.get(algorithm.lower() or "md5")
        if actual is not None and actual != digest.lower():
            yield finding("hash-count", value=actual, limit=digest, **place)
