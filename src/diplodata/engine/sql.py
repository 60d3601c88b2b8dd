"""Small pieces of SQL text, quoted safely."""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """Quote a name of a table or column."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Quote a value: text, whole number, boolean or null."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def literals(values: Iterable[object]) -> str:
    """Quote values for an IN list."""
    return ", ".join(literal(value) for value in values)


def matches(column: str, pattern: str) -> str:
    """Say that a whole value matches a regular expression (RE2)."""
    return f"regexp_full_match({column}, {literal(pattern)})"
