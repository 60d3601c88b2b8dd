"""Rules on kinds of field: one expression, asked of every cell of its kinds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from diplodata.engine.questions import cells, counts
from diplodata.engine.session import LoadedTable
from diplodata.model.schema import Field
from diplodata.rules import asking
from diplodata.rules.judging import Hit, Judge
from diplodata.rules.relations import Relations, is_active
from diplodata.rules.rule import Rule

#: The name of a field in braces; a class of a regular expression, such as Latin, has a capital letter.
_OTHER = re.compile(r"\{([a-z_]{3,})\}")


@dataclass(frozen=True, slots=True)
class _Ask:
    """A rule on a field, the condition that is true for a bad cell, and the rows in which it is waived."""

    rule: Rule
    field: Field
    condition: str
    waived: tuple[int, ...]

    @property
    def counted(self) -> str:
        """The condition without waived rows."""
        return f"{self.condition} AND _row NOT IN ({_listed(self.waived)})" if self.waived else self.condition


def ask_cells(relations: Relations, judge: Judge, table: LoadedTable, wanted: Iterable[Rule]) -> None:
    """Expand each rule over the fields of its kinds, and ask all of them in as few passes as can be."""
    fields = table.resource.schema.fields if table.resource.schema else ()
    asked = [
        _Ask(
            rule,
            field,
            _condition(relations, table, rule, field),
            tuple(judge.waived_rows(table, rule, field.name)),
        )
        for rule in wanted
        for field in fields
        if field.annotations.kind in rule.kinds
        and field.name in table.filled
        and not asking.is_exempt(rule, table.resource.name, field.name)
    ]
    _ask_among(judge, table, asked, 0)


def _ask_among(judge: Judge, table: LoadedTable, asked: Sequence[_Ask], level: int) -> None:
    """Ask in one pass what spares nothing more, and count the cells that are not spared; then ask of these alone."""
    now = [item for item in asked if len(item.rule.spares) <= level]
    later: dict[tuple[str, str], list[_Ask]] = defaultdict(list)
    for item in asked:
        if len(item.rule.spares) > level:
            later[item.field.name, item.rule.spares[level]].append(item)
    unspared = [f"NOT {macro}({table.columns[name]})" for name, macro in later]
    conditions = [item.counted for item in now] + unspared
    judge.session.define(" ".join(conditions))
    numbers = counts(judge.session, table, conditions)
    for item, number in zip(now, numbers, strict=False):
        _judge(judge, table, item, number)
    for condition, some, number in zip(unspared, later.values(), numbers[len(now) :], strict=True):
        if number:
            among = replace(table, table=f"(SELECT * FROM {table.table} WHERE {condition})")
            _ask_among(judge, among, some, level + 1)


def _judge(judge: Judge, table: LoadedTable, item: _Ask, number: int) -> None:
    name = item.field.name
    if number:
        judge.count(table, item.rule, name, number)
        found = cells(judge.session, table, name, item.counted, judge.tally.room(item.rule.code))
        judge.keep(table, item.rule, name, [Hit(row) for row, _, _ in found])
    if item.waived:
        among = f"{item.condition} AND _row IN ({_listed(item.waived)})"
        found = cells(judge.session, table, name, among, None)
        judge.waive(table, item.rule, name, [Hit(row) for row, _, _ in found])


def _listed(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))


def _condition(relations: Relations, table: LoadedTable, rule: Rule, field: Field) -> str:
    column = table.columns[field.name]
    parts = [f"{column} IS NOT NULL", f"coalesce({_expression(table, rule, field)}, false)"]
    if "record_status" in table.columns:
        parts.append(is_active(table.columns, table.columns["record_status"]))
    if field.name in table.marked:
        parts.append(relations.session.unmarked(table, field.name))
    return " AND ".join(parts)


def _expression(table: LoadedTable, rule: Rule, field: Field) -> str:
    """Return the rule's expression for a field; of a list it is asked of each item.

    * Names in braces are, besides ``{column}`` and ``{language}``, other fields of the row; NULL where there is none.
    """
    notes = field.annotations
    language = table.columns.get(notes.language_field or "", "NULL")
    text = rule.expression.replace("{language}", language)
    text = asking.filled_in(text, table.resource.name, field.name, field)
    text = _OTHER.sub(lambda match: match[0] if match[1] == "column" else table.columns.get(match[1], "NULL"), text)
    column = table.columns[field.name]
    if not notes.is_list:
        return text.replace("{column}", column)
    return f"len(list_filter(string_split({column}, ' '), lambda item: ({text.replace('{column}', 'item')}))) > 0"
