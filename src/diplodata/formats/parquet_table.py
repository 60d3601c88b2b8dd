"""Parquet: read as text, write with the types that the schema gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from diplodata.catalogue import finding
from diplodata.formats import native, typing_of
from diplodata.formats.header_rows import fields_of
from diplodata.formats.isolated import Isolated
from diplodata.formats.text_table import Opener, TextTable, arrow_schema
from diplodata.formats.writing import TargetColumn, TargetTable
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Field

#: Rows of one row group; small enough for readers to skip groups.
ROW_GROUP = 65_536

#: Kinds whose texts can be empty.
_MAY_BE_EMPTY = ("binary", "list", "text")


def read(opener: Opener, resource: Resource) -> TextTable:
    """Read a Parquet resource; typed values become the texts that stand for them in their fields."""
    reading = Isolated(opener, resource, {"format": "parquet"}, "source-error")
    header = reading.header()
    table = TextTable((), iter(()), reading.facts, reading.findings)
    if header is None:
        return table
    labels = tuple(map(str, header["labels"]))
    fields = fields_of(resource, labels)
    columns = [_Column(*item) for item in zip(range(1, len(labels) + 1), header["kinds"], fields, strict=True)]
    table.findings += [_misfit(resource, column, header["types"]) for column in columns if not column.is_fit]
    table.misfits = frozenset(column.number for column in columns if not column.is_fit)
    table.labels = labels
    table.batches = TextTable(labels, _batches(reading, table, columns, resource), reading.facts).batches
    return table


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the file and the field for which it stands."""

    number: int
    kind: str
    field: Field

    @property
    def is_fit(self) -> bool:
        return native.fits(self.kind, self.field)

    def text(self, column: pa.Array, resource: Resource) -> pa.Array:
        """Return the column as its field takes it; an empty text is no value, as in every other format."""
        write = native.writer(self.kind, self.field) if self.is_fit else None
        if write:
            values = column.dictionary_encode()
            # What the field has no text for stays as it is, and is found wrong with the other texts.
            written = ((value, write(value)) for value in values.dictionary.to_pylist())
            texts = [value if text is None else text for value, text in written]
            column = pa.array(texts, pa.string()).take(values.indices)
        return _without_empty(column) if self.kind in _MAY_BE_EMPTY and resource.empty_is_missing else column


def _without_empty(column: pa.Array) -> pa.Array:
    # Loaded here: it takes longer than most CSV files take to read.
    import pyarrow.compute as pc

    is_empty = pc.equal(column, "")
    return pc.if_else(is_empty, pa.scalar(None, pa.string()), column) if pc.any(is_empty).as_py() else column


def _misfit(resource: Resource, column: _Column, types: Sequence[str]) -> Finding:
    kind = str(types[column.number - 1])
    types = f"of the type {kind} in the file; the field is of the type {column.field.type}"
    return finding(
        "type-error",
        resource=resource.name,
        path=resource.place,
        column=column.number,
        fields=(column.field.name,),
        value=kind,
        limit=column.field.type,
        message=f"The column {column.field.name} is {types}.",
        hint="Write the column in the type of the field, or change the type in the schema.",
    )


def _batches(
    reading: Isolated, table: TextTable, columns: Sequence[_Column], resource: Resource
) -> Iterator[pa.RecordBatch]:
    schema = arrow_schema(len(columns))
    sent = pa.schema(list(schema)[1:])
    row = 2
    for content in reading.contents():
        try:
            batch = pa.ipc.read_record_batch(content, sent)
            batch.validate(full=True)
        except pa.ArrowException:
            reading.refuse("its reader said nothing that can be understood")
            break
        rows = pa.arange(row, row + batch.num_rows)
        row += batch.num_rows
        texts = [column.text(array, resource) for column, array in zip(columns, batch.columns, strict=True)]
        yield pa.RecordBatch.from_arrays([rows, *texts], schema=schema)
    reading.finish()
    if reading.has_failed:
        # Half a table would make every reference to the other half look wrong.
        table.labels = ()


class NotSameTextError(Exception):
    """A value would come back from its type as another text; the text names the column."""


def arrow_schema_of(table: TargetTable) -> pa.Schema:
    """Return the Arrow schema in which a table is written; it carries the Table Schema and the descriptor."""
    fields = [pa.field(column.name, typing_of.arrow_type(column.type)) for column in table.columns]
    carried = {"table_schema": table.schema, "datapackage": table.package}
    texts = {name: json.dumps(value, ensure_ascii=False) for name, value in carried.items() if value}
    return pa.schema(fields, metadata=texts or None)


def typed(table: TargetTable, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield typed tables of ROW_GROUP rows, the last one shorter, however the batches are cut.

    Raises:
        NotSameTextError: a value would come back as another text.
    """
    schema = arrow_schema_of(table)
    waiting: list[pa.Table] = []
    rows = 0
    for batch in batches:
        pairs = zip(table.columns, schema, strict=True)
        arrays = [_proven(batch.column(column.position), column, field.type) for column, field in pairs]
        waiting.append(pa.Table.from_arrays(arrays, schema=schema))
        rows += batch.num_rows
        while rows >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, ROW_GROUP)
            waiting, rows = [whole.slice(ROW_GROUP)], rows - ROW_GROUP
    if rows:
        yield pa.concat_tables(waiting)


def _proven(values: pa.Array, column: TargetColumn, kind: pa.DataType) -> pa.Array:
    found = values if column.type in ("list", "string") else typing_of.typed(values, kind)
    if found is None:
        raise NotSameTextError(column.name)
    return found


def write(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write Parquet: zstd, typed where the column says so, the same bytes for the same library versions.

    Raises:
        NotSameTextError: a value would come back as another text; what was written is worth nothing.
    """
    schema = arrow_schema_of(table)
    import pyarrow.parquet as pq

    writing: Future[None] | None = None
    with (
        pq.ParquetWriter(stream, schema, compression="zstd", write_page_checksum=True) as writer,
        ThreadPoolExecutor(1) as pool,
    ):
        for group in typed(table, batches):
            if writing is not None:
                writing.result()
            # The next group is read and proven while this one is packed.
            writing = pool.submit(writer.write_table, group, row_group_size=ROW_GROUP)
        if writing is not None:
            writing.result()
