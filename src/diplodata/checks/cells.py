"""Cell checks: each keyword of a field is one SQL expression that is true for a bad cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from diplodata.catalogue import finding
from diplodata.catalogue.wording import KIND_HINTS, constraint_problem
from diplodata.checks import doubtful
from diplodata.checks.keywords import FOR_ALL, KEYWORDS
from diplodata.engine import sql
from diplodata.engine.questions import cells, counts
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.model.schema import Field


@dataclass(frozen=True, slots=True)
class CellCheck:
    """A question about every cell of a field."""

    code: str
    field: Field
    #: ``type``, ``lexical`` or the keyword of a constraint.
    keyword: str
    limit: Any
    #: SQL expression, true for a bad cell.
    bad: str


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
    if field.name not in table.filled:
        table.normal[field.name] = "CAST(NULL AS VARCHAR)"
        if field.is_required:
            guard = f" AND {session.unmarked(table, field.name)}" if field.name in table.marked else ""
            yield CellCheck("constraint-error", field, "required", True, f"{table.columns[field.name]} IS NULL{guard}")
        return
    judgement = doubtful.judge(session, table, field, is_key=field.name in table.keys)
    if isinstance(judgement, str):
        tally.add([_schema_finding(table, field, judgement)])
        return
    table.normal[field.name] = judgement.normal
    guard = f" AND {session.unmarked(table, field.name)}" if field.name in table.marked else ""
    for check in _raw_checks(judgement, table.resource.is_standard):
        problem = _limit_problem(session, check)
        if problem is not None:
            tally.add([_schema_finding(table, field, problem)])
            continue
        is_free = check.keyword in ("type", "required") or judgement.type_bad == "false"
        typed = "" if is_free else f" AND NOT coalesce({judgement.type_bad}, false)"
        yield replace(check, bad=f"coalesce({check.bad}, false){typed}{guard}")


def _schema_finding(table: LoadedTable, field: Field, problem: str) -> Finding:
    return finding("schema-error", {"problem": problem}, resource=table.resource.name, fields=(field.name,))


def _limit_problem(session: Session, check: CellCheck) -> str | None:
    """Say why a constraint cannot be asked: its limit is not of the right kind."""
    name = check.field.name
    if check.keyword == "pattern":
        wrong = session.accepts(KEYWORDS["pattern"]("''", check.limit, check.field))
        return f"The pattern of {name} is not understood: {wrong}." if wrong else None
    return (
        f"The limit {check.limit!r} of {check.keyword} of {name} is of a wrong type."
        if check.bad == _UNASKABLE
        else None
    )


#: Stands for the expression of a check whose limit makes no sense.
_UNASKABLE = "unaskable"


def _raw_checks(judgement: doubtful.Judgement, is_standard: bool) -> Iterator[CellCheck]:
    field, column = judgement.field, judgement.column
    if judgement.type_bad != "false":
        yield CellCheck("type-error", field, "type", _type_name(field), judgement.type_bad)
    for keyword, limit in field.constraints:
        judged = judgement.breaks(keyword)
        if keyword == "enum" and field.type == "integer":
            # Whole numbers are compared by value, which the reference does.
            if judged:
                yield CellCheck("constraint-error", field, keyword, limit, judged)
        elif keyword in KEYWORDS and (field.type in doubtful.DECIDED or keyword in FOR_ALL):
            bad = _expression(keyword, column, limit, field)
            yield CellCheck("constraint-error", field, keyword, limit, f"({bad} OR {judged})" if judged else bad)
        elif judged and keyword != "unique":
            yield CellCheck("constraint-error", field, keyword, limit, judged)
    unusual = [judgement.breaks("lexical")]
    if is_standard and field.type == "integer":
        # Counts are integers in every format, so only the one text that gives the number back is right.
        unusual.append(f"NOT {sql.matches(column, '0|-?[1-9][0-9]*')}")
    if any(unusual):
        bad = " OR ".join(part for part in unusual if part)
        yield CellCheck("lexical-form", field, "lexical", field.type, f"({bad})")


def _expression(keyword: str, column: str, limit: Any, field: Field) -> str:
    try:
        return KEYWORDS[keyword](column, limit, field)
    except (TypeError, ValueError):
        return _UNASKABLE


def _type_name(field: Field) -> str:
    return field.type if field.format == "default" else f"{field.type} ({field.format})"


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
    is_about_form = check.keyword in ("enum", "lexical", "pattern", "type")
    hint = KIND_HINTS.get(annotations.kind or "", "") if is_about_form else ""
    hint = hint.format(codelist=annotations.codelist or "")
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
