"""What sources say of a record: what they support, contradict, or are silent about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diplodata.site import wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records.values import claimed, coded, linked
from diplodata.site.shown import Cell, Row, Section, Shown, limited

#: Rows of evidence that one page shows; the JSON beside it has all of them.
_MOST = 100

#: The gravest first.
_ORDER = {"contradicts": 0, "silent": 1, "supports": 2}

COLUMNS = ("Field", "Source", "Says", "In its words")


def against(contents: Contents, table: str, identifier: str, name: str) -> tuple[Cell, ...]:
    """Return what sources say against the value of a field."""
    found = contents.referring("evidence", "record_id", identifier)
    rows = [item for item in found if item.get("field_name") == name and item.get("stance") == "contradicts"]
    return tuple(_contradiction(contents, table, name, item) for item in rows)


def _contradiction(contents: Contents, table: str, name: str, item: Record) -> Cell:
    said = item.get("asserted_value") or item.get("quote") or ""
    value = claimed(contents, table, name, str(said)) if said else Shown("something else")
    if not value.to:
        value = replace(value, kind="quote")
    source = linked(contents, str(item.get("source_id", "")))
    return (Shown("Contradicted:", kind="mark contradicts"), source, Shown("says"), value)


def silent(contents: Contents, identifier: str) -> list[str]:
    """Return the fields without a value of which a source that was read says nothing."""
    record = contents.record(identifier)
    found = contents.referring("evidence", "record_id", identifier)
    names = [str(item["field_name"]) for item in found if item.get("stance") == "silent" and item.get("field_name")]
    return list(dict.fromkeys(name for name in names if name not in record))


def section(contents: Contents, identifiers: Iterable[str]) -> tuple[Section, ...]:
    """Return the table of all that sources say of some records."""
    found = [item for name in identifiers for item in contents.referring("evidence", "record_id", name)]
    found.sort(key=lambda item: _ORDER.get(str(item.get("stance")), 3))
    first = next(iter(found), {}).get("record_id")
    rows = [_row(contents, item, about_other=item.get("record_id") != first) for item in found]
    grave = sum(1 for item in found if item.get("stance") in {"contradicts", "silent"})
    note = f"{wording.counted(len(found), 'claim')}" + (f", {grave:,} of them not in support." if grave else ".")
    return limited("Evidence", "evidence", COLUMNS, rows, _MOST, note=note, folded=True)


def _row(contents: Contents, item: Record, *, about_other: bool) -> Row:
    table, name = str(item.get("record_table", "")), str(item.get("field_name", ""))
    about: Cell = (Shown(wording.clean(wording.code(name) or "the record as a whole")),)
    if about_other:
        about = (*about, linked(contents, str(item.get("record_id", "")), "under soft"))
    source: Cell = (linked(contents, str(item.get("source_id", ""))),)
    if item.get("locator"):
        source = (*source, Shown(wording.clean(str(item["locator"])), kind="under soft"))
    stance = str(item.get("stance", ""))
    said: Cell = (Shown(wording.clean(wording.code(stance)), kind=f"mark {stance if stance in _ORDER else ''}"),)
    if item.get("asserted_value"):
        said = (*said, claimed(contents, table, name, str(item["asserted_value"])))
    if item.get("basis"):
        said = (*said, coded(contents, "basis", str(item["basis"])))
    quote = str(item.get("quote", ""))
    words: Cell = (
        (Shown(wording.clean(quote), language=str(item.get("quote_language", "")), kind="quote"),) if quote else ()
    )
    if item.get("note"):
        words = (*words, Shown(wording.clean(str(item["note"])), kind="under soft"))
    return Row((about, source, said, words))
