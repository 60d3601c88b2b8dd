"""Strict JSON (I-JSON, RFC 7493): no repeated keys, NaN, lone surrogates or trailing text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import jiter

#: The largest whole number up to which a double holds each (RFC 7493, 2.2).
SAFE = 2**53 - 1

_PLACE = re.compile(r" at line (\d+) column (\d+)$")


class JsonProblemError(ValueError):
    """A text is not strict JSON; says why and where."""

    def __init__(self, problem: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.column = column


def parse(raw: bytes) -> Any:
    """Return the value of a JSON text; numbers with a fraction or exponent come as Decimal.

    Raises:
        JsonProblemError: the text is not strict JSON.
    """
    try:
        return jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal")
    except ValueError as error:
        text = str(error)
        place = _PLACE.search(text)
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        raise JsonProblemError(text, line, column) from error


def plain(value: Any) -> Any:
    """Return a parsed value with Decimals turned into numbers that json can write."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value
