"""Look up what a code means."""

from __future__ import annotations

import difflib

from diplodata.catalogue import ALIASES, ENTRIES, FAMILIES, Entry
from diplodata.errors import UsageError
from diplodata.rules.rule import rules


def entries() -> dict[str, Entry]:
    """Return every entry of the catalogue and of the rules, by code, sorted."""
    return dict(sorted((ENTRIES | {code: rule.entry for code, rule in rules().items()}).items()))


def explain(code: str) -> tuple[Entry, ...]:
    """Return the entries of a code, of an alias, or of all codes of a family.

    Raises:
        UsageError: the code is unknown.
    """
    known = entries()
    names = FAMILIES.get(code, (ALIASES.get(code, code),))
    if names[0] in known:
        return tuple(known[name] for name in names)
    close = difflib.get_close_matches(code, [*known, *ALIASES, *FAMILIES], n=3)
    guess = f" Did you mean {' or '.join(close)}?" if close else " `diplodata explain` lists all codes."
    raise UsageError(f"Unknown code {code!r}.{guess}")
