"""One table of a package, by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import pyarrow as pa

from diplodata.conversion.outcome import Conversion
from diplodata.conversion.passes import judged_first, written
from diplodata.conversion.wish import PLAIN, Wish
from diplodata.errors import UsageError
from diplodata.formats import READERS, WRITERS
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Resource
from diplodata.package.opened import OpenedPackage


def to_stream(opened: OpenedPackage, stream: BinaryIO, to: str, name: str | None, wish: Wish = PLAIN) -> Conversion:
    """Write one table; raises UsageError when it is not clear which."""
    resource = _chosen(opened, name)
    wish = replace(wish, has_descriptor=False)

    def write(table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
        if stream.seekable():
            stream.seek(0)
            stream.truncate()
        WRITERS[to](stream, table, batches)

    found, text = (written if stream.seekable() else judged_first)(opened, resource, to, wish, write)
    assumed = tuple(found.message for found in text.findings if found.code == "dialect-assumed")
    rows = text.facts.rows
    return Conversion(resource.name, 1, rows, tuple(found.notes), assumed, found.outcomes, found.losses)


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
