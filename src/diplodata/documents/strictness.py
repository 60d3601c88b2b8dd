"""From what a strict parser refuses to findings (I-JSON, RFC 7493), and what it lets pass and others misread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from diplodata.catalogue import finding
from diplodata.documents import places
from diplodata.model.finding import Finding
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.package.origin import pointer
from diplodata.strict_json import SAFE, JsonProblemError

#: Words of the parser -> code; everything else is json-syntax.
_CODES = {
    "Detected duplicate key": "json-duplicate-key",
    "Internal error": "json-number",
    "lone leading surrogate": "json-surrogate",
    "number out of range": "json-number",
    "recursion limit exceeded": "limit-exceeded",
}

_NOT_A_NUMBER = re.compile(rb"-?(NaN|Infinity)\b")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}.{0,6}$", re.DOTALL)
_PLACE = re.compile(r" at line \d+ column \d+$")


def refusal(raw: bytes, error: JsonProblemError, name: str, line: int = 1) -> Finding:
    """Return what is wrong with a text that is not strict JSON, and where.

    Args:
        raw: the text, or one line of it.
        error: why it was refused.
        name: its file.
        line: line of the file on which the text begins.
    """
    at = offset(raw, error)
    code = _code(raw, error.problem, at)
    text = raw.decode("utf-8", "replace")
    end = len(raw[:at].decode("utf-8", "replace"))
    place = places.around(text, end)
    if code == "json-duplicate-key" and place.key_start is not None:
        end = place.key_start
    line_of, column = places.line_places(text, [end])[end]
    at_place = {"line": line + line_of - 1, "column": column}
    if code == "limit-exceeded":
        return too_deep(name, pointer=_shortened(place.pointer), **at_place)
    members: dict[str, Any] = {"path": name, "pointer": place.pointer, **at_place}
    key = (place.pointer or "").rpartition("/")[2] if code == "json-duplicate-key" else None
    value = key or _number(raw, at, code)
    problem = "JSON has no such value" if _NOT_A_NUMBER.fullmatch((value or "").encode()) else _worded(error.problem)
    return finding(code, {"problem": problem}, value=value, **members)


def _worded(problem: str) -> str:
    """Return the words of the parser without the place, which the finding has."""
    return _PLACE.sub("", problem).replace("EOF while", "the text ends while").replace("Internal error: ", "")


def offset(raw: bytes, error: JsonProblemError) -> int:
    """Return the byte at which a text is no longer strict JSON."""
    if error.problem.startswith("EOF"):
        return len(raw.rstrip())
    start = 0
    for _ in range((error.line or 1) - 1):
        start = raw.find(b"\n", start) + 1
    return max(0, min(len(raw), start + (1 if error.column is None else error.column) - 1))


def _code(raw: bytes, problem: str, at: int) -> str:
    if _NOT_A_NUMBER.match(raw, max(0, at - 1)) or _NOT_A_NUMBER.match(raw, at):
        return "json-number"
    if problem.startswith("unexpected end of hex escape") and _ESCAPED_SURROGATE.search(raw[:at]):
        return "json-surrogate"
    return next((code for words, code in _CODES.items() if problem.startswith(words)), "json-syntax")


def _number(raw: bytes, at: int, code: str) -> str | None:
    if code != "json-number":
        return None
    match = re.search(rb"[-+.0-9A-Za-z]*$", raw[:at])
    start = match.start() if match else at
    rest = re.match(rb"[-+.0-9A-Za-z]*", raw[start:])
    return rest[0].decode() if rest else None


def _shortened(text: str | None) -> str | None:
    """Return the beginning of a pointer that is as long as the nesting is deep."""
    return None if text is None else "/".join(text.split("/")[:5])


def too_deep(name: str, **members: Any) -> Finding:
    """Return the finding for a document that is nested too deeply."""
    message = f"{name} is nested more deeply than the limit document_depth allows, {DEFAULT_LIMITS.document_depth}."
    return finding("limit-exceeded", message=message, path=name, limit="document_depth", **members)


def misread(value: Any, name: str) -> Iterator[tuple[Finding, tuple[str | int, ...]]]:
    """Yield what is strict JSON and may be read otherwise elsewhere, with its place: numbers, and deep nesting."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(value, ())]
    while waiting:
        item, parts = waiting.pop()
        if isinstance(item, dict | list):
            if len(parts) >= DEFAULT_LIMITS.document_depth:
                yield too_deep(name, pointer=_shortened(pointer(parts))), parts
                return
            members = item.items() if isinstance(item, dict) else enumerate(item)
            waiting.extend(
                (below, (*parts, part)) for part, below in members if not isinstance(below, str | bool | None)
            )
        elif not is_exact(item):
            field = parts[-1] if parts and isinstance(parts[-1], str) else None
            members_of: Mapping[str, Any] = {"fields": (field,)} if field else {}
            problem = "other readers round it to the nearest double"
            yield (
                finding(
                    "json-number",
                    {"problem": problem},
                    path=name,
                    value=str(item),
                    pointer=pointer(parts),
                    **members_of,
                ),
                parts,
            )


def is_exact(number: float | Decimal) -> bool:
    """Whether a number keeps its value as a double, which is all that many readers have (RFC 7493, 2.2)."""
    if isinstance(number, int):
        return -SAFE <= number <= SAFE
    if not isinstance(number, Decimal):
        return True
    try:
        # A double keeps fifteen digits, and more where its shortest form is the same number.
        return Decimal(repr(float(number))) == number
    except (InvalidOperation, OverflowError):
        return False
