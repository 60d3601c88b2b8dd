"""Cell checks: each keyword of a field is one SQL expression that is true for a bad cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diplodata.catalogue import finding
from diplodata.catalogue.wording import KIND_HINTS, constraint_problem, type_hint
from diplodata.checks import doubtful
from diplodata.checks.conditions import CellCheck, limit_problem, raw_checks
from diplodata.engine.questions import cells, counts
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.model.schema import Field


def check_cells(session: Session, table: LoadedTable, tally: Tally) -> None:
    """Ask all cell checks of a table at once, and fetch cells only for checks that found some."""
    schema = table.resource.schema
    if schema is None:
        return
    checks: list[CellCheck] = []
    for field in schema.fields:
        if field.name in table.columns:
            checks.extend(_checks_of(session, table, field, tally))
    numbers = counts(session, table, [check.bad for check in checks])
    broken = [(check, number) for check, number in zip(checks, numbers, strict=True) if number]
    for check, number in broken:
        _report(session, table, check, number, tally)
    # Marked once all are reported: a marked cell is passed over by conditions that look at marks.
    for check, _ in broken:
        if check.code == "lexical-form":
            continue  # the value is good
        session.mark(table, check.field.name, check.bad)
        table.marked.add(check.field.name)


def _checks_of(session: Session, table: LoadedTable, field: Field, tally: Tally) -> Iterator[CellCheck]:
    if field.name in table.suspects:
        judgement = doubtful.judge(session, table, field, is_key=field.name in table.keys)
        if isinstance(judgement, str):
            tally.add([_schema_finding(table, field, judgement)])
            return
    else:
        judgement = doubtful.Judgement(field, table.columns[field.name], "true", None)
    table.normal[field.name] = judgement.normal
    guard = f" AND {session.unmarked(table, field.name)}" if field.name in table.marked else ""
    for check in raw_checks(judgement, table.resource.is_standard):
        problem = limit_problem(session, check)
        if problem is not None:
            tally.add([_schema_finding(table, field, problem)] if field.name in table.filled else [])
        elif field.name in table.suspects:
            is_free = check.keyword in ("type", "required") or judgement.type_bad == "false"
            typed = "" if is_free else f" AND NOT coalesce({judgement.type_bad}, false)"
            suspect = table.plan.guard(field.name)
            yield replace(check, bad=f"{suspect} AND coalesce({check.bad}, false){typed}{guard}")


def _schema_finding(table: LoadedTable, field: Field, problem: str) -> Finding:
    return finding("schema-error", {"problem": problem}, resource=table.resource.name, fields=(field.name,))


def _report(session: Session, table: LoadedTable, check: CellCheck, number: int, tally: Tally) -> None:
    example = _finding(table, check, None, None, None)
    tally.count(example, number)
    for row, value, record_id in cells(session, table, check.field.name, check.bad, tally.room(example.code)):
        tally.keep(_finding(table, check, row, value, record_id))


def _finding(
    table: LoadedTable, check: CellCheck, row: int | None, value: str | None, record_id: str | None
) -> Finding:
    annotations = check.field.annotations
    is_constraint = check.code == "constraint-error"
    problem = constraint_problem(check.field.name, check.keyword, value, check.limit) if is_constraint else ""
    if check.keyword in annotations.of_profile:
        problem = f"{problem.removesuffix('.')} (profile {annotations.profile})."
    is_about_form = check.keyword in ("enum", "lexical", "pattern", "type")
    hint = KIND_HINTS.get(annotations.kind or "", "") if is_about_form else ""
    hint = hint.format(codelist=annotations.codelist or "")
    if check.keyword == "type" and not hint:
        hint = type_hint(check.field.type, check.field.format, has_options=bool(check.field.options)) or ""
    is_lexical_error = check.code == "lexical-form" and table.resource.is_standard
    return finding(
        check.code,
        {"problem": problem, "limit": check.limit},
        severity="error" if is_lexical_error else None,
        hint="Fill in the cell." if check.keyword == "required" else hint or None,
        resource=table.resource.name,
        path=table.resource.place,
        row=row,
        column=table.number(check.field.name),
        fields=(check.field.name,),
        value=value,
        limit=check.limit,
        record_id=record_id,
    )
