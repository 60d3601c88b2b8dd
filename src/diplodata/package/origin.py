"""The JSON document that a package was read from, and where in it each row of its tables stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplodata.standard.documents import INSIDE_MEETING

#: A row of a table and its place, as the keys and positions that lead to it.
Placed = tuple[Mapping[str, Any], tuple[str | int, ...]]


@dataclass(frozen=True, slots=True)
class Origin:
    """A document as parsed; its text is read again when places in it are asked for."""

    path: Path
    value: Any
    #: ``bundle``, ``nested``, or ``records`` for one record or an array of them.
    kind: str
    #: Version of the standard.
    version: str
    #: The table of ``records``.
    table: str = ""

    def rows(self, table: str) -> list[Placed]:
        """Return the rows of a table with their places, in the order in which they are checked."""
        if self.kind == "nested":
            # The nested form does not keep the order of rows, so tables are checked in that of their identifiers.
            return sorted(_nested_rows(self.value, table), key=lambda item: str(item[0].get("id", "")))
        if self.kind == "records" and table != self.table:
            return []
        if self.kind == "records" and isinstance(self.value, Mapping):
            return [(self.value, ())]
        rows = self.value if self.kind == "records" else self.value.get(table, ())
        return list(_placed(rows, () if self.kind == "records" else (table,)))


def is_document(data: object) -> bool:
    """Whether a JSON value is a bundle or nested document: it declares the standard and has no resources."""
    return isinstance(data, dict) and "diplodata" in data and "resources" not in data


def kind_of(data: Mapping[str, Any]) -> str:
    """Return ``nested`` when participants, a table of every package, stand in their meetings, else ``bundle``."""
    return "nested" if "meetings" in data and "participants" not in data else "bundle"


def _nested_rows(value: Mapping[str, Any], table: str) -> Iterator[Placed]:
    yield from _placed(value.get(table), (table,))
    if table in INSIDE_MEETING:
        for meeting, place in _placed(value.get("meetings"), ("meetings",)):
            yield from _placed(meeting.get(table), (*place, table))


def _placed(rows: Any, before: tuple[str | int, ...]) -> Iterator[Placed]:
    if isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows):
        yield from ((row, (*before, number)) for number, row in enumerate(rows))


def pointer(parts: tuple[str | int, ...]) -> str:
    """Return keys and positions as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
