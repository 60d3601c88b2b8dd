"""Columns in which values recur are asked value by value, not cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from diplodata.engine.plan import Plan

#: Values of a column that are remembered; in a sorted file each value recurs, and new ones never end.
_REMEMBERED = 50_000


class Asks(Protocol):
    """A database connection."""

    def execute(self, query: str, parameters: list[Any]) -> Any:
        """Run a query."""
        ...


@dataclass
class DistinctScreen:
    """Marks the suspects in the dictionary columns of batches.

    * Adds the columns of marks to each batch; those of other columns are left to the database.
    """

    connection: Asks
    plan: Plan
    #: field name -> number of its column, from 1, for fields whose columns are dictionaries.
    numbers: dict[str, int]
    #: SQL expression that turns missing values of a field into NULL: field name -> expression.
    valued: dict[str, str]
    _known: dict[str, dict[str | None, bool]] = field(default_factory=dict)
    #: Fields of which some values are no longer remembered.
    _forgotten: set[str] = field(default_factory=set)
    _nothing: pa.Array = field(default_factory=lambda: pa.array([], pa.int64()))

    @property
    def schema(self) -> list[pa.Field]:
        """The columns that are added."""
        return [pa.field(f"marked{name}", pa.int64()) for name in self.plan.marks]

    def marked(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the batches with their marks."""
        places = self.plan.places
        for batch in batches:
            marks: dict[str, pa.Array] = {}
            for name, number in self.numbers.items():
                suspects = self._suspects(name, batch.column(number))
                if suspects is not None:
                    column, bit = places[name]
                    marks[column] = _with_bit(marks.get(column), suspects, bit)
            nothing = self._zeros(batch.num_rows)
            columns = [*batch.columns, *(marks.get(column, nothing) for column in self.plan.marks)]
            yield pa.RecordBatch.from_arrays(columns, schema=pa.schema([*batch.schema, *self.schema]))

    def values(self) -> dict[str, frozenset[str]]:
        """Return all texts of each field, once every batch was marked; without fields of very many."""
        known = {name: texts for name, texts in self._known.items() if name not in self._forgotten}
        return {name: frozenset(text for text in texts if text is not None) for name, texts in known.items()}

    def _suspects(self, name: str, column: pa.DictionaryArray) -> pa.Array | None:
        """Return which cells of a column are suspects; None when none is."""
        values: list[str | None] = column.dictionary.to_pylist()
        known = self._known.setdefault(name, {})
        if len(known) > _REMEMBERED:
            known.clear()
            self._forgotten.add(name)
        self._learn(name, [value for value in [*values, None] if value not in known])
        of_null = known[None] and column.null_count > 0
        of_values = [known[value] for value in values]
        if not of_null and not any(of_values):
            return None
        found = pa.array(of_values, pa.bool_()).take(column.indices) if values else pa.nulls(len(column), pa.bool_())
        return found.fill_null(of_null)

    def _learn(self, name: str, values: Sequence[str | None]) -> None:
        if not values:
            return
        column = self.plan.columns[name]
        query = (
            f"SELECT raw, coalesce({self.plan.suspects[name]}, false) FROM "
            f"(SELECT {column} AS raw, {self.valued[name]} AS {column} FROM (SELECT unnest($1::VARCHAR[]) AS {column}))"
        )
        self._known[name].update(self.connection.execute(query, [list(values)]).fetchall())

    def _zeros(self, number: int) -> pa.Array:
        """Return so many zeros; batches share them."""
        if len(self._nothing) < number:
            self._nothing = pa.Array.from_buffers(pa.int64(), number, [None, pa.py_buffer(bytes(8 * number))])
        return self._nothing.slice(0, number)


def _with_bit(marks: pa.Array | None, suspects: pa.Array, bit: int) -> pa.Array:
    import pyarrow.compute as pc

    added = pc.if_else(suspects, pa.scalar(bit, pa.int64()), pa.scalar(0, pa.int64()))
    return added if marks is None else pc.bit_wise_or(marks, added)
