"""What changes in a file as a unified diff, record by record; each record has its counterpart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diplodata.formats.csv_split import Dialect, Splitter
from diplodata.mending.sheet import Sheet

#: Unchanged records shown around changed ones.
_CONTEXT = 3


def of_sheet(before: Sheet, after: Sheet) -> list[str]:
    """Return the lines of the diff of a CSV file."""
    old = _records(before.text, before.reading)
    new = _records(after.text, after.reading)
    if before.has_mark and old:
        old[0] = "\ufeff" + old[0]
    dropped = len(old) - len(new)
    # The only record that ever goes is the first one.
    names = (f"{before.path} ({before.encoding})", f"{after.path} ({after.encoding})")
    return list(_unified(names, old, [None] * dropped + list(new)))


def of_lines(path: str, before: str, after: str) -> list[str]:
    """Return the lines of the diff of a text that keeps its lines."""
    return list(_unified((path, path), before.split("\n"), after.split("\n")))


def _records(text: str, dialect: Dialect) -> list[str]:
    found, start = [], 0
    for record in Splitter(dialect).records(text):
        found.append(text[start : record.end].removesuffix("\n"))
        start = record.end
    return found


def _unified(names: tuple[str, str], old: Sequence[str], new: Sequence[str | None]) -> Iterator[str]:
    changed = [place for place, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    yield f"--- {names[0]}"
    yield f"+++ {names[1]}"
    for first, last in _hunks(changed, len(old)):
        gone = sum(item is None for item in new[:first])
        here = sum(item is not None for item in new[first:last])
        yield f"@@ -{first + 1},{last - first} +{first - gone + 1},{here} @@"
        yield from _hunk(old[first:last], new[first:last])


def _hunks(changed: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    """Yield (first, behind the last) of stretches that hold all changed places and what is around them."""
    open_hunk: tuple[int, int] | None = None
    for place in changed:
        first, last = max(0, place - _CONTEXT), min(length, place + _CONTEXT + 1)
        if open_hunk and first <= open_hunk[1]:
            open_hunk = (open_hunk[0], last)
            continue
        if open_hunk:
            yield open_hunk
        open_hunk = (first, last)
    if open_hunk:
        yield open_hunk


def _hunk(old: Sequence[str], new: Sequence[str | None]) -> Iterator[str]:
    added: list[str] = []
    for one, other in zip(old, new, strict=True):
        if one == other:
            yield from (f"+{line}" for line in added)
            added.clear()
            yield f" {one}"
            continue
        yield f"-{one}"
        added += [] if other is None else [other]
    yield from (f"+{line}" for line in added)
