"""Every page of a record as a value, with its place among the others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from diplodata.site import addresses, linked, wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records import claims, facts, meeting, organization, person, source, statement
from diplodata.site.shown import Fact, Shown, View

#: Table -> the module of its pages.
_KINDS: Mapping[str, ModuleType] = {
    "meetings": meeting,
    "organizations": organization,
    "persons": person,
    "sources": source,
    "statements": statement,
}

#: How the list of a table is called.
LISTS = {
    "meetings": "Meetings",
    "statements": "Statements",
    "persons": "People",
    "organizations": "Organizations",
    "sources": "Sources",
}

#: Tables whose records stand in the JSON beside a page, with the field that refers to the record of the page.
_RELATED = {
    "meetings": (("participants", "meeting_id"), ("agenda_items", "meeting_id"), ("interventions", "meeting_id"),
                 ("statements", "meeting_id"), ("decisions", "meeting_id"), ("meetings", "parent_id")),
    "statements": (("statement_parties", "statement_id"), ("decisions", "statement_id")),
    "persons": (("participants", "person_id"), ("memberships", "person_id"), ("statement_parties", "person_id")),
    "organizations": (("organizations", "parent_id"), ("meetings", "organization_id"),
                      ("statements", "organization_id"),
                      ("memberships", "organization_id"), ("memberships", "member_organization_id")),
    "sources": (("sources", "derived_from_id"),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """A record among those of its series."""

    record: Record
    series: str
    before: str
    after: str


def views(contents: Contents, table: str) -> Iterator[View]:
    """Yield the page of each record of a table that has one."""
    for place in _places(contents, table):
        path = addresses.page_of(table, str(place.record["id"]))
        if path:
            yield _view(contents, table, place, path)


def _view(contents: Contents, table: str, place: _Place, path: str) -> View:
    kind, record = _KINDS[table], place.record
    identifier = str(record["id"])
    title = Shown(wording.clean(contents.title(identifier)), language=contents.language(identifier))
    trail = (
        Shown("Home", "index.html"),
        Shown(LISTS[table], f"{table}/index.html"),
        Shown(title.text, language=title.language),
    )
    return View(
        path=path,
        table=table,
        identifier=identifier,
        title=title,
        kicker=kind.kicker(contents, record),
        facts=_facts(contents, table, record, kind.WITHOUT),
        sections=kind.sections(contents, record),
        about=facts.about(contents, table, record),
        warning=facts.warning(contents, record),
        lead=tuple(part for cell in claims.against(contents, table, identifier, _named(table)) for part in cell),
        previous=_neighbour(contents, place.before),
        following=_neighbour(contents, place.after),
        series=place.series,
        trail=trail,
        linked=linked.text(contents, table, record, trail),
    )


def _named(table: str) -> str:
    return "name" if table in {"persons", "organizations"} else "title"


def _facts(contents: Contents, table: str, record: Record, without: tuple[str, ...]) -> tuple[Fact, ...]:
    head: tuple[Fact, ...] = ()
    if table == "meetings":
        head = (*facts.days(contents, table, record), *facts.place(contents, table, record))
    return (*head, *facts.facts(contents, table, record, without))


def _neighbour(contents: Contents, identifier: str) -> Shown | None:
    if not identifier:
        return None
    table, item = contents.by_id[identifier]
    title = wording.clean(contents.title(identifier))
    if table == "meetings" and item.get("start_date"):
        title = f"{wording.clean(wording.date(str(item['start_date'])))}: {title}"
    return Shown(title, contents.page(identifier), contents.language(identifier))


def _places(contents: Contents, table: str) -> Iterator[_Place]:
    """Yield the records of a table with the one before and the one after in the series."""
    series: dict[str, list[Record]] = {}
    for item in contents.rows(table):
        if item.get("id"):
            series.setdefault(_series_of(table, item), []).append(item)
    for name, rows in series.items():
        rows.sort(key=lambda item: (_order_of(contents, table, item), str(item["id"])))
        alone = name == "" and table in {"meetings", "statements"}
        title = wording.clean(contents.title(name)) if name in contents.by_id else LISTS[table]
        for index, item in enumerate(rows):
            before = str(rows[index - 1]["id"]) if index and not alone else ""
            after = str(rows[index + 1]["id"]) if index + 1 < len(rows) and not alone else ""
            yield _Place(item, title, before, after)


def _series_of(table: str, item: Record) -> str:
    return str(item.get("organization_id", "")) if table in {"meetings", "statements"} else ""


def _order_of(contents: Contents, table: str, item: Record) -> str:
    if table == "meetings":
        return str(item.get("start_date", ""))
    if table == "statements":
        return str(item.get("adoption_date", ""))
    if table == "persons":
        return str(item.get("sort_name") or item.get("name", "")).casefold()
    return contents.title(str(item["id"])).casefold()


def document(contents: Contents, table: str, identifier: str) -> str:
    """Return the record of a page and those that belong to it as JSON."""
    found: dict[str, list[Any]] = {}
    for other, name in _RELATED[table]:
        rows = contents.referring(other, name, identifier)
        if rows:
            found.setdefault(other, []).extend(rows)
    for other, name in (("names", "record_id"), ("evidence", "record_id")):
        if rows := contents.referring(other, name, identifier):
            found[other] = list(rows)
    declared = {"standard": contents.standard, "prefixes": list(contents.package.prefixes)}
    whole = {"diplodata": declared, "table": table, "record": contents.record(identifier), "related": found}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"
