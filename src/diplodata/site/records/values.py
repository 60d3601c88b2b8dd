"""One value of a record as a page shows it: codes in words, identifiers as links, dates in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from typing import Any

from diplodata.site import addresses, wording
from diplodata.site.contents import Contents, Record, specification
from diplodata.site.shown import Cell, Shown
from diplodata.standard import registry


@cache
def codelist(version: str, name: str) -> Mapping[str, str]:
    """Return the codes of a codelist of the standard with their descriptions."""
    rows = csv.DictReader(io.StringIO(registry.codelist_text(version, name), newline=""))
    return {row["code"]: row["description"] for row in rows}


def country(contents: Contents, code: str) -> str:
    """Return the name of a country or territory; the code when it has none."""
    return codelist(contents.standard, "country").get(code, code)


def coded(contents: Contents, name: str, value: str) -> Shown:
    """Return a code in words, with a link to what the standard says of it."""
    known = value in codelist(contents.standard, name) if name in registry.codelists(contents.standard) else False
    words = country(contents, value) if name == "country" else wording.code(value)
    to = f"dictionary/codelists/{name}.html#{value}" if known and name != "country" else ""
    return Shown(wording.clean(words), to, kind="code-word")


def linked(contents: Contents, identifier: str, kind: str = "") -> Shown:
    """Return the title of a record with a link to its page."""
    title = wording.clean(contents.title(identifier))
    return Shown(title, contents.page(identifier), contents.language(identifier), kind)


def web(value: str) -> Shown:
    """Return an address; a link when it is one of the web."""
    address = addresses.web(value)
    text = value.removeprefix("https://").removeprefix("http://").rstrip("/") if address else value
    return Shown(wording.clean(text), address, kind="address")


def shown(contents: Contents, table: str, name: str, record: Record) -> Cell:
    """Return the value of a field of a record."""
    value = record.get(name)
    if value is None:
        return ()
    spec = specification(contents, table).get(name, {})
    items = value if isinstance(value, list) else [value]
    language = str(record.get(spec.get("x-language-field", ""), ""))
    return tuple(_one(contents, spec, str(item), item, language) for item in items)


def _one(contents: Contents, spec: Mapping[str, Any], text: str, value: object, language: str) -> Shown:
    spec = {**spec, **spec.get("items", {})}
    kind = spec.get("x-kind", "")
    if isinstance(value, bool):
        return Shown("yes" if value else "no")
    if kind in {"reference", "record"} and text in contents.by_id:
        return linked(contents, text)
    if kind in {"code", "country"}:
        return coded(contents, spec.get("x-codelist", "country"), text)
    if kind in {"edtf", "date"}:
        return Shown(wording.clean(wording.date(text)))
    if kind in {"url", "uri"}:
        return web(text)
    style = "code" if kind in {"id", "reference", "record", "sha256", "wikidata", "column"} else ""
    return Shown(wording.clean(text), language=language, kind=style)


def claimed(contents: Contents, table: str, name: str, value: str) -> Shown:
    """Return a value that a source asserts for a field, shown as that of the field."""
    spec = specification(contents, table).get(name, {})
    return _one(contents, spec, value, value, "")
