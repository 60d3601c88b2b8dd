"""The shape of a CSV file: how it has to be written so that it is what its descriptor says, and easy to read."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diplodata.formats import header_rows
from diplodata.formats.csv_line_ends import LineEnds
from diplodata.formats.csv_split import MARK, Dialect, Splitter
from diplodata.mending.rewriting import Changes, is_content, rewritten
from diplodata.mending.sheet import LeftAloneError, Sheet, sign_of_encoding

_SHOWN = {"\t": "tab", "\n": "LF", "\r\n": "CR LF", "\r": "CR"}


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair of a file as a whole."""

    kind: str
    before: str
    after: str
    #: The first record in which it is seen, where it is not the whole file.
    row: int | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """A file as it should be written."""

    raw: bytes
    repairs: tuple[Repair, ...]


def mended(sheet: Sheet) -> Shape | None:
    """Return the file in the shape that is declared of it, or by default UTF-8 with commas; None if it is.

    Raises:
        LeftAloneError: a cell would change.
    """
    reading, target = sheet.reading, sheet.declared
    repairs = [*_encoding(sheet), *_marks(sheet), *_delimiter(reading, target)]
    is_new = any(item.kind in ("delimiter", "encoding", "separator-line") for item in repairs)
    changes = Changes(
        without_first=any(item.kind == "separator-line" for item in repairs),
        without_marks=any(item.row for item in repairs),
        order=_order(sheet),
    )
    if changes.without_first and reading.comment_rows:
        raise LeftAloneError("its rows would get other numbers than commentRows declares")
    line_ends = list(_line_ends(sheet, is_new=is_new))
    if line_ends:
        changes = replace(changes, line_end=_line_end(sheet))
    order = [Repair("column-order", *_labels(sheet, changes.order))] if changes.order else []
    repairs += [*line_ends, *order]
    if not repairs:
        return None
    return Shape(_raw(sheet, rewritten(sheet.text, reading, target, changes)), tuple(repairs))


def _raw(sheet: Sheet, text: str) -> bytes:
    """Encode a text as it is declared; without a mark where none is needed."""
    if codecs.lookup(sheet.resource.encoding).name == "utf-8":
        return text.encode()
    return replace(sheet, encoding=sheet.resource.encoding).bytes_of(text)


def _encoding(sheet: Sheet) -> Iterator[Repair]:
    if codecs.lookup(sheet.encoding).name != codecs.lookup(sheet.resource.encoding).name:
        sign = sign_of_encoding(sheet)
        before = f'{sheet.encoding}, in which it reads "{sign}"' if sign else sheet.encoding
        yield Repair("encoding", before, sheet.resource.encoding)


def _marks(sheet: Sheet) -> Iterator[Repair]:
    if sheet.has_mark:
        yield Repair("byte-order-mark", "at the beginning", "none")
    if f"\n{MARK}" in sheet.text or f"\r{MARK}" in sheet.text:
        records = Splitter(sheet.reading).records(sheet.text)
        rows = [item.row for item in records if item.row > 1 and item.cells and item.cells[0].startswith(MARK)]
        if rows:
            yield Repair("byte-order-mark", "at the beginning of a row", "none", row=rows[0], number=len(rows))


def _delimiter(reading: Dialect, target: Dialect) -> Iterator[Repair]:
    if reading.header_rows != target.header_rows:
        yield Repair("separator-line", f"sep={reading.delimiter}", "none")
    if reading.delimiter != target.delimiter:
        yield Repair("delimiter", _shown(reading.delimiter), _shown(target.delimiter))
    elif reading.skip_initial_space and not target.skip_initial_space:
        yield Repair("delimiter", f"{_shown(reading.delimiter)} and spaces", _shown(target.delimiter))


def _shown(text: str) -> str:
    return _SHOWN.get(text, text)


def _line_end(sheet: Sheet) -> str:
    declared = sheet.dialect.get("lineTerminator")
    return declared if declared in ("\n", "\r\n") else "\n"


def _line_ends(sheet: Sheet, *, is_new: bool) -> Iterator[Repair]:
    """Find records that end otherwise than others, with a carriage return alone, or otherwise than a new file does."""
    text = sheet.text
    returns, pairs = text.count("\r"), text.count("\r\n")
    if not returns and not (is_new and _line_end(sheet) != "\n"):
        return
    if not is_new and returns == pairs == text.count("\n"):
        return
    ends, widths = LineEnds(), set()
    for record in Splitter(sheet.reading).records(text):
        ends.add(record.line_end, record.row, record.line)
        widths |= {len(record.cells)} if is_content(record, sheet.reading) else set()
    kinds = [kind for kind in ends.first if kind]
    if "\r" in kinds and len(kinds) > 1 and len(widths) > 1:
        return  # one of them may be a line break in a cell
    wanted = _line_end(sheet)
    if kinds == [wanted] or (not is_new and kinds in ([], ["\n"], ["\r\n"])):
        return
    others = [kind for kind in kinds if kind != wanted]
    number = sum(ends.numbers[kind] for kind in others)
    if number:
        yield Repair("line-ends", " and ".join(map(_shown, kinds)), _shown(wanted), ends.first[others[0]][0], number)


def _order(sheet: Sheet) -> tuple[int, ...]:
    """Return the order of the columns in which the header is that of the schema; nothing if it is, or never can be."""
    schema, dialect = sheet.resource.schema, sheet.reading
    if schema is None or schema.fields_match != "exact" or len(dialect.header_rows) != 1:
        return ()
    content = header_rows.content(Splitter(dialect).records(sheet.text), dialect)
    header = next(content, None)
    labels = [label.strip() for label in header.cells] if header else []
    names = list(schema.names)
    if labels == names or sorted(labels) != sorted(names) or len(set(labels)) < len(labels):
        return ()
    if any(len(record.cells) != len(names) for record in content if is_content(record, dialect)):
        return ()
    return tuple(labels.index(name) for name in names)


def _labels(sheet: Sheet, order: tuple[int, ...]) -> tuple[str, str]:
    names = sheet.resource.schema.names if sheet.resource.schema else ()
    now = [name for _, name in sorted(zip(order, names, strict=True))]
    return ", ".join(now), ", ".join(names)
