"""A rule as its file states it: front matter, and an expression or parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from diplodata.catalogue import Entry
from diplodata.errors import StandardError

_FIELDS = ("code", "severity", "since", "summary", "fix", "message", "fields", "kinds")
_LINE = re.compile(r"^-- ([a-z]+): (.+)$")
_PART = re.compile(r"^-- part: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """One query of a rule, about one table.

    It gives ``_row``, the other value that it is about, and the field if that is not always the same. The view
    ``meetings`` leaves out records that are superseded, merged or withdrawn; ``all_meetings`` has them.
    """

    table: str
    field: str
    #: Tables without which the query cannot be asked.
    needs: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A semantic rule of the standard."""

    entry: Entry
    #: ``table.field`` for each field that the rule reads.
    fields: tuple[str, ...]
    #: Kinds of field whose every cell is asked; then there is an expression and there are no parts.
    kinds: tuple[str, ...]
    #: SQL expression over ``{column}``, true for a bad cell.
    expression: str
    parts: tuple[Part, ...]

    @property
    def code(self) -> str:
        """The code of the rule's findings."""
        return self.entry.code

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables that the rule reads, ``*`` for all."""
        return ("*",) if self.kinds else tuple(dict.fromkeys(name.partition(".")[0] for name in self.fields))

    def reads(self, table: str) -> tuple[str, ...]:
        """Return the fields of a table that the rule reads."""
        return tuple(name.partition(".")[2] for name in self.fields if name.startswith(f"{table}."))


@cache
def rules() -> dict[str, Rule]:
    """Return all rules by code, sorted."""
    folder = resources.files(__package__)
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    found = [_read(item.name, item.read_text(encoding="utf-8")) for item in files]
    return {rule.code: rule for rule in found}


def _read(name: str, text: str) -> Rule:
    try:
        return parse(text)
    except ValueError as error:
        raise StandardError(f"The rule {name} cannot be read: {error}") from error


def parse(text: str) -> Rule:
    """Read the text of a rule's file.

    Raises:
        ValueError: the front matter lacks a line or has an unknown one.
    """
    front, _, body = text.partition("\n\n")
    matter = dict(_front_matter(front))
    missing = [name for name in _FIELDS[:6] if name not in matter]
    if missing:
        raise ValueError(f"The front matter lacks {', '.join(missing)}: {front.splitlines()[0]}")
    kinds = tuple(matter.get("kinds", "").split())
    fields = tuple(matter.get("fields", "").split())
    return Rule(
        entry=Entry(
            code=matter["code"],
            severity=matter["severity"],
            summary=matter["summary"],
            fix=matter["fix"],
            message=matter["message"],
            since=matter["since"],
            source=f"diplodata standard {matter['since']}, rules",
        ),
        fields=fields,
        kinds=kinds,
        expression=_without_comments(body) if kinds else "",
        parts=() if kinds else tuple(_parts(body, fields)),
    )


def _front_matter(front: str) -> Iterator[tuple[str, str]]:
    for line in front.splitlines():
        match = _LINE.match(line)
        if match is None or match[1] not in _FIELDS:
            raise ValueError(f"This line is no front matter: {line}")
        yield match[1], match[2]


def _parts(body: str, fields: tuple[str, ...]) -> Iterator[Part]:
    """Read the queries: ``-- part: table.field …`` stands over one that is asked of each field that it names."""
    tables = dict.fromkeys(name.partition(".")[0] for name in fields)
    pieces = _PART.split(body)[1:]
    for header, text in zip(pieces[::2], pieces[1::2], strict=True):
        for target in header.split():
            table, _, field = target.partition(".")
            query = _without_comments(text).rstrip(";").replace("{table}", table).replace("{field}", field)
            needs = (name for name in tables if name != table and re.search(rf"\b(all_)?{name}\b", query))
            yield Part(table, field, tuple(needs), query)


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
