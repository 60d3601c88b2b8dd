"""The page of a statement."""

from __future__ import annotations

from diplodata.site import wording
from diplodata.site.contents import Contents, Record
from diplodata.site.records import claims, lists, related
from diplodata.site.records.values import linked
from diplodata.site.shown import Cell, Row, Section, Shown, limited

WITHOUT = ("title", "organization_id", "statement_type")


def kicker(contents: Contents, record: Record) -> Cell:
    """Return what kind of text it is, and of which body."""
    kind = Shown(wording.clean(wording.capital(wording.code(str(record.get("statement_type", "statement"))))))
    body = str(record.get("organization_id", ""))
    return (kind, linked(contents, body)) if body else (kind,)


def sections(contents: Contents, record: Record) -> tuple[Section, ...]:
    """Return all tables of the page of a statement."""
    identifier = str(record["id"])
    return (
        *_parties(contents, identifier),
        *lists.statements(
            contents, contents.referring("statements", "supersedes_id", identifier), "Replaced by", "later"
        ),
        *_decisions(contents, identifier),
        *lists.names(contents, identifier),
        *related.sources(contents, [identifier, *_parties_of(contents, identifier)]),
        *claims.section(contents, [identifier, *_parties_of(contents, identifier)]),
    )


def _parties_of(contents: Contents, identifier: str) -> list[str]:
    return [str(item["id"]) for item in contents.referring("statement_parties", "statement_id", identifier)]


def _parties(contents: Contents, identifier: str) -> tuple[Section, ...]:
    rows = []
    for item in contents.referring("statement_parties", "statement_id", identifier):
        who = (
            *lists.name(contents, str(item.get("organization_id", ""))),
            *lists.name(contents, str(item.get("person_id", ""))),
        )
        why = str(item.get("explanation", "") or item.get("note", ""))
        said = (Shown(wording.clean(why), language=str(item.get("explanation_language", ""))),) if why else ()
        rows.append(Row((who, lists.code(item.get("relation")), lists.when(item, "date", ""), said)))
    return limited("Parties", "parties", ("Who", "Part in it", "Date", "Note"), rows, lists.MOST)


def _decisions(contents: Contents, identifier: str) -> tuple[Section, ...]:
    from diplodata.site.records.meeting import decisions

    return decisions(contents, contents.referring("decisions", "statement_id", identifier))
