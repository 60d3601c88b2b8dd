"""Reads files that can harm in a process of its own: Parquet and workbooks come in, text goes out.

* It is started by its path with ``-I``, so it needs nothing but the standard library, pyarrow and python-calamine;
  the process that starts it takes from it only the names of the frames.
* Requests come over a socket on standard input: eight bytes with a length, one open file beside them, then JSON.
* Answers go to standard output as frames: one byte that says what it is, eight bytes with a length, the content.
"""

from __future__ import annotations

import datetime
import json
import math
import os
import resource
import socket
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows of one batch at most, and cells; small enough for a dictionary of long texts to fit.
_ROWS, _CELLS = 8192, 1024 * 1024

#: Bytes that one batch takes, as the file itself says; and after which a batch is cut.
_WANTED, _FRAME = 16 * 1024 * 1024, 32 * 1024 * 1024

#: Rows of a workbook in one frame.
_SHEET_ROWS = 1000

HEADER, BATCH, ROWS, PROBLEM, END = b"HBRPE"


class RefusedError(Exception):
    """A file is not read further; names the limit, if there is one."""

    def __init__(self, problem: str, limit: str | None = None) -> None:
        super().__init__(problem)
        self.problem = {"problem": problem, "limit": limit}


class Window:
    """An open file as a stream with a place of its own: whoever sent it reads it at the same time."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._place = 0
        self._size = os.fstat(number).st_size
        self.closed = False

    def read(self, size: int | None = -1) -> bytes:
        """Read up to that many bytes."""
        left = max(self._size - self._place, 0)
        data = os.pread(self._number, left if size is None or size < 0 else min(size, left), self._place)
        self._place += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        self._place = max((0, self._place, self._size)[whence] + offset, 0)
        return self._place

    def tell(self) -> int:
        """Return the place."""
        return self._place

    def readable(self) -> bool:
        """A stream for reading."""
        return True

    def writable(self) -> bool:
        """Never for writing."""
        return False

    def seekable(self) -> bool:
        """Seekable."""
        return True

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Leave the file to whoever opened it."""
        self.closed = True


def _send(kind: int, content: Any) -> None:
    data = memoryview(content).cast("B")
    for part in (struct.pack("<cQ", bytes((kind,)), len(data)), data):
        place = 0
        while place < len(part):
            place += os.write(1, part[place:])


def _say(kind: int, members: Mapping[str, Any]) -> None:
    _send(kind, json.dumps(members).encode("utf-8", "backslashreplace"))


# Parquet


def _parquet(stream: Window, _: Mapping[str, Any], limits: Mapping[str, int]) -> None:
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
        raise _named(error) from error
    schema = file.schema_arrow
    if len(schema) > limits["columns"]:
        raise RefusedError(f"it has {len(schema)} columns; the limit columns is {limits['columns']}", "columns")
    kinds = [_kind(field.type) for field in schema]
    types = [str(field.type)[:200] for field in schema]
    _say(HEADER, {"labels": schema.names, "kinds": kinds, "types": types, "rows": file.metadata.num_rows})
    for batch in file.iter_batches(_batch_rows(file), use_threads=False):
        batch.validate(full=True)
        columns = [_TEXTS[kind](array) for kind, array in zip(kinds, map(_decoded, batch.columns), strict=True)]
        texts = pa.RecordBatch.from_arrays(columns, names=[f"c{number}" for number in range(1, len(columns) + 1)])
        for part in _cut(texts, limits["record_bytes"]):
            _send(BATCH, part.serialize())


def _named(error: Exception) -> RefusedError:
    """Say which limit an error of the Parquet reader is about, if it is about one."""
    text = str(error)
    if "Exceeded size limit" in text or "MaxMessageSize reached" in text:
        return RefusedError(
            "its metadata are larger than the limits parquet_metadata_bytes and parquet_metadata_items allow",
            "parquet_metadata_bytes",
        )
    if "depth" in text and "limit" in text:
        return RefusedError("its columns are nested more deeply than the limit parquet_depth allows", "parquet_depth")
    return RefusedError(_first_line(error))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0].rstrip(".") or type(error).__name__


