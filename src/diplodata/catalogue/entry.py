"""What the catalogue says of one code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code means and what to do about it."""

    code: str
    severity: str
    #: One sentence.
    summary: str
    #: One sentence that begins with a verb.
    fix: str
    #: Text of a finding; names in braces are members of the finding or details given with it.
    message: str
    #: Version of the tool or standard that brought the code.
    since: str = "0.1"
    #: Where the rule comes from.
    source: str = ""


def entry(code: str, summary: str, fix: str, message: str, severity: str = "error", source: str = "") -> Entry:
    """Return an entry of the catalogue; most codes are errors."""
    return Entry(code, severity, summary, fix, message, source=source)
