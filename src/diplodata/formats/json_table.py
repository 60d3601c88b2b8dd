"""JSON: an array of records, one record a line, or the records of a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

import jiter
import pyarrow as pa

from diplodata.catalogue import finding
from diplodata.formats.text_table import Facts, HashingStream, Opener, TextTable, algorithms, batches_of
from diplodata.formats.writing import TargetTable
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.schema import Field

Record = Mapping[str, Any]


def read_array(opener: Opener, resource: Resource) -> TextTable:
    """Read a JSON file that holds one array of objects."""
    facts, findings, raw = _raw(opener, resource)
    try:
        rows = _parsed(raw)
    except ValueError as error:
        findings.append(_broken(resource, f"it is not strict JSON ({error})"))
        return TextTable((), iter(()), facts, findings)
    return _of_rows(rows, resource, facts, findings)


def read_inline(_: Opener, resource: Resource) -> TextTable:
    """Read the data that stand in the descriptor."""
    return _of_rows(resource.descriptor["data"], resource, Facts(), [])


def _of_rows(rows: Any, resource: Resource, facts: Facts, findings: list[Any]) -> TextTable:
    """Read an array of objects, or of arrays of which the first has the labels."""
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return _table(rows, resource, facts, findings)
    if isinstance(rows, list) and all(isinstance(row, list) for row in rows):
        labels = [str(label) for label in rows[0]]
        ragged = [number for number, row in enumerate(rows, 1) if len(row) != len(labels)]
        if not ragged and len(set(labels)) == len(labels):
            return _table([dict(zip(labels, row, strict=True)) for row in rows[1:]], resource, facts, findings)
        problem = f"row {ragged[0]} has another number of cells than row 1" if ragged else "a label stands twice"
        findings.append(_broken(resource, problem))
    else:
        findings.append(_broken(resource, "it is not an array of objects"))
    return TextTable((), iter(()), facts, findings)


def read_lines(opener: Opener, resource: Resource) -> TextTable:
    """Read a file with one JSON object a line."""
    facts, findings, raw = _raw(opener, resource)
    rows: list[Record] = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = _parsed(line)
        except ValueError as error:
            findings.append(_broken(resource, f"line {number} is not strict JSON ({error})", line=number))
            continue
        if isinstance(row, dict):
            rows.append(row)
        else:
            findings.append(_broken(resource, f"line {number} holds no object", line=number))
    return _table(rows, resource, facts, findings)


def read_records(opener: Opener, resource: Resource) -> TextTable:
    """Read the records of a table that stand in a bundle or nested document."""
    return _table(opener.documents[resource.name], resource, Facts(), [])


def _raw(opener: Opener, resource: Resource) -> tuple[Facts, list[Any], bytes]:
    facts = Facts()
    if not resource.paths:
        return facts, [], str(resource.descriptor.get("data") or "").encode()
    stream = HashingStream(opener.open(resource.place), algorithms(resource.descriptor))
    raw = stream.read()
    stream.fill(facts)
    stream.close()
    return facts, [], raw


def _parsed(raw: bytes) -> Any:
    return jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal")


def _broken(resource: Resource, problem: str, line: int | None = None) -> Any:
    return finding("source-error", {"problem": problem}, resource=resource.name, path=resource.place, line=line)


def _table(rows: Sequence[Record], resource: Resource, facts: Facts, findings: list[Any]) -> TextTable:
    schema = resource.schema
    written = dict.fromkeys(name for row in rows for name in row) if not resource.is_standard else {}
    # Records of the standard leave out empty cells, so their columns are those of the schema.
    first = schema.names if schema and not written else ()
    labels = (*first, *(written or _extra_names(rows, set(first))))
    fields = tuple((schema.field(name) if schema else None) or Field(name=name, type="any") for name in labels)
    reading = _Reading(resource, fields, findings)
    batches = batches_of(enumerate(map(reading.cells, rows, range(2, len(rows) + 2)), 2), len(labels))
    return TextTable(labels, batches, facts, findings)


def _extra_names(rows: Iterable[Record], known: set[str]) -> list[str]:
    """Return names that the schema does not have, in order of first appearance."""
    extra: dict[str, None] = {}
    for row in rows:
        if not row.keys() <= known:
            extra.update(dict.fromkeys(name for name in row if name not in known))
    return list(extra)


class _Reading:
    """Turns records into cells of text; a value of another JSON type than the field's is a finding."""

    def __init__(self, resource: Resource, fields: tuple[Field, ...], findings: list[Any]) -> None:
        self._resource = resource
        self._fields = fields
        self._findings = findings

    def cells(self, record: Record, row: int) -> list[str | None]:
        return [
            None if field.name not in record else self._text(record, field, row, position)
            for position, field in enumerate(self._fields, 1)
        ]

    def _text(self, record: Record, field: Field, row: int, column: int) -> str | None:
        value = record[field.name]
        if value is None and not self._resource.is_standard:
            return None
        if isinstance(value, str) and "\0" in value:
            self._findings.append(self._finding("nul-in-cell", record, field, row, column))
        text = _text_of(value, field, is_standard=self._is_ruled(field))
        if text is None:
            self._findings.append(self._finding("json-type", record, field, row, column))
        return text if text or not self._resource.empty_is_missing else None

    def _is_ruled(self, field: Field) -> bool:
        """Whether the standard says how the values of a field stand in JSON; of extension columns it does not."""
        return self._resource.is_standard and not field.name.startswith("x_")

    def _finding(self, code: str, record: Record, field: Field, row: int, column: int) -> Finding:
        identifier = record.get("id")
        return finding(
            code,
            {"limit": _wanted(field)},
            resource=self._resource.name,
            path=self._resource.place,
            row=row,
            column=column,
            fields=(field.name,),
            value=json.dumps(record[field.name], ensure_ascii=False, default=str),
            limit=_wanted(field) if code == "json-type" else None,
            record_id=identifier if isinstance(identifier, str) else None,
        )


