"""What tests read from the pages of a site: elements, links, texts, data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


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


def broken_links(root: Path, found: dict[str, Page]) -> Iterator[str]:
    """Yield each link that leads to no file, or to no place in it."""
    for name, item in found.items():
        for link in {*item.links, *item.loaded}:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https"}:
                continue
            target = (root / name).parent / unquote(parts.path) if parts.path else root / name
            place = target.resolve().relative_to(root.resolve()).as_posix()
            if parts.scheme or not target.is_file():
                yield f"{name}: {link}"
            # What follows the sign is the state of a table, not a place, on the pages of tables.
            elif parts.fragment and not place.startswith("explore/") and parts.fragment not in found[place].ids:
                yield f"{name}: {link} (no such place)"
