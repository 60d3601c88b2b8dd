"""What tests read from the pages of a site: elements, links, texts, data."""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote


@dataclass
class Page(HTMLParser):
    """The elements of a page in order, its links and its data."""

    skeleton: list[tuple[str, ...]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.skeleton.append((tag, *sorted(name for name, _ in attrs)))
        for name, value in attrs:
            self.attributes.append((name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                (self.loaded if tag == "link" else self.links).append(value or "")
            if name == "src":
                self.loaded.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "script" and data.strip():
            self.data.append(json.loads(data))
        else:
            self.text += data
            if {"h1", "h2"} & {inside, self._open[-2] if len(self._open) > 1 else ""}:
                self.headings.append(data)


def page(path: Path) -> Page:
    found = Page()
    found.feed(path.read_text(encoding="utf-8"))
    found.close()
    return found


def pages(root: Path) -> dict[str, Page]:
    return {path.relative_to(root).as_posix(): page(path) for path in sorted(root.rglob("*.html"))}


@dataclass(frozen=True, slots=True)
class Links:
    """The links and anchors of a page, read as text: quick enough for thousands of pages."""

    links: list[str]
    loaded: list[str]
    ids: list[str]


def links_of(root: Path) -> dict[str, Links]:
    found = {}
    for path in sorted(root.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        addresses = [html.unescape(link) for link in re.findall(r'[ ](?:href|src)="([^"]*)"', text)]
        found[path.relative_to(root).as_posix()] = Links(addresses, [], re.findall(r'[ ]id="([^"]*)"', text))
    return found


def broken_links(root: Path, found: Mapping[str, Page | Links]) -> Iterator[str]:
    """Yield each link that leads to no file, or to no place in it."""
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    places = {name: set(item.ids) for name, item in found.items()}
    for name, item in found.items():
        for link in {*item.links, *item.loaded}:
            if link.startswith(("https://", "http://")):
                continue
            path, _, fragment = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))) if path else name
            if target not in files:
                yield f"{name}: {link}"
            # What follows the sign is the state of a table, not a place, on the pages of tables.
            elif fragment and not target.startswith("explore/") and fragment not in places[target]:
                yield f"{name}: {link} (no such place)"
