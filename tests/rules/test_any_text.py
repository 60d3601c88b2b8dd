"""Rules are asked of whatever stands in a table: no text ends a run, and what is uncertain is certain of nothing."""

from __future__ import annotations

import copy
import datetime
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diplodata import Options, validate
from diplodata.model.report import Report
from diplodata.rules.rule import rules
from diplodata.standard import registry, tables

VERSION = "1.0"

#: Cells that are near to something that a rule looks for.
ODD = (
    *("0000", "9999-12-31", "9999", "2020-02-30", "2020-13", "20XX", "2020-XX-XX", "2020-05-26?", "infinity", "-1"),
    *(
        "test:org-a",
        "test:per-a",
        "test:mtg-a",
        "test:src-a",
        "test:org-a test:org-a",
        ":",
        "x:y",
        " ",
        "'",
        "é",
        "\U0001f600",
    ),
    *(
        "held",
        "announced",
        "in_person",
        "videoconference",
        "attended",
        "absent",
        "chair",
        "member",
        "merged",
        "adopted",
    ),
    *("UTC", "10:00", "24:00", "SUN", "CHE", "persons", "meetings", "start_date", "99999999999999999999", "1e5", "%_"),
)

cells = st.one_of(st.sampled_from(ODD), st.text(min_size=1, max_size=12))

HEAD = {
    "diplodata": {"standard": VERSION, "prefixes": ["test"]},
    "package": {"name": "test", "title": "Test", "version": "1.0.0"},
}

#: Each example is a whole package, so there are few of them, with much in each.
FEW = settings(max_examples=max(4, settings().max_examples // 5))

#: Identifiers that references may meet.
IDS = {"organizations": "org", "persons": "per", "meetings": "mtg", "participants": "par", "sources": "src"}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a bundle: a few records in every table, with anything in their cells."""
    document: dict[str, Any] = copy.deepcopy(HEAD)
    for name in registry.table_names(VERSION):
        fields = [item.name for item in tables.schema(VERSION, name).fields if item.name != "id"]
        records = draw(st.lists(st.dictionaries(st.sampled_from(fields), cells, max_size=8), max_size=6))
        letter = IDS.get(name, "x")
        document[name] = [{"id": f"test:{letter}-{'abcdef'[number]}"} | record for number, record in enumerate(records)]
    return document


def report_on(document: dict[str, Any], as_of: datetime.date) -> Report:
    """Validate a bundle."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return validate(path, Options(limit=1, as_of=as_of))


@FEW
@given(documents())
def test_no_text_ends_a_run(document: dict[str, Any]) -> None:
    report = report_on(document, datetime.date(2020, 5, 26))
    rows = {item.name: item.rows or 0 for item in report.resources}
    places = [(item.resource, item.row) for item in report.findings if item.code in rules() and item.row is not None]
    assert all(2 <= (row or 0) <= rows[name or ""] + 1 for name, row in places)


#: Fields of dates, and the rules that compare them with others.
DATED = {
    "organizations": ("founding_date", "dissolution_date"),
    "memberships": ("start_date", "end_date"),
    "meetings": ("start_date", "end_date"),
    "statements": ("adoption_date",),
    "decisions": ("decision_date",),
    "sources": ("published_date",),
}

COMPARING = {
    *(
        "adoption-outside-meeting",
        "child-outside-parent",
        "end-before-start",
        "held-in-future",
        "organization-not-existing",
    ),
    *("person-not-in-office", "source-before-event", "source-in-future", "stale-announcement", "standing-conflict"),
}

days = st.dates(datetime.date(1995, 1, 1), datetime.date(2025, 12, 31)).map(datetime.date.isoformat)
dates = st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]))


def history(number: int) -> dict[str, list[dict[str, Any]]]:
    """Return two meetings, their body, a member of it, a person, a text and a decision."""
    source = {"source_id": f"test:src-{number}"}
    named = {"name": "Test", "name_language": "en", **source}
    titled = {"title": "Test", "title_language": "en", **source}
    meeting = {"status": "held", "format": "unknown", **titled}
    body, member, person = f"test:org-{number}-body", f"test:org-{number}", f"test:per-{number}"
    first = {"meeting_id": f"test:mtg-{number}"}
    post = {"person_id": person, "organization_id": member, "role": "staff", **source}
    seat = {"member_organization_id": member, "organization_id": body, "role": "member", **source}
    taking_part = {"organization_id": member, "person_id": person, "role": "delegate", "attendance": "attended"}
    adopted = {"statement_type": "statement", "status": "adopted", **first, **titled}
    return {
        "organizations": [{"id": name, "classification": "other", **named} for name in (body, member)],
        "persons": [{"id": person, **named}],
        "memberships": [{"id": f"test:mem-{number}", **post}, {"id": f"test:mem-{number}-seat", **seat}],
        "meetings": [
            {"id": f"test:mtg-{number}", "organization_id": body, **meeting},
            {"id": f"test:mtg-{number}-part", "parent_id": f"test:mtg-{number}", **meeting, "status": "announced"},
        ],
        "participants": [{"id": f"test:par-{number}", "standing": "member", **first, **taking_part, **source}],
        "statements": [{"id": f"test:sta-{number}", **adopted}],
        "decisions": [
            {"id": f"test:dec-{number}", "description": "Test", "description_language": "en", **first, **source}
        ],
        "sources": [
            {
                "id": f"test:src-{number}",
                "language": "en",
                "source_type": "website",
                "publisher_name": "Test",
                "url": "https://t.example",
            }
        ],
    }


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a bundle of histories with any dates."""
    document: dict[str, Any] = copy.deepcopy(HEAD)
    for number in range(20):
        for name, records in history(number).items():
            document.setdefault(name, []).extend(records)
    for name, fields in DATED.items():
        for record in document[name]:
            record |= {field: draw(dates) for field in fields}
    return document


#: What a history has in common with no evidence and few mentions.
BESIDE = {"orphan-record", "record-without-evidence"}


def compared(report: Report) -> int:
    """Return how many findings compare dates; nothing else may be wrong."""
    assert set(report.by_code) <= COMPARING | BESIDE
    return sum(number for code, number in report.by_code.items() if code in COMPARING)


@FEW
@given(histories(), st.sampled_from("?~%"))
def test_what_is_uncertain_is_certain_of_nothing(document: dict[str, Any], sign: str) -> None:
    as_of = datetime.date(2010, 1, 1)
    for name, fields in DATED.items():
        for record in document[name]:
            record |= {field: record[field] + sign for field in fields}
    assert compared(report_on(document, as_of)) == 0


@FEW
@given(histories())
def test_saying_less_finds_less(document: dict[str, Any]) -> None:
    as_of = datetime.date(2010, 1, 1)
    exact = compared(report_on(document, as_of))
    for name, fields in DATED.items():
        for record in document[name]:
            record |= {field: record[field][:4] for field in fields}
    assert compared(report_on(document, as_of)) <= exact
