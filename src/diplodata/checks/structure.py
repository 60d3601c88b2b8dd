"""The header of a table against the fields of its schema, and a file against what is declared of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diplodata.catalogue import finding
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Schema


@dataclass(frozen=True, slots=True)
class Header:
    """What the labels of a table say: which column holds which field, and what is wrong with them."""

    #: field name -> number of its column, from 1; fields without a column are not in it.
    columns: Mapping[str, int]
    findings: tuple[Finding, ...]


def read_header(resource: Resource, labels: Sequence[str]) -> Header:
    """Compare labels with fields as ``fieldsMatch`` says.

    A column whose label is wrong still stands for the field at its place (Table Schema v2, fieldsMatch exact),
    so that one wrong label is one finding.
    """
    labels = [label.strip() for label in labels]
    schema = resource.schema
    delimiter = _other_delimiter(resource, labels)
    if delimiter:
        return Header({}, (_not_separated(resource, labels[0], delimiter),))
    if schema is None:
        columns = {label: number for number, label in enumerate(labels, 1)}
        return Header(columns, tuple(_blank_or_repeated(resource, labels)))
    if schema.fields_match == "exact" and schema.is_in_order(labels):
        # Columns that are left out or added leave the others their names; one of them is one finding.
        columns = {label: number for number, label in enumerate(labels, 1) if schema.field(label)}
        return Header(columns, tuple(_absent_or_extra(resource, schema, labels)))
    if schema.fields_match == "exact":
        columns = {name: number for number, (name, _) in enumerate(zip(schema.names, labels, strict=False), 1)}
        return Header(columns, tuple(_exact(resource, schema, labels)))
    first_places = {label: number for number, label in reversed(list(enumerate(labels, 1)))}
    columns = {name: first_places[name] for name in schema.names if name in first_places}
    return Header(columns, tuple(_by_name(resource, schema, labels)))


def _other_delimiter(resource: Resource, labels: Sequence[str]) -> str | None:
    """Return the character that separates a header that was read as one cell, as in files from spreadsheets."""
    is_delimited = resource.format in ("csv", "tsv") and len(labels) == 1
    if not is_delimited or (resource.schema is not None and len(resource.schema.fields) == 1):
        return None
    if resource.schema is None and resource.format == "csv" and "delimiter" not in resource.dialect:
        return None  # the reader looked for one, and the rows have none
    return next((character for character in (";", "\t", "|", ",") if character in labels[0]), None)


def _not_separated(resource: Resource, header: str, delimiter: str) -> Finding:
    shown_delimiter = {"\t": "a tab"}.get(delimiter, f'"{delimiter}"')
    declared = json.dumps({"dialect": {"delimiter": delimiter}})[1:-1]
    return _say(
        resource,
        "incorrect-label",
        column=1,
        value=header,
        message=f"The header is one cell, with {shown_delimiter} between the names; the table was not checked.",
        hint=f"Save the file as CSV with commas, or say in the descriptor {declared}.",
    )


def _say(resource: Resource, code: str, **members: Any) -> Finding:
    return finding(code, resource=resource.name, path=resource.place, row=1, **members)


def _absent_or_extra(resource: Resource, schema: Schema, labels: Sequence[str]) -> Iterator[Finding]:
    for name in schema.names:
        if name not in labels:
            yield _say(resource, "missing-label", fields=(name,))
    for number, label in enumerate(labels, 1):
        if schema.field(label) is None:
            yield _say(resource, "extra-label", column=number, value=label)


def _exact(resource: Resource, schema: Schema, labels: Sequence[str]) -> Iterator[Finding]:
    for number, (field, label) in enumerate(zip(schema.fields, labels, strict=False), 1):
        name = field.name
        if label and label == field.label:
            continue
        if not label:
            yield _say(resource, "blank-label", column=number, fields=(name,))
        elif label in labels[: number - 1]:
            yield _say(resource, "duplicate-label", column=number, fields=(name,), value=label)
        elif label != name:
            yield _say(resource, "incorrect-label", column=number, fields=(name,), value=label, limit=name)
    for name in schema.names[len(labels) :]:
        yield _say(resource, "missing-label", fields=(name,))
    for number, label in enumerate(labels[len(schema.fields) :], len(schema.fields) + 1):
        yield _say(resource, "extra-label", column=number, value=label)


def _by_name(resource: Resource, schema: Schema, labels: Sequence[str]) -> Iterator[Finding]:
    may_have_others = schema.fields_match in ("subset", "partial")
    found = _blank_or_repeated(resource, labels)
    # Where other columns may stand beside the fields, they may do so without a name.
    yield from (item for item in found if not (may_have_others and item.code == "blank-label"))
    for number, label in enumerate(labels, 1):
        if label and schema.field(label) is None and not may_have_others:
            yield _say(resource, "extra-label", column=number, value=label)
    absent = [field for field in schema.fields if field.name not in labels]
    if schema.fields_match == "partial" and len(absent) == len(schema.fields):
        yield _say(resource, "unmatched-header")
        return
    may_be_absent = schema.fields_match in ("superset", "partial")
    for field in absent:
        if not may_be_absent or field.is_required or field.name in schema.primary_key:
            yield _say(resource, "missing-label", fields=(field.name,))


def _blank_or_repeated(resource: Resource, labels: Sequence[str]) -> Iterator[Finding]:
    for number, label in enumerate(labels, 1):
        if not label:
            yield _say(resource, "blank-label", column=number)
        elif label in labels[: number - 1]:
            yield _say(resource, "duplicate-label", column=number, value=label)


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
        if actual is None:
            problem = f"The hash of {resource.place} was not compared: {algorithm} is no algorithm that is known here."
            yield finding("unchecked", {"problem": problem}, **place)
        elif actual != digest.lower():
            yield finding("hash-count", value=actual, limit=digest, **place)
