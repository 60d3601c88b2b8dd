"""Parquet: read as text, write with the types that the schema gives."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from diplodata.catalogue import finding
from diplodata.formats.text_table import Facts, HashingStream, Opener, TextTable, algorithms, arrow_schema
from diplodata.formats.writing import TargetColumn
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
    table.findings.append(
        finding("source-error", {"problem": problem}, resource=resource.name, path=resource.place)
    )


def _batches(file: pq.ParquetFile, table: TextTable, resource: Resource) -> Iterator[pa.RecordBatch]:
    schema = arrow_schema(len(table.labels))
    row = 2
    try:
        for batch in file.iter_batches(ROW_GROUP):
            rows = pa.array(range(row, row + batch.num_rows), pa.int64())
            row += batch.num_rows
            yield pa.RecordBatch.from_arrays([rows, *map(_text, batch.columns)], schema=schema)
    except (pa.ArrowException, OSError, NotImplementedError) as error:
        _broken(table, resource, error)


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    text = pc.cast(column, pa.string())
    # An empty text is no value, as in every other format.
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def arrow_field(column: TargetColumn) -> pa.Field:
    """Return the Arrow field in which a column is written."""
    return pa.field(column.name, _ARROW.get(column.type, pa.string()))


def write(stream: io.BufferedIOBase, columns: list[TargetColumn], batches: Iterator[pa.RecordBatch]) -> None:
    """Write Parquet: zstd, typed where the column says so, the same bytes for the same library versions."""
    schema = pa.schema([arrow_field(column) for column in columns])
    with pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True, store_schema=False) as writer:
        for batch in batches:
            arrays = [
                pc.cast(batch.column(column.position), field.type) for column, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROW_GROUP)
