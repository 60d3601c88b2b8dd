"""In which type is a column written: the schema's, when every value comes back as the same text."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.formats.writing import TargetColumn
from diplodata.model.schema import Field, Schema

#: format -> types beside text in which it has columns.
TYPES: Mapping[str, tuple[str, ...]] = {
    "bundle": ("boolean", "integer", "list"),
    "csv": (),
    "duckdb": ("boolean", "date", "integer", "number"),
    "json": ("boolean", "integer", "list"),
    "ndjson": ("boolean", "integer", "list"),
    "nested": ("boolean", "integer", "list"),
    "parquet": ("boolean", "integer"),
    "sqlite": ("boolean", "integer", "number"),
    "tsv": (),
    "xlsx": ("boolean", "integer", "number"),
}

#: Texts that a typed value is written back to.
_CANONICAL = {
    "boolean": r"^(?:true|false)$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "integer": r"^(?:0|-?[1-9][0-9]{0,17})$",
    "list": r"^[^ ]+(?: [^ ]+)*$",
    "number": r"^-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?$",
}

#: Numbers from which on a float is written with an exponent.
_WHOLE = 1e15

#: Options of a field with which its texts are no canonical ones.
_OWN_FORMS = {
    "date": (),
    "integer": ("bareNumber", "groupChar"),
    "number": ("bareNumber", "decimalChar", "groupChar"),
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value whose typed form would come back as another text."""

    column: TargetColumn
    row: int
    value: str


def number_text(value: float) -> str:
    """Return the one text that stands for a finite float: ``2`` and ``0.5``, not ``2.0`` and ``5e-1``."""
    return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)


def wanted(labels: Sequence[str], schema: Schema | None, types: Sequence[str]) -> tuple[TargetColumn, ...]:
    """Return the columns with the types that the schema asks for and the target has.

    Args:
        labels: labels of the table.
        schema: its schema, if it has one.
        types: types of the target beside text, as in TYPES.
    """
    fields = (schema.field(label) if schema else None for label in labels)
    return tuple(
        TargetColumn(label, position, _type(field, types))
        for position, (label, field) in enumerate(zip(labels, fields, strict=True), 1)
    )


def _type(field: Field | None, types: Sequence[str]) -> str:
    if field is None:
        return "string"
    kind = "list" if field.annotations.is_list else field.type
    return kind if kind in types and not _has_own_form(field, kind) else "string"


def _has_own_form(field: Field, kind: str) -> bool:
    """Whether the field spells its values in a way of its own, so that a typed value would come back in that way."""
    if kind == "boolean":
        spelled = (field.options.get("trueValues"), field.options.get("falseValues"))
        return any(texts and texts[0] != text for texts, text in zip(spelled, ("true", "false"), strict=True))
    return kind in _OWN_FORMS and (
        any(name in field.options for name in _OWN_FORMS[kind]) or (kind == "date" and field.format != "default")
    )


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
    if place < 0 and column.type in _SAME:
        place = _first_changed(values, _SAME[column.type])
    if place < 0:
        return None
    return Misfit(column, batch.column(0)[place].as_py(), values[place].as_py())


def _first_changed(values: pa.Array, is_same: Callable[[str], bool]) -> int:
    """Return the place of the first value that would come back as another text; -1 when there is none."""
    changed = [text for text in pc.unique(values).to_pylist() if text is not None and not is_same(text)]
    place: int = pc.index(pc.is_in(values, pa.array(changed, pa.string())), True).as_py()
    return place


def _is_same_number(text: str) -> bool:
    value = float(text)
    return math.isfinite(value) and number_text(value) == text


def _is_same_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


#: Types of which a pattern does not say everything.
_SAME: Mapping[str, Callable[[str], bool]] = {"date": _is_same_date, "number": _is_same_number}
