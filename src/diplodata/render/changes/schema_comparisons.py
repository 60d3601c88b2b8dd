"""Comparisons of schemas as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from diplodata.model.schema_comparison import SchemaComparison, SchemaSetComparison
from diplodata.render.escaping import cut, line
from diplodata.render.json_report import text_of

#: Characters that are shown of an example, and of a change.
_EXAMPLE, _CHANGE = 300, 400

#: What a verdict means for data.
_MEANING = {
    "equal": "nothing is different",
    "compatible": "all data stay valid; that more is taken was not found",
    "widening": "all data stay valid, and more is taken",
    "narrowing": "some data are refused, and nothing more is taken",
    "breaking": "some data are refused",
    "cannot tell": "whether all data stay valid cannot be told",
}

#: Way -> what an example for it shows.
_SHOWN = {"forward": "valid before and refused now", "backward": "refused before and valid now"}


def as_text(comparison: SchemaSetComparison) -> str:
    """Return the comparison for people."""
    return "".join(f"{line(text)}\n" for text in _lines(comparison))


def as_json(comparison: SchemaSetComparison) -> str:
    """Return the comparison as JSON."""
    return text_of(comparison.to_dict(), indent=2) + "\n"


def _lines(comparison: SchemaSetComparison) -> Iterator[str]:
    yield from (f"{cut(name)}: added" for name in comparison.added)
    yield from (f"{cut(name)}: removed" for name in comparison.removed)
    for item in comparison.schemas:
        yield from _schema(item)
    sides = f"{cut(comparison.old)} → {cut(comparison.new)}"
    step = "No new version is asked for" if comparison.step == "none" else f"It asks for a {comparison.step} version"
    yield f"{'Equal' if comparison.equal else 'Different'}: {sides}. {step}."


def _schema(item: SchemaComparison) -> Iterator[str]:
    if item.verdict == "equal" and item.name:
        return
    name = f"{cut(item.name)}: " if item.name else ""
    yield f"{name}{item.verdict}: {_MEANING[item.verdict]}."
    yield f"    data of the older schema are valid by the newer one: {item.forward}; the other way: {item.backward}"
    for way, example in item.examples:
        yield f"    {_SHOWN[way]}: {cut(json.dumps(example, ensure_ascii=False), _EXAMPLE)}"
    for change in item.changes:
        yield f"    {change.effect}: {cut(change.text, _CHANGE)}"


#: format -> how a comparison of schemas is written.
SCHEMA_RENDERERS: Mapping[str, Callable[[SchemaSetComparison], str]] = {"json": as_json, "text": as_text}
