"""The exact CSV reader: slower, for odd files; every departure from RFC 4180 is a finding with its row and line."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from diplodata.catalogue import finding
from diplodata.formats.text_table import Facts, HashingStream, Opener, TextTable, algorithms, batches_of
from diplodata.model.finding import Finding
from diplodata.model.package import Resource


@dataclass(frozen=True, slots=True)
class Dialect:
    """The part of a Table Dialect that says how cells are told apart (Data Package v2, Table Dialect)."""

    delimiter: str = ","
    quote: str = '"'
    skip_initial_space: bool = False
    has_header: bool = True

    @classmethod
    def of(cls, descriptor: Mapping[str, Any]) -> Dialect:
        """Read a dialect descriptor; what is missing takes the specification's default."""
        return cls(
            delimiter=str(descriptor.get("delimiter", ",")),
            quote=str(descriptor.get("quoteChar", '"')),
            skip_initial_space=bool(descriptor.get("skipInitialSpace", False)),
            has_header=bool(descriptor.get("header", True)),
        )

    @property
    def is_plain(self) -> bool:
        """Whether the fast reader can read it."""
        return self.has_header and not self.skip_initial_space and len(self.delimiter) == len(self.quote) == 1


@dataclass(slots=True)
class _Record:
    row: int
    line: int
    cells: list[str]
    problems: list[tuple[str, str]] = field(default_factory=list)


def read(opener: Opener, resource: Resource, dialect: Dialect) -> TextTable:
    """Read a whole CSV resource into text, with a finding for each odd place."""
    facts = Facts()
    table = TextTable((), iter(()), facts)
    say = _Teller(resource, table.findings)
    text = _text(opener, resource, facts, say)
    records = _records(text, dialect)
    first = next(records, None) if dialect.has_header else None
    if text == "" or (dialect.has_header and first is None):
        if not table.findings:
            say("source-error", details={"problem": "it is empty"})
        return table
    if first is not None:
        labels = tuple(first.cells)
        say.problems_of(first)
    else:
        labels = resource.schema.names if resource.schema else ()
    rows = _rows(records, labels, resource, say)
    return TextTable(labels, batches_of(rows, len(labels)), facts, table.findings, has_header=dialect.has_header)


@dataclass
class _Teller:
    """Makes findings about one resource."""

    resource: Resource
    findings: list[Finding]

    def __call__(self, code: str, details: Mapping[str, Any] | None = None, **members: Any) -> None:
        place = {"resource": self.resource.name, "path": self.resource.place}
        self.findings.append(finding(code, details, **place, **members))

    def problems_of(self, record: _Record) -> None:
        for code, value in record.problems:
            self(code, row=record.row, line=record.line, value=value)


def _text(opener: Opener, resource: Resource, facts: Facts, say: _Teller) -> str:
    """Return the text of all parts; a part that does not end its last line is ended for it."""
    parts = []
    for position, path in enumerate(resource.paths):
        stream = HashingStream(opener.open(path), algorithms(resource.descriptor))
        try:
            raw = (
                stream.read()
                if not path.lower().endswith(".gz")
                else gzip.GzipFile(fileobj=cast("BinaryIO", stream)).read()
            )
        except (OSError, EOFError, zlib.error) as error:
            say("source-error", details={"problem": f"it is no gzip file that can be unpacked ({error})"})
            return ""
        stream.fill(facts)
        stream.close()
        text = _decoded(raw, resource.encoding, say)
        if text is None:
            return ""
        parts.append(_without_header(text) if position else text)
    return "".join(part if part.endswith(("\n", "\r")) or not part else part + "\n" for part in parts)


def _without_header(text: str) -> str:
    return text.partition("\n")[2]


def _decoded(raw: bytes, encoding: str, say: _Teller) -> str | None:
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        bad = raw[error.start : error.start + 1].hex()
        problem = f"byte 0x{bad} at position {error.start}, line {line}, cannot be decoded"
        say("encoding-error", details={"problem": problem}, line=line, limit=encoding)
    except LookupError:
        say("encoding-error", details={"problem": "the encoding is unknown"}, limit=encoding)
    return None


def _records(text: str, dialect: Dialect) -> Iterator[_Record]:
    """Split a text into records; a quote that does not end its cell never swallows the next line."""
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    quoted = re.compile(f"{quote}((?:[^{quote}]|{quote}{quote})*+){quote}")
    plain = re.compile(f"[^{delimiter}\r\n]*")
    position, row, line = 0, 0, 1
    while position < len(text):
        row += 1
        record = _Record(row, line, [])
        while True:
            position = _cell(text, position, record, dialect, quoted, plain)
            if text[position : position + 1] != dialect.delimiter:
                break
            position += 1
            if dialect.skip_initial_space:
                position += len(text[position:]) - len(text[position:].lstrip(" "))
        start = position
        position += 2 if text.startswith("\r\n", position) else 1
        line += 1 + sum(cell.count("\n") for cell in record.cells)
        if start <= len(text):
            yield record


def _cell(
    text: str, position: int, record: _Record, dialect: Dialect, quoted: re.Pattern[str], plain: re.Pattern[str]
) -> int:
    """Append the cell at a position to the record and return where it ends."""
    if text.startswith(dialect.quote, position):
        match = quoted.match(text, position)
        if match is None:
            record.problems.append(("unterminated-quote", _near(text, position)))
        else:
            rest = plain.match(text, match.end())
            tail = rest.group() if rest else ""
            inner = match.group(1).replace(dialect.quote * 2, dialect.quote)
            if not tail:
                return _append(record, inner, match.end())
            if "\n" not in inner:
                record.problems.append(("stray-quote", _near(text, position)))
                return _append(record, inner + tail, match.end() + len(tail))
            record.problems.append(("unterminated-quote", _near(text, position)))
    match = plain.match(text, position)
    value = match.group() if match else ""
    return _append(record, value, position + len(value))


def _append(record: _Record, value: str, end: int) -> int:
    if "\0" in value:
        record.problems.append(("nul-in-cell", value))
    record.cells.append(value)
    return end


def _near(text: str, position: int) -> str:
    return text[position : position + 40].partition("\n")[0]


def _rows(
    records: Iterator[_Record], labels: tuple[str, ...], resource: Resource, say: _Teller
) -> Iterator[tuple[int, list[str | None]]]:
    """Yield full-width rows; absent cells are null, surplus cells and blank rows are reported and left out."""
    for record in records:
        say.problems_of(record)
        if not any(record.cells):
            say("blank-row", row=record.row, line=record.line)
            continue
        for number, cell in enumerate(record.cells[len(labels) :], len(labels) + 1):
            say("extra-cell", row=record.row, line=record.line, column=number, value=cell)
        for number in range(len(record.cells), len(labels)):
            fields = (_field_name(resource, labels, number),)
            say("missing-cell", row=record.row, line=record.line, column=number + 1, fields=fields)
        empty = None if resource.empty_is_missing else ""
        cells: list[str | None] = [cell or empty for cell in record.cells[: len(labels)]]
        yield record.row, cells + [None] * (len(labels) - len(cells))


def _field_name(resource: Resource, labels: tuple[str, ...], position: int) -> str:
    names = resource.schema.names if resource.schema and resource.schema.fields_match == "exact" else ()
    return names[position] if position < len(names) else labels[position]
