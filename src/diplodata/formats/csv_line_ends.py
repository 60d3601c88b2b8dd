"""How the lines of a CSV file end: with one kind of line end, or with several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from diplodata.formats.csv_split import Dialect, Record
from diplodata.formats.csv_text import Teller
from diplodata.model.finding import Finding
from diplodata.model.package import Resource

_NAMES = {"\n": "a line feed", "\r\n": "carriage return and line feed", "\r": "a carriage return alone"}


@dataclass
class LineEnds:
    """Counts the line ends of records; those inside quoted cells are text."""

    #: Line end -> number of records that have it.
    numbers: dict[str, int] = field(default_factory=dict)
    #: Line end -> (row, line) of the first record that has it.
    first: dict[str, tuple[int, int]] = field(default_factory=dict)

    def watched(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield records and count how they end."""
        for record in records:
            self.add(record.line_end, record.row, record.line)
            yield record

    def add(self, line_end: str, row: int, line: int) -> None:
        """Count the line end of a record."""
        self.first.setdefault(line_end, (row, line))
        self.numbers[line_end] = self.numbers.get(line_end, 0) + 1

    def tell(self, say: Teller) -> None:
        """Add a finding for the first record that ends as no reader, or as only some readers, expect."""
        kinds = [kind for kind in self.first if kind]
        if not kinds or kinds in (["\n"], ["\r\n"]):
            return
        # A carriage return alone ends a line for some readers only; the other two are the same to nearly all.
        odd = "\r" if "\r" in kinds else kinds[1]
        row, line = self.first[odd]
        number = self.numbers[odd]
        say("line-ends", {"problem": _problem(row, odd, number, kinds)}, row=row, line=line)


def _problem(row: int, odd: str, number: int, kinds: list[str]) -> str:
    many = f"; {number:,} rows do" if number > 1 else ""
    if kinds == [odd]:
        return f"Row {row} ends with {_NAMES[odd]}, as all rows do; some readers take the file for one line."
    others = " or ".join(_NAMES[kind] for kind in kinds if kind != odd)
    return f"Row {row} ends with {_NAMES[odd]}{many}; others end with {others}."


def mixed(stream: BinaryIO, resource: Resource, dialect: Dialect) -> list[Finding]:
    """Return the finding on a well-formed file whose records end with LF and with CR LF."""
    ends, quote = LineEnds(), dialect.quote.encode()
    quotes, row, first = 0, 1, 1
    for number, text in enumerate(stream, 1):
        quotes += text.count(quote)
        if quotes % 2 == 0:
            ends.add("\r\n" if text.endswith(b"\r\n") else "\n" if text.endswith(b"\n") else "", row, first)
            row, first = row + 1, number + 1
    findings: list[Finding] = []
    ends.tell(Teller(resource, findings))
    return findings
