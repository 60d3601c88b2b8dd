"""A rule as its file states it: front matter, and an expression or parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from diplodata.catalogue import Entry
from diplodata.errors import StandardError

_NEEDED = ("code", "severity", "since", "summary", "fix", "message")
_FIELDS = (*_NEEDED, "fields", "kinds", "except", "needs", "spares")
_LINE = re.compile(r"^-- ([a-z]+): (.+)$")
_PART = re.compile(r"^-- part: (.+)$", re.MULTILINE)
_GIVEN = re.compile(r"^-- given: (.+)$", re.MULTILINE)
_SOME = re.compile(r"^-- some: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """One query of a rule, asked of each of its targets.

    A query gives ``_row`` and, where there is something to say, ``against`` (the other value that the finding is
    about), ``field`` (where it is not always the same) and ``value`` (where it is not that of the cell). Without
    ``_row`` the value is the identifier of a record that is not there.
    """

    #: ``table.field``, ``*.field``, ``kind:name``, ``list:name`` or ``package.member``.
    targets: tuple[str, ...]
    #: Fields without which nothing can be found: where one has no value at all, the query is not asked.
    given: tuple[str, ...]
    #: Relations without rows in which nothing can be found.
    some: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A semantic rule of the standard."""

    entry: Entry
    #: ``table.field``, ``*.field`` or ``kind:name`` for each field that the rule reads.
    fields: tuple[str, ...]
    #: Kinds of field whose every cell is asked by the expression.
    kinds: tuple[str, ...]
    #: Fields that a rule on kinds or on all tables leaves alone; ``*`` stands for any letters.
    exempt: tuple[str, ...]
    #: Inputs beyond the tables.
    needs: tuple[str, ...]
    #: Macros that are quick and true for most cells; where one is true, the expression finds nothing.
    spares: tuple[str, ...]
    #: SQL expression over ``{column}``, true for a bad cell; of a list it is asked of each item.
    expression: str
    parts: tuple[Part, ...]

    @property
    def code(self) -> str:
        """The code of the rule's findings."""
        return self.entry.code

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables that the rule reads, ``*`` for all."""
        names = (name.partition(".")[0] for name in self.fields)
        if self.kinds or any(name == "*" or ":" in name for name in names):
            return ("*",)
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.fields))

    def names(self, table: str) -> tuple[str, ...]:
        """Return the fields that the rule names of this very table."""
        named = (name.partition(".") for name in self.fields)
        return tuple(field for owner, _, field in named if owner == table)

    def reads(self, table: str) -> tuple[str, ...]:
        """Return the fields of a table that the rule names, of this table or of all."""
        named = (name.partition(".") for name in self.fields)
        return tuple(field for owner, _, field in named if owner in (table, "*") and field)


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
    missing = [name for name in _NEEDED if name not in matter]
    if missing:
        raise ValueError(f"The front matter lacks {', '.join(missing)}: {front.splitlines()[0]}")
    kinds = _words(matter.get("kinds"))
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
        fields=_words(matter.get("fields")),
        kinds=kinds,
        exempt=_words(matter.get("except")),
        needs=_words(matter.get("needs")),
        spares=_words(matter.get("spares")),
        expression=_without_comments(_PART.split(body)[0]) if kinds else "",
        parts=tuple(_parts(body)),
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").split())


def _front_matter(front: str) -> Iterator[tuple[str, str]]:
    for line in front.splitlines():
        match = _LINE.match(line)
        if match is None or match[1] not in _FIELDS:
            raise ValueError(f"This line is no front matter: {line}")
        yield match[1], match[2]


def _parts(body: str) -> Iterator[Part]:
    """Read the queries: ``-- part: table.field …`` stands over one that is asked of each field that it names."""
    pieces = _PART.split(body)[1:]
    for header, text in zip(pieces[::2], pieces[1::2], strict=True):
        given, some = _GIVEN.search(text), _SOME.search(text)
        yield Part(
            _words(header),
            _words(given[1] if given else None),
            _words(some[1] if some else None),
            _without_comments(text).rstrip(";"),
        )


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
