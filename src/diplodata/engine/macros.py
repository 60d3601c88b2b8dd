"""The macros of ``macros.sql``: each is defined in a session when a query names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

_STATEMENT = re.compile(r"^CREATE MACRO (\w+)\(.*?;$", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"\w+")


@cache
def statements() -> dict[str, str]:
    """Return the statement that defines each macro, by name."""
    text = resources.files(__package__).joinpath("macros.sql").read_text(encoding="utf-8")
    return {match[1]: match[0] for match in _STATEMENT.finditer(text)}


def named(text: str) -> Iterator[str]:
    """Yield the macros that a text names, each after those that its own definition names."""
    known = statements()
    for word in dict.fromkeys(_WORD.findall(text)):
        if word in known:
            body = known[word].partition("(")[2]
            yield from named(body)
            yield word
