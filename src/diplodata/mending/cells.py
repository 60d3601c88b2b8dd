"""The cells that can be mended: those in which something was found, and texts in another Unicode form."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice

from diplodata.formats import header_rows
from diplodata.formats.csv_split import Record, Splitter
from diplodata.mending import date_padding, invisible_character, near_miss_code, not_nfc, untrimmed_text
from diplodata.mending.cell import RULES, Cell
from diplodata.mending.rewriting import is_content, written
from diplodata.mending.sheet import Sheet
from diplodata.model.finding import Finding
from diplodata.model.schema import Field

#: Kind of repair -> what it makes of a cell, in the order in which they are tried: removing a character can leave a
#: space at an end, and can bring together two that are one in normal form.
REPAIRS: Mapping[str, Callable[[Cell], str]] = {
    "invisible-character": invisible_character.mend,
    "not-nfc": not_nfc.mend,
    "untrimmed-text": untrimmed_text.mend,
    "date-padding": date_padding.mend,
    "near-miss-code": near_miss_code.mend,
}

#: Repairs that can be wrong, so that they are asked for.
UNSAFE = frozenset({"near-miss-code"})

#: Codes of findings that a repair of their cell may end.
_MENDABLE = RULES | {"constraint-error", "lexical-form", "type-error"}


@dataclass(frozen=True, slots=True)
class Mend:
    """What becomes of one cell."""

    resource: str
    path: str
    row: int
    #: Number of the column, from 1.
    column: int
    field: str
    before: str
    after: str
    #: The repairs that changed it.
    kinds: tuple[str, ...]
    #: Codes that were found in it.
    codes: frozenset[str]
    #: Whether it is better than before even if something else is still wrong with it.
    is_sure: bool
    #: Where the cell stands in the text of its file, and what is to stand there.
    begin: int
    end: int
    written: str


def mends(sheet: Sheet, findings: Iterable[Finding], *, unsafe: bool) -> Iterator[Mend]:
    """Yield what can be mended in a file.

    Args:
        sheet: the file.
        findings: what was found in it.
        unsafe: whether repairs that can be wrong are tried.
    """
    codes = _codes_by_cell(findings)
    is_normal = not sheet.resource.is_standard or unicodedata.is_normalized("NFC", sheet.text)
    if not codes and is_normal:
        return
    fields = _fields(sheet)
    for record in _records(sheet, {row for row, _ in codes} if is_normal else None):
        if not _is_row(record, sheet):
            continue
        for place, (field, value) in enumerate(zip(fields, record.cells, strict=False)):
            found = codes.get((record.row, place + 1), frozenset())
            cell = Cell(field, value, found)
            if found or (not is_normal and cell.is_text and not cell.repeats_source and not cell.is_normal):
                yield from _mend(sheet, record, place, cell, unsafe=unsafe)


def spliced(text: str, mends: Iterable[Mend]) -> str:
    """Return the text of a file with mended cells; everything else stays as it is written."""
    pieces, place = [], 0
    for item in sorted(mends, key=lambda item: item.begin):
        pieces += [text[place : item.begin], item.written]
        place = item.end
    return "".join([*pieces, text[place:]])


def _records(sheet: Sheet, rows: AbstractSet[int] | None) -> Iterator[Record]:
    """Yield the records with these numbers, or all; plain lines between them are skipped without being read."""
    text, dialect, splitter = sheet.text, sheet.reading, Splitter(sheet.reading)
    if rows is None or dialect.escape:
        yield from splitter.records(text)
        return
    position, row, last = 0, 0, max(rows, default=0)
    while position < len(text) and row < last:
        end = text.find("\n", position) % (len(text) + 1)
        is_line = text.find(dialect.quote, position, end) < 0 and text.find("\r", position, end) in (-1, end - 1)
        if is_line and row + 1 not in rows:
            position, row = end + 1, row + 1
            continue
        record = next(splitter.records(text, position, row))
        position, row = record.end, record.row
        if row in rows:
            yield record


def _codes_by_cell(findings: Iterable[Finding]) -> dict[tuple[int, int], frozenset[str]]:
    codes: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for item in findings:
        if item.row is not None and item.column is not None and item.value is not None:
            codes[item.row, item.column].add(item.code)
    return {place: frozenset(found) for place, found in codes.items() if found & _MENDABLE}


def _fields(sheet: Sheet) -> list[Field]:
    dialect = sheet.reading
    content = header_rows.content(Splitter(dialect).records(sheet.text), dialect)
    header = list(islice(content, len(dialect.header_rows)))
    labels = header_rows.labels(header, dialect) if header else ()
    if not labels and sheet.resource.schema:
        labels = sheet.resource.schema.names
    return header_rows.fields_of(sheet.resource, labels)


def _is_row(record: Record, sheet: Sheet) -> bool:
    """Whether a record is a row whose cells are where they seem to be."""
    is_odd = any(code != "bare-quote" for code, _ in record.problems)
    return not is_odd and record.row not in sheet.reading.header_rows and is_content(record, sheet.reading)


def _mend(sheet: Sheet, record: Record, place: int, cell: Cell, *, unsafe: bool) -> Iterator[Mend]:
    value, kinds = cell.value, []
    for kind, repair in REPAIRS.items():
        if kind not in UNSAFE or unsafe:
            after = repair(replace(cell, value=value))
            kinds += [kind] if after != value else []
            value = after
    if value == cell.value:
        return
    begin, end = record.spans[place]
    dialect = sheet.reading
    is_quoted = sheet.text.startswith(dialect.quote, begin, end)
    raw = written(value, dialect, is_quoted=is_quoted, is_only=len(record.cells) == 1)
    if _reads_as(sheet, record, place, raw, value):
        is_sure = cell.is_text and cell.codes & _MENDABLE <= RULES
        names = (sheet.resource.name, sheet.path, record.row, place + 1, cell.field.name)
        yield Mend(*names, cell.value, value, tuple(kinds), cell.codes, is_sure, begin, end, raw)


def _reads_as(sheet: Sheet, record: Record, place: int, raw: str, value: str) -> bool:
    """Whether a record with another text in one cell is read with the value in this cell, and otherwise as before."""
    (begin, end), start = record.spans[place], record.spans[0][0]
    line = sheet.text[start:begin] + raw + sheet.text[end : record.end]
    found = list(Splitter(sheet.reading).records(line, row=record.row - 1))
    cells = [*record.cells[:place], value, *record.cells[place + 1 :]]
    return len(found) == 1 and found[0].cells == cells and is_content(found[0], sheet.reading)
