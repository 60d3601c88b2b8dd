"""Rules on kinds of field: one expression, asked of every cell of its kinds."""

from __future__ import annotations

from collections.abc import Iterable

from diplodata.engine.questions import cells, counts
from diplodata.engine.session import LoadedTable
from diplodata.model.schema import Field
from diplodata.rules import asking
from diplodata.rules.judging import Hit, Judge
from diplodata.rules.relations import Relations, is_active
from diplodata.rules.rule import Rule


def ask_cells(relations: Relations, judge: Judge, table: LoadedTable, wanted: Iterable[Rule]) -> None:
    """Expand each rule over the fields of its kinds, and ask all of them in as few passes as can be."""
    fields = table.resource.schema.fields if table.resource.schema else ()
    name = table.resource.name
    asked = [
        (rule, field)
        for rule in wanted
        for field in fields
        if field.annotations.kind in rule.kinds
        and field.name in table.filled
        and not asking.is_exempt(rule, name, field.name)
    ]
    waived = [judge.waived_rows(table, rule, field.name) for rule, field in asked]
    conditions = [_condition(relations, table, rule, field) for rule, field in asked]
    without = [_and_not(condition, rows) for condition, rows in zip(conditions, waived, strict=True)]
    numbers = counts(judge.session, table, without)
    for (rule, field), condition, rows, number in zip(asked, without, waived, numbers, strict=True):
        if number:
            judge.count(table, rule, field.name, number)
            found = cells(judge.session, table, field.name, condition, judge.tally.room(rule.code))
            judge.keep(table, rule, field.name, [Hit(row) for row, _, _ in found])
        if rows:
            among = f"{_condition(relations, table, rule, field)} AND _row IN ({_listed(rows)})"
            found = cells(judge.session, table, field.name, among, None)
            judge.waive(table, rule, field.name, [Hit(row) for row, _, _ in found])


def _and_not(condition: str, rows: list[int]) -> str:
    return f"{condition} AND _row NOT IN ({_listed(rows)})" if rows else condition


def _listed(rows: list[int]) -> str:
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
    """Return the rule's expression for a field; of a list it is asked of each item."""
    notes = field.annotations
    language = table.columns.get(notes.language_field or "", "NULL")
    text = rule.expression.replace("{language}", language)
    text = asking.filled_in(text, table.resource.name, field.name, field)
    column = table.columns[field.name]
    if not notes.is_list:
        return text.replace("{column}", column)
    return f"len(list_filter(string_split({column}, ' '), item -> ({text.replace('{column}', 'item')}))) > 0"