def _text_of(value: Any, field: Field, *, is_standard: bool) -> str | None:
    """Return the text that a cell would hold; None when the JSON type is not the field's."""
    if field.annotations.is_list:
        return _joined(value)
    if isinstance(value, str):
        # Outside the standard a text in a number field is read as a cell of CSV would be, as the reference does.
        return value if not is_standard or (value and field.type not in _NATIVE.values()) else None
    native = _NATIVE.get(type(value))
    if native is not None and field.type != "any":
        return _plain(value) if field.type in (native, *_WIDER.get(native, ())) else None
    return json.dumps(value, ensure_ascii=False, default=str) if _is_structure(value, field) else None


#: JSON type -> field type; a text cannot stand for any of them.
_NATIVE = {bool: "boolean", int: "integer", Decimal: "number"}

#: Field types that take a value of a narrower type as well.
_WIDER = {"integer": ("number", "year")}


def _plain(value: bool | int | Decimal) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_structure(value: Any, field: Field) -> bool:
    if field.type == "any":
        return True
    is_array = isinstance(value, list) and field.type in ("array", "list", "geopoint")
    return is_array or (isinstance(value, dict) and field.type in ("object", "geojson", "geopoint"))


def _joined(value: Any) -> str | None:
    """Return a list as a cell: items joined by one space, so that none may be empty or hold one."""
    if not isinstance(value, list) or not value:
        return None
    if not all(isinstance(item, str) and item and " " not in item for item in value):
        return None
    return " ".join(value)


def _wanted(field: Field) -> str:
    return "an array of texts without spaces" if field.annotations.is_list else f"a value of the type {field.type}"


def write_array(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write one array of objects, one object a line; empty cells are left out."""
    start = b"[\n"
    for record in records(table, batches):
        stream.write(start + line(record))
        start = b",\n"
    stream.write(b"[]\n" if start == b"[\n" else b"\n]\n")


def write_lines(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write one object a line; empty cells are left out."""
    stream.writelines(line(record) + b"\n" for record in records(table, batches))


def line(record: Record) -> bytes:
    """Return a record as one line of JSON, without its line end."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


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
