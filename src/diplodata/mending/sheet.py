"""A CSV file as it is written: its text, how it is read, and what is declared of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from diplodata.formats import READERS, packing
from diplodata.formats.csv_guess import as_written, declared_dialect
from diplodata.formats.csv_split import MARK, Dialect
from diplodata.formats.csv_text import is_encoding
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.model.package import Resource

#: Encodings of which a byte-order mark tells the order; Python's codec writes always the same one.
_ORDERED = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


_BEYOND_ASCII = re.compile("[^\x00-\x7f]")

#: Characters shown before and after the first one beyond ASCII.
_AROUND = 30


class LeftAloneError(Exception):
    """A file is not mended; says why."""


class Source(Protocol):
    """What is needed of an opened package."""

    def open(self, path: str) -> BinaryIO:
        """Open a file of the package."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file and how it is written."""

    resource: Resource
    raw: bytes
    #: The whole file, without a byte-order mark at its beginning.
    text: str
    encoding: str
    #: The dialect in which it is written.
    dialect: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Its path inside the package."""
        return self.resource.place

    @property
    def reading(self) -> Dialect:
        """How it is read."""
        return Dialect.of(self.dialect)

    @property
    def declared(self) -> Dialect:
        """How it is read by those who go by its descriptor."""
        return Dialect.of(declared_dialect(self.resource))

    @property
    def has_mark(self) -> bool:
        """Whether it begins with a byte-order mark that UTF-8 does not need."""
        return self.raw.startswith(codecs.BOM_UTF8) and codecs.lookup(self.encoding).name == "utf-8"

    def bytes_of(self, text: str) -> bytes:
        """Return another text as this file would hold it.

        Raises:
            LeftAloneError: the encoding does not have a character of the text.
        """
        mark, encoding = self._mark()
        try:
            return mark + text.encode(encoding)
        except UnicodeEncodeError as error:
            raise LeftAloneError(f"{self.encoding} does not have {error.object[error.start]!a}") from error

    def _mark(self) -> tuple[bytes, str]:
        if self.has_mark:
            return codecs.BOM_UTF8, self.encoding
        if codecs.lookup(self.encoding).name in ("utf-16", "utf-32"):
            return next((pair for pair in _ORDERED.items() if self.raw.startswith(pair[0])), (b"", self.encoding))
        return b"", self.encoding


def read(source: Source, resource: Resource) -> Sheet:
    """Read a resource as it is written.

    Raises:
        LeftAloneError: it is no CSV file, or one of which it is not certain how to read it.
        UnreadableFileError: the file cannot be opened.
    """
    problem = _problem(resource)
    if problem:
        raise LeftAloneError(problem)
    with source.open(resource.place) as stream:
        raw = stream.read(DEFAULT_LIMITS.mended_bytes + 1)
    if len(raw) > DEFAULT_LIMITS.mended_bytes:
        raise LeftAloneError(f"it is larger than {DEFAULT_LIMITS.mended_bytes} bytes, the limit mended_bytes")
    encoding, dialect = as_written(resource, raw)
    sheet = Sheet(resource, raw, _text(raw, encoding), encoding, dialect)
    if "\0" in sheet.text:
        raise LeftAloneError("it holds the character NUL, a sign of damage or of another encoding")
    if sheet.bytes_of(sheet.text) != raw:
        raise LeftAloneError(f"its bytes are not those that {encoding} has for its text")
    return sheet


def _problem(resource: Resource) -> str | None:
    if resource.format not in ("csv", "tsv"):
        return f"it is {resource.format}; only CSV files are mended" if resource.format in READERS else "it is no table"
    if not resource.paths:
        return "its data stand in the descriptor"
    if not is_encoding(resource.encoding):
        return f"its encoding {resource.encoding!r} is unknown"
    if len(resource.paths) > 1:
        return "it is made of several files"
    packed = packing.compression_of(resource, resource.place)
    return f"it is packed ({packed})" if packed else None


def _text(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding).removeprefix(MARK)
    except UnicodeDecodeError as error:
        place = f"byte 0x{raw[error.start]:02x} at position {error.start}"
        raise LeftAloneError(f"{place} is not {encoding}; what damaged bytes meant is not guessed") from error


def sign_of_encoding(sheet: Sheet) -> str:
    """Return the first place that shows how the encoding was read, on one line; the empty text when there is none."""
    match = _BEYOND_ASCII.search(sheet.text)
    if match is None:
        return ""
    place = match.start()
    line = max(sheet.text.rfind("\n", 0, place), sheet.text.rfind("\r", 0, place)) + 1
    return sheet.text[max(line, place - _AROUND) : place + _AROUND].splitlines()[0]
