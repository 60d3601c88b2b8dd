"""A package of the standard as one JSON document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diplodata.conversion.judging import columns_of
from diplodata.conversion.outcome import Conversion
from diplodata.errors import ConversionError
from diplodata.formats import json_table
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Resource
from diplodata.package import nesting, staging
from diplodata.package.opened import OpenedPackage


def to_document(opened: OpenedPackage, target: Path, to: str) -> Conversion:
    """Write a bundle or nested document."""
    package = opened.package
    if package.standard is None:
        raise ConversionError(f"Only a package of the standard is a {to}; {opened.place} declares none.")
    others = [item.name for item in package.resources if not item.is_standard]
    if others:
        raise ConversionError(f"A {to} holds tables of the standard only; {', '.join(others)} would be lost.")
    flat = {item.name: _records(opened, item, to) for item in package.resources}
    rows = sum(map(len, flat.values()))
    tables = nesting.nested(flat) if to == "nested" else flat
    with staging.file(target) as place, place.open("wb") as stream:
        nesting.write(stream, nesting.frame(package), tables)
    return Conversion(str(target), len(package.resources), rows)


def _records(opened: OpenedPackage, resource: Resource, to: str) -> list[dict[str, Any]]:
    columns, _, read = columns_of(opened, resource, to)
    text = read()
    records = list(json_table.records(TargetTable(columns), text.batches))
    text.settle()
    return records
