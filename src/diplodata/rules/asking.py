"""From a rule and the tables of a package to the questions that the engine can be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from diplodata.engine import sql
from diplodata.engine.session import LoadedTable
from diplodata.model.schema import Field
from diplodata.rules.rule import Part, Rule

Tables = Mapping[str, LoadedTable]

#: Target of parts that ask about the descriptor and not about rows.
PACKAGE = "package"

_TEXT = re.compile(r"'(?:[^']|'')*'")
_NAME = re.compile(r"\b(?:all_)?([a-z_]+)\b")


@dataclass(frozen=True, slots=True)
class Question:
    """A part of a rule about one field of one table."""

    rule: Rule
    #: Name of the table, or PACKAGE.
    table: str
    field: str
    query: str
    #: Fields without a value in which nothing can be found.
    given: tuple[str, ...]
    #: Relations without rows in which nothing can be found.
    some: tuple[str, ...]
    #: Every name in the query that may be a table or relation.
    names: frozenset[str]

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields of the table in which a failed cell makes the question meaningless."""
        return tuple(dict.fromkeys((*self.rule.reads(self.table), self.field)))


def questions(rule: Rule, tables: Tables) -> Iterator[Question]:
    """Yield the questions of a rule; what its targets do not name is not asked.

    Args:
        rule: the rule.
        tables: tables of the standard that could be read. ``*`` and kinds stand for fields of these.
    """
    for part in rule.parts:
        for target in part.targets:
            for table, field, described in _meant(target, rule, tables):
                yield _question(rule, part, table, field, described)


def _meant(target: str, rule: Rule, tables: Tables) -> Iterator[tuple[str, str, Field | None]]:
    """Yield (table, field, description of the field) of everything that a target names."""
    if ":" in target:
        what, _, kind = target.partition(":")
        for table, described in _fields(tables):
            notes = described.annotations
            if notes.kind == kind and notes.is_list == (what == "list") and not is_exempt(rule, table, described.name):
                yield table, described.name, described
        return
    table, _, name = target.partition(".")
    if table != "*":
        yield table, name, _described(tables, table, name)
        return
    for owner, described in _fields(tables):
        if described.name == name and not is_exempt(rule, owner, name):
            yield owner, name, described


def _fields(tables: Tables) -> Iterator[tuple[str, Field]]:
    for name, table in tables.items():
        for described in table.resource.schema.fields if table.resource.schema else ():
            if described.name in table.columns:
                yield name, described


def _described(tables: Tables, table: str, name: str) -> Field | None:
    schema = tables[table].resource.schema if table in tables else None
    return schema.field(name) if schema else None


def is_exempt(rule: Rule, table: str, field: str) -> bool:
    """Whether a rule leaves a field alone."""
    return any(fnmatchcase(f"{table}.{field}", pattern) for pattern in rule.exempt)


def _question(rule: Rule, part: Part, table: str, field: str, described: Field | None) -> Question:
    query = filled_in(part.query, table, field, described)
    names = frozenset(_NAME.findall(_TEXT.sub("", query)))
    given = (name if "." in name else f"{table}.{name}" for name in part.given)
    return Question(
        rule, table, field, query, tuple(name.replace("{field}", field) for name in given), part.some, names
    )


def filled_in(text: str, table: str, field: str, described: Field | None) -> str:
    """Put what a field's description says into the text of a rule."""
    notes = described.annotations if described else None
    words = {
        "{table}": table,
        "{field}": field,
        "{codelist}": sql.literal(notes.codelist if notes else None),
        "{references}": sql.literals(notes.references if notes else ()) or "NULL",
        "{language}": (notes.language_field if notes else None) or "NULL",
    }
    for name, word in words.items():
        text = text.replace(name, word)
    return text
