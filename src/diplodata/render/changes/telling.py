"""Words that all forms of changes for people share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from diplodata.model.changes import ACTIONS, Bump, Cells, Changes, RecordChange, TableChange, ValueChange
from diplodata.render.escaping import cut
from diplodata.render.wording import counted

#: Characters that are shown of one value.
_VALUE = 80


def verdict(changes: Changes) -> str:
    """Return the verdict in one word."""
    return "Equal" if changes.equal else "Different"


def sides(changes: Changes) -> str:
    """Say what was compared with what."""
    parts = [
        cut(side.place) + (f" ({cut(side.version)})" if side.version else "") for side in (changes.old, changes.new)
    ]
    return " → ".join(parts)


def counts(changes: Changes) -> str:
    """Return the exact numbers of records as words."""
    found = [f"{changes.count(action):,} {action}" for action in ACTIONS if changes.count(action)]
    return f"records: {', '.join(found)}" if found else "no record is different"


def step(bump: Bump) -> str:
    """Say which step the changes ask for."""
    return "No new version is asked for" if bump.step == "none" else f"They ask for a {bump.step} version"


def told(tables: Sequence[TableChange]) -> Iterator[TableChange]:
    """Yield the tables that are worth a word."""
    yield from (item for item in tables if item.status != "equal")


def table_head(table: TableChange) -> str:
    """Say what became of a table."""
    noun = "row" if table.not_comparable else "record"
    numbers = [f"{table.counts[action]:,} {action}" for action in ACTIONS if table.counts.get(action)]
    text = f"{table.old_rows:,} → {counted(table.new_rows, noun)}"
    return f"{table.status}, {text}" + (f": {', '.join(numbers)}" if numbers else "")


def notes(table: TableChange) -> Iterator[str]:
    """Say what is different beside the records."""
    if table.not_comparable and table.counts:
        yield f"Not comparable by record: {cut(table.not_comparable)}; equal rows were counted."
    if table.status != "changed":
        return
    yield from (f"The column {cut(old)} is named {cut(new)} now." for old, new in table.columns_renamed)
    yield from (f"The column {cut(name)} was removed." for name in table.columns_removed)
    yield from (f"The column {cut(name)} was added." for name in table.columns_added)
    yield from (f"Schema, {item.effect}: {cut(item.text, 400)}" for item in table.schema)
    yield from (f"The member {cut(item.member)} of the resource is another one." for item in table.metadata)


def others(changes: Changes) -> Iterator[str]:
    """Say what is different beside the tables."""
    yield from (f"The member {cut(item.member)} of the descriptor is another one." for item in changes.metadata)
    for item in changes.files:
        verb = "was added" if item.old is None else "was removed" if item.new is None else "has other content"
        yield f"The file {cut(item.name)} {verb}."
    for code in changes.codes:
        verb = "was added" if code.old is None else "was removed" if code.new is None else f"is {code.new} now"
        yield f"The code {cut(code.code)} of {cut(code.codelist)} {verb}."


def gone(bump: Bump) -> Iterator[str]:
    """Name identifiers that disappeared instead of being withdrawn or merged."""
    for item in bump.disappeared:
        named = ", ".join(cut(text) for text in item.identifiers[:5])
        more = ", …" if item.number > len(item.identifiers[:5]) else ""
        what = "identifier is" if item.number == 1 else "identifiers are"
        yield f"{cut(item.table)}: {item.number:,} {what} gone instead of withdrawn or merged: {named}{more}"


def shown(table: TableChange, limit: int) -> Iterator[RecordChange]:
    """Yield as many changes of records as a form shows; 0 for all."""
    return islice(iter(table.records), limit or None)


def left_out(table: TableChange, limit: int) -> str:
    """Say how many changes are not shown; the empty text when all are."""
    number = len(table.records) - limit
    return f"{number:,} more are not shown; --limit 0 shows all." if limit and number > 0 else ""


def identity(key: Cells) -> str:
    """Return a key for people: the value alone when it is one."""
    if len(key) == 1:
        return cut(key[0][1] or "", _VALUE)
    return ", ".join(f"{cut(name, _VALUE)} {value(text)}" for name, text in key)


def value(text: str | None) -> str:
    """Return a value for people; a cell without a value is not an empty text."""
    return "(no value)" if text is None else f'"{cut(text, _VALUE)}"'


def record(change: RecordChange) -> str:
    """Return a change of a record in one line, without its values."""
    times = f" ({change.times:,} times)" if change.times > 1 else ""
    if not change.key:
        return f"{change.action} row{times}"
    moved = f" → {identity(change.new_key)}" if change.new_key else ""
    return f"{change.action} {identity(change.key)}{moved}"


def cell(item: ValueChange) -> str:
    """Return a change of a value in one line."""
    return f"{cut(item.field, _VALUE)}: {value(item.old)} → {value(item.new)}"


def brief(change: RecordChange) -> Iterator[ValueChange]:
    """Yield the values that are worth a line: all of a change, the first of a row without a key, else none."""
    if change.action in ("changed", "re-identified"):
        yield from change.values
    elif not change.key:
        yield from change.values[:3]
