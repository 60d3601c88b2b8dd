"""Where the rows of a JSON file come from: its dialect, and its parts as often as they are asked for."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from diplodata.formats import json_stream, packing
from diplodata.formats.json_stream import JsonFileError, Read
from diplodata.formats.text_table import Facts, HashingStream, Opener, algorithms
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.model.package import Resource

#: Gives the rows of a table some at a time; every call begins anew.
Parts = Callable[[], Iterator[Sequence[Any]]]

__all__ = ["JsonDialect", "JsonFile", "JsonFileError", "Parts"]


@dataclass(frozen=True, slots=True)
class JsonDialect:
    """A Table Dialect (Data Package v2, Table Dialect, structured formats); v1 has the same under ``json``."""

    #: Where the array of rows lies: a key, or keys with full stops between them.
    property: str = ""
    #: ``array`` or ``object``; empty when both will do.
    item_type: str = ""
    #: Keys of the objects that are the columns, in order; empty for all.
    item_keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, descriptor: Mapping[str, Any]) -> JsonDialect:
        """Read a dialect descriptor."""
        older = descriptor.get("json")
        older = older if isinstance(older, Mapping) else {}
        keys = descriptor.get("itemKeys", older.get("keys")) or ()
        return cls(
            property=str(descriptor.get("property", older.get("property")) or ""),
            item_type=str(descriptor.get("itemType") or ""),
            item_keys=tuple(map(str, keys)),
        )


class JsonFile:
    """A JSON file that is read more than once; its facts are those of the first time."""

    def __init__(self, opener: Opener, resource: Resource) -> None:
        self._opener = opener
        self._resource = resource
        self._property = JsonDialect.of(resource.dialect).property
        self._small: list[Any] | None = None
        self.facts = Facts()
        self.was_read = False

    @contextmanager
    def _opened(self, path: str) -> Iterator[Read]:
        if not self._resource.paths:
            # Inline data as a text in the declared format.
            yield io.BytesIO(str(self._resource.descriptor.get("data") or "").encode()).read
            return
        stream = HashingStream(self._opener.open(path), algorithms(self._resource.descriptor))
        try:
            yield packing.unpacked(stream, self._resource, path).read
        finally:
            if not self.was_read:
                stream.fill(self.facts)
            stream.close()

    def items(self) -> Iterator[Sequence[Any]]:
        """Yield the items of the array; raises JsonFileError."""
        if self._small is not None:
            yield self._small
            return
        if len(self._resource.paths) > 1:
            raise JsonFileError("it has several parts, which only CSV and NDJSON can have")
        parts = 0
        with self._opened(self._resource.place) as read:
            for part in [self._found(read)] if self._property else json_stream.items(read):
                parts += 1
                self._small = part
                yield part
        self.was_read = True
        # One part, such as that of a small file, is kept for the next time.
        if parts != 1:
            self._small = None if parts else []

    def _found(self, read: Read) -> list[Any]:
        """Return the array that the dialect points to; the file is read as a whole for that."""
        most = DEFAULT_LIMITS.document_bytes
        raw = read(most + 1)
        if len(raw) > most:
            problem = "a file with a property in its dialect is larger than the limit document_bytes"
            raise JsonFileError(problem, limit="document_bytes")
        value = json_stream.parsed(raw)
        keys = [self._property] if isinstance(value, Mapping) and self._property in value else self._property.split(".")
        for key in keys:
            if not isinstance(value, Mapping) or key not in value:
                raise JsonFileError(f"it has no property {self._property}, which the dialect names")
            value = value[key]
        if not isinstance(value, list):
            raise JsonFileError(f"its property {self._property} is not an array")
        return value

    def lines(self, say: Callable[[str, int], None] | None) -> Iterator[Sequence[Any]]:
        """Yield the values of the lines; raises JsonFileError.

        Args:
            say: is told of each line that is no row, and its number.
        """
        if self._small is not None:
            yield self._small
            return
        kept: list[Any] = []
        size = 0
        for path in self._resource.paths or (self._resource.place,):
            with self._opened(path) as read:
                for value, length in self._values(read, say):
                    size += length
                    if size <= json_stream.PART:
                        kept.append(value)
                    yield (value,)
        self.was_read = True
        self._small = kept if size <= json_stream.PART else None

    @staticmethod
    def _values(read: Read, say: Callable[[str, int], None] | None) -> Iterator[tuple[Any, int]]:
        first: type | None = None
        for number, line in json_stream.lines(read):
            problem = "holds something else than the lines before it" if first else "holds no object and no array"
            try:
                value = json_stream.parsed(line)
                if type(value) is first or (first is None and type(value) in (dict, list)):
                    first = type(value)
                    yield value, len(line)
                    continue
            except JsonFileError as error:
                problem = error.problem.removeprefix("it ")
            if say:
                say(f"line {number} {problem}", number)
