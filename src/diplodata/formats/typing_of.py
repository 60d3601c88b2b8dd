"""In which type is a column written: the schema's, when every value comes back as the same text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.formats.writing import TargetColumn
from diplodata.model.schema import Field, Schema

#: Texts that a typed value is written back to.
_CANONICAL = {
    "boolean": r"^(?:true|false)$",
    "integer": r"^(?:0|-?[1-9][0-9]{0,17})$",
    "list": r"^[^ ]+(?: [^ ]+)*$",
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value whose typed form would come back as another text."""

    column: TargetColumn
    row: int
    value: str


def wanted(labels: Sequence[str], schema: Schema | None, with_lists: bool) -> tuple[TargetColumn, ...]:
    """Return the columns with the types that the schema asks for.

    Args:
        labels: labels of the table.
        schema: its schema, if it has one.
        with_lists: whether the target has arrays (JSON) or keeps lists as text.
    """
    fields = (schema.field(label) if schema else None for label in labels)
    return tuple(
        TargetColumn(label, position, _type(field, with_lists))
        for position, (label, field) in enumerate(zip(labels, fields, strict=True), 1)
    )


def _type(field: Field | None, with_lists: bool) -> str:
    if field is None:
        return "string"
    if field.annotations.is_list:
        return "list" if with_lists else "string"
    return field.type if field.type in ("boolean", "integer") else "string"


def misfits(columns: Iterable[TargetColumn], batches: Iterable[pa.RecordBatch]) -> list[Misfit]:
    """Return the first misfit of each column that cannot be written in its type without change."""
    open_columns = [column for column in columns if column.type in _CANONICAL]
    found: list[Misfit] = []
    for batch in batches:
        for column in tuple(open_columns):
            misfit = _misfit(column, batch)
            if misfit:
                found.append(misfit)
                open_columns.remove(column)
    return found


def _misfit(column: TargetColumn, batch: pa.RecordBatch) -> Misfit | None:
    values = batch.column(column.position)
    wrong = pc.invert(pc.fill_null(pc.match_substring_regex(values, _CANONICAL[column.type]), True))
    place = pc.index(wrong, True).as_py()
    if place < 0:
        return None
    return Misfit(column, batch.column(0)[place].as_py(), values[place].as_py())
