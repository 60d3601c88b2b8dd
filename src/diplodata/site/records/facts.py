"""The facts of a record: its fields in the order of the standard, with what sources say against them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from diplodata.site import wording
from diplodata.site.contents import Contents, Record, specification
from diplodata.site.records import claims
from diplodata.site.records.values import country, linked, shown
from diplodata.site.shown import Cell, Fact, Shown

#: How fields are called on pages, where the title in the standard is about identifiers and codes.
_NAMES = {
    "organization_id": "Body",
    "meeting_id": "Meeting",
    "parent_id": "Part of",
    "host_id": "Host",
    "country_code": "Country",
    "agenda_item_id": "Topic",
    "supersedes_id": "Replaces",
    "publisher_id": "Publisher",
    "derived_from_id": "Copied from",
    "previous_start_date": "Announced for",
    "meeting_type": "Kind",
    "statement_type": "Kind",
    "source_type": "Kind",
    "classification": "Kind",
    "url": "Address",
    "archive_url": "Archived copy",
    "same_as": "Same as",
    "title_origin": "Wording of the title",
}

#: Where an identifier may stand in a note.
_IDENTIFIER = re.compile(r"([a-z][a-z0-9]{1,15}:[a-z]{3}-[a-z0-9]+(?:-[a-z0-9]+)*)", re.ASCII)

#: Fields whose contradictions stand with the title, the days or the place.
_HEAD = ("title", "name", "start_date", "end_date", "venue", "city", "country_code")

#: Fields that every page shows in its last part.
_ABOUT = ("id", "source_id", "confidence", "title_origin", "record_status", "superseded_by_id", "note")


def name_of(contents: Contents, table: str, field: str) -> str:
    """Return how a field is called on pages."""
    if field in _NAMES:
        return _NAMES[field]
    title = str(specification(contents, table).get(field, {}).get("title", ""))
    return title.removesuffix(" identifier") or wording.capital(wording.code(field.removeprefix("x_")))


def facts(contents: Contents, table: str, record: Record, without: Collection[str]) -> tuple[Fact, ...]:
    """Return the fields of a record that have a value, but for those named and those on the record itself."""
    spec = specification(contents, table)
    languages = {item.get("x-language-field") for item in spec.values()}
    hidden = {*without, *_ABOUT, *languages}
    fields = [*(name for name in spec if name in record), *(name for name in record if name not in spec)]
    found = {name: one(contents, table, record, name) for name in fields if name not in hidden or name in without}
    # What the head of the page says already is said again only where a source contradicts it.
    return tuple(fact for name, fact in found.items() if name not in hidden or (fact.claims and name not in _HEAD))


def one(contents: Contents, table: str, record: Record, name: str) -> Fact:
    """Return one field of a record."""
    found = claims.against(contents, table, str(record.get("id", "")), name)
    return Fact(name_of(contents, table, name), shown(contents, table, name, record), found)


def days(contents: Contents, table: str, record: Record) -> tuple[Fact, ...]:
    """Return the days and times of a meeting."""
    text = wording.span(str(record.get("start_date", "")), str(record.get("end_date", "")))
    against = [claims.against(contents, table, str(record.get("id")), name) for name in ("start_date", "end_date")]
    found = (
        [Fact("Date", (Shown(wording.clean(text)),), tuple(cell for cells in against for cell in cells))]
        if text
        else []
    )
    times = " – ".join(str(record[name]) for name in ("start_time", "end_time") if record.get(name))
    if times:
        zone = record.get("time_zone")
        found.append(Fact("Time", (Shown(wording.clean(f"{times} ({zone})" if zone else times)),)))
    return tuple(found)


def place(contents: Contents, table: str, record: Record) -> tuple[Fact, ...]:
    """Return where a meeting was."""
    language = str(record.get("title_language", ""))
    parts = [
        Shown(wording.clean(str(record[name])), language=language) for name in ("venue", "city") if record.get(name)
    ]
    if record.get("country_code"):
        parts.append(Shown(wording.clean(country(contents, str(record["country_code"])))))
    against = [
        claims.against(contents, table, str(record.get("id")), name) for name in ("venue", "city", "country_code")
    ]
    return (Fact("Place", tuple(parts), tuple(cell for cells in against for cell in cells)),) if parts else ()


def about(contents: Contents, table: str, record: Record) -> tuple[Fact, ...]:
    """Return what is said of the record itself: its identifier, its source, how sure it is."""
    found = list(_about(contents, table, record))
    unsaid = [name_of(contents, table, name) for name in claims.silent(contents, str(record.get("id", "")))]
    if unsaid:
        mark = Shown("silent", kind="mark silent")
        found.append(Fact("Sources are silent on", (mark, Shown(", ".join(unsaid).lower())), is_long=True))
    return tuple(found)


def _about(contents: Contents, table: str, record: Record) -> Iterator[Fact]:
    names = {"id": "Identifier", "source_id": "Source", "superseded_by_id": "Superseded by", "note": "Note"}
    for name in _ABOUT:
        if name in record:
            fact = one(contents, table, record, name)
            values = fact.values
            if name == "note":
                values = noted(contents, str(record["note"]))
            yield Fact(names.get(name, fact.name), values, fact.claims, is_long=name == "note")


def noted(contents: Contents, text: str) -> Cell:
    """Return a note in which identifiers of the package are links."""
    pieces = _IDENTIFIER.split(text)
    parts = [
        linked(contents, piece, "tight") if piece in contents.by_id else Shown(wording.clean(piece), kind="tight")
        for piece in pieces
        if piece
    ]
    return tuple(parts)


def warning(contents: Contents, record: Record) -> Cell:
    """Return a warning on a record that no longer stands, or does not stand yet."""
    status = str(record.get("record_status", "active"))
    if status == "active":
        return ()
    if status == "draft":
        return (Shown("This record is a draft and not for reuse."),)
    said = Shown(wording.clean(f"This record was {wording.code(status)}."))
    target = str(record.get("superseded_by_id", ""))
    return (said, Shown("See"), linked(contents, target)) if target else (said,)
