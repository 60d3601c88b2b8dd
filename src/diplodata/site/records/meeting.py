"""The page of a meeting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diplodata.site import addresses, wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records import claims, lists, related
from diplodata.site.records.values import linked
from diplodata.site.shown import Cell, Row, Section, Shown, limited

#: Participants that one page shows; the page of a general debate has about 190.
_MOST = 220

#: Who comes first within a delegation.
_ROLES = ("chair", "co_chair", "host", "head_of_delegation", "delegation", "delegate", "participant")

WITHOUT = (
    "title", "start_date", "end_date", "start_time", "end_time", "time_zone", "venue", "city", "country_code",
    "organization_id", "meeting_type",
)  # fmt: skip


def kicker(contents: Contents, record: Record) -> Cell:
    """Return what kind of meeting it is, and of which body."""
    kind = wording.capital(wording.code(str(record.get("meeting_type", "meeting"))))
    body = str(record.get("organization_id", ""))
    return (Shown(wording.clean(kind)), linked(contents, body)) if body else (Shown(wording.clean(kind)),)


def sections(contents: Contents, record: Record) -> tuple[Section, ...]:
    """Return all tables of the page of a meeting."""
    identifier = str(record["id"])
    within = contents.referring("meetings", "parent_id", identifier)
    return (
        *participants(contents, contents.referring("participants", "meeting_id", identifier)),
        *_agenda(contents, contents.referring("agenda_items", "meeting_id", identifier)),
        *_interventions(contents, contents.referring("interventions", "meeting_id", identifier)),
        *_initiatives(contents, identifier),
        *lists.statements(contents, contents.referring("statements", "meeting_id", identifier)),
        *decisions(contents, contents.referring("decisions", "meeting_id", identifier)),
        *lists.meetings(contents, within, "Meetings within it", "within"),
        *lists.names(contents, identifier),
        *related.sources(contents, [identifier, *_parts(contents, identifier)]),
        *claims.section(contents, [identifier, *_parts(contents, identifier)]),
    )


def _parts(contents: Contents, identifier: str) -> Iterator[str]:
    """Yield the identifiers of what stands on the page of a meeting."""
    for table in ("participants", "agenda_items", "interventions", "decisions"):
        yield from (str(item["id"]) for item in contents.referring(table, "meeting_id", identifier))


def participants(contents: Contents, rows: Sequence[Record]) -> tuple[Section, ...]:
    """Return those who took part, by delegation: who led it first."""

    def order(item: Record) -> tuple[str, int, str]:
        role = str(item.get("role", ""))
        name = contents.title(str(item.get("organization_id", ""))) if item.get("organization_id") else "~"
        return name.casefold(), _ROLES.index(role) if role in _ROLES else len(_ROLES), str(item["id"])

    found = []
    delegation = None
    for item in sorted(rows, key=order):
        organization = str(item.get("organization_id", ""))
        cell = lists.name(contents, organization) if organization != delegation or not organization else ()
        delegation = organization
        found.append(Row((cell, person(contents, item), *_part(contents, item)), addresses.anchor_of(str(item["id"]))))
    note = f"{wording.counted(len(rows), 'participant')} as the sources name them; lists of sources can be partial."
    columns = ("Delegation", "Name and post as given", "Role", "Attendance")
    return limited("Participants", "participants", columns, found, _MOST, note=note)


def person(contents: Contents, item: Record) -> Cell:
    """Return who took part, by the name and post that the source prints."""
    language = str(item.get("as_given_language", ""))
    identifier = str(item.get("person_id", ""))
    given = str(item.get("name_as_given", ""))
    name = given or (contents.title(identifier) if identifier else "The delegation as a whole")
    kind = "name" if given or identifier else "soft"
    spoken = language if given else contents.language(identifier)
    shown = [Shown(wording.clean(name), contents.page(identifier) if identifier else "", spoken, kind)]
    if item.get("title_as_given"):
        shown.append(Shown(wording.clean(str(item["title_as_given"])), language=language, kind="under soft"))
    for name in ("name_as_given", "title_as_given", "role", "attendance"):
        for cell in claims.against(contents, "participants", str(item["id"]), name):
            shown.extend(cell)
    return tuple(shown)


def _part(contents: Contents, item: Record) -> tuple[Cell, Cell]:
    role = lists.code(item.get("role"))
    standing = str(item.get("standing", "unknown"))
    if standing not in {"unknown", "member"}:
        role = (*role, Shown(wording.clean(wording.code(standing)), kind="under soft"))
    attendance = lists.code(item.get("attendance"))
    if item.get("replaces_person_id"):
        attendance = (*attendance, Shown("for", kind="soft"), linked(contents, str(item["replaces_person_id"])))
    return role, attendance


def _agenda(contents: Contents, rows: Sequence[Record]) -> tuple[Section, ...]:
    ordered = sorted(rows, key=lambda item: (item.get("position") or 0, str(item["id"])))
    found = []
    for item in ordered:
        title = Shown(wording.clean(str(item.get("title", ""))), language=str(item.get("title_language", "")))
        number = (Shown(wording.clean(str(item.get("number") or item.get("position") or ""))),)
        outcome = lists.code(item.get("outcome"))
        source = lists.name(contents, str(item.get("source_id", "")))
        found.append(Row((number, (title,), outcome, source), addresses.anchor_of(str(item["id"]))))
    return limited("Topics", "topics", ("No.", "Topic", "Outcome", "Source"), found, lists.MOST)


def _interventions(contents: Contents, rows: Sequence[Record]) -> tuple[Section, ...]:
    found, before = [], None
    for item in sorted(rows, key=lambda item: str(item["id"])):
        speaker = contents.record(str(item.get("participant_id", "")))
        who = person(contents, speaker)[:1] if speaker and speaker is not before else ()
        before = speaker
        act = lists.code(item.get("act"))
        said: Cell = (
            Shown(wording.clean(str(item.get("summary", ""))), language=str(item.get("summary_language", ""))),
        )
        if item.get("initiative_id"):
            said = (
                *said,
                Shown("Initiative:", kind="soft"),
                Shown(wording.clean(contents.title(str(item["initiative_id"])))),
            )
        found.append(Row((who, act, said), addresses.anchor_of(str(item["id"]))))
    return limited("Interventions", "interventions", ("Speaker", "What", "Summary"), found, lists.MOST)


def _initiatives(contents: Contents, identifier: str) -> tuple[Section, ...]:
    named = [
        str(item.get("initiative_id", "")) for item in contents.referring("interventions", "meeting_id", identifier)
    ]
    rows = [contents.record(name) for name in dict.fromkeys(named) if name in contents.by_id]
    return initiatives(contents, rows)


def initiatives(contents: Contents, rows: Sequence[Record]) -> tuple[Section, ...]:
    """Return what was proposed, by whom, and what came of it."""
    found = []
    for item in rows:
        title: Cell = (Shown(wording.clean(str(item.get("title", ""))), language=str(item.get("title_language", ""))),)
        if item.get("description"):
            title = (*title, Shown(wording.clean(str(item["description"])), kind="under soft"))
        kind = lists.code(item.get("initiative_type"))
        status = lists.code(item.get("status"))
        found.append(Row((title, lists.name(contents, str(item.get("proponent_id", ""))), kind, status)))
    return limited("Initiatives", "initiatives", ("Initiative", "By", "Kind", "Status"), found, lists.MOST)


def decisions(contents: Contents, rows: Sequence[Record]) -> tuple[Section, ...]:
    """Return the decisions that have no text of their own in the package."""
    found = []
    for item in sorted(rows, key=lambda item: (str(item.get("decision_date", "")), str(item["id"]))):
        text = Shown(
            wording.clean(str(item.get("description", ""))), language=str(item.get("description_language", ""))
        )
        said: Cell = (text,)
        for cell in claims.against(contents, "decisions", str(item["id"]), "count"):
            said = (*said, *cell)
        found.append(Row((
            lists.when(item, "decision_date", ""), said, _count(item),
            lists.name(contents, str(item.get("source_id", ""))),
        ), addresses.anchor_of(str(item["id"]))))  # fmt: skip
    return limited("Decisions", "decisions", ("Date", "Decision", "How many", "Source"), found, lists.MOST)


def _count(item: Record) -> Cell:
    qualifier = str(item.get("count_qualifier", "exact"))
    words = "" if qualifier == "exact" else wording.code(qualifier)
    text = " ".join(part for part in (words, str(item.get("count", ""))) if part)
    return (Shown(wording.clean(text)),) if text else ()
