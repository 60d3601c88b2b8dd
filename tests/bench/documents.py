"""Nested documents of any number for measuring: one meeting a line, with its participants and a statement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Participants of each meeting.
_PARTICIPANTS = 4

_CITIES = ("Minsk", "Yerevan", "Nur-Sultan", "Bishkek", "Dushanbe", "Moscow", "Vienna", "New York")
_COUNTRIES = ("BLR", "ARM", "KAZ", "KGZ", "TJK", "RUS", "AUT", "USA")


def document(number: int) -> dict[str, Any]:
    """Return a document that is valid by the schema ``nested`` of the standard 1.0."""
    day = f"{1992 + number % 33}-{1 + number // 33 % 12:02}-{1 + number % 28:02}"
    meeting = {
        "id": f"ex:mtg-{day.replace('-', '')}-{number}",
        "title": f"Meeting {number} of the Council of Ministers, «осенняя сессия» {number % 97}",
        "title_language": "en",
        "title_origin": "source",
        "organization_id": "ex:org-council",
        "meeting_type": "meeting",
        "status": "held",
        "format": "in_person",
        "start_date": day,
        "end_date": day,
        "city": _CITIES[number % 8],
        "country_code": _COUNTRIES[number % 8],
        "url": f"https://example.org/meetings/{number}",
        "source_id": "ex:src-register",
        "confidence": "high",
        "participants": [_participant(number, place) for place in range(_PARTICIPANTS)],
        "statements": [
            {
                "id": f"ex:sta-{number}-1",
                "title": f"Statement on question {number % 1013}, adopted by the ministers",
                "title_language": "en",
                "statement_type": "statement",
                "status": "adopted",
                "source_id": "ex:src-register",
            }
        ],
    }
    return {"diplodata": {"standard": "1.0", "prefixes": ["ex"]}, "meetings": [meeting]}


def _participant(number: int, place: int) -> dict[str, Any]:
    return {
        "id": f"ex:par-{number}-{place}",
        "organization_id": f"ex:org-state-{(number + place) % 20}",
        "name_as_given": f"Delegate {(number * 7 + place * 131) % 20011}",
        "role": "delegation",
        "standing": "member",
        "attendance": "attended",
        "party_size": 1 + (number + place) % 12,
        "source_id": "ex:src-register",
    }


def lines(number: int) -> Iterator[bytes]:
    """Yield documents as lines of NDJSON."""
    for one in range(number):
        yield json.dumps(document(one), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def write_lines(path: Path, number: int) -> int:
    """Write documents as NDJSON; returns the bytes."""
    with path.open("wb") as stream:
        stream.writelines(lines(number))
    return path.stat().st_size


def write_array(path: Path, number: int) -> None:
    """Write documents as one array of JSON, for tools that read no NDJSON."""
    path.write_bytes(b"[" + b",".join(lines(number)) + b"]")
