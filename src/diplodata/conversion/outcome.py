"""What a conversion has done: for each column how much of it was kept, and every loss that was allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: How much of a column is kept, the most first: its file can be had back byte for byte; every cell is the same text;
#: every cell is the same value, written in another way; cells were lost or changed.
LEVELS = ("bytes", "lexical", "value", "lost")

#: Version of the report.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Loss:
    """A cell, row or column that the target does not hold."""

    resource: str
    #: Number of the record, the header being 1; None when it is about the whole table.
    row: int | None
    #: Name of the column; None when it is about the whole row.
    field: str | None
    #: The text that was there.
    value: str | None
    #: What the target cannot hold of it.
    why: str

    def __str__(self) -> str:
        """Name the place and what is wrong, for one line of a message."""
        row = "" if self.row is None else f" row {self.row}"
        return f"{self.resource}{row}{f', {self.field}' if self.field is not None else ''}: {self.why}"


@dataclass(frozen=True, slots=True)
class ColumnOutcome:
    """How a column was written."""

    resource: str
    field: str
    #: The type in which it was written; ``string`` is text.
    type: str
    #: One of LEVELS.
    level: str
    #: Why it is no higher level or no better type; the empty text when there is no reason to.
    reason: str = ""
    #: The first cell that the reason is about.
    row: int | None = None
    value: str | None = None
    #: Cells that begin with an apostrophe now.
    escaped: int = 0


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was written."""

    target: str
    tables: int
    rows: int
    #: Columns that stayed text or changed their texts, and why. Keys that a database has not, and why.
    kept_as_text: tuple[str, ...] = ()
    #: How files were read whose descriptor does not say it.
    assumed: tuple[str, ...] = ()
    columns: tuple[ColumnOutcome, ...] = field(default=())
    #: What was lost, where that was allowed.
    losses: tuple[Loss, ...] = field(default=())

    @property
    def level(self) -> str:
        """The level that every column has at least."""
        return max((column.level for column in self.columns), key=LEVELS.index, default=LEVELS[0])

    def report(self) -> dict[str, Any]:
        """Return the outcome as a JSON object."""
        return {
            "report_version": VERSION,
            "target": self.target,
            "tables": self.tables,
            "rows": self.rows,
            "level": "lost" if self.losses else self.level,
            "columns": [_described(item) for item in self.columns],
            "losses": [_described(item) for item in self.losses],
            "notes": [*self.assumed, *self.kept_as_text],
        }


def _described(item: ColumnOutcome | Loss) -> dict[str, Any]:
    """Return the members that say something."""
    members = {name: getattr(item, name) for name in item.__slots__}
    return {name: value for name, value in members.items() if value or (name == "value" and value is not None)}
