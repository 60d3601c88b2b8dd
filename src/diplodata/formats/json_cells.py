"""From JSON values to the texts of cells; a value of another JSON type than the field's is a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from diplodata.catalogue import finding
from diplodata.formats import native
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Field

#: Stands for the value of a key that a record does not have.
ABSENT = object()

#: Digits up to which a number with an exponent is written out.
_DIGITS = 100

#: JSON type -> field type; in the standard a text can stand for none of them.
_NATIVE = {bool: "boolean", int: "integer", Decimal: "number"}

#: JSON type -> kind; fractions are floats in the descriptor and decimals elsewhere.
_KINDS: Mapping[type, str] = {
    bool: "bool",
    int: "int",
    Decimal: "decimal",
    float: "decimal",
    list: "list",
    dict: "struct",
}


class Cells:
    """Turns the values of records into cells of text."""

    def __init__(self, resource: Resource, fields: Sequence[Field], findings: list[Finding]) -> None:
        self._resource = resource
        self._fields = fields
        self._findings = findings
        self._texts = [_standard_text if self._is_ruled(field) else _text for field in fields]

    def _is_ruled(self, field: Field) -> bool:
        """Whether the standard says how the values of a field stand in JSON; of extension columns it does not."""
        return self._resource.is_standard and not field.name.startswith("x_")

    def of(self, values: Sequence[Any], row: int) -> list[str | None]:
        """Return the cells of a record, given its values in the order of the fields."""
        return [
            None if value is ABSENT else self._cell(value, place, values, row) for place, value in enumerate(values)
        ]

    def column(self, values: Sequence[Any], place: int) -> pa.Array | None:
        """Return a column of cells at once; None when a value needs a look of its own.

        Args:
            values: the values of many records; None for a key that a record does not have.
            place: number of the column, from 0.
        """
        field = self._fields[place]
        kinds = set(map(type, values)) - {type(None)}
        is_ruled = self._is_ruled(field)
        if not kinds:
            return pa.nulls(len(values), pa.string())
        if kinds == {str} and not (is_ruled and (field.annotations.is_list or field.type in _NATIVE.values())):
            has_empty = "" in values and self._resource.empty_is_missing
            is_odd = has_empty or "\0" in "".join(filter(None, values))
            return None if is_odd else pa.array(values, pa.string())
        if is_ruled and kinds == {list} and field.annotations.is_list:
            return _joined_lists(values)
        if is_ruled and kinds <= {int, bool} and {_NATIVE[kind] for kind in kinds} == {field.type}:
            return _plain_values(values, field.type)
        return None

    def _cell(self, value: Any, place: int, values: Sequence[Any], row: int) -> str | None:
        field = self._fields[place]
        if value is None and not self._resource.is_standard:
            return None
        if isinstance(value, str) and "\0" in value:
            self._findings.append(self._finding("nul-in-cell", value, place, values, row))
        text = self._texts[place](value, field)
        if text is None:
            self._findings.append(self._finding("json-type", value, place, values, row))
        return text if text or not self._resource.empty_is_missing else None

    def _finding(self, code: str, value: Any, place: int, values: Sequence[Any], row: int) -> Finding:
        field = self._fields[place]
        identifiers = [item for item, other in zip(values, self._fields, strict=True) if other.name == "id"]
        identifier = identifiers[0] if identifiers else None
        return finding(
            code,
            {"limit": _wanted(field)},
            resource=self._resource.name,
            path=self._resource.place,
            row=row,
            column=place + 1,
            fields=(field.name,),
            value=native.json_text(value),
            limit=_wanted(field) if code == "json-type" else None,
            record_id=identifier if isinstance(identifier, str) else None,
        )


def shown(value: Any) -> str | None:
    """Return a value as a text that anybody can read; None for null."""
    return None if value is None else value if isinstance(value, str) else native.json_text(value)


def _text(value: Any, field: Field) -> str | None:
    """Return the text that a cell would hold; None when the JSON type is not the field's."""
    if isinstance(value, str):
        # A text in a number field is read as a cell of CSV would be, as the reference does.
        return value
    kind = _KINDS[type(value)]
    is_fraction = kind == "decimal" and field.type == "integer"
    if is_fraction or not native.fits(kind, field):
        return None
    text = native.json_text(value)
    write = native.writer(kind, field)
    return write(text) if write else text


def _standard_text(value: Any, field: Field) -> str | None:
    """Return the text that a cell of the standard holds; None when the value is not as the JSON Schema asks."""
    if field.annotations.is_list:
        return _joined(value)
    if isinstance(value, str):
        return value if value and field.type not in _NATIVE.values() else None
    if isinstance(value, Decimal) and field.type == "integer":
        return _whole(value)
    kind = _NATIVE.get(type(value))
    is_wider = kind == "integer" and field.type == "number"
    return native.json_text(value) if kind is not None and (kind == field.type or is_wider) else None


def _whole(value: Decimal) -> str | None:
    """Return a number without a fraction as a whole one, which it is for JSON Schema (2020-12, 4.2.3)."""
    is_whole = value.adjusted() < _DIGITS and value == value.to_integral_value()
    return str(int(value)) if is_whole else None


def _joined(value: Any) -> str | None:
    """Return a list as a cell: items joined by one space, so that none may be empty or hold one."""
    if not isinstance(value, list) or not value:
        return None
    if not all(isinstance(item, str) and item and " " not in item for item in value):
        return None
    return " ".join(value)


def _joined_lists(values: Sequence[Any]) -> pa.Array | None:
    texts = [None if value is None else _joined(value) for value in values]
    return None if texts.count(None) != values.count(None) else pa.array(texts, pa.string())


def _plain_values(values: Sequence[Any], kind: str) -> pa.Array | None:
    try:
        return pa.array(values, pa.bool_() if kind == "boolean" else pa.int64()).cast(pa.string())
    except OverflowError:
        return None


def _wanted(field: Field) -> str:
    return "an array of texts without spaces" if field.annotations.is_list else f"a value of the type {field.type}"
