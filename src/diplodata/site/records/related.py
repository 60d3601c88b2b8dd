"""The sources of a record, and what a source supports."""

from __future__ import annotations

from collections.abc import Iterable

from diplodata.site import wording
from diplodata.site.contents import Contents
from diplodata.site.records import lists
from diplodata.site.records.values import linked
from diplodata.site.shown import Row, Section, Shown, limited


def sources(contents: Contents, identifiers: Iterable[str]) -> tuple[Section, ...]:
    """Return the sources that some records name, themselves and in evidence."""
    found: dict[str, None] = {}
    for identifier in identifiers:
        found.setdefault(str(contents.record(identifier).get("source_id", "")))
        for item in contents.referring("evidence", "record_id", identifier):
            found.setdefault(str(item.get("source_id", "")))
    rows = [_source(contents, name) for name in found if name in contents.by_id]
    return limited("Sources", "sources", ("Source", "Kind", "Published", "Where"), rows, lists.MOST)


def _source(contents: Contents, identifier: str) -> Row:
    item = contents.record(identifier)
    publisher = str(item.get("publisher_name", ""))
    title = linked(contents, identifier)
    name = (title, Shown(wording.clean(publisher), kind="under soft")) if publisher and item.get("title") else (title,)
    where = lists.host(str(item.get("url", "")))
    kind = lists.code(item.get("source_type"))
    return Row((name, kind, lists.when(item, "published_date", ""), where))
