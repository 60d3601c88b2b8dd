"""Which lines of an NDJSON file need a closer look: each is parsed strictly and shown to the quick decider, no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import jiter

from diplodata.documents.deciding import quick_decider
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.standard import registry

#: Bytes that are read at a time.
_PORTION = 1024 * 1024

#: The character that a cell must not hold, which a good line can only hold escaped.
_NUL = b"\\u0000"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line that is not certainly good."""

    #: Number of the line in what was screened, from 1.
    number: int
    #: Where it begins in the file.
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of some lines."""

    lines: int
    suspects: tuple[Suspect, ...]
    #: Versions of the standard that good lines declare.
    versions: frozenset[str]


class Screen:
    """Goes through lines, in memory that does not grow with their number."""

    def __init__(self) -> None:
        self._deciders = _Deciders()

    def over(self, stream: BinaryIO, start: int, end: int) -> Screened:
        """Screen the lines between two places, both at the beginning of a line or the end of the file.

        Args:
            stream: the file.
            start: where to begin.
            end: where to end.
        """
        stream.seek(start)
        suspects = []
        number, offset = 0, start
        is_good = self._is_good
        for lines in _portions(stream, end - start):
            for line, length in lines:
                number += 1
                if not is_good(line):
                    suspects.append(Suspect(number, offset, length))
                offset += length + 1
        return Screened(number, tuple(suspects), frozenset(version for version, _ in self._deciders))

    def _is_good(self, line: bytes) -> bool:
        """Whether nothing can be wrong with a line."""
        try:
            value = jiter.from_json(line, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="keys")
            kind = "nested" if "meetings" in value and "participants" not in value else "bundle"
            decider = self._deciders[value["diplodata"]["standard"], kind]
        except (KeyError, TypeError, ValueError):
            return False
        return decider.is_valid(value) and _NUL not in line


class _Deciders(dict[tuple[Any, str], Any]):
    """Quick deciders by version and kind, made when they are asked for; KeyError for an unknown version."""

    def __missing__(self, key: tuple[Any, str]) -> Any:
        if key[0] not in registry.versions():
            raise KeyError(key)
        self[key] = quick_decider(*key)
        return self[key]


def _portions(stream: BinaryIO, left: int) -> Iterator[list[tuple[bytes, int]]]:
    """Yield lines and their lengths, some at a time; of a line that is too long only its beginning."""
    waiting, length = b"", 0
    while left and (data := stream.read(min(_PORTION, left))):
        left -= len(data)
        *whole, rest = data.split(b"\n")
        if whole:
            first = (waiting + whole[0], length + len(whole[0]))
            yield [first, *((line, len(line)) for line in whole[1:])]
            waiting, length = rest, len(rest)
        else:
            waiting = waiting + rest if length <= DEFAULT_LIMITS.record_bytes else waiting
            length += len(rest)
    if length:
        yield [(waiting, length)]
