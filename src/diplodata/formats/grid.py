"""Records that are rows of cells, from JSON arrays and workbooks: header, comments, and rows of another width."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diplodata.catalogue import finding
from diplodata.formats import header_rows
from diplodata.formats.csv_split import Dialect
from diplodata.model.finding import Finding
from diplodata.model.package import Resource


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row with the values of its cells as they came."""

    row: int
    values: Sequence[Any]
    #: Gives the text of a value for messages and labels; None for no value.
    shown: Callable[[Any], str | None]

    @property
    def cells(self) -> list[str | None]:
        """The cells as texts."""
        return [self.shown(value) for value in self.values]


class Grid:
    """Rows of a table; the header is read when it is made."""

    def __init__(self, rows: Iterator[Sequence[Any]], resource: Resource, shown: Callable[[Any], str | None]) -> None:
        dialect = Dialect.of(resource.dialect)
        numbered = (GridRow(number, values, shown) for number, values in enumerate(rows, 1))
        self._resource = resource
        self._content = header_rows.content(numbered, dialect)
        header = [row for _, row in zip(dialect.header_rows, self._content, strict=False)]
        self.has_header = bool(header)
        self.is_empty = bool(dialect.header_rows) and not header
        self.labels = self._labels(header, dialect)
        #: The field that each column stands for.
        self.fields = header_rows.fields_of(resource, self.labels)
        #: What is wrong with the shape of the rows; complete when they are used up.
        self.findings: list[Finding] = []

    def _labels(self, header: list[GridRow], dialect: Dialect) -> tuple[str, ...]:
        if header:
            return header_rows.labels(header, dialect)
        return self._resource.schema.names if self._resource.schema else ()

    def rows(self, *, may_be_narrower: bool = False) -> Iterator[tuple[int, list[Any]]]:
        """Yield (number, values) of rows as wide as the labels; what is absent is None.

        Args:
            may_be_narrower: whether an absent cell is an empty cell, as in workbooks.
        """
        width = len(self.labels)
        for row in self._content:
            values = list(row.values)
            if len(values) != width:
                self._look(row, values, may_be_narrower=may_be_narrower)
                values = values[:width] + [None] * (width - len(values))
            yield row.row, values

    def _look(self, row: GridRow, values: list[Any], *, may_be_narrower: bool) -> None:
        """Report cells that are absent or have no label."""
        width = len(self.labels)
        for number, value in enumerate(values[width:], width + 1):
            if value is not None or not may_be_narrower:
                self._say("extra-cell", row=row.row, column=number, value=row.shown(value))
        for position in range(width if may_be_narrower else len(values), width):
            self._say("missing-cell", row=row.row, column=position + 1, fields=(self.fields[position].name,))

    def _say(self, code: str, **members: Any) -> None:
        self.findings.append(finding(code, resource=self._resource.name, path=self._resource.place, **members))
