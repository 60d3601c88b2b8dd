"""Dates, codes, sizes and counts in words."""

from __future__ import annotations

import re

_MONTHS = ("January February March April May June July August September October November December").split()

#: A date of the standard: EDTF with unknown digits and a sign of doubt at the end.
_DATE = re.compile(r"(\d{3}[\dX]|\d{2}XX)(?:-(\d{2}|XX))?(?:-(\d{2}|XX))?([?~%]?)", re.ASCII)

_DOUBT = {"?": "{} (uncertain)", "~": "about {}", "%": "about {} (uncertain)", "": "{}"}

#: Characters that cannot be seen and belong to names: soft hyphen, joiners, marks of direction, spaces.
_KEPT = frozenset("\u00ad\u200c\u200d\u200e\u200f\u00a0\u202f\u2009\u3000")

#: Codes whose words are no words.
_WORDS = {"in_person": "in person", "co_chair": "co-chair", "co_sponsor": "co-sponsor", "communique": "communiqué"}


def date(value: str) -> str:
    """Return a date in words; what is no date stays as it is."""
    match = _DATE.fullmatch(value)
    if match is None:
        return value
    year, month, day, doubt = match[1], match[2] or "XX", match[3] or "XX", match[4]
    if not (month == "XX" or 1 <= int(month) <= 12):
        return value
    decade = f"{year[:3]}0s" if year[2] != "X" else f"{year[:2]}00s"
    words = decade if "X" in year else year
    if month != "XX":
        words = f"{_MONTHS[int(month) - 1]} {words}"
        words = f"{int(day)} {words}" if day != "XX" else words
    return _DOUBT[doubt].format(words)


def span(start: str, end: str) -> str:
    """Return the days from one date to another in words, what they share said once."""
    if not end or end == start:
        return date(start)
    if not start:
        return f"until {date(end)}"
    first, last = date(start).split(" "), date(end).split(" ")
    if len(first) == len(last) == 3 and first[1:] == last[1:]:
        return f"{first[0]}–{' '.join(last)}"
    if len(first) == len(last) == 3 and first[2] == last[2]:
        return f"{' '.join(first[:2])} – {' '.join(last)}"
    return f"{date(start)} – {date(end)}"


def year(value: str) -> str:
    """Return the year of a date, or nothing when it is not known."""
    match = _DATE.fullmatch(value)
    return match[1] if match and "X" not in match[1] else ""


def code(value: str) -> str:
    """Return a code as words."""
    return _WORDS.get(value, value.replace("_", " "))


def capital(text: str) -> str:
    """Return text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    many = {"person": "people"}.get(noun, noun[:-1] + "ies" if noun.endswith("y") else noun + "s")
    return f"{number:,} {noun if number == 1 else many}"


def size(number: int) -> str:
    """Return a size in bytes for people."""
    if number < 1000:
        return f"{number} bytes"
    return f"{number / 1000:,.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:,.1f} MB"


def clean(text: str) -> str:
    """Return text without the controls that could turn the order of what is read, or that HTML does not allow.

    * Joiners and marks of direction stay: Persian and Indic names are written with them (Unicode 15, 23.2).
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable() or char in _KEPT:
        return char
    return " " if char.isspace() else f"\\u{ord(char):04x}"
