"""What SQL can decide by itself: values that are certainly of a type, and constraints on them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from diplodata.engine import reference, sql
from diplodata.model.schema import Field

#: Options that change what a text means.
_TYPE_OPTIONS = ("bareNumber", "decimalChar", "groupChar", "delimiter", "itemType", "floatNumber")

#: (type, format) -> SQL expression that is true only for values that are certainly valid.
#: A text that a cast gives back unchanged is in the one form that casts write; none is NULL for a value.
_CERTAIN: Mapping[tuple[str, str], str] = {
    ("any", "default"): "true",
    ("date", "default"): "(length({0}) = 10 AND CAST(TRY_CAST({0} AS DATE) AS VARCHAR) IS NOT DISTINCT FROM {0})",
    ("datetime", "default"): "(length({0}) IN (19, 20) AND substr({0}, 20) IN ('', 'Z') AND substr({0}, 11, 1) = 'T' "
    "AND CAST(TRY_CAST(left({0}, 19) AS TIMESTAMP) AS VARCHAR) IS NOT DISTINCT FROM replace(left({0}, 19), 'T', ' '))",
    ("integer", "default"): "((length({0}) < 19 AND CAST(TRY_CAST({0} AS BIGINT) AS VARCHAR) IS NOT DISTINCT FROM {0}) "
    "OR regexp_full_match({0}, '[+-]?[0-9]{{1,18}}'))",
    ("number", "default"): "regexp_full_match({0}, '[+-]?[0-9]{{1,15}}(\\.[0-9]{{1,15}})?')",
    ("string", "default"): "true",
    ("time", "default"): "(length({0}) = 8 AND CAST(TRY_CAST({0} AS TIME) AS VARCHAR) IS NOT DISTINCT FROM {0})",
    ("year", "default"): "regexp_full_match({0}, '[0-9]{{4}}')",
    ("yearmonth", "default"): "regexp_full_match({0}, '[0-9]{{4}}-(0[1-9]|1[0-2])')",
}

#: A text of visible ASCII without "_", in which the reference's readers see nothing but what is written.
_VISIBLE = "regexp_full_match({0}, '[!-\\^`-~]+')"

#: (type, format) -> SQL expression that is true only for values that are certainly not of the type.
_WRONG: Mapping[tuple[str, str], str] = {
    ("date", "default"): f"({_VISIBLE} AND NOT regexp_full_match({{0}}, '[0-9]{{{{4}}}}(-[0-9]{{{{1,2}}}}){{{{2}}}}'))",
    ("integer", "default"): f"({_VISIBLE} AND NOT regexp_full_match({{0}}, '[+-]?[0-9]+'))",
    ("number", "default"): f"({_VISIBLE} AND NOT regexp_full_match({{0}}, "
    "'(?i)[+-]?(([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[+-]?[0-9]+)?|inf|infinity|s?nan[0-9]*)'))",
}

#: Types whose values have a normal form in SQL, so that they can be compared without the reference.
_COMPARABLE = ("any", "boolean", "date", "integer", "number", "string", "year")

_BOUNDS = ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum")

#: Type -> constraints that SQL decides on certain values; for other types the reference does.
_DECIDED: Mapping[str, tuple[str, ...]] = {
    "boolean": ("categories", "enum"),
    "date": ("enum", *_BOUNDS),
    "integer": ("categories", "enum", *_BOUNDS),
    "number": ("enum", *_BOUNDS),
    "string": ("categories", "enum", "itemMaxLength", "maxLength", "minLength", "pattern", "uniqueItems"),
    "year": ("enum", *_BOUNDS),
}

#: Decimal type of numbers in SQL, exact for certain values.
_NUMBER = f"DECIMAL(38, {reference.SCALE})"


def certain(field: Field, column: str, *, is_key: bool = False) -> str:
    """Return a condition that is true only for cells that the reference need not see.

    Args:
        field: the field.
        column: its quoted column.
        is_key: whether values are compared with each other.
    """
    if field.type == "boolean":
        return "true"
    condition = _CERTAIN.get((field.type, field.format))
    if condition is None or any(key in field.options for key in _TYPE_OPTIONS):
        return "false"
    if is_key and field.type not in _COMPARABLE:
        return "false"
    beyond = [(keyword, limit) for keyword, limit in field.constraints if keyword not in ("required", "unique")]
    if not all(decides(field, keyword, limit) for keyword, limit in beyond):
        return "false"
    return condition.format(column)


def wrong(field: Field, column: str) -> str:
    """Return a condition that is true only for cells that are certainly not of the type of their field."""
    condition = _WRONG.get((field.type, field.format))
    if condition is None or any(key in field.options for key in _TYPE_OPTIONS):
        return "false"
    return condition.format(column)


def decides(field: Field, keyword: str, limit: Any) -> bool:
    """Whether SQL decides a constraint on certain values of a field."""
    if keyword in ("categories", "required"):
        return True
    if keyword not in _DECIDED.get(field.type, ()):
        return False
    amount = _AMOUNTS.get(field.type)
    if amount is None or (keyword in _BOUNDS and field.type == "integer"):
        return True
    limits = limit if keyword == "enum" else [limit]
    return isinstance(limits, list | tuple) and all(amount(item) is not None for item in limits)


def amount_of(column: str, kind: str) -> str:
    """Return a column as something that can be compared with a limit."""
    return _COLUMNS[kind].format(column)


def limit_of(limit: Any, kind: str) -> str:
    """Return a limit as SQL.

    Raises:
        TypeError: it is no value of the type.
    """
    amount = _AMOUNTS[kind](limit)
    if amount is None:
        raise TypeError
    return amount


def _whole(limit: Any) -> str | None:
    is_whole = isinstance(limit, int) and not isinstance(limit, bool)
    return str(limit) if is_whole or (isinstance(limit, float) and limit.is_integer()) else None


def _whole_or_text(limit: Any) -> str | None:
    try:
        return str(int(limit)) if isinstance(limit, str) and limit.isascii() else _whole(limit)
    except ValueError:
        return None


def _number(limit: Any) -> str | None:
    """Return a number that the decimal type holds exactly."""
    if isinstance(limit, bool) or not isinstance(limit, int | float | str):
        return None
    try:
        number = Decimal(str(limit))
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -reference.SCALE or abs(number) >= Decimal(10) ** 20:
        return None
    return f"CAST('{number:f}' AS {_NUMBER})"


def _date(limit: Any) -> str | None:
    try:
        is_plain = (
            isinstance(limit, str) and len(limit) == 10 and datetime.date.fromisoformat(limit).isoformat() == limit
        )
    except ValueError:
        return None
    return sql.literal(limit) if is_plain else None


#: Type -> limit as SQL; None when it cannot be one.
_AMOUNTS: Mapping[str, Callable[[Any], str | None]] = {
    "date": _date,
    "integer": _whole_or_text,
    "number": _number,
    "year": _whole,
}

#: Type -> column as something that can be compared with a limit.
_COLUMNS: Mapping[str, str] = {
    "date": "{0}",
    "integer": "TRY_CAST({0} AS HUGEINT)",
    "number": f"TRY_CAST({{0}} AS {_NUMBER})",
    "year": "TRY_CAST({0} AS BIGINT)",
}
