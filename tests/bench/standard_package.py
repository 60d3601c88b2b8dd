"""Packages of the standard of any size for measuring: the five required tables, and persons."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from packages import PARTICIPANTS, STATEMENTS, Made

from diplodata.package import layout
from diplodata.standard import tables

VERSION = "1.0"

#: Bodies and states; every state takes part in turn.
_BODIES, _STATES, _PERSONS = 20, 60, 5_000

_CITIES = ("Minsk", "Yerevan", "Astana", "Bishkek", "Dushanbe", "Moscow", "Vienna", "New York")
_TITLES = ("Meeting of the council", "Встреча министров иностранных дел", "Réunion des ministres", "外长会议")
_LANGUAGES = ("en", "ru", "fr", "zh")

Row = dict[str, Any]


def _day(number: int) -> str:
    return f"{1992 + number // 336 % 33}-{1 + number // 28 % 12:02}-{1 + number % 28:02}"


def _organizations(_: int) -> Iterator[Row]:
    for number in range(_BODIES):
        yield {
            "id": f"test:org-body-{number}",
            "name": f"Council {number}",
            "name_language": "en",
            "classification": "organ",
        }
    for number in range(_STATES):
        name = f"State {number}"
        yield {"id": f"test:org-state-{number}", "name": name, "name_language": "en", "classification": "state"}


def _persons(_: int) -> Iterator[Row]:
    for number in range(_PERSONS):
        yield {"id": f"test:per-{number}", "name": f"Delegate Number {number}", "name_language": "en"}


def _sources(_: int) -> Iterator[Row]:
    for number in range(_BODIES):
        yield {
            "id": f"test:src-{number}",
            "title": f"Reports of council {number}",
            "language": "en",
            "source_type": "press_release",
            "publisher_name": f"Council {number}",
            "publisher_id": f"test:org-body-{number}",
            "url": f"https://council{number}.example/reports",
        }


def _meetings(meetings: int) -> Iterator[Row]:
    for number in range(meetings):
        body, place = number % _BODIES, number % 4
        yield {
            "id": f"test:mtg-{number}",
            "title": f"{_TITLES[place]} {number}",
            "title_language": _LANGUAGES[place],
            "organization_id": f"test:org-body-{body}",
            "meeting_type": "meeting",
            "ordinal": f"{number}th",
            "status": "held",
            "format": "in_person" if number % 3 else "videoconference",
            "start_date": _day(number),
            "end_date": _day(number),
            "city": _CITIES[number % 8] if number % 3 and place == 0 else "",
            "country_code": "CHE" if number % 3 else "",
            "source_id": f"test:src-{body}",
            "confidence": "medium",
        }


def _participants(meetings: int) -> Iterator[Row]:
    for number in range(meetings):
        for place in range(PARTICIPANTS):
            yield {
                "id": f"test:par-{number}-{place}",
                "meeting_id": f"test:mtg-{number}",
                "organization_id": f"test:org-state-{(number + place * 7) % _STATES}",
                "person_id": f"test:per-{(number * 7 + place * 131) % _PERSONS}",
                "name_as_given": f"Mr. Delegate {place}",
                "as_given_language": "en",
                "role": "chair" if place == 0 else "head_of_delegation",
                "attendance": "attended" if number % 3 else "attended_remotely",
                "source_id": f"test:src-{number % _BODIES}",
                "confidence": "medium",
            }


def _statements(meetings: int) -> Iterator[Row]:
    for number in range(meetings):
        for place in range(STATEMENTS):
            yield {
                "id": f"test:sta-{number}-{place}",
                "title": f"Statement {number}-{place} on the situation, and on co-operation in question {number % 1013}",
                "title_language": "en",
                "statement_type": "declaration",
                "organization_id": f"test:org-body-{number % _BODIES}",
                "meeting_id": f"test:mtg-{number}",
                "status": "adopted",
                "adoption_date": _day(number),
                "adoption_method": "consensus",
                "languages": "en ru",
                "source_id": f"test:src-{number % _BODIES}",
                "confidence": "medium",
            }


_ROWS = {
    "organizations": _organizations,
    "persons": _persons,
    "meetings": _meetings,
    "participants": _participants,
    "statements": _statements,
    "sources": _sources,
}


def make(folder: Path, meetings: int, *, off: Iterable[str] = ()) -> Made:
    """Write a package of that many meetings; eleven rows come of each, and some thousand besides.

    Args:
        folder: where it goes; tables that are there already are kept.
        meetings: number of meetings.
        off: codes of rules that the package switches off.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _ROWS:
        if not (folder / f"{name}.csv").exists():
            _write(folder / f"{name}.csv", name, meetings)
    rules = {"rules": {"severity": dict.fromkeys(off, "off")}} if off else {}
    described = [layout.standard_resource(VERSION, name) | {"path": f"{name}.csv"} for name in _ROWS]
    for item in described:
        item["schema"] = tables.descriptor(VERSION, item["name"], _ROWS)
    frame = {
        "$schema": "https://w3id.org/diplodata/schemas/1.0/datapackage.schema.json",
        "name": "measured",
        "diplodata": {"standard": VERSION, "prefixes": ["test"], **rules},
        "resources": described,
    }
    descriptor = folder / "datapackage.json"
    descriptor.write_text(json.dumps(frame, indent=2) + "\n", encoding="utf-8")
    size = sum((folder / f"{name}.csv").stat().st_size for name in _ROWS)
    return Made(descriptor, meetings * (1 + PARTICIPANTS + STATEMENTS) + _BODIES * 2 + _STATES + _PERSONS, size)


def _write(path: Path, name: str, meetings: int) -> None:
    fields = tables.schema(VERSION, name).names
    filled = {"source_id": "test:src-0"} if "source_id" in fields else {}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(filled | row for row in _ROWS[name](meetings))
