"""Where the page of a record lies: made from its identifier, and stable for ever."""

from __future__ import annotations

import re

#: Tables whose records have pages of their own; the folder has the name of the table.
PAGED = ("meetings", "statements", "persons", "organizations", "sources")

#: An identifier of the standard: prefix, type code and slug (schemas/1.0, common, id_*).
_ID = re.compile(r"([a-z][a-z0-9]{1,15}):([a-z]{3}-[a-z0-9]+(?:-[a-z0-9]+)*)", re.ASCII)

#: What may be a link out of the site.
_WEB = re.compile(r"https?://[^\s\x00-\x20\"<>\\^`{|}]+", re.ASCII | re.IGNORECASE)


def page_of(table: str, identifier: str) -> str:
    """Return the path of the page of a record below the root of the site; empty when it has none.

    ``dd:mtg-x`` of the table meetings is ``meetings/dd/mtg-x.html``. What is no identifier never becomes a path.
    """
    match = _ID.fullmatch(identifier)
    return f"{table}/{match[1]}/{match[2]}.html" if match and table in PAGED else ""


def anchor_of(identifier: str) -> str:
    """Return the anchor of a record that stands on the page of another one; empty when there is none."""
    match = _ID.fullmatch(identifier)
    return match[2] if match else ""


def web(value: object) -> str:
    """Return an address that may stand in a link; anything but http and https becomes empty."""
    text = str(value or "").strip()
    return text if _WEB.fullmatch(text) else ""


def root_from(path: str) -> str:
    """Return the way from a page to the root of the site, such as ``../../``."""
    return "../" * path.count("/")
