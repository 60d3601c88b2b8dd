"""Parquet, as the reader process reads it: rows come out as batches of text, column by column.

* Imported by ``reader_child``, from beside it: the standard library and pyarrow are all that is there.
* ``typing_of`` asks it which text a value would come back as.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows of one batch at most, and cells; small enough for a dictionary of long texts to fit.
_ROWS, _CELLS = 8192, 1024 * 1024

#: Bytes that one batch takes, as the file itself says; and after which a batch is cut.
_WANTED, _FRAME = 16 * 1024 * 1024, 32 * 1024 * 1024


def read(
    stream: Any, _: Mapping[str, Any], limits: Mapping[str, int], refused: Callable[..., Exception]
) -> Iterator[tuple[str, Any]]:
    """Yield the header of a file, then its rows as batches of text.

    Args:
        stream: the file.
        limits: what may be read of it.
        refused: makes the exception that says why a file is not read, and by which limit.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(
            pa.PythonFile(stream, mode="r"),
            memory_map=False,
            pre_buffer=False,
            buffer_size=1024 * 1024,
            page_checksum_verification=True,
            arrow_extensions_enabled=False,
            thrift_string_size_limit=limits["parquet_metadata_bytes"],
            thrift_container_size_limit=limits["parquet_metadata_items"],
            schema_depth_limit=limits["parquet_depth"],
        )
    except (pa.ArrowException, OSError) as error:
        raise refused(*_named(error)) from error
    schema = file.schema_arrow
    if len(schema) > limits["columns"]:
        raise refused(f"it has {len(schema)} columns; the limit columns is {limits['columns']}", "columns")
    kinds = [kind_of(field.type) for field in schema]
    types = [str(field.type)[:200] for field in schema]
    yield "header", {"labels": schema.names, "kinds": kinds, "types": types, "rows": file.metadata.num_rows}
    for batch in file.iter_batches(_batch_rows(file), use_threads=False):
        batch.validate(full=True)
        columns = [TEXTS[kind](array) for kind, array in zip(kinds, map(_decoded, batch.columns), strict=True)]
        texts = pa.RecordBatch.from_arrays(columns, names=[f"c{number}" for number in range(1, len(columns) + 1)])
        for part in _cut(texts):
            if part.nbytes > limits["record_bytes"]:
                raise refused("a row is larger than the limit record_bytes allows", "record_bytes")
            yield "batch", part.serialize()


def _named(error: Exception) -> tuple[str, str | None]:
    """Say what is wrong, and which limit it is about, if it is about one."""
    text = str(error)
    if "Exceeded size limit" in text or "MaxMessageSize reached" in text:
        names = "parquet_metadata_bytes and parquet_metadata_items"
        return f"its metadata are larger than the limits {names} allow", "parquet_metadata_bytes"
    if "depth" in text and "limit" in text:
        return "its columns are nested more deeply than the limit parquet_depth allows", "parquet_depth"
    return (text.splitlines() or [""])[0].rstrip("."), None


