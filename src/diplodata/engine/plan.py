"""What is asked of a table while it is loaded, so that later questions need not read all of it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from diplodata.engine import sql

#: Name of the column of record numbers.
ROW = "_row"

#: Bits in one column of marks; a signed 64-bit number has 63, one of which says that a row is blank.
_BITS = 62

#: The bit of the first column of marks that says that every cell of a row is empty.
_BLANK = 1 << _BITS


@dataclass(frozen=True)
class Plan:
    """Which cells of a table get a second look, and which columns are kept.

    * A cell is suspect when its condition holds. Good tables have no suspects, and are asked nothing more.
    * Suspects are marked in columns ``_odd0``, ``_odd1``, …, a bit for each field.
    """

    #: field name -> quoted column.
    columns: Mapping[str, str]
    #: field name -> SQL condition over its column that holds for every cell that a check could find wrong.
    suspects: Mapping[str, str] = field(default_factory=dict)
    #: Fields of which a cell without a value is suspect.
    required: frozenset[str] = frozenset()
    #: field name -> texts that mean "no value" and are still in the batches.
    missing: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: The same for columns that hold no field.
    of_others: Sequence[str] = ()
    #: Fields whose values are kept in every row; of the others, only those of rows with a suspect. None keeps all.
    kept: frozenset[str] | None = None

    @property
    def marks(self) -> tuple[str, ...]:
        """Names of the columns of marks."""
        return tuple(f"_odd{number}" for number in range(1 + max(0, len(self.suspects) - 1) // _BITS))

    @cached_property
    def places(self) -> Mapping[str, tuple[str, int]]:
        """The column of marks and the bit of every field that can have suspects."""
        return {name: (f"_odd{at // _BITS}", 1 << at % _BITS) for at, name in enumerate(self.suspects)}

    def without_values(self, names: frozenset[str]) -> Plan:
        """Return the plan for a table in which these fields have no value, without conditions that need one."""
        simple = {name: f"{self.columns[name]} IS NULL" if name in self.required else "false" for name in names}
        return replace(self, suspects={name: simple.get(name, text) for name, text in self.suspects.items()})

    def valued(self, column: str, name: str | None) -> str:
        """Return a column with the missing values of its field turned into NULL."""
        texts = self.of_others if name is None else self.missing.get(name, ())
        return f"CASE WHEN {column} IN ({sql.literals(texts)}) THEN NULL ELSE {column} END" if texts else column

    def loading(self, number: int, marked: frozenset[str], source: str) -> str:
        """Return the query that loads a table.

        Args:
            number: number of columns.
            marked: fields whose suspects the source has marked already, in columns ``marked_odd0``, …
            source: name of what is loaded.
        """
        owners = {column: name for name, column in self.columns.items()}
        columns = [sql.identifier(f"c{position}") for position in range(1, number + 1)]
        valued = ", ".join(f"{self.valued(column, owners.get(column))} AS {column}" for column in columns)
        before = ", ".join(f"marked{mark}" for mark in self.marks) if marked else ""
        inner = ", ".join(part for part in (ROW, valued, before) if part)
        marks = ", ".join(f"{self._mark(mark, columns, marked)} AS {mark}" for mark in self.marks)
        whole, partly = self._kept(columns)
        is_odd = " OR ".join(f"{mark} <> 0" for mark in self.marks)
        # One list and not a column each: a column costs memory, even without a value.
        rest = f"CASE WHEN {is_odd} THEN [{', '.join(partly)}] END AS rest" if partly else ""
        outer = ", ".join(part for part in (ROW, *whole, rest, *self.marks) if part)
        return f"SELECT {outer} FROM (SELECT *, {marks} FROM (SELECT {inner} FROM {source}))"

    def reading(self, number: int, source: str) -> str:
        """Return the query that gives the columns of a table that was loaded."""
        columns = [sql.identifier(f"c{position}") for position in range(1, number + 1)]
        whole, partly = self._kept(columns)
        parts = (f"rest[{place}] AS {column}" for place, column in enumerate(partly, 1))
        return f"SELECT {', '.join([ROW, *whole, *parts, *self.marks])} FROM {source}"

    def _kept(self, columns: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the columns that are kept whole, and those that are kept in rows with a suspect."""
        kept = {self.columns[name] for name in self.kept if name in self.columns} if self.kept is not None else columns
        return [item for item in columns if item in kept], [item for item in columns if item not in kept]

    def _mark(self, mark: str, columns: Sequence[str], marked: frozenset[str]) -> str:
        parts = [
            f"CASE WHEN {self.suspects[name]} THEN {bit} ELSE 0 END"
            for name, (place, bit) in self.places.items()
            if place == mark and name not in marked
        ]
        if mark == self.marks[0] and columns:
            blank = " AND ".join(f"{column} IS NULL" for column in columns)
            parts.append(f"CASE WHEN {blank} THEN {_BLANK} ELSE 0 END")
        parts += [f"marked{mark}"] if marked else []
        return " | ".join(f"CAST({part} AS BIGINT)" for part in parts) or "CAST(0 AS BIGINT)"

    def guard(self, name: str) -> str:
        """Return the SQL condition that the cell of a field is a suspect."""
        column, bit = self.places[name]
        return f"({column} & {bit}) <> 0"

    @property
    def blank(self) -> str:
        """The SQL condition that a row is blank."""
        return f"(_odd0 & {_BLANK}) <> 0"

    def among(self, marks: Sequence[int]) -> frozenset[str]:
        """Return the fields whose bits are set in the marks of a whole table."""
        found = dict(zip(self.marks, marks, strict=True))
        return frozenset(name for name, (column, bit) in self.places.items() if found[column] & bit)

    @staticmethod
    def is_blank(marks: Sequence[int]) -> bool:
        """Whether the marks of a whole table say that a row is blank."""
        return bool(marks[0] & _BLANK)
