"""The tables of meetings, statements and participants that can be searched, filtered and downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diplodata.site import wording
from diplodata.site.columns import Column, Filter, Table
from diplodata.site.contents import Contents, specification
from diplodata.site.records.values import country

_FILTERS = (
    Filter("body", "Body", "_body"),
    Filter("year", "Year", "_year", newest_first=True),
    Filter("format", "Format", "_format"),
)


def tables(contents: Contents) -> list[Table]:
    """Return the tables that have rows."""
    made = (_meetings(contents), _statements(contents), _participants(contents))
    return [table for table in made if table.rows]


def _fields(contents: Contents, table: str) -> tuple[str, ...]:
    resource = contents.package.resource(table)
    known = resource.schema.names if resource and resource.schema else tuple(specification(contents, table))
    extra = dict.fromkeys(name for row in contents.rows(table) for name in row if name not in known)
    return (*known, *extra)


def _of_meeting(contents: Contents, meeting: Mapping[str, Any]) -> dict[str, Any]:
    """Return what rows of all three tables say of their meeting."""
    body = str(meeting.get("organization_id", ""))
    top = contents.body(body) if body else ""
    return {
        "_body": contents.title(top) if top else "No standing body" if meeting else None,
        "_year": wording.year(str(meeting.get("start_date", ""))) or None,
        "_format": wording.code(str(meeting["format"])) if meeting.get("format") else None,
        "_country": country(contents, str(meeting["country_code"])) if meeting.get("country_code") else None,
    }


def _aliases(contents: Contents, *identifiers: str) -> str | None:
    """Return all other names of some records as one text that is searched."""
    found: dict[str, None] = {}
    for identifier in identifiers:
        item = contents.record(identifier)
        found |= dict.fromkeys(str(item[name]) for name in ("short_name", "symbol", "record_symbol") if item.get(name))
        found |= dict.fromkeys(str(row["value"]) for row in contents.names(identifier) if row.get("value"))
    return " · ".join(found) or None


def _meetings(contents: Contents) -> Table:
    rows = []
    for item in sorted(contents.rows("meetings"), key=lambda row: str(row.get("start_date", "")), reverse=True):
        body = str(item.get("organization_id", ""))
        of_meeting = _of_meeting(contents, item)
        place = [str(item["city"])] if item.get("city") else []
        place += [of_meeting["_country"]] if of_meeting["_country"] else []
        rows.append({**item, **of_meeting} | {
            "_date": wording.span(str(item.get("start_date", "")), str(item.get("end_date", ""))),
            "_organ": contents.title(body) if body else None,
            "_place": ", ".join(place) or None,
            "_type": wording.code(str(item["meeting_type"])) if item.get("meeting_type") else None,
            "_names": _aliases(contents, str(item["id"]), body, contents.body(body) if body else ""),
        })  # fmt: skip
    return Table(
        name="meetings",
        noun="meetings",
        rows=rows,
        fields=_fields(contents, "meetings"),
        shown=(
            Column("Date", "_date", "start_date", kind="date"),
            Column("Meeting", "title", "title", ("meetings", "id"), "title_language"),
            Column("Body", "_organ", "_organ", ("organizations", "organization_id")),
            Column("Place", "_place", "_place"),
            Column("Format", "_format", "_format"),
        ),
        filters=(*_FILTERS, Filter("type", "Kind", "_type"), Filter("country", "Country", "_country")),
        search=("title", "_organ", "_body", "_names", "_place", "_date"),
    )


def _statements(contents: Contents) -> Table:
    rows = []
    for item in sorted(contents.rows("statements"), key=lambda row: str(row.get("adoption_date", "")), reverse=True):
        meeting = contents.record(str(item.get("meeting_id", "")))
        body = str(item.get("organization_id") or meeting.get("organization_id", ""))
        of_meeting = _of_meeting(contents, meeting or {"organization_id": body})
        rows.append({**item, **of_meeting} | {
            "_date": wording.date(str(item.get("adoption_date", ""))) or None,
            "_year": wording.year(str(item.get("adoption_date", ""))) or of_meeting["_year"],
            "_organ": contents.title(body) if body else None,
            "_organ_id": body or None,
            "_type": wording.code(str(item["statement_type"])) if item.get("statement_type") else None,
            "_names": _aliases(contents, str(item["id"]), body, contents.body(body) if body else ""),
        })  # fmt: skip
    return Table(
        name="statements",
        noun="statements",
        rows=rows,
        fields=_fields(contents, "statements"),
        shown=(
            Column("Date", "_date", "adoption_date", kind="date"),
            Column("Text", "title", "title", ("statements", "id"), "title_language"),
            Column("Body", "_organ", "_organ", ("organizations", "_organ_id")),
            Column("Kind", "_type", "_type"),
        ),
        filters=(*_FILTERS, Filter("type", "Kind", "_type"), Filter("country", "Country of the meeting", "_country")),
        search=("title", "_organ", "_body", "_names", "_date"),
    )


def _participant_rows(contents: Contents) -> list[dict[str, Any]]:
    shared: dict[str, dict[str, Any]] = {}
    names: dict[str, str | None] = {"": None}
    rows = []
    for item in contents.rows("participants"):
        meeting, organization, person = (
            str(item.get(f"{name}_id", "")) for name in ("meeting", "organization", "person")
        )
        if meeting not in shared:
            shared[meeting] = _shared(contents, meeting)
        for identifier in (organization, person):
            if identifier not in names:
                names[identifier] = _aliases(contents, identifier)
        known = contents.title(person) if person else None
        own = {
            "_country": contents.title(organization) if organization else None,
            "_name": str(item.get("name_as_given") or known or "The delegation as a whole"),
            "_person": known,
            "_type": wording.code(str(item["role"])) if item.get("role") else None,
            "_names": names[person],
            "_countries": names[organization],
        }
        rows.append({**item, **shared[meeting], **own})
    rows.sort(key=lambda row: str(row.get("_start") or ""), reverse=True)
    return rows


def _shared(contents: Contents, identifier: str) -> dict[str, Any]:
    """Return what all participants of a meeting share."""
    meeting = contents.record(identifier)
    body = str(meeting.get("organization_id", ""))
    return _of_meeting(contents, meeting) | {
        "_meeting": contents.title(identifier),
        "_date": wording.span(str(meeting.get("start_date", "")), str(meeting.get("end_date", ""))),
        "_start": meeting.get("start_date"),
        "_bodies": _aliases(contents, body, contents.body(body) if body else ""),
    }


def _participants(contents: Contents) -> Table:
    rows = _participant_rows(contents)
    return Table(
        name="participants",
        noun="participants",
        rows=rows,
        fields=_fields(contents, "participants"),
        shown=(
            Column(
                "Name and post as given",
                "_name",
                "_name",
                ("persons", "person_id"),
                "as_given_language",
                "title_as_given",
            ),
            Column("Delegation", "_country", "_country", ("organizations", "organization_id")),
            Column("Meeting", "_meeting", "_meeting", ("meetings", "meeting_id")),
            Column("Date", "_date", "_start", kind="date"),
            Column("Role", "_type", "_type"),
        ),
        filters=(*_FILTERS, Filter("type", "Role", "_type"), Filter("country", "Delegation", "_country")),
        search=(
            "_name",
            "_person",
            "_names",
            "title_as_given",
            "_country",
            "_countries",
            "_meeting",
            "_bodies",
            "_body",
            "_date",
        ),
    )
