"""Write a CSV text anew: what does not have to change stays as it is written, quotes too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diplodata.formats.csv_split import MARK, Dialect, Record, Splitter
from diplodata.mending.sheet import LeftAloneError


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes of a text."""

    #: Positions of the columns in their new order; empty to keep it.
    order: tuple[int, ...] = ()
    #: What ends records; empty to keep what does.
    line_end: str = ""
    #: Whether the first record, the line ``sep=;``, goes.
    without_first: bool = False
    #: Whether byte-order marks at the beginning of later records go.
    without_marks: bool = False


def rewritten(text: str, reading: Dialect, target: Dialect, changes: Changes) -> str:
    """Return a text with its changes.

    Args:
        text: what is written now.
        reading: its dialect.
        target: the dialect that it gets.
        changes: what else changes.

    Raises:
        LeftAloneError: another cell would change as well.
    """
    new = "".join(_line(text, record, reading, target, changes) for record in records(text, reading, changes))
    if not _holds(text, new, reading, target, changes):
        raise LeftAloneError("it cannot be written so that all its other cells stay as they are")
    return new


def records(text: str, dialect: Dialect, changes: Changes) -> Iterator[Record]:
    """Yield the records that stay."""
    for record in Splitter(dialect).records(text):
        if record.row > 1 or not changes.without_first:
            yield record


def is_content(record: Record, dialect: Dialect) -> bool:
    """Whether a record is of the header or of the table, not a comment or something before the header."""
    is_comment = bool(dialect.comment) and bool(record.cells) and record.cells[0].startswith(dialect.comment)
    is_before = record.row < max(dialect.header_rows, default=0) and record.row not in dialect.header_rows
    return bool(record.cells) and not (is_comment or is_before or record.row in dialect.comment_rows)


def _line(text: str, record: Record, reading: Dialect, target: Dialect, changes: Changes) -> str:
    end = record.line_end and (changes.line_end or record.line_end)
    if not record.spans:
        return end
    begin, stop = record.spans[0][0], record.spans[-1][1]
    begin += changes.without_marks and record.row > 1 and text.startswith(MARK, begin)
    is_same = reading.delimiter == target.delimiter and reading.skip_initial_space == target.skip_initial_space
    if not is_content(record, reading) or (is_same and not changes.order):
        return text[begin:stop] + end
    spans = [(begin, record.spans[0][1]), *record.spans[1:]]
    pairs = zip(spans, record.cells, strict=True)
    cells = [_cell(text[start:until], value, target) for (start, until), value in pairs]
    order = changes.order or range(len(cells))
    return target.delimiter.join(cells[place] for place in order) + end


def _cell(raw: str, value: str, target: Dialect) -> str:
    """Return how a cell is written: as it is, unless it would be read otherwise."""
    is_quoted = bool(target.quote) and raw.startswith(target.quote)
    is_odd = target.delimiter in raw or (target.skip_initial_space and raw.startswith(" "))
    return written(value, target) if is_odd and not is_quoted else raw


def written(value: str, dialect: Dialect, *, is_quoted: bool = False, is_only: bool = False) -> str:
    """Return a value as a cell, in quotes where it needs them.

    Args:
        value: the text.
        dialect: how it is written.
        is_quoted: whether it gets quotes in any case.
        is_only: whether it is the only cell of its record, which would be an empty line without quotes.
    """
    quote = dialect.quote
    if dialect.escape:
        value = value.replace(dialect.escape, dialect.escape * 2)
    special = (dialect.delimiter, quote, "\r", "\n")
    is_odd = any(character in value for character in special) or value.startswith(MARK)
    is_odd |= dialect.skip_initial_space and value.startswith(" ")
    if not (is_quoted or is_odd or (is_only and not value)):
        return value
    inner = quote * 2 if dialect.double_quote else dialect.escape + quote
    return quote + value.replace(quote, inner) + quote


def _holds(text: str, new: str, reading: Dialect, target: Dialect, changes: Changes) -> bool:
    """Whether a new text reads as the old one, but for what was to change."""
    old_records = records(text, reading, changes)
    new_records = Splitter(target).records(new)
    for old in old_records:
        found = next(new_records, None)
        if found is None or not _is_as_wanted(old, found, reading, changes):
            return False
    return next(new_records, None) is None


def _is_as_wanted(old: Record, found: Record, reading: Dialect, changes: Changes) -> bool:
    if not is_content(old, reading):
        return True
    wanted = list(old.cells)
    is_marked = changes.without_marks and old.row > 1 and old.cells[0].startswith(MARK)
    if is_marked and wanted:
        # What followed the mark may have been a quoted cell, which the mark made a plain one.
        wanted[0] = found.cells[0] if found.cells else ""
    wanted = [wanted[place] for place in changes.order] if changes.order else wanted
    problems = {code for code, _ in old.problems}
    return found.cells == wanted and {code for code, _ in found.problems} <= problems
