"""Cell checks: each keyword of a field is one SQL expression that is true for a bad cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from diplodata.catalogue import finding
from diplodata.catalogue.wording import KIND_HINTS, constraint_problem
from diplodata.engine import reference, sql
from diplodata.engine.questions import cells, counts
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.model.schema import Field

#: Types whose constraints SQL can decide on certain values.
_DECIDED = ("string", "integer", "boolean")

#: Doubtful values that are judged at a time.
_PORTION = 50_000


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


def _enum(column: str, limit: Any, _: Field) -> str:
    return f"{column} NOT IN ({sql.literals(limit)})"


def _item_max_length(column: str, limit: Any, _: Field) -> str:

    return f"len(list_filter(string_split({column}, ' '), lambda item: length(item) > {int(limit)})) > 0"


def _max_length(column: str, limit: Any, _: Field) -> str:
    return f"length({column}) > {int(limit)}"


def _maximum(column: str, limit: Any, _: Field) -> str:
    return f"TRY_CAST({column} AS HUGEINT) > {int(limit)}"


def _min_length(column: str, limit: Any, _: Field) -> str:
    return f"length({column}) < {int(limit)}"


def _minimum(column: str, limit: Any, _: Field) -> str:
    return f"TRY_CAST({column} AS HUGEINT) < {int(limit)}"


def _exclusive_maximum(column: str, limit: Any, _: Field) -> str:
    return f"TRY_CAST({column} AS HUGEINT) >= {int(limit)}"


def _exclusive_minimum(column: str, limit: Any, _: Field) -> str:
    return f"TRY_CAST({column} AS HUGEINT) <= {int(limit)}"


def _pattern(column: str, limit: Any, _: Field) -> str:
    return f"NOT {sql.matches(column, str(limit))}"


def _required(column: str, limit: Any, _: Field) -> str:
    return f"{column} IS NULL" if limit else "false"


def _unique_items(column: str, limit: Any, _: Field) -> str:
    items = f"string_split({column}, ' ')"
    return f"len(list_distinct({items})) < len({items})" if limit else "false"


#: keyword -> SQL expression over a column that is true for a bad cell.
KEYWORDS: Mapping[str, Callable[[str, Any, Field], str]] = {
    "enum": _enum,
    "exclusiveMaximum": _exclusive_maximum,
    "exclusiveMinimum": _exclusive_minimum,
    "itemMaxLength": _item_max_length,
    "maxLength": _max_length,
    "maximum": _maximum,
    "minLength": _min_length,
    "minimum": _minimum,
    "pattern": _pattern,
    "required": _required,
    "uniqueItems": _unique_items,
}

#: (type, format) -> SQL expression that is true only for values that are certainly valid.
_CERTAIN: Mapping[tuple[str, str], str] = {
    ("any", "default"): "true",
    ("date", "default"): "regexp_full_match({0}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
    "AND TRY_CAST({0} AS DATE) IS NOT NULL AND {0} > '0001'",
    ("integer", "default"): "regexp_full_match({0}, '[+-]?[0-9]{{1,18}}')",
    ("number", "default"): "regexp_full_match({0}, '[+-]?[0-9]{{1,15}}(\\.[0-9]{{1,15}})?')",
    ("string", "default"): "true",
    ("year", "default"): "regexp_full_match({0}, '[0-9]{{4}}')",
}


def check_cells(session: Session, table: LoadedTable, tally: Tally) -> None:
    """Ask all cell checks of a table at once, and fetch cells only for checks that found some."""
    schema = table.resource.schema
    if schema is None:
        return
    checks: list[CellCheck] = []
    for field in schema.fields:
        if field.name in table.columns:
            checks.extend(_checks_of(session, table, field, tally))
    for check, number in zip(checks, counts(session, table, [check.bad for check in checks]), strict=True):
        if number:
            _report(session, table, check, number, tally)


def _checks_of(session: Session, table: LoadedTable, field: Field, tally: Tally) -> Iterator[CellCheck]:
    column = table.columns[field.name]
    guard = f" AND {session.unmarked(table, field.name)}" if field.name in table.marked else ""
    verdicts, problem = _verdicts(session, table, field, column)
    if problem is not None:
        tally.add([_schema_finding(table, field, problem)])
        return
    type_bad = _type_bad(field, column, verdicts)
    for check in _raw_checks(field, column, verdicts, table.resource.is_standard):
        if check.keyword == "pattern" and (wrong := session.accepts(_pattern("''", check.limit, field))):
            tally.add([_schema_finding(table, field, f"The pattern of {field.name} is not understood: {wrong}")])
            continue
        is_free = check.keyword in ("type", "required") or type_bad == "false"
        typed = "" if is_free else f" AND NOT coalesce({type_bad}, false)"
        bad = f"coalesce({check.bad}, false){typed}{guard}"
        yield CellCheck(check.code, field, check.keyword, check.limit, bad)


def _schema_finding(table: LoadedTable, field: Field, problem: str) -> Finding:
    return finding("schema-error", {"problem": problem}, resource=table.resource.name, fields=(field.name,))


def _raw_checks(field: Field, column: str, verdicts: str | None, is_standard: bool) -> Iterator[CellCheck]:
    type_bad = _type_bad(field, column, verdicts)
    if type_bad != "false":
        yield CellCheck("type-error", field, "type", _type_name(field), type_bad)
    for keyword, limit in field.constraints:
        judged = _judged(column, verdicts, keyword)
        if keyword in KEYWORDS and (field.type in _DECIDED or keyword == "required"):
            bad = KEYWORDS[keyword](column, limit, field)
            yield CellCheck("constraint-error", field, keyword, limit, f"({bad} OR {judged})" if judged else bad)
        elif judged and keyword != "unique":
            yield CellCheck("constraint-error", field, keyword, limit, judged)
    unusual = [_judged(column, verdicts, "lexical")]
    if is_standard and field.type == "integer":
        # Counts are integers in every format, so only the one text that gives the number back is right.
        unusual.append(f"NOT {sql.matches(column, '0|-?[1-9][0-9]*')}")
    if any(unusual):
        bad = " OR ".join(part for part in unusual if part)
        yield CellCheck("lexical-form", field, "lexical", field.type, f"({bad})")


def _type_name(field: Field) -> str:
    return field.type if field.format == "default" else f"{field.type} ({field.format})"


def _type_bad(field: Field, column: str, verdicts: str | None) -> str:
    if field.type == "boolean":
        accepted = [*_texts(field, "trueValues", ("true", "True", "TRUE", "1"))]
        accepted += _texts(field, "falseValues", ("false", "False", "FALSE", "0"))
        return f"{column} NOT IN ({sql.literals(accepted)})"
    return _judged(column, verdicts, "type") or "false"


def _texts(field: Field, option: str, default: tuple[str, ...]) -> list[str]:
    return [str(item) for item in field.options.get(option, default)]


def _judged(column: str, verdicts: str | None, keyword: str) -> str:
    if verdicts is None:
        return ""
    return f"{column} IN (SELECT value FROM {verdicts} WHERE keyword = {sql.literal(keyword)})"


def _verdicts(session: Session, table: LoadedTable, field: Field, column: str) -> tuple[str | None, str | None]:
    """Let the reference judge the doubtful values; return (table of verdicts, problem of the schema)."""
    certain = _certain(field, column)
    if certain == "true":
        return None, None
    query = f"SELECT DISTINCT {column} FROM {table.table} WHERE {column} IS NOT NULL AND NOT ({certain})"
    values = sorted(value for (value,) in session.rows(query))
    if not values:
        return None, None
    problem = reference.schema_problem(field)
    if problem is not None:
        return None, f"The field {field.name} cannot be read: {problem}."
    name = sql.identifier(f"verdicts_{table.table.strip(chr(34))}_{column.strip(chr(34))}")
    for start in range(0, len(values), _PORTION):
        found = list(reference.verdicts(field, values[start : start + _PORTION]))
        session.insert(
            name,
            {
                "value": pa.array([item.value for item in found], pa.string()),
                "keyword": pa.array([item.keyword for item in found], pa.string()),
            },
        )
    return name, None


def _certain(field: Field, column: str) -> str:
    """Return a condition that is true only for cells the reference need not see."""
    if field.type == "boolean":
        return "true"
    options = {key: value for key, value in field.options.items() if key in _TYPE_OPTIONS}
    certain = _CERTAIN.get((field.type, field.format))
    if certain is None or options:
        return "false"
    beyond = [key for key, _ in field.constraints if key not in ("required", "unique")]
    if beyond and field.type not in _DECIDED:
        return "false"
    if field.type == "integer" and not all(key in KEYWORDS and key != "enum" for key in beyond):
        return "false"
    return certain.format(column)


#: Options that change what a text means.
_TYPE_OPTIONS = ("bareNumber", "decimalChar", "groupChar", "delimiter", "itemType", "floatNumber")


def _report(session: Session, table: LoadedTable, check: CellCheck, number: int, tally: Tally) -> None:
    session.mark(table, check.field.name, check.bad)
    table.marked.add(check.field.name)
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
