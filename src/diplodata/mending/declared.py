"""Size and hash of files in a descriptor: corrected in its text, so that all the rest stays as it is written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from diplodata.formats.text_table import algorithms

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def corrected(raw: bytes, changed: Mapping[str, tuple[bytes, bytes]]) -> bytes:
    """Return a descriptor in which ``bytes`` and ``hash`` that were right before are right again.

    Args:
        raw: the descriptor, strict JSON.
        changed: path of a file -> its bytes before and after.
    """
    text = raw.decode()
    splices: list[tuple[int, int, str]] = []
    resources = dict(_members(text, _SPACE.match(text).end())).get("resources")  # type: ignore[union-attr]
    for start in _items(text, resources) if resources is not None else ():
        places = dict(_members(text, start)) if text[start] == "{" else {}
        item = {name: _DECODER.raw_decode(text, place)[0] for name, place in places.items()}
        path = item.get("path")
        paths = path if isinstance(path, list) else [path]
        if len(paths) == 1 and isinstance(paths[0], str) and paths[0] in changed:
            for name, value in _corrections(item, *changed[paths[0]]).items():
                begin = places[name]
                splices.append((begin, _DECODER.raw_decode(text, begin)[1], json.dumps(value)))
    for begin, end, new in sorted(splices, reverse=True):
        text = text[:begin] + new + text[end:]
    return text.encode()


def _corrections(item: Mapping[str, Any], before: bytes, after: bytes) -> dict[str, Any]:
    """Return the members of a resource that were true of the bytes before and have another value now."""
    found: dict[str, Any] = {}
    if type(item.get("bytes")) is int and item["bytes"] == len(before):
        found["bytes"] = len(after)
    declared = item.get("hash")
    for algorithm in algorithms(item):
        prefix, colon, digest = str(declared).rpartition(":")
        if digest.lower() == hashlib.new(algorithm, before).hexdigest():
            found["hash"] = prefix + colon + hashlib.new(algorithm, after).hexdigest()
    return found


def _members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield each member of the object at a place with the place of its value."""
    place = _after(text, start + 1)
    while text[place] != "}":
        name, place = _DECODER.raw_decode(text, place)
        place = _after(text, _after(text, place) + 1)
        yield name, place
        place = _after(text, _DECODER.raw_decode(text, place)[1])
        place = _after(text, place + 1) if text[place] == "," else place


def _items(text: str, start: int) -> Iterator[int]:
    """Yield the place of each item of the array at a place."""
    place = _after(text, start + 1) if text[start] == "[" else start
    while text[start] == "[" and text[place] != "]":
        yield place
        place = _after(text, _DECODER.raw_decode(text, place)[1])
        place = _after(text, place + 1) if text[place] == "," else place


def _after(text: str, place: int) -> int:
    """Return the first place from one on that is no white space."""
    match = _SPACE.match(text, place)
    return match.end() if match else place
