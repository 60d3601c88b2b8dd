"""A package of the standard as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from diplodata.conversion.judging import Judged
from diplodata.conversion.outcome import Conversion
from diplodata.conversion.passes import written
from diplodata.conversion.wish import PLAIN, Wish
from diplodata.errors import ConversionError
from diplodata.formats import json_table
from diplodata.formats.writing import TargetTable
from diplodata.package import codelists, nesting, staging
from diplodata.package.opened import OpenedPackage


def to_document(opened: OpenedPackage, target: Path, to: str, wish: Wish = PLAIN) -> Conversion:
    """Write a bundle or nested document."""
    package = opened.package
    if package.standard is None:
        raise ConversionError(f"Only a package of the standard is a {to}; {opened.place} declares none.")
    others = [item.name for item in package.resources if not item.is_standard]
    if others:
        raise ConversionError(f"A {to} holds tables of the standard only; {', '.join(others)} would be lost.")
    flat: dict[str, list[dict[str, Any]]] = {}
    tables: list[Judged] = []
    for item in package.resources:
        # The records of a table that was begun and could not be finished are let go.
        def write(table: TargetTable, batches: Iterator[pa.RecordBatch], name: str = item.name) -> None:
            flat[name] = list(json_table.records(table, batches))

        tables.append(written(opened, item, to, wish, write)[0])
    rows = sum(map(len, flat.values()))
    content = nesting.nested(flat) if to == "nested" else flat
    with staging.file(target) as place, place.open("wb") as stream:
        nesting.write(stream, nesting.frame(package), content)
    return Conversion(
        str(target),
        len(package.resources),
        rows,
        (*(line for table in tables for line in table.notes), *_left_out(opened, to)),
        columns=tuple(column for table in tables for column in table.outcomes),
        losses=tuple(loss for table in tables for loss in table.losses),
    )


def _left_out(opened: OpenedPackage, to: str) -> Iterator[str]:
    """Yield what the package keeps beside its tables and the document has no place for."""
    for path in opened.package.attachments:
        if path.startswith(f"{codelists.FOLDER}/"):
            yield f"{path} is left out: a {to} holds tables alone, so codes of the package are unknown in it."
