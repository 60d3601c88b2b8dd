"""Tables that several kinds of pages show: meetings, statements, other names."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence

from diplodata.site import addresses, wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records.values import country, linked
from diplodata.site.shown import Cell, Row, Section, Shown, limited

#: Rows that one table of a page shows; the JSON beside the page has all.
MOST = 120


def when(record: Record, first: str = "start_date", last: str = "end_date") -> Cell:
    """Return the days of a record in words."""
    text = wording.span(str(record.get(first, "")), str(record.get(last, "")))
    return (Shown(wording.clean(text), kind="date"),) if text else ()


def name(contents: Contents, identifier: str) -> Cell:
    """Return the title of a record as a link; nothing for no record."""
    return (linked(contents, identifier),) if identifier else ()


def code(value: object) -> Cell:
    """Return a code in words; nothing for none. In tables it is no link: there are too many of them."""
    return (Shown(wording.clean(wording.code(str(value)))),) if value else ()


def place_of(contents: Contents, record: Record) -> Cell:
    """Return city and country of a meeting in one text."""
    parts = [str(record["city"])] if record.get("city") else []
    if record.get("country_code"):
        parts.append(country(contents, str(record["country_code"])))
    return (Shown(wording.clean(", ".join(parts)), language=str(record.get("title_language", ""))),) if parts else ()


def meetings(
    contents: Contents, rows: Sequence[Record], title: str = "Meetings", anchor: str = "meetings", limit: int = MOST
) -> tuple[Section, ...]:
    """Return a table of meetings, the newest first."""
    ordered = sorted(rows, key=lambda item: str(item.get("start_date", "")), reverse=True)
    found = [
        Row((when(item), name(contents, str(item["id"])), place_of(contents, item), code(item.get("format"))))
        for item in ordered
    ]
    return limited(title, anchor, ("Date", "Meeting", "Place", "Format"), found, limit)


def statements(
    contents: Contents, rows: Sequence[Record], title: str = "Statements", anchor: str = "statements", limit: int = MOST
) -> tuple[Section, ...]:
    """Return a table of statements, the newest first."""
    ordered = sorted(rows, key=lambda item: str(item.get("adoption_date", "")), reverse=True)
    found = [
        Row(
            (
                when(item, "adoption_date", ""),
                name(contents, str(item["id"])),
                code(item.get("statement_type")),
                code(item.get("status")),
            )
        )
        for item in ordered
    ]
    return limited(title, anchor, ("Date", "Text", "Kind", "Status"), found, limit)


def names(contents: Contents, identifier: str) -> tuple[Section, ...]:
    """Return the other names of a record, in the scripts in which sources write them."""
    found = []
    for item in contents.names(identifier):
        value = Shown(wording.clean(str(item.get("value", ""))), language=str(item.get("language", "")), kind="name")
        years = when(item)
        kind = code(item.get("name_type"))
        language = (Shown(wording.clean(str(item.get("language", ""))), kind="code"),) if item.get("language") else ()
        found.append(Row(((value,), language, (*kind, *years), name(contents, str(item.get("source_id", ""))))))
    return limited("Other names", "names", ("Name", "Language", "Kind", "Source"), found, MOST)


def number(value: int) -> Cell:
    """Return a count; a dash for none."""
    return (Shown(f"{value:,}" if value else "–"),)


def host(address: str) -> Cell:
    """Return the host of an address as a link to it."""
    link = addresses.web(address)
    return (Shown(wording.clean(urllib.parse.urlsplit(link).netloc), link, kind="address"),) if link else ()
