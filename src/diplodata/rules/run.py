"""Ask every rule of the tables of a package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diplodata.catalogue import finding
from diplodata.engine import sql
from diplodata.engine.questions import cells, counts
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.model.report import SkippedRule
from diplodata.rules.rule import Part, Rule, rules

#: States of a record in which only rules about identifiers and references look at it.
INACTIVE = ("superseded", "merged", "withdrawn")

Tables = Mapping[str, LoadedTable]


def check_rules(
    session: Session, tables: Tables, asked: Iterable[str], unread: Iterable[str], tally: Tally
) -> list[SkippedRule]:
    """Ask all rules; return what had to be skipped.

    Args:
        session: the engine.
        tables: the tables of the standard that could be read, by name.
        asked: names of the tables whose findings are wanted.
        unread: names of tables that are in the package and could not be read.
        tally: where findings go.
    """
    wanted = set(asked)
    chosen = [table for name, table in tables.items() if name in wanted]
    skipped: list[SkippedRule] = []
    lost = sorted(unread)
    _make_views(session, tables, lost)
    for table in chosen:
        _ask_cells(session, table, tally)
    for rule in rules().values():
        for part in rule.parts:
            reason = _obstacle(rule, part, tables, lost)
            if reason:
                skipped.append(SkippedRule(rule.code, reason))
            elif part.table in wanted:
                _ask_part(session, tables[part.table], rule, part, tally)
                if lost and "unread" in part.query and _refers_to_unread(session, part):
                    tally.add([_unchecked(tables[part.table], part, lost)])
    return skipped


def _refers_to_unread(session: Session, part: Part) -> bool:
    source = f"all_{part.table} WHERE record_table IN (SELECT record_table FROM unread)"
    return bool(session.value(f"SELECT count(*) FROM {source}"))


def _unchecked(table: LoadedTable, part: Part, lost: list[str]) -> Finding:
    problem = f"{part.table}.{part.field} was not checked against {', '.join(lost)}, which could not be read."
    place = {"resource": table.resource.name, "path": table.resource.place}
    return finding("unchecked", {"problem": problem}, fields=(part.field,), **place)


def _make_views(session: Session, tables: Tables, lost: list[str]) -> None:
    """Give every table two views under its own names: ``all_<table>``, and ``<table>`` without inactive records.

    The view ``records`` has the identifiers of all tables, ``unread`` the names of tables that could not be read.
    """
    identifiers = []
    for name, table in tables.items():
        schema = table.resource.schema
        names = schema.names if schema else ()
        columns = ", ".join(f"{table.columns.get(field, 'NULL')} AS {sql.identifier(field)}" for field in names)
        session.execute(f"CREATE VIEW all_{name} AS SELECT _row, {columns} FROM {table.table}")
        session.execute(f"CREATE VIEW {name} AS SELECT * FROM all_{name} WHERE {_is_active(names)}")
        identifiers.append(f"SELECT {sql.literal(name)} AS record_table, id FROM all_{name}")
    session.execute(f"CREATE VIEW records AS {' UNION ALL '.join(identifiers)}")
    session.execute(f"CREATE VIEW unread AS SELECT unnest(CAST([{sql.literals(lost)}] AS VARCHAR[])) AS record_table")


def _is_active(names: Iterable[str], column: str = "record_status") -> str:
    if "record_status" not in names:
        return "true"
    return f"coalesce({column} NOT IN ({sql.literals(INACTIVE)}), true)"


def _obstacle(rule: Rule, part: Part, tables: Tables, lost: list[str]) -> str | None:
    for name in (part.table, *part.needs):
        if name not in tables:
            return f"the table {name} {'could not be read' if name in lost else 'is not in the package'}"
        absent = [field for field in rule.reads(name) if field not in tables[name].columns]
        if absent:
            return f"the column {name}.{absent[0]} is missing"
    return None


def _ask_cells(session: Session, table: LoadedTable, tally: Tally) -> None:
    """Expand the one expression of each rule on kinds over every field of its kinds, and ask all in one pass."""
    fields = table.resource.schema.fields if table.resource.schema else ()
    asked = [
        (rule, field.name)
        for rule in rules().values()
        for field in fields
        if field.annotations.kind in rule.kinds and field.name in table.filled
    ]
    conditions = [_condition(session, table, rule, name) for rule, name in asked]
    for (rule, name), condition, number in zip(asked, conditions, counts(session, table, conditions), strict=True):
        if not number:
            continue
        tally.count(_finding(table, rule, name, None, None, None, None), number)
        for row, value, record_id in cells(session, table, name, condition, tally.room(rule.code)):
            tally.keep(_finding(table, rule, name, row, value, None, record_id))


def _condition(session: Session, table: LoadedTable, rule: Rule, name: str) -> str:
    column = table.columns[name]
    parts = [f"{column} IS NOT NULL", f"coalesce({rule.expression.replace('{column}', column)}, false)"]
    if "record_status" in table.columns:
        parts.append(_is_active(table.columns, table.columns["record_status"]))
    if name in table.marked:
        parts.append(session.unmarked(table, name))
    return " AND ".join(parts)


def _ask_part(session: Session, table: LoadedTable, rule: Rule, part: Part, tally: Tally) -> None:
    """Run one query; rows of which a cell that the rule reads has already failed are passed over."""
    failed = _failed_rows(session, table, rule)
    # A row that joins two records with one identifier is still one row.
    hits = {hit[0]: hit for hit in session.rows(part.query) if hit[0] not in failed}
    if not hits:
        return
    tally.count(_finding(table, rule, part.field, None, None, None, None), len(hits))
    for row in sorted(hits)[: tally.room(rule.code)]:
        _, limit, *field = hits[row]
        name = (field or [part.field])[0]
        for _, value, record_id in cells(session, table, name, f"_row = {row}", 1):
            tally.keep(_finding(table, rule, name, row, value, limit, record_id))


def _failed_rows(session: Session, table: LoadedTable, rule: Rule) -> set[int]:
    names = [name for name in rule.reads(table.resource.name) if name in table.marked]
    if not names:
        return set()
    query = f"SELECT DISTINCT row FROM failed WHERE resource = ? AND field IN ({sql.literals(names)})"
    return {row for (row,) in session.rows(query, [table.resource.name])}


def _finding(
    table: LoadedTable,
    rule: Rule,
    name: str,
    row: int | None,
    value: str | None,
    limit: str | None,
    record_id: str | None,
) -> Finding:
    return finding(
        rule.entry,
        resource=table.resource.name,
        path=table.resource.place,
        row=row,
        column=table.number(name),
        fields=(name,),
        value=value,
        limit=limit,
        record_id=record_id,
    )
