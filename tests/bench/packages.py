"""Packages of any size for measuring: meetings, their participants, and the statements they adopted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What the descriptors are written to.
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

#: Rows of the two child tables for each meeting.
PARTICIPANTS, STATEMENTS = 8, 2

#: Rows that are written at a time.
_PORTION = 20_000

_FORMATS = ("in-person", "videoconference", "hybrid", "written-procedure")
_BODIES = ("cmfa", "csc", "cis-hos", "sco-hos", "eaeu-sc", "unga", "osce-mc", "c5-plus-1")
_ROLES = ("head-of-delegation", "member", "observer", "guest", "chair")
_COUNTRIES = ("ARM", "AZE", "BLR", "CHN", "DEU", "FRA", "IND", "JPN", "KAZ", "KGZ", "RUS", "TJK", "TKM", "USA", "UZB")
_LANGUAGES = ("en", "ru", "fr", "zh", "hy", "kk")
_CITIES = ("Minsk", "Yerevan", "Nur-Sultan", "Bishkek", "Dushanbe", "Moscow", "Vienna", "New York")


def _string(name: str, **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", "constraints": constraints} if constraints else {"name": name}


def _typed(name: str, kind: str, **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": kind} | ({"constraints": constraints} if constraints else {})


_TO_MEETING = {"fields": ["meeting_id"], "reference": {"resource": "meetings", "fields": ["id"]}}

#: Table -> Table Schema.
SCHEMAS: dict[str, dict[str, Any]] = {
    "meetings": {
        "fields": [
            _string("id", required=True, pattern="mtg-[0-9]{8}-[0-9]+"),
            _string("title", required=True, minLength=3, maxLength=200),
            _typed("start_date", "date", required=True, minimum="1900-01-01"),
            _typed("end_date", "date"),
            _string("format", required=True, enum=list(_FORMATS)),
            _string("body", required=True, enum=list(_BODIES)),
            _string("city", maxLength=60),
            _typed("sessions", "integer", minimum=1, maximum=40),
        ],
        "primaryKey": ["id"],
    },
    "participants": {
        "fields": [
            _string("id", required=True, pattern="par-[0-9]+-[0-9]"),
            _string("meeting_id", required=True, pattern="mtg-[0-9]{8}-[0-9]+"),
            _string("person", required=True, minLength=2, maxLength=80),
            _string("role", required=True, enum=list(_ROLES)),
            _string("country", required=True, pattern="[A-Z]{3}"),
            _typed("rank", "integer", minimum=0, maximum=99),
            _typed("remote", "boolean"),
        ],
        "primaryKey": ["id"],
        "foreignKeys": [_TO_MEETING],
    },
    "statements": {
        "fields": [
            _string("id", required=True, pattern="stm-[0-9]+-[0-9]"),
            _string("meeting_id", required=True, pattern="mtg-[0-9]{8}-[0-9]+"),
            _string("title", required=True, minLength=3, maxLength=300),
            _typed("adopted_on", "date", required=True),
            _string("language", required=True, enum=list(_LANGUAGES)),
            _typed("pages", "integer", minimum=1, maximum=500),
        ],
        "primaryKey": ["id"],
        "foreignKeys": [_TO_MEETING],
    },
}


@dataclass(frozen=True, slots=True)
class Made:
    """A package that was written."""

    descriptor: Path
    rows: int
    bytes: int


def _day(number: int) -> tuple[int, int, int]:
    return 1992 + number // 336 % 33, 1 + number // 28 % 12, 1 + number % 28


def _meeting_id(number: int) -> str:
    year, month, day = _day(number)
    return f"mtg-{year}{month:02}{day:02}-{number}"


def _meeting(number: int) -> str:
    year, month, day = _day(number)
    date = f"{year}-{month:02}-{day:02}"
    title = f'"Meeting {number} of the Council, held ""as agreed"" in session {number % 97}"'
    city = _CITIES[number % 8] if number % 3 else ""
    formats, body = _FORMATS[number % 4], _BODIES[number % 8]
    return f"{_meeting_id(number)},{title},{date},{date},{formats},{body},{city},{1 + number % 12}\n"


def _participants(number: int) -> str:
    meeting = _meeting_id(number)
    return "".join(
        f"par-{number}-{place},{meeting},Delegate {(number * 7 + place * 131) % 20011} of the {_CITIES[place]} mission,"
        f"{_ROLES[(number + place) % 5]},{_COUNTRIES[(number + 2 * place) % 15]},{(number + place) % 60},"
        f"{'true' if number % 4 == 1 else 'false'}\n"
        for place in range(PARTICIPANTS)
    )


def _statements(number: int) -> str:
    meeting = _meeting_id(number)
    year, month, day = _day(number)
    return "".join(
        f'stm-{number}-{place},{meeting},"Statement {place} on the situation, and on co-operation in question '
        f'{number % 1013}, adopted by the ministers",{year}-{month:02}-{day:02},{_LANGUAGES[(number + place) % 6]},'
        f"{1 + (number + place) % 30}\n"
        for place in range(STATEMENTS)
    )


#: Table -> text of the rows that belong to one meeting.
ROWS: dict[str, Callable[[int], str]] = {
    "meetings": _meeting,
    "participants": _participants,
    "statements": _statements,
}


def _spoilt(rows: Iterator[str], every: int) -> Iterator[str]:
    """Spoil the last cell of one row in so many: it becomes a text that is no value of its field."""
    for number, row in enumerate(rows):
        yield row.rpartition(",")[0] + ",wrong\n" if number % every == 0 else row


def _lines(table: str, meetings: int) -> Iterator[str]:
    for number in range(meetings):
        yield from ROWS[table](number).splitlines(keepends=True)


def make(folder: Path, meetings: int, *, spoil_every: int = 0) -> Made:
    """Write a package of that many meetings; eleven rows come of each.

    Args:
        folder: where it goes; made when it is not there.
        meetings: number of meetings.
        spoil_every: one row in so many gets a bad cell; 0 for none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for table, schema in SCHEMAS.items():
        path = folder / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(",".join(field["name"] for field in schema["fields"]) + "\n")
            if spoil_every:
                stream.writelines(_spoilt(_lines(table, meetings), spoil_every))
            else:
                for start in range(0, meetings, _PORTION):
                    stream.write("".join(map(ROWS[table], range(start, min(meetings, start + _PORTION)))))
        size += path.stat().st_size
    descriptor = folder / "datapackage.json"
    descriptor.write_text(json.dumps(describe(), indent=2) + "\n", encoding="utf-8")
    return Made(descriptor, meetings * (1 + PARTICIPANTS + STATEMENTS), size)


def describe() -> dict[str, Any]:
    """Return the descriptor."""
    resources = [
        {
            "name": table,
            "type": "table",
            "path": f"{table}.csv",
            "format": "csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "header": True, "skipInitialSpace": False},
            "schema": schema,
        }
        for table, schema in SCHEMAS.items()
    ]
    return {
        "$schema": PROFILE,
        "name": "measured",
        "resources": resources,
    }
