"""Changes for people: what became of each table and record, then the step of the version."""

from __future__ import annotations

from collections.abc import Iterator

from diplodata.model.changes import Bump, Changes, TableChange
from diplodata.render.changes import telling
from diplodata.render.escaping import cut, line


def render(changes: Changes, bump: Bump, limit: int) -> Iterator[str]:
    """Yield the lines."""
    return (f"{line(text)}\n" for text in _lines(changes, bump, limit))


def _lines(changes: Changes, bump: Bump, limit: int) -> Iterator[str]:
    for table in telling.told(changes.tables):
        yield f"{cut(table.name)}: {telling.table_head(table)}"
        yield from (f"    {text}" for text in telling.notes(table))
        yield from _records(table, limit)
    yield from telling.others(changes)
    yield from telling.gone(bump)
    yield f"{telling.verdict(changes)}: {telling.sides(changes)}; {telling.counts(changes)}."
    yield f"{telling.step(bump)}."
    yield from (f"    {item.step}: {cut(item.text, 400)}" for item in bump.reasons)


def _records(table: TableChange, limit: int) -> Iterator[str]:
    for change in telling.shown(table, limit):
        yield f"    {telling.record(change)}"
        yield from (f"        {telling.cell(item)}" for item in telling.brief(change))
    text = telling.left_out(table, limit)
    if text:
        yield f"    {text}"
