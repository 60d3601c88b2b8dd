"""How to cite the release: CITATION.cff in the Citation File Format 1.2.0.

A text between double quotes is the same in YAML and JSON, once what YAML calls unprintable is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from diplodata.release.metadata.facts import Facts


def text(facts: Facts) -> str:
    """Return CITATION.cff."""
    return "".join(f"{line}\n" for line in _lines(facts))


def _lines(facts: Facts) -> Iterator[str]:
    yield "cff-version: 1.2.0"
    yield 'message: "If you use these data, please cite them as below."'
    yield "type: dataset"
    yield f"title: {_quoted(facts.title)}"
    yield f"abstract: {_quoted(facts.description)}"
    yield f"version: {_quoted(facts.version)}"
    yield f"date-released: {facts.created[:10]}"
    yield "authors:"
    for name, address in facts.people("author", "creator", "compiler", "publisher") or [(facts.title, None)]:
        yield f"  - name: {_quoted(name)}"
        if address:
            yield f"    website: {_quoted(address)}"
    spdx, address = facts.license
    if spdx:
        yield f"license: {spdx}"
    elif address:
        yield f"license-url: {_quoted(address)}"
    page = facts.place or facts.homepage
    if page:
        yield f"url: {_quoted(page)}"
    if facts.keywords:
        yield "keywords:"
        yield from (f"  - {_quoted(word)}" for word in facts.keywords)


def _quoted(value: str) -> str:
    """Return a text between double quotes in which every unprintable character is escaped (YAML 1.2.2, 5.1)."""
    return "".join(
        character if character.isprintable() or character == " " else _escaped(character)
        for character in json.dumps(value, ensure_ascii=False)
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