def _batch_rows(file: Any) -> int:
    """Return how many rows fit into a batch, by what the file says of itself."""
    metadata = file.metadata
    columns = max(len(file.schema_arrow), 1)
    groups = [metadata.row_group(number) for number in range(min(metadata.num_row_groups, 100))]
    rows = sum(group.num_rows for group in groups)
    wide = max(sum(group.total_byte_size for group in groups) // rows, 1) if rows > 0 else 1
    return max(1, min(_ROWS, _CELLS // columns, _WANTED // wide))


def _cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Cut a batch into parts that fit into a frame, or are one row."""
    if batch.nbytes <= _FRAME or batch.num_rows <= 1:
        yield batch
    else:
        half = batch.num_rows // 2
        yield from _cut(batch.slice(0, half))
        yield from _cut(batch.slice(half))


def _decoded(array: pa.Array) -> pa.Array:
    import pyarrow as pa

    while True:
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        elif pa.types.is_run_end_encoded(array.type):
            array = pa.compute.run_end_decode(array)
        else:
            return array


def kind_of(type_: pa.DataType) -> str:
    """Return the name under which columns of a type are made text."""
    from pyarrow import types

    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return kind_of(type_.value_type)
    tests = {
        "null": types.is_null,
        "bool": types.is_boolean,
        "int": types.is_integer,
        "float": types.is_floating,
        "decimal": types.is_decimal,
        "text": lambda item: types.is_string(item) or types.is_large_string(item) or types.is_string_view(item),
        "binary": lambda item: types.is_binary(item) or types.is_large_binary(item) or types.is_binary_view(item)
        or types.is_fixed_size_binary(item),
        "date": types.is_date,
        "timestamp": types.is_timestamp,
        "time": types.is_time,
        "duration": types.is_duration,
        "map": types.is_map,
        "list": lambda item: types.is_list(item) or types.is_large_list(item) or types.is_fixed_size_list(item),
        "struct": types.is_struct,
    }  # fmt: skip
    return next((name for name, test in tests.items() if test(type_)), "other")


def _plain(array: pa.Array) -> pa.Array:
    import pyarrow as pa

    return array.cast(pa.string())


def _float(array: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = array.cast(pa.float32() if pa.types.is_float16(array.type) else array.type).cast(pa.string())
    if not pc.any(pc.invert(pc.is_finite(array))).as_py():
        return text
    # Spelled as Table Schema spells them.
    return pc.replace_substring(pc.replace_substring(text, "nan", "NaN"), "inf", "INF")


def _binary(array: pa.Array) -> pa.Array:
    import pyarrow as pa

    try:
        return array.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid as error:
        raise ValueError("a column of bytes holds bytes that are no UTF-8") from error


def _timestamp(array: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        text = array.cast(pa.string())
    except pa.ArrowInvalid:
        # A time zone that nobody here knows; the instants are the same in UTC.
        text = array.cast(pa.timestamp(array.type.unit, "UTC")).cast(pa.string())
    text = pc.replace_substring(text, " ", "T", max_replacements=1)
    if array.type.tz:
        text = pc.replace_substring_regex(text, r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2")
    return _without_zeros(text)


def _without_zeros(text: pa.Array) -> pa.Array:
    """Drop zeros at the end of fractions of seconds."""
    import pyarrow.compute as pc

    text = pc.replace_substring_regex(text, r"(\.[0-9]*?)0+(Z|[+-][0-9:]+|)$", r"\1\2")
    return pc.replace_substring_regex(text, r"\.(Z|[+-][0-9:]+|)$", r"\1")


def _time(array: pa.Array) -> pa.Array:
    return _without_zeros(_plain(array))


def _duration(array: pa.Array) -> pa.Array:
    digits = {"s": 0, "ms": 3, "us": 6, "ns": 9}[array.type.unit]
    return _listed(array.view("int64"), lambda value: _period(value, digits))


def _period(value: int, digits: int) -> str:
    """Return a duration in ISO 8601 form."""
    seconds, part = divmod(abs(value), 10**digits)
    days, seconds = divmod(seconds, 86_400)
    fraction = f".{part:0{digits}d}".rstrip("0") if part else ""
    return f"{'-' if value < 0 else ''}P{days}DT{seconds}{fraction}S"


def _json(array: pa.Array) -> pa.Array:
    return _listed(array, lambda value: json.dumps(value, ensure_ascii=False, default=str))


def _map(array: pa.Array) -> pa.Array:
    return _listed(array, lambda value: json.dumps({str(key): item for key, item in value}, ensure_ascii=False,
                                                   default=str))  # fmt: skip


def _other(array: pa.Array) -> pa.Array:
    return _listed(array, str)


def _listed(array: pa.Array, text: Callable[[Any], str]) -> pa.Array:
    import pyarrow as pa

    return pa.array([None if value is None else text(value) for value in array.to_pylist()], pa.string())


#: Kind of a column -> how it becomes text.
TEXTS: Mapping[str, Callable[[Any], Any]] = {
    "null": _plain,
    "bool": _plain,
    "int": _plain,
    "float": _float,
    "decimal": _plain,
    "text": _plain,
    "binary": _binary,
    "date": _plain,
    "timestamp": _timestamp,
    "time": _time,
    "duration": _duration,
    "list": _json,
    "map": _map,
    "struct": _json,
    "other": _other,
}
