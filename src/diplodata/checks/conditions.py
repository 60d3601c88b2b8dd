"""What is asked of the cells of one field: each keyword is one SQL expression that is true for a bad cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from diplodata.checks import certain, doubtful
from diplodata.checks.keywords import FOR_ALL, KEYWORDS
from diplodata.engine import sql
from diplodata.engine.plan import Plan
from diplodata.engine.session import Session
from diplodata.model.package import Resource
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


def limit_problem(session: Session, check: CellCheck) -> str | None:
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


def raw_checks(judgement: doubtful.Judgement, is_standard: bool) -> Iterator[CellCheck]:
    """Yield the checks of a field, before cells that have failed already are left out of them."""
    field, column = judgement.field, judgement.column
    if judgement.type_bad != "false":
        yield CellCheck("type-error", field, "type", _type_name(field), judgement.type_bad)
    for keyword, limit in field.constraints:
        by_sql, judged = _in_sql(judgement, keyword, limit), judgement.breaks(keyword)
        parts = [by_sql] if by_sql == _UNASKABLE else [part for part in (by_sql, judged) if part]
        if parts and keyword != "unique":
            bad = parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"
            yield CellCheck("constraint-error", field, keyword, limit, bad)
    unusual = [judgement.breaks("lexical")]
    if is_standard and field.type == "integer":
        # Counts are integers in every format, so only the one text that gives the number back is right.
        unusual.append(f"NOT {sql.matches(column, '0|-?[1-9][0-9]*')}")
    if any(unusual):
        bad = " OR ".join(part for part in unusual if part)
        yield CellCheck("lexical-form", field, "lexical", field.type, f"({bad})")


def _in_sql(judgement: doubtful.Judgement, keyword: str, limit: Any) -> str:
    """Return the condition by which SQL finds a constraint broken; the empty text when the reference has to."""
    field, column = judgement.field, judgement.column
    if keyword not in KEYWORDS:
        return ""
    if field.type in _BY_TEXT or keyword in FOR_ALL:
        return _expression(keyword, column, limit, field)
    if judgement.certain == "false":
        return ""  # a cast would read a number otherwise than the options of its field
    if field.type == "integer" and keyword != "enum":
        return _expression(keyword, column, limit, field)
    if not certain.decides(field, keyword, limit):
        return ""
    return f"({judgement.certain} AND {_expression(keyword, column, limit, field)})"


#: Types whose constraints hold for the text, whatever the reference says of its type.
_BY_TEXT = ("boolean", "string")


def _expression(keyword: str, column: str, limit: Any, field: Field) -> str:
    try:
        return KEYWORDS[keyword](column, limit, field)
    except (TypeError, ValueError):
        return _UNASKABLE


def _type_name(field: Field) -> str:
    return field.type if field.format == "default" else f"{field.type} ({field.format})"


def plan(session: Session, resource: Resource, columns: dict[str, int], keys: frozenset[str]) -> Plan:
    """Say which cells of a table are suspects, and which columns have to be kept whole.

    Args:
        session: the engine.
        resource: the table.
        columns: field name -> number of its column.
        keys: fields whose values are compared with each other.
    """
    schema = resource.schema
    fields = [item for item in schema.fields if item.name in columns] if schema else []
    quoted = {name: sql.identifier(f"c{number}") for name, number in columns.items()}
    patterns = [limit for item in fields for keyword, limit in item.constraints if keyword == "pattern"]
    session.try_all(KEYWORDS["pattern"]("''", pattern, fields[0]) for pattern in patterns)
    suspects = {
        item.name: _suspect(session, item, quoted[item.name], resource.is_standard, item.name in keys)
        for item in fields
    }
    missing = {item.name: _missing(resource, item) for item in fields}
    return Plan(
        columns=quoted,
        suspects={name: condition for name, condition in suspects.items() if condition},
        required=frozenset(item.name for item in fields if ("required", True) in item.constraints),
        missing={name: texts for name, texts in missing.items() if texts},
        of_others=() if resource.empty_is_missing else ("",),
        # Rules of the standard read any column.
        kept=None if resource.is_standard else keys,
    )


def _suspect(session: Session, field: Field, column: str, is_standard: bool, is_key: bool) -> str:
    """Return the condition that any check could find a cell wrong; the empty text when none ever can."""
    sure = certain.certain(field, column, is_key=is_key)
    checks = raw_checks(doubtful.Judgement(field, column, sure, None), is_standard)
    parts = [] if sure == "true" else [f"NOT ({sure})" if sure != "false" else f"{column} IS NOT NULL"]
    parts += [check.bad for check in checks if limit_problem(session, check) is None]
    return " OR ".join(f"({part})" for part in parts)


def _missing(resource: Resource, field: Field) -> list[str]:
    """Return the missing values that are still in the batches: readers leave out the empty text where all fields do."""
    of_schema = resource.schema.missing_values if resource.schema else ()
    texts = of_schema if field.missing_values is None else field.missing_values
    return [text for text in texts if text or not resource.empty_is_missing]
