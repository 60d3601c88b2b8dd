"""Split a CSV text into records as its dialect says, and note where it departs from RFC 4180."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

#: The byte-order mark, as a character.
MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Dialect:
    """A Table Dialect (Data Package v2, Table Dialect, delimited formats)."""

    delimiter: str = ","
    quote: str = '"'
    #: Whether a quote inside a quoted cell is written twice.
    double_quote: bool = True
    escape: str = ""
    skip_initial_space: bool = False
    #: Text that stands for no value.
    null: str | None = None
    #: Numbers of the records that make up the header; empty for none.
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment: str = ""
    comment_rows: tuple[int, ...] = ()

    @classmethod
    def of(cls, descriptor: Mapping[str, Any]) -> Dialect:
        """Read a dialect descriptor; what is missing takes the specification's default."""
        has_header = descriptor.get("header", True) is not False
        rows = tuple(int(row) for row in descriptor.get("headerRows") or (1,))
        return cls(
            delimiter=str(descriptor.get("delimiter", ",")),
            quote=str(descriptor.get("quoteChar", '"')),
            double_quote=descriptor.get("doubleQuote", True) is not False,
            escape=str(descriptor.get("escapeChar", "")),
            skip_initial_space=bool(descriptor.get("skipInitialSpace", False)),
            null=None if descriptor.get("nullSequence") is None else str(descriptor["nullSequence"]),
            header_rows=rows if has_header else (),
            header_join=str(descriptor.get("headerJoin", " ")),
            comment=str(descriptor.get("commentChar", "")),
            comment_rows=tuple(int(row) for row in descriptor.get("commentRows") or ()),
        )

    @property
    def is_plain(self) -> bool:
        """Whether the fast reader can read it."""
        usual = Dialect(delimiter=self.delimiter, quote=self.quote)
        return self == usual and len(self.delimiter.encode()) == len(self.quote.encode()) == 1


@dataclass(slots=True)
class Record:
    """One record, with its odd places as (code, text near it)."""

    row: int
    line: int
    cells: list[str]
    problems: list[tuple[str, str]] = field(default_factory=list)
    #: Where each cell begins and ends in the text, with its quotes.
    spans: list[tuple[int, int]] = field(default_factory=list)
    #: What ends its last line; empty at the end of a file that does not end its last line.
    line_end: str = ""
    #: Where the next record begins.
    end: int = 0


class Splitter:
    """Splits texts of one dialect.

    * A quote that does not end its cell never swallows the next line: it is taken as a plain character and noted.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        quote, escape = re.escape(dialect.quote), re.escape(dialect.escape)
        doubled = f"|{quote}{quote}" if dialect.double_quote else ""
        escaped = f"|{escape}." if escape else ""
        self._quoted = re.compile(f"{quote}((?:[^{quote}{escape}]{doubled}{escaped})*+){quote}", re.DOTALL)
        self._plain = re.compile(f"(?:[^{re.escape(dialect.delimiter)}{escape}\r\n]{escaped})*", re.DOTALL)
        self._spaces = re.compile(" *")

    def records(self, text: str, position: int = 0, row: int = 0) -> Iterator[Record]:
        """Yield the records of a text, from the one behind a place and a number on; lines are counted from there."""
        line = 1
        while position < len(text):
            row += 1
            record = Record(row, line, [])
            start = position
            if not text.startswith(("\n", "\r"), position):  # an empty line has no cells, not even an empty one
                position = self._cells(text, position, record)
            if row > 1 and text.startswith(MARK, start):
                record.problems.append(("byte-order-mark", record.cells[0]))
            line += 1 + lines_in(text, start, position)
            record.line_end = "\r\n" if text.startswith("\r\n", position) else text[position : position + 1]
            record.end = position = position + (len(record.line_end) or 1)
            yield record

    def _cells(self, text: str, position: int, record: Record) -> int:
        """Read the cells of one record and return where its line ends."""
        delimiter = self._dialect.delimiter
        while True:
            start = position
            position = self._cell(text, start, record)
            record.spans.append((start, position))
            if not text.startswith(delimiter, position):
                return position
            position += len(delimiter)
            if self._dialect.skip_initial_space:
                spaces = self._spaces.match(text, position)
                position = spaces.end() if spaces else position

    def _cell(self, text: str, position: int, record: Record) -> int:
        """Append the cell at a position to the record and return where it ends."""
        quote = self._dialect.quote
        if quote and text.startswith(quote, position):
            end = self._quoted_cell(text, position, record)
            if end is not None:
                return end
        match = self._plain.match(text, position)
        value = match.group() if match else ""
        if quote and quote in value[1:]:
            # The value is kept as it is written; RFC 4180 does not allow it, and readers differ.
            record.problems.append(("bare-quote", _near(text, position)))
        return _append(record, self._unescaped(value), position + len(value))

    def _quoted_cell(self, text: str, position: int, record: Record) -> int | None:
        """Append a quoted cell; None when its quote is never closed, or closes on another line before more text."""
        match = self._quoted.match(text, position)
        if match is not None:
            rest = self._plain.match(text, match.end())
            tail = rest.group() if rest else ""
            inner = match.group(1)
            inner = inner.replace(self._dialect.quote * 2, self._dialect.quote) if self._dialect.double_quote else inner
            if not tail:
                return _append(record, self._unescaped(inner), match.end())
            if "\n" not in inner:
                record.problems.append(("stray-quote", _near(text, position)))
                return _append(record, self._unescaped(inner) + tail, match.end() + len(tail))
        record.problems.append(("unterminated-quote", _near(text, position)))
        return None

    def _unescaped(self, value: str) -> str:
        escape = self._dialect.escape
        return re.sub(f"{re.escape(escape)}(.)", r"\1", value, flags=re.DOTALL) if escape and escape in value else value


def lines_in(text: str, start: int = 0, end: int | None = None) -> int:
    """Return the number of line ends in a stretch of text, CR LF counted once."""
    end = len(text) if end is None else end
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)


def _append(record: Record, value: str, end: int) -> int:
    if "\0" in value:
        record.problems.append(("nul-in-cell", value))
    record.cells.append(value)
    return end


def _near(text: str, position: int) -> str:
    return text[position : position + 40].partition("\n")[0]
