"""The page of a source: what it is, and the records that rest on it."""

from __future__ import annotations

from collections.abc import Iterator

from diplodata.site import wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records import claims, lists
from diplodata.site.records.values import linked
from diplodata.site.shown import Cell, Row, Section, Shown, limited
from diplodata.standard import registry

WITHOUT = ("title", "source_type", "publisher_id")

#: Records of one table that the page of a source names; the JSON beside it has all.
_MOST = 60


def kicker(contents: Contents, record: Record) -> Cell:
    """Return what kind of source it is, and who published it."""
    kind = Shown(wording.clean(f"Source: {wording.code(str(record.get('source_type', 'unknown')))}"))
    publisher = str(record.get("publisher_id", ""))
    return (kind, *lists.name(contents, publisher))


def sections(contents: Contents, record: Record) -> tuple[Section, ...]:
    """Return all tables of the page of a source."""
    identifier = str(record["id"])
    copies = contents.referring("sources", "derived_from_id", identifier)
    rows = [Row((lists.name(contents, str(item["id"])),)) for item in copies]
    return (
        *_used(contents, identifier),
        *limited("Copies", "copies", ("Copy",), rows, _MOST),
        *claims.section(contents, [identifier]),
    )


def _used(contents: Contents, identifier: str) -> Iterator[Section]:
    """Yield a table of the records of each kind that name the source, themselves or in evidence."""
    asserted: dict[str, dict[str, list[str]]] = {}
    for item in contents.referring("evidence", "source_id", identifier):
        of = asserted.setdefault(str(item.get("record_table", "")), {})
        of.setdefault(str(item.get("record_id", "")), []).append(str(item.get("stance", "")))
    for table in registry.table_names(contents.standard):
        if table in {"evidence", "sources"}:
            continue
        named = [str(item["id"]) for item in contents.referring(table, "source_id", identifier)]
        both = dict.fromkeys([*named, *asserted.get(table, {})])
        rows = [_row(contents, name, asserted.get(table, {}).get(name, [])) for name in both if name in contents.by_id]
        title = wording.capital(wording.code(table))
        note = f"{wording.counted(len(rows), 'record')} of {table} on this source."
        yield from limited(
            title, f"in-{table.replace('_', '-')}", ("Record", "Claims of this source"), rows, _MOST, note=note
        )


def _row(contents: Contents, identifier: str, stances: list[str]) -> Row:
    shown = linked(contents, identifier)
    item = contents.record(identifier)
    cell: Cell = (shown,)
    meeting = str(item.get("meeting_id", ""))
    if meeting and "title" not in item:
        cell = (shown, Shown(wording.clean(contents.title(meeting)), kind="under soft"))
    counts = {name: stances.count(name) for name in dict.fromkeys(stances)}
    words = tuple(
        Shown(
            f"{wording.clean(wording.code(name))} {number:,}",
            kind=f"mark {name if name in {'contradicts', 'silent'} else ''}",
        )
        for name, number in counts.items()
    )
    return Row((cell, words))
