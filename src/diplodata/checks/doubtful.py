"""What SQL can tell of a value with certainty, and what the reference has to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from diplodata.checks.certain import certain, wrong
from diplodata.engine import reference, sql
from diplodata.engine.session import LoadedTable, Session
from diplodata.model.schema import Field

#: Doubtful values that are judged at a time.
_PORTION = 50_000

#: Type -> SQL expression of the normal form of a certain value; the text itself for other types.
_NORMAL: Mapping[str, str] = {
    # Whole numbers have the form of numbers, as 1 and 1.0 are equal across tables.
    "integer": f"CAST(TRY_CAST({{0}} AS BIGINT) AS VARCHAR) || '.{'0' * reference.SCALE}'",
    "number": f"CAST(abs_zero(TRY_CAST({{0}} AS DECIMAL(38, {reference.SCALE}))) AS VARCHAR)",
    "year": f"CAST(TRY_CAST({{0}} AS BIGINT) AS VARCHAR) || '.{'0' * reference.SCALE}'",
}

#: Type -> SQL expression of the normal form that a value of JSON, Parquet or a workbook has in a field ``any``.
_OF_ANY: Mapping[str, str] = dict.fromkeys(
    ("integer", "number", "year"),
    f"coalesce(CAST(abs_zero(TRY_CAST({{0}} AS DECIMAL(38, {reference.SCALE}))) AS VARCHAR), {{0}})",
) | {"boolean": "CASE {0} WHEN 'true' THEN 'True' WHEN 'false' THEN 'False' ELSE {0} END"}

#: Formats whose values in a field ``any`` are texts; those of the others have types.
_TEXTS = ("csv", "tsv")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the values of one column of a table are judged."""

    field: Field
    #: Quoted column.
    column: str
    #: SQL expression that is true only for certainly valid values.
    certain: str
    #: Quoted table of verdicts; None when no value was doubtful.
    verdicts: str | None
    #: SQL expression that is true only for values that are certainly not of the type.
    wrong: str = "false"

    def breaks(self, keyword: str) -> str:
        """Return the SQL condition that the reference found a keyword broken; the empty text when it never did."""
        if self.verdicts is None:
            return ""
        return f"{self.column} IN (SELECT value FROM {self.verdicts} WHERE keyword = {sql.literal(keyword)})"

    @property
    def type_bad(self) -> str:
        """The SQL condition that a value is not of the type; ``false`` when none can be."""
        if self.field.type != "boolean":
            parts = [part for part in (self.breaks("type"), self.wrong) if part not in ("", "false")]
            return f"({' OR '.join(parts)})" if parts else "false"
        accepted = (*texts(self.field, True), *texts(self.field, False))
        return f"{self.column} NOT IN ({sql.literals(accepted)})"

    @property
    def normal(self) -> str:
        """An SQL expression that is equal for equal values, and NULL for values that are not of the type."""
        if self.field.type == "boolean":
            cases = (
                f"WHEN {self.column} IN ({sql.literals(texts(self.field, flag))}) THEN '{flag}'"
                for flag in (True, False)
            )
            return f"CASE {' '.join(cases)} END"
        sure = _NORMAL.get(self.field.type, "{0}").format(self.column)
        if self.certain == "true":
            return sure
        judged = "NULL"
        if self.verdicts is not None:
            verdict = f"v.value = {self.column} AND v.keyword = 'normal'"
            judged = f"(SELECT any_value(normal) FROM {self.verdicts} AS v WHERE {verdict})"
        return f"CASE WHEN {self.certain} THEN {sure} ELSE {judged} END"


def normal_for(table: LoadedTable, name: str, other: Field | None) -> str:
    """Return an SQL expression of a field that can be compared with the normal form of a field of another table.

    * A number in a field ``any`` is equal to a number in a field ``integer``. As cells are texts here, so is a text of
      the same digits.
    """
    schema = table.resource.schema
    field = schema.field(name) if schema else None
    is_typed = table.resource.format not in _TEXTS
    if other is None or field is None or field.type != "any" or not is_typed or other.type not in _OF_ANY:
        return table.normal[name]
    return _OF_ANY[other.type].format(table.columns[name])


def texts(field: Field, flag: bool) -> list[str]:
    """Return the texts that a boolean field takes as true or as false (Table Schema v2, boolean)."""
    default = ("true", "True", "TRUE", "1") if flag else ("false", "False", "FALSE", "0")
    return [str(item) for item in field.options.get("trueValues" if flag else "falseValues", default)]


def judge(session: Session, table: LoadedTable, field: Field, *, is_key: bool) -> Judgement | str:
    """Let the reference judge the doubtful values of a field.

    Args:
        session: the engine.
        table: the table.
        field: a field that has a column.
        is_key: whether values are compared with each other.

    Returns:
        The judgement, or what is wrong with the field itself.
    """
    column = table.columns[field.name]
    sure = certain(field, column, is_key=is_key)
    if sure == "true":
        return Judgement(field, column, sure, None)
    doubt = f"{table.plan.guard(field.name)} AND {column} IS NOT NULL AND NOT ({sure})"
    bad = wrong(field, column)
    if bad != "false" and not session.value(f"SELECT count(*) FROM {table.table} WHERE {doubt} AND {bad}"):
        bad = "false"
    query = f"SELECT DISTINCT {column} FROM {table.table} WHERE {doubt} AND NOT {bad}"
    name = sql.identifier(f"verdicts{table.serial}_{table.number(field.name)}")
    judging: reference.Judge | str | None = None
    for portion in session.portions(query, _PORTION):
        judging = judging or reference.judge_of(field)
        if isinstance(judging, str):
            return f"The field {field.name} cannot be read: {judging}."
        found = list(judging.verdicts((value for (value,) in portion), with_normal=is_key))
        columns = {
            key: pa.array([getattr(item, key) for item in found], pa.string()) for key in ("value", "keyword", "normal")
        }
        session.insert(name, columns)
    return Judgement(field, column, sure, name if judging else None, bad)
