"""The records of a table as texts of JSON, a batch at a time: no record is ever an object of Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.formats.normal_forms import replaced
from diplodata.formats.writing import TargetColumn, TargetTable

#: Bytes that stand in a text of JSON as they are; all others need an escape.
_ESCAPED = bytes([*range(0x20), ord('"'), ord("\\")])

#: Writes what ``json.dumps`` does.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def lines(table: TargetTable, batches: Iterator[pa.RecordBatch], before: str, behind: str) -> Iterator[pa.Buffer]:
    """Yield the records of batches, each between two texts, as ``json.dumps`` writes them without spaces.

    * Values that the types of the columns do not take are not looked for: whoever calls has proven that there are none.
    """
    for batch in batches:
        members = [_member(column, batch.column(column.position), table) for column in table.columns]
        inner = pc.binary_join_element_wise(*members, ",", null_handling="skip") if members else pa.array([])
        whole = pc.binary_join_element_wise(before + "{", inner, "}" + behind, "")
        yield _content(whole)


def _member(column: TargetColumn, values: pa.Array, table: TargetTable) -> pa.Array:
    """Return the member that a column makes in each record; null where it is left out."""
    name = _encode(column.name) + ":"
    if column.type in _WRITTEN:
        found = pc.binary_join_element_wise(name, _WRITTEN[column.type](values), "")
    elif _needs_escapes(values):
        found = pc.binary_join_element_wise(name, replaced(values, _encode), "")
    else:
        found = pc.binary_join_element_wise(name + '"', values, '"', "")
    return pc.fill_null(found, name + "null") if table.with_null else found


def _needs_escapes(values: pa.Array) -> bool:
    data = _content(values).to_pybytes()
    return len(data.translate(None, _ESCAPED)) != len(data)


def _content(values: pa.Array) -> pa.Buffer:
    """Return the texts of an array, one behind the other, without copying them."""
    _, offsets, data = values.buffers()
    if data is None or not len(values):
        return pa.py_buffer(b"")
    ends = memoryview(offsets).cast("i")
    start, end = ends[values.offset], ends[values.offset + len(values)]
    return data.slice(start, end - start)


def _lists(values: pa.Array) -> pa.Array:
    return replaced(values, lambda text: _encode(text.split(" ")))


#: Types whose texts are no JSON texts: numbers and truth values are written as they are.
_WRITTEN: Mapping[str, Callable[[pa.Array], pa.Array]] = {
    "boolean": lambda values: values,
    "integer": lambda values: values,
    "list": _lists,
}
