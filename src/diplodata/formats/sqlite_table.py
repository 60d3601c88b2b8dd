"""SQLite: one plain table of a database, read in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jiter

from diplodata.formats.header_rows import fields_of
from diplodata.formats.isolated import Isolated
from diplodata.formats.text_table import Opener, TextTable, batches_of
from diplodata.formats.typed_cells import text_of
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Field


def read(opener: Opener, resource: Resource) -> TextTable:
    """Read a table; numbers and truth values become the texts that stand for them in their fields."""
    request = {"format": "sqlite", "table": _table(resource.dialect), "name": resource.name}
    reading = Isolated(opener, resource, request, "format-error")
    header = reading.header()
    table = TextTable((), iter(()), reading.facts, reading.findings)
    if header is None:
        return table
    table.labels = tuple(map(str, header["labels"]))
    fields = fields_of(resource, table.labels)
    batches = batches_of(_rows(reading, fields, resource, table.findings), len(fields))
    table.batches = TextTable(table.labels, _until_failure(batches, reading, table), reading.facts).batches
    return table


def _table(dialect: Mapping[str, Any]) -> str | None:
    """Return the name of the table (Data Package v2, Table Dialect, databases)."""
    return str(dialect["table"]) if "table" in dialect else None


def _rows(
    reading: Isolated, fields: Sequence[Field], resource: Resource, findings: list[Finding]
) -> Iterator[tuple[int, list[str | None]]]:
    row = 1
    for content in reading.contents():
        for values in jiter.from_json(content.to_pybytes()):
            row += 1
            yield (
                row,
                [
                    # Most cells are texts or nothing, and a call for each of them takes longer than all else.
                    value
                    if value is None or (value and isinstance(value, str))
                    else text_of(value, row, place, fields, resource, findings)
                    for place, value in enumerate(values)
                ],
            )


def _until_failure(batches: Iterator[Any], reading: Isolated, table: TextTable) -> Iterator[Any]:
    yield from batches
    if reading.has_failed:
        table.labels = ()
