"""Regular expressions of other people, written for RE2 so that they mean what they mean to the reference."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Class escape -> the same characters inside a class: those of every script, as in XML Schema; RE2 has ASCII only.
_CLASSES: Mapping[str, str] = {
    "d": r"\p{Nd}",
    "s": r"\t-\r\x1c-\x1f \x85\p{Z}",
    "w": r"\p{L}\p{N}_",
}

#: An escape, the start or end of a class, or a repetition without a lower number.
_PIECES = re.compile(r"\\.|\[\^?\]?|\]|\{,(?=[0-9]+\})", re.DOTALL)


def for_re2(pattern: str) -> str:
    """Return a pattern whose classes hold the characters of every script, and whose repetitions RE2 knows."""
    parts: list[str] = []
    position, is_class = 0, False
    for match in _PIECES.finditer(pattern):
        piece = match.group()
        parts.append(pattern[position : match.start()])
        parts.append(_piece(piece, is_class=is_class))
        position = match.end()
        is_class = piece.startswith("[") or (is_class and piece != "]")
    return "".join((*parts, pattern[position:]))


def _piece(piece: str, *, is_class: bool) -> str:
    if piece == "{," and not is_class:
        return "{0,"
    name = piece[1:] if piece.startswith("\\") else ""
    if is_class:
        # What is not of a class has no form inside another class; RE2 then takes ASCII.
        return _CLASSES.get(name, piece)
    if name in _CLASSES:
        return f"[{_CLASSES[name]}]"
    return f"[^{_CLASSES[name.lower()]}]" if name.lower() in _CLASSES else piece
