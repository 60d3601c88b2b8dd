"""Where in a JSON text the value of a JSON Pointer stands, and which pointer a place in the text belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from diplodata.package.origin import pointer

Parts = tuple[str | int, ...]

#: Line and column, both from 1; a column counts characters.
Place = tuple[int, int]

_BLANK = re.compile(r"[ \t\r\n]*")

#: A text, a mark, or whatever else stands between marks.
_WORD = re.compile(r'[ \t\r\n]*+(?:("(?:[^"\\]|\\.)*+")|([{}\[\],:])|([^ \t\r\n"{}\[\],:]++))', re.DOTALL)

#: Characters up to which the pointer of a place is looked for; no reader is built for texts that are not strict.
_LOOKED_THROUGH = 64 * 1024 * 1024


@dataclass
class _Wanted:
    """What is looked for below a value, by key or position."""

    below: dict[str | int, _Wanted] = field(default_factory=dict)


def places(text: str, wanted: Iterable[Parts]) -> dict[Parts, Place]:
    """Return the places of values in a text that is strict JSON.

    * A value that is not there has the place of the one that would hold it.

    Args:
        text: the JSON text.
        wanted: keys and positions that lead to each value.
    """
    asked = list(wanted)
    tree = _Wanted()
    for parts in asked:
        node = tree
        for part in parts:
            node = node.below.setdefault(part, _Wanted())
    finder = _Finder(text)
    finder.go(_blanks(text, 0), tree, ())
    lines = line_places(text, finder.found.values())
    return {parts: lines[_nearest(parts, finder.found)] for parts in asked}


def _nearest(parts: Parts, found: dict[Parts, int]) -> int:
    while parts not in found:
        parts = parts[:-1]
    return found[parts]


def line_places(text: str, offsets: Iterable[int]) -> dict[int, Place]:
    """Return line and column of offsets in a text."""
    result: dict[int, Place] = {}
    line, before = 1, 0
    for offset in sorted(set(offsets)):
        line += text.count("\n", before, offset)
        before = offset
        result[offset] = (line, offset - text.rfind("\n", 0, offset))
    return result


class _Finder:
    """Walks down to the values that are wanted, and leaps over all others."""

    def __init__(self, text: str) -> None:
        self.found: dict[Parts, int] = {}
        self._text = text
        # Numbers stay texts: their values do not matter here, and long ones take time.
        decoder = json.JSONDecoder(parse_int=str, parse_float=str, object_pairs_hook=lambda _: None)
        self._leap = decoder.raw_decode

    def go(self, start: int, wanted: _Wanted, here: Parts) -> int:
        """Note where a value begins and what is wanted below it; returns its end."""
        self.found[here] = start
        opening = self._text[start]
        if not wanted.below or opening not in "{[":
            return self._leap(self._text, start)[1]
        at, number = _blanks(self._text, start + 1), 0
        while self._text[at] not in "}]":
            if self._text[at] == ",":
                at = _blanks(self._text, at + 1)
            part: str | int = number
            if opening == "{":
                part, at = self._key(at)
            below = wanted.below.get(part)
            end = self._leap(self._text, at)[1] if below is None else self.go(at, below, (*here, part))
            at, number = _blanks(self._text, end), number + 1
        return at + 1

    def _key(self, at: int) -> tuple[str, int]:
        key, end = self._leap(self._text, at)
        colon = _blanks(self._text, end)
        return key, _blanks(self._text, colon + 1)


def _blanks(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


@dataclass(frozen=True, slots=True)
class Around:
    """What a place in a text belongs to."""

    pointer: str | None
    #: Where the last key before it begins; None outside objects.
    key_start: int | None


def around(text: str, end: int) -> Around:
    """Return which value a place belongs to, in a text that need not be JSON behind it."""
    if end > _LOOKED_THROUGH:
        return Around(None, None)
    path: list[str | int | None] = []
    key_start: int | None = None
    is_key, at = False, 0
    while at < end and (match := _WORD.match(text, at)) and match.start(match.lastindex or 0) < end:
        at = match.end()
        word = match[match.lastindex or 0]
        if word in ("{", "["):
            path.append(None if word == "{" else 0)
            is_key = word == "{"
        elif word in ("}", "]"):
            path = path[:-1]
            is_key = False
        elif word == "," and path and isinstance(path[-1], int):
            path[-1] += 1
        elif word == ",":
            is_key = bool(path)
        elif is_key and word[0] == '"':
            path[-1], key_start, is_key = _text_of(word), match.start(1), False
    return Around(pointer(tuple(part for part in path if part is not None)), key_start)


def _text_of(word: str) -> str:
    try:
        value: Any = json.loads(word, strict=False)
    except ValueError:
        return word[1:-1]
    # A lone surrogate has no place in a report.
    return str(value).encode("utf-8", "replace").decode()
