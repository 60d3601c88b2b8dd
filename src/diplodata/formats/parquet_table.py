"""Parquet: read as text, write with the types that the schema gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from diplodata.catalogue import finding
from diplodata.formats.text_table import Facts, HashingStream, Opener, TextTable, algorithms, arrow_schema
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Resource

#: Rows of one row group; small enough for readers to skip groups.
ROW_GROUP = 65_536

_ARROW = {"integer": pa.int64(), "boolean": pa.bool_()}


def read(opener: Opener, resource: Resource) -> TextTable:
    """Read a Parquet resource; numbers and booleans become the text that stands for them."""
    facts = Facts()
    stream = HashingStream(opener.open(resource.place), algorithms(resource.descriptor))
    raw = stream.read()
    stream.fill(facts)
    stream.close()
    table = TextTable((), iter(()), facts)
    try:
        file = pq.ParquetFile(pa.BufferReader(raw), page_checksum_verification=True)
        labels = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        _broken(table, resource, error)
        return table
    table.labels = labels
    table.batches = TextTable(labels, _batches(file, table, resource), facts).batches
    return table


def _broken(table: TextTable, resource: Resource, error: Exception) -> None:
    problem = str(error).splitlines()[0].rstrip(".")
    table.findings.append(finding("source-error", {"problem": problem}, resource=resource.name, path=resource.place))


def _batches(file: pq.ParquetFile, table: TextTable, resource: Resource) -> Iterator[pa.RecordBatch]:
    schema = arrow_schema(len(table.labels))
    row = 2
    try:
        for batch in file.iter_batches(ROW_GROUP):
            rows = pa.arange(row, row + batch.num_rows)
            row += batch.num_rows
            yield pa.RecordBatch.from_arrays(
                [rows, *(_text(column, resource) for column in batch.columns)], schema=schema
            )
    except (pa.ArrowException, OSError, NotImplementedError) as error:
        _broken(table, resource, error)


def _text(column: pa.Array, resource: Resource) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    text = pc.cast(column, pa.string())
    if not resource.empty_is_missing:
        return text
    # An empty text is no value, as in every other format.
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def arrow_schema_of(table: TargetTable) -> pa.Schema:
    """Return the Arrow schema in which a table is written; it carries the Table Schema."""
    fields = [pa.field(column.name, _ARROW.get(column.type, pa.string())) for column in table.columns]
    return pa.schema(fields, metadata={"table_schema": json.dumps(table.schema)} if table.schema else None)


def typed(table: TargetTable, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield typed tables of ROW_GROUP rows, the last one shorter, however the batches are cut."""
    schema = arrow_schema_of(table)
    waiting: list[pa.Table] = []
    rows = 0
    for batch in batches:
        pairs = zip(table.columns, schema, strict=True)
        arrays = [pc.cast(batch.column(column.position), field.type) for column, field in pairs]
        waiting.append(pa.Table.from_arrays(arrays, schema=schema))
        rows += batch.num_rows
        while rows >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, ROW_GROUP)
            waiting, rows = [whole.slice(ROW_GROUP)], rows - ROW_GROUP
    if rows:
        yield pa.concat_tables(waiting)


def write(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write Parquet: zstd, typed where the column says so, the same bytes for the same library versions."""
    schema = arrow_schema_of(table)
    with pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True) as writer:
        for group in typed(table, batches):
            writer.write_table(group, row_group_size=ROW_GROUP)
