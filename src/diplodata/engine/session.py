"""A DuckDB connection that holds the tables of one package and answers questions about them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from diplodata.engine import macros, sql
from diplodata.engine.distinct import DistinctScreen
from diplodata.engine.plan import Plan
from diplodata.errors import MemoryShortageError
from diplodata.model.package import Resource

#: What a session may use; DuckDB spills to disk beyond it.
MEMORY_LIMIT = "300MB"

#: What it may use when its tables lie on disk.
_MEMORY_LIMIT_ON_DISK = "250MB"

#: Settings that keep data from reaching out: DuckDB only sees columns that we built.
_LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "preserve_insertion_order": "false",
    "python_enable_replacements": "false",
}

#: What is left of the optimizer where tables are small: planning takes longer there than asking. What joins need stays.
_OF_SMALL = (
    "build_side_probe_side",
    "deliminator",
    "filter_pullup",
    "filter_pushdown",
    "join_order",
    "unused_columns",
)

_SHORTAGE = f"The engine needs more memory than its limit of {_MEMORY_LIMIT_ON_DISK} allows."


#: Texts of a field that a question lists.
_LISTED = 2_000


@dataclass
class LoadedTable:
    """A resource in the engine: its SQL table, and which column holds which field."""

    resource: Resource
    #: Number of the table in its session.
    serial: int
    #: What stands behind FROM: a query that gives ``_row``, the text columns and the marks.
    table: str
    #: field name -> quoted column; fields without a column are not in it.
    columns: dict[str, str] = field(default_factory=dict)
    plan: Plan = field(default_factory=lambda: Plan({}))
    rows: int = 0
    #: Whether there are blank rows.
    has_blank: bool = False
    #: Fields with at least one text; questions about values are not asked of the others.
    filled: frozenset[str] = frozenset()
    #: field name -> all its texts, of fields in which they recur; those of other fields would have to be asked for.
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Fields with at least one suspect; questions about single cells are asked of these alone.
    suspects: frozenset[str] = frozenset()
    #: Fields whose values are compared with each other, in this table or from another.
    keys: set[str] = field(default_factory=set)
    #: field name -> SQL expression that is equal for equal values; complete once cells have been checked.
    normal: dict[str, str] = field(default_factory=dict)
    #: Fields in which something failed; their cells are in the table ``failed``.
    marked: set[str] = field(default_factory=set)

    def texts(self, name: str, source: str) -> str:
        """Return a query for the different texts of a field, as its one column; NULL may be among them.

        Args:
            name: the field.
            source: what stands behind FROM where the texts are not known: it has the field under its own name.
        """
        known = self.values.get(name)
        if known is None or len(known) > _LISTED or name in self.plan.missing:
            return f"SELECT DISTINCT {sql.identifier(name)} FROM {source}"
        return f"SELECT unnest([{sql.literals(sorted(known))}]::VARCHAR[]) AS {sql.identifier(name)}"

    def number(self, name: str) -> int | None:
        """Return the number of the column of a field, from 1."""
        column = self.columns.get(name)
        return int(column.strip('"c')) if column else None


class Session:
    """One database, in memory or on disk.

    * In memory it is faster; a table on disk may be larger by far, as each row of one in memory costs some bytes that
      are never spilled.
    * A whole table keeps every value, for questions about values that are good.
    * Of small tables questions are planned quickly, not well.
    * Cells that already have a finding are rows of the table ``failed``: later checks pass them over.
    """

    def __init__(self, *, on_disk: bool = False, whole: bool = False, is_small: bool = False) -> None:
        # Loaded here, so that reading can begin before.
        import duckdb

        self._error, self._shortage = duckdb.Error, duckdb.OutOfMemoryException
        self._spill = tempfile.TemporaryDirectory(prefix="diplodata-")
        limit = _MEMORY_LIMIT_ON_DISK if on_disk else MEMORY_LIMIT
        self._connection = duckdb.connect(config={"memory_limit": limit, "temp_directory": self._spill.name})
        self._place = "store." if on_disk else ""
        if on_disk:
            file = str(Path(self._spill.name) / "tables.duckdb")
            self._connection.execute(f"ATTACH {sql.literal(file)} AS store")
            self._connection.execute("SET checkpoint_threshold = '1TB'")
        for name, value in _LOCKED.items():
            self._connection.execute(f"SET {name} = {value}")
        if is_small:
            known = {name for (name,) in self._connection.execute("SELECT * FROM duckdb_optimizers()").fetchall()}
            self._connection.execute(f"SET disabled_optimizers = '{','.join(sorted(known.difference(_OF_SMALL)))}'")
        self.is_small = is_small
        self._accepted: dict[str, str | None] = {}
        self._defined: set[str] = set()
        self._connection.execute("CREATE TABLE failed (resource VARCHAR, row BIGINT, field VARCHAR)")
        # Keys of numbers are compared by it.
        self.define("abs_zero")
        self._connection.execute("SET lock_configuration = true")
        self._tables, self._whole = 0, whole

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._spill.cleanup()

    def load(self, resource: Resource, plan: Plan, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> LoadedTable:
        """Load batches of text; missing values become NULL, and suspects are marked.

        Args:
            resource: what is loaded.
            plan: what to look for, and what to keep.
            batches: a column of record numbers and columns of text.
            schema: the Arrow schema of the batches; a column of text may be a dictionary.
        """
        self._tables += 1
        plan = replace(plan, kept=None) if self._whole or self.is_small else plan
        loaded = self._place + sql.identifier(f"loaded{self._tables}")
        number = len(schema.names) - 1
        filled: set[int] = set()
        batches, empty = _ahead(_noted(batches, filled))
        numbers = {field_name: int(column.strip('"c')) for field_name, column in plan.columns.items()}
        plan = plan.without_values(frozenset(name for name, place in numbers.items() if place in empty))
        encoded = {
            field_name: place
            for field_name, place in numbers.items()
            if field_name in plan.suspects and place not in empty and pa.types.is_dictionary(schema.field(place).type)
        }
        screen = None
        if encoded:
            valued = {field_name: plan.valued(plan.columns[field_name], field_name) for field_name in encoded}
            screen = DistinctScreen(self._connection.cursor(), plan, encoded, valued)
            batches, schema = screen.marked(batches), pa.schema([*schema, *screen.schema])
        self._connection.register("incoming", pa.RecordBatchReader.from_batches(schema, batches))
        try:
            query = plan.loading(number, frozenset(encoded), "incoming")
            self.execute(f"CREATE TABLE {loaded} AS {query}")
        finally:
            self._connection.unregister("incoming")
        found = ", ".join(f"coalesce(bit_or({mark}), 0)" for mark in plan.marks)
        rows, *marks = self.rows(f"SELECT count(*), {found} FROM {loaded}")[0]
        return LoadedTable(
            resource,
            self._tables,
            loaded if plan.kept is None else f"({plan.reading(number, loaded)})",
            dict(plan.columns),
            plan,
            rows=rows,
            has_blank=plan.is_blank(marks),
            filled=frozenset(field_name for field_name, place in numbers.items() if place in filled),
            values=screen.values() if screen else {},
            suspects=plan.among(marks),
        )

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        try:
            return self._connection.execute(query, list(parameters)).fetchall()
        except self._shortage as error:
            raise MemoryShortageError(_SHORTAGE) from error

    def portions(self, query: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a query, so many at a time; other queries may be asked in between."""
        cursor = self._connection.cursor()
        try:
            result = cursor.execute(query)
            while rows := result.fetchmany(size):
                yield rows
        except self._shortage as error:
            raise MemoryShortageError(_SHORTAGE) from error
        finally:
            cursor.close()

    def value(self, query: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the one value of a query."""
        return self.rows(query, parameters)[0][0]

    def execute(self, statement: str) -> None:
        """Run a statement that returns nothing."""
        self.rows(statement)

    def define(self, text: str) -> None:
        """Define the macros that a text names, so that it can be asked."""
        for name in macros.named(text):
            if name not in self._defined:
                self._defined.add(name)
                self.execute(macros.statements()[name])

    def try_all(self, expressions: Iterable[str]) -> None:
        """Try many expressions at once, so that ``accepts`` need not try each by itself when all are good."""
        new = [item for item in dict.fromkeys(expressions) if item not in self._accepted]
        if new and self.accepts(f"[{', '.join(new)}]") is None:
            self._accepted |= dict.fromkeys(new)

    def accepts(self, expression: str) -> str | None:
        """Return why the engine cannot evaluate an expression without columns; None when it can."""
        if expression not in self._accepted:
            try:
                self._connection.execute(f"SELECT {expression}").fetchall()
                self._accepted[expression] = None
            except self._error as error:
                self._accepted[expression] = str(error).splitlines()[0]
        return self._accepted[expression]

    def insert(self, table: str, columns: dict[str, pa.Array]) -> None:
        """Append columns to a table, which is made when it is not there."""
        self._connection.register("incoming", pa.table(columns))
        try:
            self.execute(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM incoming LIMIT 0")
            self.execute(f"INSERT INTO {table} SELECT * FROM incoming")
        finally:
            self._connection.unregister("incoming")

    def mark(self, table: LoadedTable, field_name: str, condition: str) -> None:
        """Note the cells for which a condition holds as failed."""
        self.execute(
            f"INSERT INTO failed SELECT {sql.literal(table.resource.name)}, _row, {sql.literal(field_name)} "
            f"FROM {table.table} WHERE {condition}"
        )

    def mark_row(self, table: LoadedTable, condition: str) -> None:
        """Note every cell of the rows for which a condition holds as failed."""
        names = ", ".join(f"({sql.literal(name)})" for name in table.columns)
        if names:
            self.execute(
                f"INSERT INTO failed SELECT {sql.literal(table.resource.name)}, _row, name "
                f"FROM {table.table}, (VALUES {names}) AS fields(name) WHERE {condition}"
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


def _ahead(batches: Iterator[pa.RecordBatch]) -> tuple[Iterator[pa.RecordBatch], frozenset[int]]:
    """Return the batches, and the numbers of the columns without any text, as far as the first of two shows it."""
    first = list(islice(batches, 2))
    empty = (
        {place for place, column in enumerate(first[0].columns) if column.null_count == len(column)} if first else ()
    )
    return chain(first, batches), frozenset(empty if len(first) == 1 else ())


def _noted(batches: Iterator[pa.RecordBatch], filled: set[int]) -> Iterator[pa.RecordBatch]:
    """Note the numbers of the columns that hold at least one text."""
    for batch in batches:
        if len(filled) < batch.num_columns:
            filled.update(
                place
                for place, column in enumerate(batch.columns)
                if place not in filled and column.null_count < batch.num_rows
            )
        yield batch
