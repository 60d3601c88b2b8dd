"""Each keyword of a schema is one SQL expression over a column that is true for a bad cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diplodata.checks import certain
from diplodata.checks.doubtful import texts
from diplodata.engine import sql
from diplodata.engine.regex import for_re2
from diplodata.model.schema import Field

#: (column, limit, field) -> SQL
Expression = Callable[[str, Any, Field], str]

#: Keywords that SQL decides for fields of every type.
FOR_ALL = ("categories", "required")


def _categories(column: str, values: Any, field: Field) -> str:
    if field.type == "integer":
        return f"TRY_CAST({column} AS HUGEINT) NOT IN ({sql.literals(_whole(item) for item in values)})"
    return f"{column} NOT IN ({sql.literals(map(str, values))})"


def _enum(column: str, limit: Any, field: Field) -> str:
    if field.type == "boolean":
        unlisted = [flag for flag in (True, False) if not _lists(limit, field, flag)]
        return f"{column} IN ({sql.literals([text for flag in unlisted for text in texts(field, flag)] or [None])})"
    if field.type != "string":
        limits = ", ".join(certain.limit_of(item, field.type) for item in limit)
        return f"{certain.amount_of(column, field.type)} NOT IN ({limits})"
    if not all(isinstance(item, str) for item in limit):
        raise TypeError
    return f"{column} NOT IN ({sql.literals(limit)})"


def _lists(limit: Any, field: Field, flag: bool) -> bool:
    return any(item is flag or str(item) in texts(field, flag) for item in limit)


def _whole(limit: Any) -> int:
    """Return a limit as a whole number; raises when it is none."""
    if isinstance(limit, bool) or int(limit) != (limit if isinstance(limit, float) else int(limit)):
        raise TypeError
    return int(limit)


def _item_max_length(column: str, limit: Any, _: Field) -> str:

    return f"len(list_filter(string_split({column}, ' '), lambda item: length(item) > {_whole(limit)})) > 0"


def _length(operator: str) -> Expression:
    return lambda column, limit, _: f"length({column}) {operator} {_whole(limit)}"


def _bound(operator: str) -> Expression:
    def expression(column: str, limit: Any, field: Field) -> str:
        wanted = str(_whole(limit)) if field.type == "integer" else certain.limit_of(limit, field.type)
        return f"{certain.amount_of(column, field.type)} {operator} {wanted}"

    return expression


def _pattern(column: str, limit: Any, _: Field) -> str:
    return f"NOT {sql.matches(column, for_re2(str(limit)))}"


def _required(column: str, limit: Any, _: Field) -> str:
    return f"{column} IS NULL" if limit else "false"


def _unique_items(column: str, limit: Any, _: Field) -> str:
    items = f"string_split({column}, ' ')"
    return f"len(list_distinct({items})) < len({items})" if limit else "false"


#: keyword -> SQL expression over a column that is true for a bad cell.
KEYWORDS: Mapping[str, Expression] = {
    "categories": _categories,
    "enum": _enum,
    "exclusiveMaximum": _bound(">="),
    "exclusiveMinimum": _bound("<="),
    "itemMaxLength": _item_max_length,
    "maxLength": _length(">"),
    "maximum": _bound(">"),
    "minLength": _length("<"),
    "minimum": _bound("<"),
    "pattern": _pattern,
    "required": _required,
    "uniqueItems": _unique_items,
}
