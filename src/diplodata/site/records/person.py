"""The page of a person: names, posts, and the meetings in which they took part."""

from __future__ import annotations

from diplodata.site import wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records import claims, lists, related
from diplodata.site.records.meeting import person
from diplodata.site.shown import Cell, Row, Section, Shown, limited

WITHOUT = ("name", "sort_name")


def kicker(contents: Contents, record: Record) -> Cell:
    """Return whom the person took part for last."""
    rows = _appearances(contents, str(record["id"]))
    organization = next((str(row["organization_id"]) for row in rows if row.get("organization_id")), "")
    return (Shown("Person"), *lists.name(contents, organization))


def sections(contents: Contents, record: Record) -> tuple[Section, ...]:
    """Return all tables of the page of a person."""
    identifier = str(record["id"])
    return (
        *_meetings(contents, identifier),
        *posts(contents, contents.referring("memberships", "person_id", identifier), of_person=True),
        *_replaced(contents, identifier),
        *_texts(contents, identifier),
        *lists.names(contents, identifier),
        *related.sources(contents, [identifier]),
        *claims.section(contents, [identifier]),
    )


def _appearances(contents: Contents, identifier: str) -> list[Record]:
    """Return the rows of participants of a person, the newest first."""

    def day(item: Record) -> str:
        return str(contents.record(str(item.get("meeting_id", ""))).get("start_date", ""))

    return sorted(contents.referring("participants", "person_id", identifier), key=day, reverse=True)


def _meetings(contents: Contents, identifier: str) -> tuple[Section, ...]:
    rows = []
    for item in _appearances(contents, identifier):
        meeting = contents.record(str(item.get("meeting_id", "")))
        given = person(contents, item)
        bare = tuple(Shown(part.text, language=part.language, kind=part.kind) for part in given)
        rows.append(Row((
            lists.when(meeting), lists.name(contents, str(item.get("meeting_id", ""))),
            lists.name(contents, str(item.get("organization_id", ""))), bare,
            (*lists.code(item.get("role")), *_under(item)),
        )))  # fmt: skip
    columns = ("Date", "Meeting", "For", "Name and post as given", "Role")
    return limited("Meetings", "meetings", columns, rows, lists.MOST)


def _under(item: Record) -> Cell:
    text = wording.code(str(item.get("attendance", "")))
    return (Shown(wording.clean(text), kind="under soft"),) if text else ()


def posts(contents: Contents, rows: object, *, of_person: bool) -> tuple[Section, ...]:
    """Return memberships and posts, of a person or in an organization."""
    found = []
    for item in rows if isinstance(rows, list | tuple) else ():
        other = (
            item.get("organization_id") if of_person else item.get("person_id") or item.get("member_organization_id")
        )
        title = str(item.get("role_title", ""))
        role = lists.code(item.get("role"))
        post: Cell = (
            (Shown(wording.clean(title), language=str(item.get("role_title_language", ""))),) if title else role
        )
        note = (Shown(wording.clean(str(item["note"])), kind="soft"),) if item.get("note") else ()
        found.append(Row((lists.name(contents, str(other or "")), post, lists.when(item), note)))
    columns = ("Body" if of_person else "Who", "Post or standing", "Time", "Note")
    return limited("Posts and memberships" if of_person else "Members and posts", "members", columns, found, lists.MOST)


def _replaced(contents: Contents, identifier: str) -> tuple[Section, ...]:
    rows = []
    for item in contents.referring("participants", "replaces_person_id", identifier):
        meeting = str(item.get("meeting_id", ""))
        rows.append(Row((lists.when(contents.record(meeting)), lists.name(contents, meeting), person(contents, item))))
    return limited("Represented by others", "represented", ("Date", "Meeting", "By"), rows, lists.MOST)


def _texts(contents: Contents, identifier: str) -> tuple[Section, ...]:
    parts = contents.referring("statement_parties", "person_id", identifier)
    rows = [contents.record(str(item.get("statement_id", ""))) for item in parts]
    return lists.statements(contents, [row for row in rows if row])
