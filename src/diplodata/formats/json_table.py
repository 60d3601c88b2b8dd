"""JSON: an array of objects or of arrays, one of them a line, or the records of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

import pyarrow as pa

from diplodata.catalogue import finding
from diplodata.formats import json_lines, packing
from diplodata.formats.grid import Grid
from diplodata.formats.header_rows import fields_of
from diplodata.formats.json_cells import ABSENT, Cells, shown
from diplodata.formats.json_source import JsonDialect, JsonFile, JsonFileError, Parts
from diplodata.formats.refusal import PackedFileError
from diplodata.formats.text_table import BATCH, Facts, Opener, TextTable, arrow_schema, batches_of
from diplodata.formats.writing import TargetTable
from diplodata.model.finding import Finding
from diplodata.model.package import Resource

Record = Mapping[str, Any]


def read_array(opener: Opener, resource: Resource) -> TextTable:
    """Read a JSON file that holds one array."""
    file = JsonFile(opener, resource)
    return _read(file.items, resource, file.facts, [])


def read_lines(opener: Opener, resource: Resource) -> TextTable:
    """Read a file with one JSON object or array a line."""
    file = JsonFile(opener, resource)
    findings: list[Finding] = []

    def say(problem: str, line: int) -> None:
        findings.append(_broken(resource, problem, line))

    # Lines that are wrong are said of when they are read first.
    return _read(lambda: file.lines(say if not file.was_read else None), resource, file.facts, findings)


def read_inline(_: Opener, resource: Resource) -> TextTable:
    """Read the data that stand in the descriptor."""
    return _read(lambda: iter([resource.descriptor["data"]]), resource, Facts(), [])


def read_records(opener: Opener, resource: Resource) -> TextTable:
    """Read the records of a table that stand in a bundle or nested document."""
    return _read(lambda: iter([opener.documents[resource.name]]), resource, Facts(), [])


def _broken(resource: Resource, problem: str, line: int | None = None, limit: str | None = None) -> Finding:
    code = "limit-exceeded" if limit else "source-error"
    return finding(code, {"problem": problem}, resource=resource.name, path=resource.place, line=line, limit=limit)


def _read(parts: Parts, resource: Resource, facts: Facts, findings: list[Finding]) -> TextTable:
    """Read rows twice: first for their form and all their keys, then for their cells; neither time all at once."""
    try:
        shape = _shape(parts(), JsonDialect.of(resource.dialect))
        if shape.is_keyed:
            return _of_objects(parts, shape, resource, facts, findings)
        return _of_arrays(parts, resource, facts, findings)
    except JsonFileError as error:
        findings.append(_broken(resource, error.problem, error.line, error.limit))
    except PackedFileError as error:
        findings.append(packing.told(error, resource, resource.place))
    return TextTable((), iter(()), facts, findings)


@dataclass(slots=True)
class _Shape:
    """What a first look at all rows says."""

    is_keyed: bool
    #: Keys in order of their first appearance.
    keys: dict[str, None]


def _shape(parts: Iterator[Sequence[Any]], dialect: JsonDialect) -> _Shape:
    shape: _Shape | None = None
    for row in chain.from_iterable(parts):
        shape = shape or _Shape(isinstance(row, Mapping), {})
        if isinstance(row, Mapping) and shape.is_keyed:
            if not row.keys() <= shape.keys.keys():
                shape.keys.update(dict.fromkeys(row))
        elif shape.is_keyed or not isinstance(row, list):
            raise JsonFileError("it is not an array of objects, nor one of arrays")
    shape = shape or _Shape(is_keyed=dialect.item_type != "array", keys={})
    if dialect.item_type and dialect.item_type != ("object" if shape.is_keyed else "array"):
        raise JsonFileError(f"its items are of another type than the dialect says, {dialect.item_type}")
    if dialect.item_keys and shape.is_keyed:
        shape.keys = dict.fromkeys(dialect.item_keys)
    return shape


def _of_objects(parts: Parts, shape: _Shape, resource: Resource, facts: Facts, findings: list[Finding]) -> TextTable:
    names = resource.schema.names if resource.schema else ()
    # Records of the standard leave out empty cells, so their columns are those of the schema.
    first = names if resource.is_standard or not shape.keys else ()
    labels = (*first, *(key for key in shape.keys if key not in first))
    cells = Cells(resource, fields_of(resource, labels), findings)
    batches = _batches(chain.from_iterable(parts()), labels, cells, resource)
    return TextTable(labels, _told(batches, resource, findings), facts, findings)


def _batches(
    records: Iterator[Record], labels: Sequence[str], cells: Cells, resource: Resource
) -> Iterator[pa.RecordBatch]:
    """Yield batches: column by column where all values are as they should be, otherwise record by record."""
    schema = arrow_schema(len(labels))
    row = 2
    while chunk := list(islice(records, BATCH)):
        # Of the standard, a key without a value is wrong, and one that is not there is not.
        is_odd = resource.is_standard and any(None in record.values() for record in chunk)
        columns = [] if is_odd else _columns(chunk, labels, cells)
        if len(columns) == len(labels):
            yield pa.RecordBatch.from_arrays([pa.arange(row, row + len(chunk)), *columns], schema=schema)
        else:
            values = ([record.get(label, ABSENT) for label in labels] for record in chunk)
            rows = ((number, cells.of(given, number)) for number, given in enumerate(values, row))
            yield from batches_of(rows, len(labels))
        row += len(chunk)


def _columns(chunk: Sequence[Record], labels: Sequence[str], cells: Cells) -> list[pa.Array]:
    """Return the columns of records up to the first in which a value needs a look of its own."""
    columns = []
    for place, label in enumerate(labels):
        column = cells.column([record.get(label) for record in chunk], place)
        if column is None:
            break
        columns.append(column)
    return columns


def _of_arrays(parts: Parts, resource: Resource, facts: Facts, findings: list[Finding]) -> TextTable:
    grid = Grid(chain.from_iterable(parts()), resource, shown)
    if not grid.labels:
        raise JsonFileError("it is empty, or its first row is")
    grid.findings = findings
    cells = Cells(resource, grid.fields, findings)
    rows = ((row, cells.of(values, row)) for row, values in grid.rows())
    batches = _told(batches_of(rows, len(grid.labels)), resource, findings)
    return TextTable(grid.labels, batches, facts, findings, has_header=grid.has_header)


def _told(batches: Iterator[pa.RecordBatch], resource: Resource, findings: list[Finding]) -> Iterator[pa.RecordBatch]:
    """Say so when a file is no longer what it was a moment ago."""
    try:
        yield from batches
    except JsonFileError as error:
        findings.append(_broken(resource, error.problem, error.line, error.limit))
    except PackedFileError as error:
        findings.append(packing.told(error, resource, resource.place))


def write_array(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write one array of objects, one object a line; empty cells are left out, or null."""
    is_first = True
    for content in json_lines.lines(table, batches, ",\n", ""):
        # The first record has no comma before it.
        stream.write(b"[" + content.to_pybytes()[1:] if is_first and content.size else content)
        is_first = is_first and not content.size
    stream.write(b"[]\n" if is_first else b"\n]\n")


def write_lines(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write one object a line; empty cells are left out, or null."""
    for content in json_lines.lines(table, batches, "", "\n"):
        stream.write(content)


def records(table: TargetTable, batches: Iterator[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    """Yield the records of a table with typed values; an empty cell is null or left out."""
    names = [column.name for column in table.columns]
    for batch in batches:
        cells = [_typed(batch.column(column.position), column.type) for column in table.columns]
        for row in zip(*cells, strict=True):
            pairs = zip(names, row, strict=True)
            yield {name: value for name, value in pairs if table.with_null or value is not None}


def _typed(column: pa.Array, kind: str) -> list[Any]:
    values: list[str | None] = column.to_pylist()
    if kind == "string":
        return values
    return [None if value is None else _TYPES[kind](value) for value in values]


_TYPES: Mapping[str, Callable[[str], Any]] = {
    "boolean": lambda text: text == "true",
    "integer": int,
    "list": lambda text: text.split(" "),
}
