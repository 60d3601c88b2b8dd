"""The page of an organization: its meetings, members and organs, and where it took part."""

from __future__ import annotations

import urllib.parse

from diplodata.site import wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records import claims, lists, related
from diplodata.site.records.meeting import initiatives, person
from diplodata.site.records.person import posts
from diplodata.site.shown import Cell, Row, Section, Shown, limited

WITHOUT = ("name", "classification", "parent_id")


def kicker(contents: Contents, record: Record) -> Cell:
    """Return what kind of organization it is, and of which one it is part."""
    kind = Shown(wording.clean(wording.capital(wording.code(str(record.get("classification", "organization"))))))
    above = str(record.get("parent_id", ""))
    return (kind, *lists.name(contents, above))


def sections(contents: Contents, record: Record) -> tuple[Section, ...]:
    """Return all tables of the page of an organization."""
    identifier = str(record["id"])
    return (
        *lists.meetings(contents, contents.referring("meetings", "organization_id", identifier)),
        *_organs(contents, identifier),
        *lists.meetings(contents, _below(contents, identifier), "Meetings of its organs", "organ-meetings"),
        *posts(contents, contents.referring("memberships", "organization_id", identifier), of_person=False),
        *_memberships(contents, identifier),
        *_took_part(contents, identifier),
        *lists.meetings(
            contents, contents.referring("meetings", "host_id", identifier), "Meetings it hosted", "hosted"
        ),
        *lists.statements(contents, contents.referring("statements", "organization_id", identifier)),
        *initiatives(contents, contents.referring("initiatives", "proponent_id", identifier)),
        *lists.names(contents, identifier),
        *related.sources(contents, [identifier]),
        *claims.section(contents, [identifier]),
    )


def _organs(contents: Contents, identifier: str) -> tuple[Section, ...]:
    rows = []
    for item in contents.referring("organizations", "parent_id", identifier):
        number = len(contents.referring("meetings", "organization_id", str(item["id"])))
        kind = lists.code(item.get("classification"))
        rows.append(Row((lists.name(contents, str(item["id"])), kind, (Shown(f"{number:,}" if number else "–"),))))
    columns = ("Organ", "Kind", "Meetings here")
    return limited("Organs and offices", "organs", columns, rows, lists.MOST, numbers=frozenset({2}))


def _below(contents: Contents, identifier: str) -> list[Record]:
    """Return the meetings of all organs below an organization."""
    found: list[Record] = []
    waiting, seen = [identifier], {identifier}
    while waiting:
        for item in contents.referring("organizations", "parent_id", waiting.pop()):
            if (name := str(item["id"])) not in seen:
                seen.add(name)
                waiting.append(name)
                found.extend(contents.referring("meetings", "organization_id", name))
    return found


def _memberships(contents: Contents, identifier: str) -> tuple[Section, ...]:
    rows = []
    for item in contents.referring("memberships", "member_organization_id", identifier):
        role = lists.code(item.get("role"))
        rows.append(Row((lists.name(contents, str(item.get("organization_id", ""))), role, lists.when(item))))
    return limited("Member of", "member-of", ("Body", "Standing", "Time"), rows, lists.MOST)


def _took_part(contents: Contents, identifier: str) -> tuple[Section, ...]:
    rows = sorted(
        contents.referring("participants", "organization_id", identifier),
        key=lambda item: str(contents.record(str(item.get("meeting_id", ""))).get("start_date", "")),
        reverse=True,
    )
    found = []
    for item in rows:
        meeting = str(item.get("meeting_id", ""))
        role = lists.code(item.get("role"))
        found.append(
            Row((lists.when(contents.record(meeting)), lists.name(contents, meeting), person(contents, item), role))
        )
    columns = ("Date", "Meeting", "Name and post as given", "Role")
    name = urllib.parse.urlencode({"country": contents.title(identifier)})
    everything = Shown("All of them, to filter and download", f"explore/participants.html#{name}")
    return limited("Took part in", "took-part", columns, found, lists.MOST, more=everything)
