"""One table of a package, by itself."""

from __future__ import annotations

from typing import BinaryIO

from diplodata.conversion.judging import columns_of, refuse_odd
from diplodata.conversion.outcome import Conversion
from diplodata.errors import UsageError
from diplodata.formats import READERS, WRITERS
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Resource
from diplodata.package.opened import OpenedPackage


def to_stream(opened: OpenedPackage, stream: BinaryIO, to: str, name: str | None) -> Conversion:
    """Write one table; raises UsageError when it is not clear which."""
    resource = _chosen(opened, name)
    columns, kept, read = columns_of(opened, resource, to)
    text = read()
    table = TargetTable(columns, resource.schema_descriptor, with_null=not resource.is_standard)
    WRITERS[to](stream, table, text.batches)
    text.settle()
    refuse_odd(text, resource)
    assumed = tuple(found.message for found in text.findings if found.code == "dialect-assumed")
    return Conversion(resource.name, 1, text.facts.rows, tuple(kept), assumed)


def _chosen(opened: OpenedPackage, name: str | None) -> Resource:
    tables = {item.name: item for item in opened.package.resources if item.format in READERS}
    known = ", ".join(tables) or "none"
    if name is None and len(tables) == 1:
        return next(iter(tables.values()))
    if name is None:
        raise UsageError(f"{opened.place} has several tables; name one with --resource: {known}.")
    if name not in tables:
        raise UsageError(f"No table {name!r} in {opened.place}; it has {known}.")
    return tables[name]