def _batch_rows(file: Any) -> int:
    """Return how many rows fit into a batch, by what the file says of itself."""
    metadata = file.metadata
    columns = max(len(file.schema_arrow), 1)
    groups = [metadata.row_group(number) for number in range(min(metadata.num_row_groups, 100))]
    rows = sum(group.num_rows for group in groups)
    wide = max(sum(group.total_byte_size for group in groups) // rows, 1) if rows > 0 else 1
    return max(1, min(_ROWS, _CELLS // columns, _WANTED // wide))


def _cut(batch: pa.RecordBatch, record_bytes: int) -> Iterator[pa.RecordBatch]:
    """Cut a batch into parts that fit into a frame."""
    if batch.get_total_buffer_size() <= _FRAME or batch.nbytes <= _FRAME:
        yield batch
    elif batch.num_rows > 1:
        half = batch.num_rows // 2
        yield from _cut(batch.slice(0, half), record_bytes)
        yield from _cut(batch.slice(half), record_bytes)
    elif batch.nbytes <= record_bytes:
        yield batch
    else:
        raise RefusedError("a row is larger than the limit record_bytes allows", "record_bytes")


def _decoded(array: pa.Array) -> pa.Array:
    import pyarrow as pa

    while True:
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        elif pa.types.is_run_end_encoded(array.type):
            array = pa.compute.run_end_decode(array)
        else:
            return array


def _kind(type_: pa.DataType) -> str:
    """Return the name under which columns of a type are made text."""
    from pyarrow import types

    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return _kind(type_.value_type)
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
        raise RefusedError("a column of bytes holds bytes that are no UTF-8") from error


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
_TEXTS: Mapping[str, Callable[[Any], Any]] = {
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


# Workbooks


def _workbook(stream: Window, request: Mapping[str, Any], limits: Mapping[str, int]) -> None:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_object(stream)
        name = _sheet_name(book.sheet_names, request["sheet"])
        sheet = book.get_sheet_by_name(name)
        if sheet.total_width > limits["columns"]:
            raise RefusedError(
                f"it has {sheet.total_width} columns; the limit columns is {limits['columns']}", "columns"
            )
        rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError) as error:
        raise RefusedError(f"it is no workbook that can be read ({_first_line(error)})") from error
    _say(HEADER, {"sheet": name})
    for start in range(0, len(rows), _SHEET_ROWS):
        part = [[_cell(value) for value in row] for row in rows[start : start + _SHEET_ROWS]]
        _send(ROWS, json.dumps(part).encode())


def _sheet_name(names: list[str], wanted: str | int) -> str:
    if isinstance(wanted, str) and wanted in names:
        return wanted
    if isinstance(wanted, int) and 0 < wanted <= len(names):
        return names[wanted - 1]
    known = ", ".join(names[:20])
    raise RefusedError(f"it has no sheet {wanted!r}; its sheets are {known}")


def _cell(value: Any) -> str | list[str] | None:
    """Return nothing, a text, or a kind with its text."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return ["bool", str(value).lower()]
    if isinstance(value, float):
        # Workbooks hold all numbers as floats.
        return ["int", str(int(value))] if math.isfinite(value) and value == value // 1 else ["float", repr(value)]
    if isinstance(value, datetime.timedelta):
        return ["duration", _period(value // datetime.timedelta(microseconds=1), 6)]
    kind = {int: "int", datetime.datetime: "timestamp", datetime.date: "date", datetime.time: "time"}[type(value)]
    return [kind, str(value) if kind == "int" else value.isoformat()]


# The process

_FORMATS = {"parquet": _parquet, "workbook": _workbook}


def _confine(limits: Mapping[str, int]) -> None:
    """Give up what a reader does not need; the processor time is given anew for each file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (limits["reader_memory_bytes"],) * 2)


def _start_clock(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))


def _serve(requests: socket.socket, limits: Mapping[str, int]) -> None:
    """Read one file after another until nobody asks any more."""
    while True:
        head, files, _, _ = socket.recv_fds(requests, 8, 1)
        if not head:
            return
        request = json.loads(requests.recv(struct.unpack("<Q", head)[0], socket.MSG_WAITALL))
        _start_clock(limits["reader_cpu_seconds"])
        try:
            _FORMATS[request["format"]](Window(files[0]), request, limits)
            _send(END, b"")
        except BrokenPipeError:
            return
        except RefusedError as error:
            _say(PROBLEM, error.problem)
        except MemoryError:
            problem = "reading it takes more memory than the limit reader_memory_bytes"
            _say(PROBLEM, {"problem": problem, "limit": "reader_memory_bytes"})
        except Exception as error:  # noqa: BLE001 - whatever a hostile file brings about is said of the file
            _say(PROBLEM, {"problem": _first_line(error), "limit": None})
        finally:
            os.close(files[0])


def main() -> None:
    """Serve the requests of the process that started this one."""
    limits = json.loads(sys.argv[1])
    _confine(limits)
    sys.path.extend(sys.argv[2:])
    import pyarrow.parquet  # noqa: F401 - while the first file is being opened

    with socket.socket(fileno=0) as requests:
        _serve(requests, limits)


if __name__ == "__main__":
    main()
