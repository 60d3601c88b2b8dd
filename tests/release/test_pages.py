"""Pages of a release: whole, quiet and deaf to hostile texts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from diplodata import publish

#: Elements that run code, load something or send something.
ACTIVE = {"script", "img", "iframe", "object", "embed", "link", "form", "svg", "base", "audio", "video", "source"}

#: Attributes by which a browser loads something by itself.
LOADING = {"src", "srcset", "action", "formaction", "data", "background", "poster", "ping", "manifest"}

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</title></style></pre><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- & &lt;b&gt; -->",
    "\u202eevil\u0000\u001b[31m",
]


@dataclass
class Page(HTMLParser):
    """What a page consists of."""

    language: str | None = None
    title: str = ""
    elements: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang")
        if tag == "a":
            self.links.append(found.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if "title" in self._open:
            self.title += data
        if self._open and self._open[-1] in ("h1", "h2"):
            self.headings.append(data)


def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def package(folder: Path, paths: Sequence[str] = ("table.csv",), **members: Any) -> Path:
    """Write a package with one table at each of the paths."""
    resources = []
    for number, path in enumerate(paths):
        resource: dict[str, Any] = {"name": f"table{number}", "path": path, "type": "table", "format": "csv"}
        resource |= {"dialect": {"delimiter": ",", "skipInitialSpace": False, "header": True}}
        resources.append(resource | {"schema": {"fields": [{"name": "a", "type": "string"}]}})
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("a\nx\n", encoding="utf-8")
    data = {"name": "generic", "version": "1.0.0", "resources": resources, **members}
    (folder / "datapackage.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def assert_quiet(path: Path) -> None:
    page = read(path)
    assert page.elements & ACTIVE == set(), path.name
    assert page.attributes & LOADING == set(), path.name
    assert [name for name in page.attributes if name.startswith("on")] == [], path.name
    assert {urlsplit(link).scheme for link in page.links} <= {"", "http", "https"}, path.name
    style = path.read_text(encoding="utf-8").partition("<style>")[2].partition("</style>")[0]
    assert "@import" not in style
    assert "url(" not in style


def assert_links_lead_somewhere(path: Path) -> None:
    for link in read(path).links:
        parts = urlsplit(link)
        if not parts.scheme:
            assert (path.parent / unquote(parts.path)).is_file(), link


def test_there_is_a_page_of_all_releases_and_one_of_each(site: Path) -> None:
    found = [path.relative_to(site).as_posix() for path in pages(site)]
    assert found == ["index.html", "releases/1.0.0/index.html"]


def test_pages_have_a_language_a_title_and_one_main_heading(site: Path) -> None:
    for path in pages(site):
        page = read(path)
        assert page.language == "en"
        assert page.title.strip()
        assert path.read_text(encoding="utf-8").count("<h1>") == 1
        assert {"main", "table", "th"} <= page.elements


def test_pages_load_nothing_and_their_links_lead_somewhere(site: Path) -> None:
    for path in pages(site):
        assert_quiet(path)
        assert_links_lead_somewhere(path)


def test_the_page_of_a_release_lists_every_download(site: Path) -> None:
    links = set(read(site / "releases" / "1.0.0" / "index.html").links)
    files = {path.name for path in (site / "releases" / "1.0.0" / "data").iterdir()}
    assert {f"data/{name}" for name in files} <= links
    assert {"datapackage.json", "release.json", "SHA256SUMS"} <= links


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    licences = [{"name": "CC0-1.0", "path": "javascript:alert(1)", "title": text} for text in HOSTILE]
    sources = [{"title": text, "path": "data:text/html,<script>alert(1)</script>"} for text in HOSTILE]
    text = "".join(HOSTILE)
    site = tmp_path / "site"
    publish(site, package(tmp_path / "package", title=text, description=text, licenses=licences, sources=sources))
    for path in pages(site):
        assert_quiet(path)
        assert_links_lead_somewhere(path)
        assert "49" not in read(path).text
    shown = read(site / "releases" / "1.0.0" / "index.html")
    heading, items = "".join(shown.headings), shown.text
    # NUL is no character of HTML, so it may be left out or replaced.
    parts = [part for item in HOSTILE for part in item.split("\0")]
    assert [part for part in parts if part not in heading or items.count(part) < 4] == []


ADDRESSES = (
    "javascript:alert(1) JavaScript:alert(2) vbscript:x //host/page data:text/html,x ftp://example.org file:///etc HTTP:x"
).split()


def test_addresses_that_are_not_of_the_web_are_no_links(tmp_path: Path) -> None:
    addresses = [*ADDRESSES, " javascript:alert(3)", "java\nscript:alert(4)", "\x01javascript:alert(5)"]
    members = {
        "licenses": [{"name": "CC0-1.0", "path": address} for address in addresses],
        "sources": [{"title": "A source", "path": address} for address in addresses],
    }
    site = tmp_path / "site"
    publish(site, package(tmp_path / "package", ("table.csv",), **members))
    for path in pages(site):
        assert_quiet(path)
        assert [link for link in read(path).links if link in {address.strip() for address in addresses}] == []
        assert_links_lead_somewhere(path)


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"title": "T", "description": "D"},
        {"licenses": [{"name": "CC0-1.0"}]},
        {"licenses": [{"path": "https://example.org/licence"}]},
        {"licenses": [{"name": "CC0-1.0", "path": "LICENSE.md"}]},
        {"sources": [{"title": "A report"}]},
        {"sources": [{"path": "https://example.org/a?b=c&d=e"}]},
        {"sources": [{"title": "A report", "email": "a@example.org"}]},
        {"created": "2026-11-24T00:00:00Z"},
        {"contributors": [{"title": "C"}]},
    ],
    ids=lambda members: "-".join(members) or "nothing",
)
def test_members_of_the_descriptor_may_be_left_out(members: dict[str, Any], tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert publish(site, package(tmp_path / "package", ("table.csv",), **members)).is_new
    for path in pages(site):
        assert_quiet(path)


def test_links_to_files_with_odd_names_lead_there(tmp_path: Path) -> None:
    site = tmp_path / "site"
    paths = ("data/a b.csv", "data/a#1.csv", "data/é.csv", "data/a&b.csv", "data/a'b.csv", "data/a+b=c,d;e@f.csv")
    publish(site, package(tmp_path / "package", paths))
    for page in pages(site):
        assert_links_lead_somewhere(page)
