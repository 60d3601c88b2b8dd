"""Texts of a page as HTML: the one place outside of the templates where markup is made.

* Every text and every attribute goes through ``escape``; what is left are the names of elements and attributes.
* Templates call it for each cell, which in a template itself would take three times as long.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from diplodata.site.shown import Cell, Shown


@lru_cache(maxsize=4096)
def one(item: Shown, root: str) -> Markup:
    """Return one text, with its link, language, direction and style.

    Args:
        item: the text.
        root: the way from the page to the root of the site.
    """
    direction, tag = item.direction, item.tag
    if not (item.to or item.kind or tag or direction):
        return escape(item.text)
    name = "a" if item.to else "bdi" if direction else "span"
    parts = [name]
    if item.to:
        parts.append(f'href="{escape(item.to if item.is_web else root + item.to)}"')
    if item.kind:
        parts.append(f'class="{escape(item.kind)}"')
    if tag:
        parts.append(f'lang="{escape(tag)}"')
    if direction:
        parts.append('dir="rtl"')
    if item.is_web:
        parts.append('rel="noopener noreferrer"')
    return Markup(f"<{' '.join(parts)}>{escape(item.text)}</{name}>")  # noqa: S704 - every value was escaped


def cell(items: Cell, root: str) -> Markup:
    """Return what stands in one cell: texts with a space between them, but before those that are tight."""
    if not items:
        return Markup()
    first, *others = items
    rest = [f"{'' if item.kind.startswith('tight') else ' '}{one(item, root)}" for item in others]
    return Markup(one(first, root) + Markup("".join(rest)))  # noqa: S704 - made of escaped texts alone


def listed(items: Cell, root: str) -> Markup:
    """Return texts with commas between them."""
    return Markup(", ").join([one(item, root) for item in items])
