"""A profile and a package that keeps it, for the tests of profiles."""

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ADDRESS = "https://example.org/profiles/desk.json"

#: What each limit of the profile is, and what a meeting must have to break it.
TABLES: dict[str, Any] = {
    "meetings": {
        "properties": {
            "format": {"enum": ["in_person", "videoconference"]},
            "title": {"maxLength": 40},
            "city": {"pattern": "^([A-Z].*)$"},
            "x_desk": {
                "title": "Desk",
                "description": "Desk that prepared the meeting.",
                "type": "string",
                "enum": ["europe", "asia"],
            },
            "x_pages": {"title": "Pages", "description": "Pages of the file.", "type": "integer", "minimum": 1},
            "x_open": {"title": "Open", "description": "Whether the file is open.", "type": "boolean"},
        },
        "required": ["x_desk", "meeting_type"],
    },
    "participants": {"required": ["organization_id"]},
}

#: Meetings of the package, by what their profile finds: (values, field, value of the finding).
ODD: Mapping[str, tuple[dict[str, str], str, str | None]] = {
    "test:mtg-20200526-council": ({"format": "hybrid"}, "format", "hybrid"),
    "test:mtg-20210301-video": ({"x_desk": "africa"}, "x_desk", "africa"),
    "test:mtg-planned": ({"x_pages": "0"}, "x_pages", "0"),
    "test:mtg-session": ({"meeting_type": ""}, "meeting_type", None),
}


def profile(**members: Any) -> dict[str, Any]:
    """Return a profile with other members than usual."""
    return {
        "$id": ADDRESS,
        "title": "Desk",
        "version": "1.2.0",
        "license": "CC0-1.0",
        "standard": "1.0",
        "tables": TABLES,
    } | members


def lay_out(base: Path, folder: Path, *, good: bool) -> Path:
    """Put a package of the standard that keeps the profile into a folder; a bad one breaks it once a meeting."""
    shutil.copytree(base, folder)
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described["diplodata"]["profile"] = "profiles/desk.json"
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    (folder / "profiles").mkdir()
    (folder / "profiles" / "desk.json").write_text(json.dumps(profile()), encoding="utf-8")
    path = folder / "data" / "meetings.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    usual = {"x_desk": "europe", "x_pages": "3", "x_open": "true", "meeting_type": "meeting"}
    rows = [row | usual | {"format": "in_person" if row["city"] else "videoconference"} for row in rows]
    if not good:
        rows = [row | ODD[row["id"]][0] for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder
