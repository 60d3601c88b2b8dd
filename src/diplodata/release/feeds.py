"""The feed of releases (Atom, RFC 4287) and the sitemap (sitemaps.org 0.9)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from diplodata.model.release import Entry, Index

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

#: Releases that a feed tells of.
_NEWEST = 100

#: Characters that XML 1.0 cannot hold (2.2), not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(index: Index, records: Sequence[Mapping[str, Any]], address: str | None) -> bytes:
    """Return the feed of releases.

    Args:
        index: what is published.
        records: the release.json of each release, in the order of the index.
        address: where the feed will be; without one, links are relative and identifiers are made of the name.
    """
    feed = ET.Element("feed", {"xmlns": _ATOM})
    _text(feed, "title", index.title)
    _text(feed, "id", address or _identifier(index, ""))
    _text(feed, "updated", index.updated)
    _text(ET.SubElement(feed, "author"), "name", index.title)
    if address:
        ET.SubElement(feed, "link", {"rel": "self", "href": f"{address}feed.atom"})
    ET.SubElement(feed, "link", {"rel": "alternate", "href": f"{address or ''}index.html"})
    for entry, record in list(zip(index.releases, records, strict=True))[:_NEWEST]:
        _entry(feed, index, entry, record, address)
    return _bytes(feed)


def _entry(feed: ET.Element, index: Index, entry: Entry, record: Mapping[str, Any], address: str | None) -> None:
    item = ET.SubElement(feed, "entry")
    _text(item, "title", f"{index.title} {entry.version}" + (" (withdrawn)" if entry.yanked else ""))
    _text(item, "id", f"{address}{entry.path}" if address else _identifier(index, entry.version))
    _text(item, "published", entry.created)
    _text(item, "updated", entry.yanked.date if entry.yanked else entry.created)
    ET.SubElement(item, "link", {"rel": "alternate", "href": f"{address or ''}{entry.path}index.html"})
    said = [f"Withdrawn: {entry.yanked.reason}"] if entry.yanked else []
    _text(item, "summary", "\n".join([*said, *record["bump"]["reasons"]]) or f"Version {entry.version}.")


def _identifier(index: Index, version: str) -> str:
    """Return an address that is the same for ever and leads nowhere (RFC 9562, version 5)."""
    named = f"https://w3id.org/diplodata/releases/{index.name or index.title}/{version}"
    return uuid.uuid5(uuid.NAMESPACE_URL, named).urn


def sitemap(index: Index, address: str) -> bytes:
    """Return the sitemap: the page of all releases, and one of each that is not withdrawn."""
    root = ET.Element("urlset", {"xmlns": _SITEMAP})
    offered = [entry for entry in index.releases if entry.yanked is None]
    pages = {f"{address}index.html": index.updated}
    for entry in offered:
        pages[f"{address}{entry.path}index.html"] = entry.created
    for place, moment in pages.items():
        item = ET.SubElement(root, "url")
        _text(item, "loc", place)
        _text(item, "lastmod", moment)
    return _bytes(root)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NO_XML.sub("\ufffd", text)


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"
