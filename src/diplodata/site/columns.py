"""Tables for the pages that sort and filter, as columns of different values that stay small as a script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diplodata.site import addresses, linked, wording
from diplodata.site.shown import Shown

#: Rows that stand in the page itself, so that something is there before, and without, the script.
_FIRST = 50


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table on a page."""

    title: str
    #: Column of the data that it shows, and the one by which it sorts.
    column: str
    sort: str
    #: (table, column of its identifiers) of the pages to which the column leads.
    link: tuple[str, str] | None = None
    #: Column with the language of the text.
    language: str = ""
    #: Column that stands in small letters below.
    under: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of rows by one value of a column."""

    name: str
    title: str
    column: str
    is_code: bool = False
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What a page with a table is made from."""

    name: str
    #: What rows are called, in the plural.
    noun: str
    rows: Sequence[Mapping[str, Any]]
    #: Columns of the data itself, which downloads have; all others of a row are made for the page.
    fields: tuple[str, ...]
    shown: tuple[Column, ...]
    filters: tuple[Filter, ...]
    search: tuple[str, ...]

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.rows)


def script(table: Table) -> str:
    """Return the data of a page as a script of one statement, in which no character is markup."""
    columns = dict.fromkeys([*table.fields, *table.search, *(item.column for item in table.filters)])
    for item in table.shown:
        of_link = item.link[1] if item.link else ""
        columns |= dict.fromkeys(name for name in (item.column, item.sort, item.language, item.under, of_link) if name)
    whole = {
        "name": table.name,
        "noun": table.noun,
        "size": table.size,
        "fields": table.fields,
        "search": table.search,
        "filters": [{"name": item.name, "column": item.column} for item in table.filters],
        "shown": [_shown(item) for item in table.shown],
        "columns": {name: _column([row.get(name) for row in table.rows]) for name in columns},
    }
    return f"window.diplodataTable={linked.safe(json.dumps(whole, ensure_ascii=False, separators=(',', ':')))};\n"


def _shown(item: Column) -> dict[str, Any]:
    named = {
        "column": item.column,
        "sort": item.sort,
        "link": item.link,
        "language": item.language,
        "under": item.under,
        "kind": item.kind,
    }
    return {key: value for key, value in named.items() if value}


def _column(values: list[Any]) -> dict[str, Any]:
    """Return a column as its different values with their numbers, or as it is when nearly all are different."""
    places: dict[str, int] = {}
    kept: list[Any] = []
    rows = []
    for value in values:
        key = json.dumps(value)
        if key not in places:
            places[key] = len(kept)
            kept.append(value)
        rows.append(places[key])
    return {"values": values} if len(kept) > 0.9 * len(values) else {"values": kept, "rows": rows}


def options(table: Table, chosen: Filter) -> list[tuple[str, int]]:
    """Return the values of a filter with the number of rows that have each."""
    counts: dict[str, int] = {}
    for row in table.rows:
        value = row.get(chosen.column)
        if value not in (None, ""):
            counts[str(value)] = counts.get(str(value), 0) + 1
    return sorted(counts.items(), key=lambda pair: pair[0].casefold(), reverse=chosen.newest_first)


def view(table: Table) -> dict[str, Any]:
    """Return what the template shows of a table."""
    return {
        "size": table.size,
        "noun": table.noun,
        "shown": table.shown,
        "filters": [
            {"name": item.name, "title": item.title, "is_code": item.is_code, "options": options(table, item)}
            for item in table.filters
        ],
        "first": [[_cell(column, row) for column in table.shown] for row in table.rows[:_FIRST]],
    }


def _cell(column: Column, row: Mapping[str, Any]) -> dict[str, str]:
    to = addresses.page_of(column.link[0], str(row.get(column.link[1], ""))) if column.link else ""
    language = Shown("", language=text(row.get(column.language))).tag if column.language else ""
    return {
        "text": wording.clean(text(row.get(column.column))),
        "to": to,
        "language": language,
        "under": wording.clean(text(row.get(column.under))) if column.under else "",
        "kind": column.kind,
    }


def text(value: Any) -> str:
    """Return a value as a cell of CSV has it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
