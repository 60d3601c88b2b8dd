"""Remove characters that cannot be seen; those that separate words become a space."""

from __future__ import annotations

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.mending.cell import Cell

#: Control characters that separate words or lines, and the separators of lines and paragraphs.
_SEPARATING = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")

#: What the rule invisible-character is about, but for joiners.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_JOINERS = re.compile("[\u200c\u200d]")

#: After which joiners are wanted, as in the rule; the engine of regular expressions is the same as well (RE2).
_SCRIPTS = (
    "Arabic Bengali Devanagari Gujarati Gurmukhi Kannada Khmer Malayalam Mongolian Oriya Sinhala Syriac Tamil Telugu M"
)
_WANTED = "([" + "".join(rf"\p{{{name}}}" for name in _SCRIPTS.split()) + r"])\x{%s}"

#: Joiner -> what stands for it while the others are removed; no text has a noncharacter.
_KEPT = {"\u200c": "\ufdd0", "\u200d": "\ufdd1"}


def mend(cell: Cell) -> str:
    """Return the value without characters that cannot be seen; joiners stay where a script needs them."""
    if not cell.is_open:
        return cell.value
    # Joiners come last: what stands before one is seen once all else that is invisible is gone.
    value = _INVISIBLE.sub("", _SEPARATING.sub(" ", cell.value))
    while _JOINERS.search(value):
        # A mark before a joiner may become one with its letter, which asks for no joiner.
        before, value = value, _without_idle_joiners(unicodedata.normalize("NFC", value))
        if value == before:
            break
    return value


def _without_idle_joiners(value: str) -> str:
    marks = {joiner: mark for joiner, mark in _KEPT.items() if joiner in value and mark not in value}
    for joiner, mark in marks.items():
        value = _marked(value, f"{ord(joiner):04X}", mark)
    value = _JOINERS.sub("", value)
    for joiner, mark in marks.items():
        value = value.replace(mark, joiner)
    return value


def _marked(value: str, joiner: str, mark: str) -> str:
    replaced = pc.replace_substring_regex(pa.scalar(value), _WANTED % joiner, rf"\1{mark}")
    return str(replaced.as_py())
