"""DuckDB: a package as one database, with types, keys, indexes on references and a view; written, not read."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from diplodata.errors import ConversionError
from diplodata.formats import relational
from diplodata.formats.relational import Key, listed, quoted
from diplodata.formats.writing import CARRIED, Member, TargetColumn, Whole

if TYPE_CHECKING:
    import duckdb

_TYPES = {"boolean": "BOOLEAN", "date": "DATE", "integer": "BIGINT", "number": "DOUBLE", "string": "VARCHAR"}


@dataclass(slots=True)
class _Keys:
    """The keys of a database, and the order in which its tables are made."""

    order: list[str]
    primary: dict[str, Key] = field(default_factory=dict)
    foreign: list[Key] = field(default_factory=list)

    def unique(self, table: str) -> list[tuple[str, ...]]:
        """Return columns that others refer to and that are no primary key."""
        known = self.primary[table].columns if table in self.primary else ()
        wanted = dict.fromkeys(key.parent_columns for key in self.foreign if key.parent == table)
        return [columns for columns in wanted if columns != known]


def write(path: Path, whole: Whole) -> tuple[str, ...]:
    """Write a package; return the keys that are left out, and why.

    Rows are loaded without keys first, into memory or what DuckDB puts aside for it, and looked through there.

    Raises:
        ConversionError: DuckDB cannot write it, as when the disk is full.
    """
    import duckdb

    try:
        with tempfile.TemporaryDirectory(prefix="diplodata-") as aside, duckdb.connect() as connection:
            connection.execute(f"SET temp_directory = {relational.literal(aside)}")
            return _write(connection, path, whole)
    except duckdb.Error as error:
        said = str(error).splitlines()[0].rstrip(".")
        raise ConversionError(f"The database cannot be written: {said}.") from error
    finally:
        # The log of a database that was not finished.
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _write(connection: duckdb.DuckDBPyConnection, path: Path, whole: Whole) -> tuple[str, ...]:
    connection.execute("CREATE SCHEMA loaded")
    for member in whole.members:
        _load(connection, member)
    keys, notes = _keys(connection, whole)
    connection.execute(f"ATTACH {relational.literal(str(path))} AS target")
    connection.execute("USE target")
    members = {member.place: member for member in whole.members}
    for name in keys.order:
        _move(connection, members[name], keys)
    _finish(connection, whole)
    return notes


def _move(connection: duckdb.DuckDBPyConnection, member: Member, keys: _Keys) -> None:
    name = member.place
    own = [key for key in keys.foreign if key.table == name]
    made = relational.create_table(member, _type_of, keys.primary.get(name), own, keys.unique(name))
    connection.execute(made)
    connection.execute(f"INSERT INTO {quoted(name)} SELECT * FROM memory.loaded.{quoted(name)} ORDER BY rowid")
    connection.execute(f"DROP TABLE memory.loaded.{quoted(name)}")


def _type_of(column: TargetColumn) -> str:
    return _TYPES[column.type]


def _finish(connection: duckdb.DuckDBPyConnection, whole: Whole) -> None:
    for number, key in enumerate(relational.references(whole), 1):
        connection.execute(relational.create_index(key, number))
    view = relational.overview(whole)
    if view:
        connection.execute(view)
    connection.execute(f"CREATE TABLE {CARRIED} (path VARCHAR PRIMARY KEY, content VARCHAR NOT NULL)")
    for item in whole.carried.items():
        connection.execute(f"INSERT INTO {CARRIED} VALUES (?, ?)", list(item))
    connection.execute("CHECKPOINT target")
    connection.execute("USE memory")
    connection.execute("DETACH target")


def _load(connection: duckdb.DuckDBPyConnection, member: Member) -> None:
    name = f"loaded.{quoted(member.place)}"
    columns = ", ".join(f"{quoted(column.name)} {_type_of(column)}" for column in member.table.columns)
    connection.execute(f"CREATE TABLE {name} ({columns})")
    cells = ", ".join(f"c{column.position}" for column in member.table.columns)
    for batch in member.batches():
        connection.register("batch", batch)
        connection.execute(f"INSERT INTO {name} SELECT {cells} FROM batch")
        connection.unregister("batch")


def _keys(connection: duckdb.DuckDBPyConnection, whole: Whole) -> tuple[_Keys, tuple[str, ...]]:
    """Return the keys that hold and that DuckDB can hold, and a line for each other one."""
    notes: dict[Key, str] = {}
    keys = _Keys(_order(whole))
    for name, key in relational.primary_keys(whole).items():
        if _is_unique(connection, name, key.columns) and not _has_null(connection, key):
            keys.primary[name] = key
        else:
            notes[key] = "a value is missing or stands twice"
    for key in relational.references(whole):
        why = _obstacle(connection, whole, keys, key)
        if why:
            notes[key] = why
        else:
            keys.foreign.append(key)
    return keys, relational.left_out(notes)


def _obstacle(connection: duckdb.DuckDBPyConnection, whole: Whole, keys: _Keys, key: Key) -> str:
    """Return why a reference cannot be a key; the empty text when it can."""
    if keys.order.index(key.parent) >= keys.order.index(key.table):
        return "DuckDB takes no references within a table or around a circle of tables"
    if _types(whole, key.table, key.columns) != _types(whole, key.parent, key.parent_columns):
        return "the columns are of different types"
    if not _is_unique(connection, key.parent, key.parent_columns):
        return f"a value stands twice in {key.parent}"
    return "" if _holds(connection, key) else f"a value is not in {key.parent}"


def _order(whole: Whole) -> list[str]:
    """Return the tables so that parents come first where they can; the first one breaks a circle."""
    left = [member.place for member in whole.members]
    keys = [key for key in relational.references(whole) if key.table != key.parent]
    order: list[str] = []
    while left:
        waiting = {key.table for key in keys if key.parent in left}
        order.append(next((name for name in left if name not in waiting), left[0]))
        left.remove(order[-1])
    return order


def _types(whole: Whole, table: str, columns: tuple[str, ...]) -> list[str]:
    member = next(item for item in whole.members if item.place == table)
    types = {column.name: column.type for column in member.table.columns}
    return [types[name] for name in columns]


def _is_unique(connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]) -> bool:
    names = listed(columns)
    statement = f"SELECT 1 FROM loaded.{quoted(table)} GROUP BY {names} HAVING count(*) > 1 LIMIT 1"
    return connection.execute(statement).fetchone() is None


def _has_null(connection: duckdb.DuckDBPyConnection, key: Key) -> bool:
    is_null = " OR ".join(f"{quoted(name)} IS NULL" for name in key.columns)
    statement = f"SELECT 1 FROM loaded.{quoted(key.table)} WHERE {is_null} LIMIT 1"
    return connection.execute(statement).fetchone() is not None


def _holds(connection: duckdb.DuckDBPyConnection, key: Key) -> bool:
    pairs = list(zip(key.columns, key.parent_columns, strict=True))
    is_equal = " AND ".join(f"c.{quoted(own)} = p.{quoted(other)}" for own, other in pairs)
    is_there = " AND ".join(f"c.{quoted(own)} IS NOT NULL" for own, _ in pairs)
    statement = f"""SELECT 1 FROM loaded.{quoted(key.table)} AS c
        ANTI JOIN loaded.{quoted(key.parent)} AS p ON {is_equal} WHERE {is_there} LIMIT 1"""
    return connection.execute(statement).fetchone() is None
