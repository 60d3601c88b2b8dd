"""Write a table in one pass where nothing speaks against it; otherwise read it to its end first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.conversion.judging import (
    DELIMITED,
    Judged,
    judged,
    reader,
    refuse_labels,
    refuse_odd,
    told_apart,
)
from diplodata.conversion.original import Original
from diplodata.conversion.outcome import ColumnOutcome
from diplodata.conversion.wish import Wish
from diplodata.errors import ConversionError
from diplodata.formats import typing_of
from diplodata.formats.parquet_table import NotSameTextError
from diplodata.formats.text_table import OddFileError, TextTable
from diplodata.formats.writing import TargetColumn, TargetTable
from diplodata.model.package import Resource
from diplodata.package import layout
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage

#: Writes a table; it may be called once more, and begins anew then.
Write = Callable[[TargetTable, Iterator[pa.RecordBatch]], None]

#: The format whose writer proves by itself that each text comes back, and whose files carry the descriptor.
_PROVING = "parquet"


class _NotPlainError(Exception):
    """The table is not as simple as it was taken for."""


def written(opened: OpenedPackage, resource: Resource, to: str, wish: Wish, write: Write) -> tuple[Judged, TextTable]:
    """Write a table; return how, and the table as it was read.

    * Most tables have the types that their schema says, and hold nothing that the target cannot: they are read once,
      and each value is proven while it is written. When one fails, what was written is worth nothing: the table is
      judged to its end, then written anew.

    Raises:
        ConversionError: it cannot be read whole, or something would be lost that may not be.
    """
    if not wish.spreadsheet_safe:
        try:
            return _at_once(opened, told_apart(resource), to, write)
        except (_NotPlainError, NotSameTextError, OddFileError):
            pass
        except UnreadableFileError as error:
            raise ConversionError(f"{error.path} is not converted: {error.problem}.") from error
    return judged_first(opened, resource, to, wish, write)


def judged_first(
    opened: OpenedPackage, resource: Resource, to: str, wish: Wish, write: Write
) -> tuple[Judged, TextTable]:
    """Read a table to its end, then write it: ``write`` is called once, and only when nothing speaks against it.

    Raises:
        ConversionError: it cannot be read whole, or something would be lost that may not be.
    """
    found = judged(opened, resource, to, wish)
    text = found.table()
    try:
        write(_target(opened, found.resource, found.columns, to, found.null), text.batches)
    except NotSameTextError as error:
        raise ConversionError(f"{resource.place} changed while it was converted; nothing was written.") from error
    text.settle()
    # Read once more, and perhaps no longer the same.
    refuse_odd(text, resource)
    return found, text


def _at_once(opened: OpenedPackage, resource: Resource, to: str, write: Write) -> tuple[Judged, TextTable]:
    read = reader(opened, resource)
    text = read()
    refuse_labels(text, resource, to)
    columns = typing_of.wanted(text.labels, resource.schema, to, is_fixed=resource.is_standard)
    original = Original(resource)
    plain = _plain(original.watched(text.batches), columns, resource, to)
    write(_target(opened, resource, columns, to), plain)
    text.settle()
    refuse_odd(text, resource)
    names = resource.schema.names if resource.schema else ()
    if to in ("json", "ndjson") and text.facts.rows == 0 and text.labels != names:
        raise _NotPlainError
    level = "bytes" if original.is_same(text, opened) and to != "nested" else "lexical"
    outcomes = tuple(ColumnOutcome(resource.name, item.name, item.type, level) for item in columns)
    return Judged(resource, columns, read, outcomes), text


def _plain(
    batches: Iterator[pa.RecordBatch], columns: tuple[TargetColumn, ...], resource: Resource, to: str
) -> Iterator[pa.RecordBatch]:
    """Pass batches on while each text comes back from its type, and no value need not be told from an empty text."""
    typed = columns if to != _PROVING else ()
    proofs = [(item.position, typing_of.proof(item.type)) for item in typed if item.type != "string"]
    tells = to in DELIMITED and not resource.empty_is_missing
    for batch in batches:
        if any(typing_of.first(proof(batch.column(place))) >= 0 for place, proof in proofs):
            raise _NotPlainError
        if tells and any(map(_has_either, batch.columns[1:])):
            raise _NotPlainError
        yield batch


def _has_either(values: pa.Array) -> bool:
    return values.null_count > 0 or pc.any(pc.equal(values, "")).as_py() is True


def _target(
    opened: OpenedPackage, resource: Resource, columns: tuple[TargetColumn, ...], to: str, null: str = ""
) -> TargetTable:
    return TargetTable(
        columns, resource.schema_descriptor, not resource.is_standard, null, _carried(opened, resource, to)
    )


def _carried(opened: OpenedPackage, resource: Resource, to: str) -> dict[str, Any] | None:
    """Return the descriptor that goes along inside the file of a table; its schema stands beside it."""
    if to != _PROVING:
        return None
    item = layout.table_resource(resource.descriptor, to)
    item.pop("schema", None)
    return {**opened.package.descriptor, "resources": [item]}
