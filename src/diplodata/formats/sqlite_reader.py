"""SQLite databases, as the reader process reads them: plain tables only, and nothing that a database could run.

* Imported by ``reader_child`` alone, from beside it: the standard library is all that is there.
* SQLite gets a copy of the file in memory and no file at all, so nothing beside it is read, locked or written.
"""

from __future__ import annotations

import contextlib
import json
import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: First bytes of every database, and where the header says that there is a log beside the file (SQLite, file format).
_MAGIC = b"SQLite format 3\x00"
_VERSIONS = slice(18, 20)
_ROLLBACK = b"\x01\x01"

#: Rows, and characters, of one frame.
_ROWS, _CHARACTERS = 1000, 1 << 20

#: What a statement may do; whatever a database has prepared for us needs more.
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}

#: Floats from which on whole ones are written with an exponent.
_WHOLE = 1e15

#: Declared types whose 0 and 1 are truth values.
_TRUTH = ("BOOL", "BOOLEAN")

Refused = Callable[..., Exception]


def read(
    stream: Any, request: Mapping[str, Any], limits: Mapping[str, int], refused: Refused
) -> Iterator[tuple[str, Any]]:
    """Yield the columns of a table, then its rows, some at a time; or what the database holds.

    Args:
        stream: the file.
        request: ``table``, and ``names`` that it has when it is not named; without either ``carried``, the name of
            the table in which a package carries its descriptor.
        limits: what may be read of it.
        refused: makes the exception that says why a file is not read, and by which limit.
    """
    try:
        with contextlib.closing(_opened(stream, limits, refused)) as base:
            tables = _tables(base)
            if "carried" in request:
                yield "header", _outline(base, tables, request["carried"], limits, refused)
                return
            name = _table(tables, request["table"], request["name"], refused)
            yield from _content(base, name, limits, refused)
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise refused(f"it is no SQLite database that can be read ({str(error).rstrip('.')})") from error


def _opened(stream: Any, limits: Mapping[str, int], refused: Refused) -> sqlite3.Connection:
    size = stream.seek(0, 2)
    if size > limits["database_bytes"]:
        raise refused(f"it is larger than {limits['database_bytes']} bytes, the limit database_bytes", "database_bytes")
    stream.seek(0)
    data = bytearray(stream.read())
    if data[: len(_MAGIC)] != _MAGIC:
        raise refused("it is no SQLite database")
    # A database in memory has no log; one that was written with a log is read as it lies in its file.
    data[_VERSIONS] = _ROLLBACK
    base = sqlite3.connect(":memory:", isolation_level=None)
    base.deserialize(data)
    del data
    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON", "temp_store = MEMORY"):
        base.execute(f"PRAGMA {pragma}")
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits["record_bytes"])
    base.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
    return base


def _tables(base: sqlite3.Connection) -> list[str]:
    """Return the plain tables, in the order in which they were made: no views, and nothing that a module computes."""
    rows = base.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").fetchall()
    # A virtual table has no page of its own; it keeps what it needs in tables that begin with its name.
    kept = tuple(f"{name.lower()}_" for name, page in rows if not page)
    return [name for name, page in rows if page and not name.lower().startswith(("sqlite_", *kept))]


def _table(tables: list[str], wanted: str | None, name: str, refused: Refused) -> str:
    """Return the table that is meant: the one that is named, that of the resource's name, or the only one."""
    known = ", ".join(tables[:20]) or "none"
    if wanted is None:
        wanted = name if name in tables or len(tables) != 1 else tables[0]
    if wanted not in tables:
        raise refused(f"it has no plain table {wanted!r}; its tables are {known}")
    return wanted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _columns(base: sqlite3.Connection, table: str, refused: Refused) -> list[dict[str, Any]]:
    rows = base.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
    made = [name for _, name, _, _, _, _, hidden in rows if hidden]
    if made:
        raise refused(f"the column {made[0]} of the table {table} is computed, which is not read")
    return [
        {"name": name, "type": kind.upper(), "required": bool(is_required), "key": key}
        for _, name, kind, is_required, _, key, _ in rows
    ]


def _outline(
    base: sqlite3.Connection, tables: list[str], carried: str, limits: Mapping[str, int], refused: Refused
) -> dict[str, Any]:
    """Return the tables with their columns and references, and the files that the database carries."""
    files = dict(_carried(base, carried, limits, refused)) if carried in tables else {}
    described = [
        {"name": name, "columns": _columns(base, name, refused), "references": _references(base, name)}
        for name in (() if files else tables)
    ]
    return {"tables": described, "files": files}


def _carried(
    base: sqlite3.Connection, table: str, limits: Mapping[str, int], refused: Refused
) -> Iterator[tuple[str, str]]:
    left = limits["descriptor_bytes"]
    for path, content in base.execute(f"SELECT path, content FROM {_quoted(table)} NOT INDEXED"):
        if not isinstance(path, str) or not isinstance(content, str):
            raise refused(f"the table {table} does not hold paths and texts")
        left -= len(content)
        if left < 0:
            raise refused(f"the table {table} holds more than the limit descriptor_bytes allows", "descriptor_bytes")
        yield path, content


def _references(base: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for number, _, parent, own, other, *_ in base.execute(f"PRAGMA foreign_key_list({_quoted(table)})"):
        key = found.setdefault(number, {"parent": parent, "columns": [], "parent_columns": []})
        key["columns"].append(own)
        key["parent_columns"].append(other)
    return [found[number] for number in sorted(found, reverse=True)]


def _content(
    base: sqlite3.Connection, table: str, limits: Mapping[str, int], refused: Refused
) -> Iterator[tuple[str, Any]]:
    columns = _columns(base, table, refused)
    if len(columns) > limits["columns"]:
        raise refused(f"it has {len(columns)} columns; the limit columns is {limits['columns']}", "columns")
    yield "header", {"labels": [column["name"] for column in columns]}
    truths = [column["type"] in _TRUTH for column in columns]
    names = ", ".join(_quoted(column["name"]) for column in columns)
    part: list[list[Any]] = []
    size = 0
    # Indexes can say something else than the table, and can be made of whatever a database can compute.
    for number, row in enumerate(base.execute(f"SELECT {names} FROM {_quoted(table)} NOT INDEXED"), 2):
        if any(isinstance(value, bytes) for value in row):
            raise refused(f"row {number} of the table {table} holds bytes (a BLOB), which no text can stand for")
        part.append([_cell(value, is_truth) for value, is_truth in zip(row, truths, strict=True)])
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(part) == _ROWS or size > _CHARACTERS:
            yield "rows", json.dumps(part).encode()
            part, size = [], 0
    if part:
        yield "rows", json.dumps(part).encode()


def _cell(value: Any, is_truth: bool) -> str | list[str] | None:
    """Return nothing, a text, or a kind with its text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        is_whole = math.isfinite(value) and value.is_integer() and abs(value) < _WHOLE
        return ["int", str(int(value))] if is_whole else ["float", repr(value)]
    if is_truth and value in (0, 1):
        return ["bool", "true" if value else "false"]
    return ["int", str(value)]
