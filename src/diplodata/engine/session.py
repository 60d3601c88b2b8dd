"""A DuckDB connection that holds the tables of one package and answers questions about them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from diplodata.engine import sql
from diplodata.model.package import Resource

#: What a session may use; DuckDB spills to disk beyond it.
MEMORY_LIMIT = "300MB"

Config = dict[str, str | bool | int | float | list[str]]

#: Settings that keep data from reaching out: DuckDB only sees columns that we built.
_LOCKED: Config = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "preserve_insertion_order": "false",
}


@dataclass
class LoadedTable:
    """A resource in the engine: its SQL table, and which column holds which field."""

    resource: Resource
    #: Quoted name of the SQL table with ``_row`` and the text columns.
    table: str
    #: field name -> quoted column; fields without a column are not in it.
    columns: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    #: Number of text columns, whether or not a field stands for them.
    width: int = 0
    #: Fields with at least one value; questions about values are not asked of the others.
    filled: frozenset[str] = frozenset()
    #: Fields whose values are compared with each other, in this table or from another.
    keys: set[str] = field(default_factory=set)
    #: field name -> SQL expression that is equal for equal values; complete once cells have been checked.
    normal: dict[str, str] = field(default_factory=dict)
    #: Fields in which something failed; their cells are in the table ``failed``.
    marked: set[str] = field(default_factory=set)

    def number(self, name: str) -> int | None:
        """Return the number of the column of a field, from 1."""
        column = self.columns.get(name)
        return int(column.strip('"c')) if column else None


class Session:
    """One in-memory database.

    * Cells that already have a finding are rows of the table ``failed``: later checks pass them over.
    """

    def __init__(self) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="diplodata-")
        limits: Config = {"memory_limit": MEMORY_LIMIT, "temp_directory": self._spill.name}
        self._connection = duckdb.connect(config=_LOCKED | limits)
        self._connection.execute("SET python_enable_replacements = false")
        self._connection.execute("CREATE TABLE failed (resource VARCHAR, row BIGINT, field VARCHAR)")
        self._connection.execute(resources.files(__package__).joinpath("macros.sql").read_text(encoding="utf-8"))
        self._connection.execute("SET lock_configuration = true")
        self._tables = 0
        self._accepted: dict[str, str | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._spill.cleanup()

    def load(
        self, resource: Resource, columns: Mapping[str, int], batches: Iterator[pa.RecordBatch], schema: pa.Schema
    ) -> LoadedTable:
        """Load batches of text; missing values become NULL.

        Args:
            resource: what is loaded.
            columns: field name -> number of its column.
            batches: a column of record numbers and columns of text.
            schema: the Arrow schema of the batches.
        """
        self._tables += 1
        name = sql.identifier(f"t{self._tables}")
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        self._connection.register("incoming", reader)
        try:
            selected = _selected(resource, columns, schema.names)
            self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT {selected} FROM incoming")
        finally:
            self._connection.unregister("incoming")
        quoted = {field_name: sql.identifier(f"c{number}") for field_name, number in columns.items()}
        numbers = ", ".join(["count(*)", *(f"count({column})" for column in quoted.values())])
        rows, *values = self.rows(f"SELECT {numbers} FROM {name}")[0]
        filled = frozenset(field_name for field_name, number in zip(quoted, values, strict=True) if number)
        return LoadedTable(resource, name, quoted, rows=rows, width=len(schema.names) - 1, filled=filled)

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._connection.execute(query, list(parameters)).fetchall()

    def value(self, query: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the one value of a query."""
        return self.rows(query, parameters)[0][0]

    def execute(self, statement: str) -> None:
        """Run a statement that returns nothing."""
        self._connection.execute(statement)

    def accepts(self, expression: str) -> str | None:
        """Return why the engine cannot evaluate an expression without columns; None when it can."""
        if expression not in self._accepted:
            try:
                self._connection.execute(f"SELECT {expression}").fetchall()
                self._accepted[expression] = None
            except duckdb.Error as error:
                self._accepted[expression] = str(error).splitlines()[0]
        return self._accepted[expression]

    def insert(self, table: str, columns: dict[str, pa.Array]) -> None:
        """Append columns to a table, which is made when it is not there."""
        self._connection.register("incoming", pa.table(columns))
        try:
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM incoming LIMIT 0")
            self._connection.execute(f"INSERT INTO {table} SELECT * FROM incoming")
        finally:
            self._connection.unregister("incoming")

    def mark(self, table: LoadedTable, field_name: str, condition: str) -> None:
        """Note the cells for which a condition holds as failed."""
        self.execute(
            f"INSERT INTO failed SELECT {sql.literal(table.resource.name)}, _row, {sql.literal(field_name)} "
            f"FROM {table.table} WHERE {condition}"
        )

    def without_findings(self, table: LoadedTable) -> str:
        """Return the condition that no cell of a row has failed."""
        return f"_row NOT IN (SELECT row FROM failed WHERE resource = {sql.literal(table.resource.name)})"

    def unmarked(self, table: LoadedTable, field_name: str) -> str:
        """Return the condition that a row's cell has not failed."""
        return (
            f"_row NOT IN (SELECT row FROM failed WHERE resource = {sql.literal(table.resource.name)} "
            f"AND field = {sql.literal(field_name)})"
        )


def _selected(resource: Resource, columns: Mapping[str, int], names: Sequence[str]) -> str:
    """Return the columns to load, with each field's missing values turned into NULL."""
    schema = resource.schema
    missing: dict[str, Sequence[str]] = {}
    for field_name, number in columns.items():
        owner = schema.field(field_name) if schema else None
        texts = owner.missing_values if owner and owner.missing_values is not None else None
        missing[f"c{number}"] = texts if texts is not None else schema.missing_values if schema else ()
    return ", ".join(_without(name, _listed(resource, missing.get(name, ()))) for name in names)


def _listed(resource: Resource, texts: Sequence[str]) -> list[str]:
    """Return the missing values that are still in the batches: readers leave out the empty text where all fields do."""
    return [text for text in texts if text or not resource.empty_is_missing]


def _without(column: str, texts: Sequence[str]) -> str:
    if not texts:
        return column
    return f"CASE WHEN {column} IN ({sql.literals(texts)}) THEN NULL ELSE {column} END AS {column}"
