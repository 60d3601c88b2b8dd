"""Changes as Markdown: for comments on merge requests, and in words for the changelog of a release."""

from __future__ import annotations

from collections.abc import Iterator

from diplodata.model.changes import ACTIONS, STEPS, Bump, Changes, RecordChange, TableChange
from diplodata.render.changes import telling
from diplodata.render.escaping import markdown

#: Records of one table that a changelog names.
_NAMED = 20


def render(changes: Changes, bump: Bump, limit: int) -> Iterator[str]:
    """Yield the totals, then the tables with their records."""
    return (f"{text}\n" for text in _lines(changes, bump, limit))


def _lines(changes: Changes, bump: Bump, limit: int) -> Iterator[str]:
    yield f"## {telling.verdict(changes)}: {telling.counts(changes)}"
    yield ""
    yield f"{markdown(telling.sides(changes))}. {telling.step(bump)}."
    if bump.reasons:
        yield ""
        yield from (f"- **{item.step}** {markdown(item.text)}" for item in bump.reasons)
    tables = list(telling.told(changes.tables))
    if tables:
        yield from ("", "| Table | Rows before | Rows now | Removed | Added | Re-identified | Changed |")
        yield f"| {' | '.join(['---'] * 7)} |"
        yield from (f"| {' | '.join(_row(table))} |" for table in tables)
    rest = [*telling.others(changes), *telling.gone(bump)]
    if rest:
        yield ""
        yield from (f"- {markdown(text)}" for text in rest)
    for table in tables:
        yield from _table(table, limit)


def _row(table: TableChange) -> list[str]:
    numbers = (table.old_rows, table.new_rows, *(table.counts.get(action, 0) for action in ACTIONS))
    return [markdown(table.name), *(f"{number:,}" for number in numbers)]


def _table(table: TableChange, limit: int) -> Iterator[str]:
    yield from ("", f"### {markdown(table.name)}: {table.status}", "")
    yield from (f"- {markdown(text)}" for text in telling.notes(table))
    yield from (f"- {_record(change)}" for change in telling.shown(table, limit))
    text = telling.left_out(table, limit)
    if text:
        yield f"- {markdown(text)}"


def _record(change: RecordChange) -> str:
    values = "; ".join(markdown(telling.cell(item)) for item in telling.brief(change))
    head = f"**{change.action}** {markdown(telling.record(change).removeprefix(change.action).strip())}"
    return f"{head}: {values}" if values else head


def changelog(changes: Changes, bump: Bump) -> str:
    """Return the changes in words, without a heading: reasons by step, then what became of which records."""
    return "".join(f"{text}\n" for text in _changelog(changes, bump))


def _changelog(changes: Changes, bump: Bump) -> Iterator[str]:
    if changes.equal:
        yield "Nothing changed."
        return
    version = "The same version" if bump.step == "none" else f"A {bump.step} version"
    yield f"{version}, compared with {markdown(changes.old.version or changes.old.place)}."
    for step in reversed(STEPS):
        reasons = [item for item in bump.reasons if item.step == step]
        if reasons:
            yield from ("", f"### {step.capitalize()}", "")
            yield from (f"- {markdown(item.text)}" for item in reasons)
    for table in telling.told(changes.tables):
        if table.status == "changed" and len(table.records):
            yield from ("", f"### Records of {markdown(table.name)}", "")
            yield from (f"- {_record(change)}" for change in telling.shown(table, _NAMED))
            more = len(table.records) - _NAMED
            if more > 0:
                yield f"- {more:,} more stand in changes.json."
