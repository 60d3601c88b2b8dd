"""What the members of a Table Dialect must be (Data Package v2, Table Dialect)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: Member of a dialect -> what it must be.
_DIALECT = {
    "commentChar": "a text",
    "commentRows": "an array of row numbers",
    "delimiter": "one character",
    "doubleQuote": "true or false",
    "escapeChar": "one character",
    "header": "true or false",
    "headerJoin": "a text",
    "headerRows": "an array of row numbers",
    "itemKeys": "an array of texts",
    "itemType": "array or object",
    "lineTerminator": "a text",
    "nullSequence": "a text",
    "property": "a text",
    "quoteChar": "one character",
    "sheetName": "a text",
    "sheetNumber": "a number from 1",
    "skipInitialSpace": "true or false",
}

_FITS: Mapping[str, Callable[[Any], bool]] = {
    "a text": lambda value: isinstance(value, str),
    "an array of row numbers": lambda value: (
        isinstance(value, list) and all(type(row) is int and row > 0 for row in value)
    ),
    "a number from 1": lambda value: type(value) is int and value > 0,
    "an array of texts": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "array or object": lambda value: value in ("array", "object"),
    "one character": lambda value: isinstance(value, str) and len(value) == 1,
    "true or false": lambda value: isinstance(value, bool),
}


def dialect_problems(dialect: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (member, problem) for each member of a dialect that is not what it must be."""
    for key, kind in _DIALECT.items():
        if key in dialect and not _FITS[kind](dialect[key]):
            yield key, f"{key} of a dialect is {dialect[key]!r}, not {kind}."
