"""Tables and packages as values: what is generated, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Descriptor = dict[str, Any]

#: Formats whose cells are texts; in all others they are JSON values.
TEXT_FORMATS = ("csv", "tsv")


@dataclass(frozen=True)
class Form:
    """How a table is written down."""

    #: ``csv``, ``tsv``, ``json``, ``ndjson`` or ``inline``.
    format: str = "csv"
    #: Whether JSON rows are arrays, the first of which has the labels.
    is_of_arrays: bool = False
    is_packed: bool = False
    encoding: str = "utf-8"
    #: The encoding that the descriptor names, None when it names none.
    declared_encoding: str | None = "utf-8"
    line_end: str = "\n"
    is_last_line_open: bool = False
    quotes_all: bool = False

    @property
    def is_text(self) -> bool:
        return self.format in TEXT_FORMATS


@dataclass(frozen=True)
class Table:
    """A table of a package: its schema, its header, its rows, and how they are written."""

    name: str
    schema: Descriptor
    labels: tuple[str, ...]
    #: Rows of texts, or of JSON values; they may be shorter or longer than the header.
    rows: tuple[tuple[Any, ...], ...]
    form: Form = Form()
    dialect: Descriptor = field(default_factory=dict)
    #: Lines before the header rows, as cells.
    preamble: tuple[tuple[str, ...], ...] = ()
    #: Number of a row, from 0 -> cells of the comment before it.
    comments: tuple[tuple[int, tuple[str, ...]], ...] = ()
    #: Text that is put in front of the last line as it is, to break its quotes.
    stray: str = ""

    @property
    def fields(self) -> list[Descriptor]:
        return list(self.schema["fields"])

    @property
    def names(self) -> list[str]:
        return [item["name"] for item in self.fields]

    @property
    def fields_match(self) -> str:
        return str(self.schema.get("fieldsMatch", "exact"))

    @property
    def primary_key(self) -> list[str]:
        return list(self.schema.get("primaryKey", []))

    def field(self, name: str | None) -> Descriptor:
        """Return the field of that name; an empty one when there is none."""
        return next((item for item in self.fields if item["name"] == name), {})

    @property
    def delimiter(self) -> str:
        return str(self.dialect.get("delimiter", "\t" if self.form.format == "tsv" else ","))

    @property
    def has_header(self) -> bool:
        return self.dialect.get("header") is not False

    @property
    def header_lines(self) -> list[tuple[str, ...]]:
        """The labels as one record for each header row."""
        if not self.has_header:
            return []
        rows = len(self.dialect.get("headerRows", (1,)))
        join = str(self.dialect.get("headerJoin", " "))
        if rows == 1:
            return [self.labels]
        parts = [label.split(join, 1) if join and join in label else [label, label] for label in self.labels]
        return [tuple(part[0] for part in parts), tuple(part[1] for part in parts)]

    def records(self) -> Iterator[tuple[int | None, Sequence[Any]]]:
        """Yield (number of the row from 0, or None, and cells) of every record, in the order of the file."""
        if self.form.is_text:
            yield from ((None, cells) for cells in (*self.preamble, *self.header_lines))
        else:
            yield None, self.labels
        comments = dict(self.comments)
        for number, cells in enumerate(self.rows):
            if number in comments:
                yield None, comments[number]
            yield number, self._strayed(cells) if self.stray and number == len(self.rows) - 1 else cells

    def _strayed(self, cells: Sequence[Any]) -> Sequence[Any]:
        """Return the cells of the last row, which the broken quote stands before."""
        return (self.stray, *(cells if len(self.labels) > 1 else ()))

    def cells(self, row: int | None) -> Sequence[Any]:
        """Return the cells of the record with that number, as a report counts; none for the header."""
        found = dict(enumerate(self.records(), 1)).get(row or 0, (None, ()))
        return () if found[0] is None else found[1]

    def position(self, name: str | None) -> int | None:
        """Return the place of a field's cells in a row, from 0; None when it has no column."""
        labels = [label.strip() for label in self.labels] if self.has_header else self.names
        if self.fields_match == "exact":
            names = self.names[: len(labels)]
            return names.index(name) if name in names else labels.index(name) if name in labels else None
        return labels.index(name) if name in labels else None

    def cell(self, row: int | None, name: str | None) -> Any:
        """Return the cell of a field; None when the row has none."""
        cells, position = self.cells(row), self.position(name)
        return cells[position] if position is not None and position < len(cells) else None

    def missing_values(self, name: str | None) -> list[str]:
        """Return the texts that are no value in a field."""
        values = self.field(name).get("missingValues", self.schema.get("missingValues", [""]))
        return [item["value"] if isinstance(item, dict) else item for item in values]

    def is_missing(self, row: int | None, name: str | None) -> bool:
        """Whether a cell holds no value."""
        cell = self.cell(row, name)
        return cell is None or str(cell) in self.missing_values(name)


@dataclass(frozen=True)
class Package:
    """A generic package."""

    seed: int
    is_v2: bool
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        return next(item for item in self.tables if item.name == name)
