"""The lists of all records of a kind, which need no script: by year, by letter, by kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace

from diplodata.site import wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records import lists
from diplodata.site.records.values import linked
from diplodata.site.shown import Row, Section

#: Lists are never cut.
_ALL = 1_000_000

#: What a list says of itself, by table.
LEADS = {
    "meetings": "All meetings by year, the newest first.",
    "statements": "All texts by the year in which they were adopted, the newest first.",
    "persons": "All people with a record of their own. Of other speakers the table of participants has the names.",
    "organizations": "States, international organizations, their organs and offices.",
    "sources": "What the records rest on, by kind.",
}


def sections(contents: Contents, table: str) -> tuple[Section, ...]:
    """Return the list of a table in groups."""
    return tuple(_LISTS[table](contents))


def _grouped(rows: Iterable[Record], key: Callable[[Record], str]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for item in rows:
        groups.setdefault(key(item), []).append(item)
    return groups


def _anchor(title: str) -> str:
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in title.lower()).strip("-")
    return f"l-{plain}" if plain else "l-" + "-".join(f"{ord(char):x}" for char in title)


def _meetings(contents: Contents) -> Iterable[Section]:
    groups = _grouped(
        contents.rows("meetings"), lambda item: wording.year(str(item.get("start_date", ""))) or "Year not known"
    )
    for year in sorted(groups, reverse=True):
        yield from lists.meetings(contents, groups[year], year, _anchor(year), _ALL)


def _statements(contents: Contents) -> Iterable[Section]:
    groups = _grouped(
        contents.rows("statements"), lambda item: wording.year(str(item.get("adoption_date", ""))) or "Year not known"
    )
    for year in sorted(groups, reverse=True):
        yield from lists.statements(contents, groups[year], year, _anchor(year), _ALL)


def _persons(contents: Contents) -> Iterable[Section]:
    def key(item: Record) -> str:
        return str(item.get("sort_name") or item.get("name", ""))

    def letter(item: Record) -> str:
        bare = unicodedata.normalize("NFD", key(item))[:1].upper()
        return bare if bare.isalpha() else "Other"

    groups = _grouped(sorted(contents.rows("persons"), key=lambda item: key(item).casefold()), letter)
    for title in sorted(groups):
        rows = []
        for item in groups[title]:
            seen = contents.referring("participants", "person_id", str(item["id"]))
            bodies = dict.fromkeys(str(row["organization_id"]) for row in seen if row.get("organization_id"))
            of = tuple(linked(contents, name) for name in list(bodies)[:1])
            name = replace(linked(contents, str(item["id"])), text=wording.clean(key(item)))
            rows.append(Row(((name,), of, lists.number(len(seen)))))
        yield Section(title, _anchor(title), ("Name", "For", "Meetings here"), tuple(rows), numbers=frozenset({2}))


def _organizations(contents: Contents) -> Iterable[Section]:
    ordered = sorted(contents.rows("organizations"), key=lambda item: str(item.get("name", "")).casefold())
    groups = _grouped(
        ordered, lambda item: wording.capital(wording.clean(wording.code(str(item.get("classification", "other")))))
    )
    for title in sorted(groups, key=lambda name: (name == "Other", name)):
        rows = []
        for item in groups[title]:
            identifier = str(item["id"])
            held = len(contents.referring("meetings", "organization_id", identifier))
            seen = len(contents.referring("participants", "organization_id", identifier))
            above = lists.name(contents, str(item.get("parent_id", "")))
            rows.append(Row((lists.name(contents, identifier), above, lists.number(held), lists.number(seen))))
        columns = ("Name", "Part of", "Meetings it held", "Participants it sent")
        yield Section(title, _anchor(title), columns, tuple(rows), numbers=frozenset({2, 3}))


def _sources(contents: Contents) -> Iterable[Section]:
    groups = _grouped(
        contents.rows("sources"),
        lambda item: wording.capital(wording.clean(wording.code(str(item.get("source_type", "other"))))),
    )
    for title in sorted(groups, key=lambda name: (name == "Other", name)):
        ordered = sorted(groups[title], key=lambda item: contents.title(str(item["id"])).casefold())
        rows = [
            Row(
                (
                    lists.name(contents, str(item["id"])),
                    lists.when(item, "published_date", ""),
                    lists.host(str(item.get("url", ""))),
                )
            )
            for item in ordered
        ]
        yield Section(title, _anchor(title), ("Source", "Published", "Where"), tuple(rows))


_LISTS: dict[str, Callable[[Contents], Iterable[Section]]] = {
    "meetings": _meetings,
    "organizations": _organizations,
    "persons": _persons,
    "sources": _sources,
    "statements": _statements,
}
