"""SQLite: a package as one database, with types, keys, indexes on references and a view."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from diplodata.errors import ConversionError
from diplodata.formats import relational
from diplodata.formats.relational import Key, quoted
from diplodata.formats.writing import CARRIED, Member, TargetColumn, Whole

_TYPES = {"boolean": "BOOLEAN", "integer": "INTEGER", "number": "REAL", "string": "TEXT"}

#: What an integer column is called as primary key: INTEGER would order the rows by it (SQLite, rowid tables).
_OF_KEYS = "INT"

_VALUES: Mapping[str, Callable[[str], Any]] = {
    "boolean": lambda text: int(text == "true"),
    "integer": int,
    "number": float,
}

#: What makes the same bytes of the same input: nothing is left over in pages, and nothing is written aside.
_PRAGMAS = ("page_size = 4096", "encoding = 'UTF-8'", "journal_mode = OFF", "synchronous = OFF", "secure_delete = ON")


class _BrokenKeysError(Exception):
    """Rows do not keep keys."""

    def __init__(self, keys: dict[Key, str]) -> None:
        super().__init__()
        self.keys = keys


def write(path: Path, whole: Whole) -> tuple[str, ...]:
    """Write a package; return the keys that its rows do not keep, and which are left out for that.

    Raises:
        ConversionError: SQLite cannot write it, as when the disk is full.
    """
    broken: dict[Key, str] = {}
    while True:
        try:
            _write(path, whole, broken)
        except _BrokenKeysError as error:
            broken |= error.keys
            path.unlink()
        except sqlite3.Error as error:
            raise ConversionError(f"The database cannot be written: {error}.") from error
        else:
            return relational.left_out(broken)


def _write(path: Path, whole: Whole, broken: Mapping[Key, str]) -> None:
    primary = {name: key for name, key in relational.primary_keys(whole).items() if key not in broken}
    foreign = [key for key in relational.references(whole) if key not in broken]
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for member in whole.members:
            _fill(connection, member, primary.get(member.place), [key for key in foreign if key.table == member.place])
        _index(connection, primary, foreign)
        _check(connection, foreign)
        view = relational.overview(whole)
        if view:
            connection.execute(view)
        connection.execute(f"CREATE TABLE {CARRIED} (path TEXT PRIMARY KEY, content TEXT NOT NULL)")
        connection.executemany(f"INSERT INTO {CARRIED} VALUES (?, ?)", whole.carried.items())
        connection.execute("COMMIT")
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, member: Member, primary: Key | None, foreign: list[Key]) -> None:
    def type_of(column: TargetColumn) -> str:
        is_key = primary is not None and column.name in primary.columns
        return _OF_KEYS if is_key and column.type == "integer" else _TYPES[column.type]

    connection.execute(relational.create_table(member, type_of, primary, foreign))
    places = ", ".join("?" * len(member.table.columns))
    statement = f"INSERT INTO {quoted(member.place)} VALUES ({places})"
    try:
        connection.executemany(statement, _rows(member))
    except sqlite3.IntegrityError as error:
        assert primary is not None
        raise _BrokenKeysError({primary: "a value stands twice"}) from error


def _rows(member: Member) -> Iterator[tuple[Any, ...]]:
    for batch in member.batches():
        yield from zip(*(_cells(batch, column) for column in member.table.columns), strict=True)


def _cells(batch: Any, column: TargetColumn) -> list[Any]:
    texts: list[str | None] = batch.column(column.position).to_pylist()
    make = _VALUES.get(column.type)
    return [None if text is None else make(text) for text in texts] if make else texts


def _index(connection: sqlite3.Connection, primary: Mapping[str, Key], foreign: list[Key]) -> None:
    """Make the indexes of references, and those that their parents need where they are no primary keys."""
    for number, key in enumerate(foreign, 1):
        connection.execute(relational.create_index(key, number))
    parents = {(key.parent, key.parent_columns): key for key in foreign}
    for number, ((parent, columns), key) in enumerate(parents.items(), 1):
        known = primary.get(parent)
        if known and known.columns == columns:
            continue
        name = quoted(f"_parent_{number}_{parent}")
        try:
            connection.execute(f"CREATE UNIQUE INDEX {name} ON {quoted(parent)} ({relational.listed(columns)})")
        except sqlite3.IntegrityError as error:
            refering = [item for item in foreign if (item.parent, item.parent_columns) == (parent, columns)]
            why = f"a value stands twice in {parent}.{', '.join(key.parent_columns)}"
            raise _BrokenKeysError(dict.fromkeys(refering, why)) from error


def _check(connection: sqlite3.Connection, foreign: list[Key]) -> None:
    """Find the references that do not hold."""
    broken: dict[Key, str] = {}
    for table in dict.fromkeys(key.table for key in foreign):
        # SQLite numbers the references of a table from the last to the first.
        known = [key for key in foreign if key.table == table][::-1]
        for _, _, _, number in connection.execute(f"PRAGMA foreign_key_check({quoted(table)})"):
            broken[known[number]] = f"a value is not in {known[number].parent}"
    if broken:
        raise _BrokenKeysError(broken)
