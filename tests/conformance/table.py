"""The tables of this folder: read, written back with one member a line, and checked for their form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

#: Kinds of deviation, in the order of the page.
CLASSES = ("stricter", "laxer", "no-crash", "said-once", "otherwise", "says-more", "not-there")

#: What an entry of every table may hold.
_MEMBERS = {"id", "package", "note", "reference", "ours", "seconds"}

#: Folder of a table -> further members of its entries.
_FURTHER = {
    "deviations": {"class", "input", "reason", "clause", "reference_note", "ours_note"},
    "behaviours": {"says", "both", "warnings", "deviation"},
}

Entry = dict[str, Any]


def files(folder: str) -> dict[str, Path]:
    """Return the tables of a folder by name."""
    return {path.stem: path for path in sorted((HERE / folder).glob("*.json"))}


def read(path: Path) -> list[Entry]:
    """Read one table."""
    entries: list[Entry] = json.loads(path.read_text(encoding="utf-8"))
    for entry in entries if path.parent.name in _FURTHER else ():
        unknown = entry.keys() - _MEMBERS - _FURTHER[path.parent.name]
        assert not unknown, f"{path.name}, {entry.get('id')}: {', '.join(sorted(unknown))}"
    return entries


def read_all(folder: str) -> dict[str, Entry]:
    """Return the entries of all tables of a folder by their identifier."""
    found: dict[str, Entry] = {}
    for path in files(folder).values():
        for entry in read(path):
            assert entry["id"] not in found, f"{entry['id']} stands twice"
            found[entry["id"]] = entry
    return found


def write(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Write a table with one member a line, so that a changed outcome is a changed line."""
    path.write_text("[\n" + ",\n".join(map(_text_of, entries)) + "\n]\n", encoding="utf-8")


def _text_of(entry: Mapping[str, Any]) -> str:
    return "  {\n" + ",\n".join(_members(entry)) + "\n  }"


def _members(entry: Mapping[str, Any]) -> Iterator[str]:
    for key, value in entry.items():
        yield f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
