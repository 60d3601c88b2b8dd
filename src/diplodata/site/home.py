"""The first page: what the package holds, what is new in it, how to get, cite and check it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diplodata.model.package import Package
from diplodata.site import addresses, wording
from diplodata.site.contents import Contents
from diplodata.site.dictionary import slug
from diplodata.site.look import Look
from diplodata.site.records.values import linked
from diplodata.site.shown import Shown
from diplodata.site.versions import Block, Version

#: Newest meetings and statements that the first page names.
_NEWEST = 6

_COUNTED = (
    ("meetings", "meetings", "meetings/index.html"),
    ("participants", "participants", "explore/participants.html"),
    ("statements", "statements", "statements/index.html"),
    ("persons", "people", "persons/index.html"),
    ("organizations", "organizations", "organizations/index.html"),
    ("sources", "sources", "sources/index.html"),
)


def counts(contents: Contents) -> list[tuple[str, str, str]]:
    """Return (number, noun, page) for what the package holds."""
    package = contents.package
    if package.standard is not None:
        return [(f"{len(contents.rows(name)):,}", noun, to) for name, noun, to in _COUNTED if contents.rows(name)]
    return [
        (f"{len(rows):,}", wording.clean(name), f"tables/{slug(package, name)}.html")
        for name, rows in contents.tables.items()
    ]


def newest(contents: Contents, table: str, name: str) -> list[tuple[str, Shown]]:
    """Return the newest records of a table, each with its day."""
    rows = [item for item in contents.current(table) if wording.year(str(item.get(name, "")))]
    rows.sort(key=lambda item: str(item[name]), reverse=True)
    return [
        (wording.clean(wording.span(str(item[name]), str(item.get("end_date", "")))), linked(contents, str(item["id"])))
        for item in rows[:_NEWEST]
    ]


def period(contents: Contents) -> str:
    """Return the first and the last year of the meetings."""
    years = sorted(
        filter(None, (wording.year(str(item.get("start_date", ""))) for item in contents.current("meetings")))
    )
    return f"{years[0]}–{years[-1]}" if years and years[0] != years[-1] else "".join(years[:1])


def citation(package: Package, look: Look, created: str) -> str:
    """Return how the package is cited."""
    descriptor = package.descriptor
    people = [str(item.get("title", "")) for item in _listed(descriptor, "contributors") if item.get("title")]
    parts = [f"{', '.join(people)} ({created[:4]})" if people and created else ", ".join(people), look.title]
    if descriptor.get("version"):
        parts.append(f"Version {descriptor['version']}")
    address = addresses.web(descriptor.get("homepage")) or addresses.web(descriptor.get("id"))
    return wording.clean(
        ". ".join(part.rstrip(".") for part in parts if part) + "." + (f" {address}" if address else "")
    )


def _listed(descriptor: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = descriptor.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def links(descriptor: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    """Return licences or sources of a descriptor; an address that is not of the web is only a text."""
    found = []
    for item in _listed(descriptor, name):
        text = item.get("title") or item.get("name") or item.get("path") or ""
        note = item.get("note") or ""
        found.append(
            {
                "name": wording.clean(str(text)),
                "address": addresses.web(item.get("path")),
                "note": wording.clean(str(note)),
            }
        )
    return found


def contact(package: Package, look: Look) -> dict[str, str]:
    """Return whom to write about a mistake, as far as the descriptor says."""
    people = [item for item in _listed(package.descriptor, "contributors") if item.get("title")]
    first = people[0] if people else {}
    address = (
        addresses.web(look.corrections)
        or addresses.web(first.get("path"))
        or addresses.web(package.descriptor.get("homepage"))
    )
    return {"name": wording.clean(str(first.get("title") or "the publisher")), "address": address,
            "said": "" if address else wording.clean(look.corrections)}  # fmt: skip


def last_change(versions: tuple[Version, ...], here: Version | None) -> tuple[Block, ...]:
    """Return the newest part of the changelog of a release that has one before it."""
    return here.changes if here is not None and len(versions) > 1 else ()
