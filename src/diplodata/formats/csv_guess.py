"""What a descriptor does not say of a CSV file, decided from its first bytes: encoding, delimiter, place of the header.

What is declared is never overridden. What is not is what the specification says by default, unless the file cannot be
read so; then the guess is that of frictionless, from the same bytes.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from diplodata.formats import header_rows, packing
from diplodata.formats.csv_split import Dialect, Splitter
from diplodata.formats.csv_text import is_encoding
from diplodata.formats.refusal import PackedFileError
from diplodata.formats.text_table import HashingStream, Opener
from diplodata.model.package import Resource

#: Bytes from which frictionless guesses the encoding, and lines from which it guesses the dialect.
_BUFFER = 100_000
_LINES = 100

#: Delimiters among which frictionless looks for the one of a file.
_DELIMITERS = ",\t;|"

#: Quotes times characters that are given to the sniffer: its time grows with both.
_SNIFFED = 40_000_000

#: Byte-order marks, longer ones first: that of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What was assumed of a file: members of the descriptor that it does not have."""

    encoding: str = ""
    #: Members of the dialect.
    dialect: Mapping[str, Any] = field(default_factory=dict)
    #: The first bytes of the file, unpacked.
    head: bytes = b""

    def __bool__(self) -> bool:
        """Whether anything was assumed."""
        return bool(self.encoding or self.dialect)

    def applied(self, resource: Resource) -> Resource:
        """Return the resource as if its descriptor said what was assumed."""
        members: dict[str, Any] = dict(resource.descriptor)
        members |= {"encoding": self.encoding} if self.encoding else {}
        members |= {"dialect": {**resource.dialect, **self.dialect}} if self.dialect else {}
        return replace(resource, descriptor=members)


def guess(opener: Opener, resource: Resource) -> Guess:
    """Decide what the descriptor leaves open; raises UnreadableFileError when the file cannot be opened."""
    declared = declared_dialect(resource)
    is_encoded = bool(resource.descriptor.get("encoding")) or not resource.paths
    if is_encoded and "delimiter" in declared and "skipInitialSpace" in declared:
        return Guess()
    head = _head(opener, resource)
    # Tables of the standard are UTF-8; anything else is an encoding-error.
    encoding = "" if is_encoded or resource.is_standard else _encoding(head)
    text = _decoded(head, encoding or resource.encoding)
    return Guess(encoding, _dialect(resource, declared, text), head)


def as_written(resource: Resource, raw: bytes) -> tuple[str, Mapping[str, Any]]:
    """Return encoding and dialect in which a file is written, whatever is declared of it.

    What is declared holds unless the file cannot be read so.

    Args:
        resource: what is declared.
        raw: the whole file, unpacked.
    """
    encoding = resource.encoding
    is_declared = bool(resource.descriptor.get("encoding"))
    if not (is_declared and _is_in(raw, encoding)):
        encoding = _encoding_of_all(raw) or encoding
    text = _decoded(raw[:_BUFFER], encoding)
    declared = declared_dialect(resource)
    here = _fit(resource, declared, text)
    if here is None or here.is_good:
        return encoding, declared
    # The line sep=; says what is declared by default as well.
    is_usual = declared.get("header", True) is not False and declared.get("headerRows") in (None, [1])
    undone = ("delimiter", "header", "headerRows") if is_usual else ("delimiter",)
    free = {key: value for key, value in declared.items() if key not in undone}
    for assumed in (*_offers(free, text), {}):
        there = _fit(resource, {**free, **assumed}, text)
        if there is not None and there.score > here.score:
            return encoding, {**free, **assumed}
    return encoding, declared


def _is_in(raw: bytes, encoding: str) -> bool:
    """Whether bytes can be read in an encoding; NUL is a sign of UTF-16 that no mark tells from UTF-8."""
    try:
        raw.decode(encoding)
    except (LookupError, ValueError):
        return False
    return b"\0" not in raw[:_BUFFER] or encoding.lower().startswith(("utf-16", "utf-32"))


def _encoding_of_all(raw: bytes) -> str:
    """Return the encoding that all bytes show; damage of UTF-8 is looked for where its first sign is."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(raw):
            return ""
        start = max(0, error.start - _BUFFER // 2)
        return _encoding(raw[:_BUFFER] if error.start < _BUFFER else raw[start : start + _BUFFER])
    return _encoding(raw[:_BUFFER])


def declared_dialect(resource: Resource) -> Mapping[str, Any]:
    """Return the declared dialect; a TSV file has a tab for its delimiter unless another one is declared."""
    return {"delimiter": "\t", **resource.dialect} if resource.format == "tsv" else resource.dialect


def _head(opener: Opener, resource: Resource) -> bytes:
    """Return the first bytes of the parts, unpacked; what cannot be unpacked is for the reader to say."""
    if not resource.paths:
        return str(resource.descriptor.get("data") or "").encode()[:_BUFFER]
    head = b""
    for path in resource.paths:
        with opener.open(path) as stream:
            try:
                if packing.compression_of(resource, path):
                    unpacking = packing.unpacked(HashingStream(stream, ()), resource, path)
                    head += unpacking.read(_BUFFER - len(head))
                else:
                    head += stream.read(_BUFFER - len(head))
            except PackedFileError:
                return b""
        if len(head) >= _BUFFER:
            break
    return head


def _encoding(head: bytes) -> str:
    """Return the encoding that the bytes show; the empty text for UTF-8, the default."""
    marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "")
    if marked:
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        decoder().decode(head, final=len(head) < _BUFFER)
    except UnicodeDecodeError:
        return "" if _is_damaged_utf8(head) else _detected(head)
    return _without_mark(head) if b"\0" in head else ""


def _without_mark(head: bytes) -> str:
    """Tell UTF-16 without a mark from UTF-8 that holds NUL; the empty text for the latter."""
    found = _detected(head)
    if found.startswith(("utf-16", "utf-32")):
        return found
    # The detector does not see UTF-16 that holds ASCII alone: then every second byte is NUL, and no other.
    first, second = head[::2].count(0), head[1::2].count(0)
    if not first and 4 * second > len(head):
        return "utf-16-le"
    return "utf-16-be" if not second and 4 * first > len(head) else ""


def _is_damaged_utf8(head: bytes) -> bool:
    """Whether most of what is beyond ASCII is well-formed UTF-8, as it is by chance in no other encoding."""
    beyond = [char for char in head.decode("utf-8", "replace") if char > "\x7f"]
    return 2 * beyond.count("\ufffd") < len(beyond)


def _detected(head: bytes) -> str:
    """Ask the detector of frictionless, which is slow to import; the empty text when it says UTF-8."""
    from frictionless import Detector

    found = Detector().detect_encoding(head)
    if found.startswith("utf-8"):
        return ""
    # Names as the registry of IANA has them, which Python knows as well.
    return re.sub(r"^iso8859", "iso-8859", re.sub(r"^cp(125\d)$", r"windows-\1", found))


def _decoded(head: bytes, encoding: str) -> str:
    """Decode what can be decoded; the empty text when the encoding is unknown."""
    if not is_encoding(encoding):
        return ""
    # At once, as the reader does: piece by piece, UTF-16 without a byte-order mark is an error.
    return head.decode(encoding, "replace").removeprefix("\ufeff")


def _dialect(resource: Resource, declared: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """Return what is assumed of the dialect: the first guess under which the header fits better than without it."""
    here = _fit(resource, declared, text)
    if here is None or here.is_good:
        return {}
    for assumed in _offers(declared, text):
        there = _fit(resource, {**declared, **assumed}, text) if assumed else None
        if there is not None and there.score > here.score:
            return assumed
    return {}


def _offers(declared: Mapping[str, Any], text: str) -> Iterator[Mapping[str, Any]]:
    """Yield what the file says of itself, then what it looks like."""
    said = re.match("sep=(.)(?:\r\n|\r|\n)", text, re.IGNORECASE)
    if said and not {"delimiter", "header", "headerRows"} & declared.keys():
        yield {"delimiter": said[1], "headerRows": [2]}
    found = _sniffed(declared.get("delimiter") or _DELIMITERS, text)
    yield {key: value for key, value in found.items() if key not in declared and value != _DEFAULTS[key]}


#: What the specification says of the members that are guessed (Data Package v2, Table Dialect).
_DEFAULTS = {"delimiter": ",", "skipInitialSpace": False}


def _sniffed(delimiters: str, text: str) -> Mapping[str, Any]:
    """Ask the sniffer of Python as frictionless does."""
    lines = list(io.StringIO(text, newline=""))[:_LINES]
    while lines and sum(map(_quotes_in, lines)) * sum(map(len, lines)) > _SNIFFED:
        del lines[len(lines) // 2 :]
    try:
        found = csv.Sniffer().sniff("".join(lines), delimiters)
    except csv.Error:
        return {}
    return {"delimiter": found.delimiter, "skipInitialSpace": bool(found.skipinitialspace)}


def _quotes_in(line: str) -> int:
    return line.count('"') + line.count("'")


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a header, or a first record where there is none, fits what is known of the table."""

    #: Whether the defaults of the specification are in no doubt.
    is_good: bool
    #: More is better.
    score: tuple[int, ...]


def _fit(resource: Resource, declared: Mapping[str, Any], text: str) -> _Fit | None:
    """Read the header by a dialect; None when there is none."""
    dialect = Dialect.of(declared)
    first = replace(dialect, header_rows=dialect.header_rows or (1,))
    if len(dialect.delimiter) != 1:
        return None
    records = header_rows.content(Splitter(first).records(text), first)
    header = [record for _, record in zip(first.header_rows, records, strict=False)]
    if not header:
        return None
    labels = [label.strip() for label in header_rows.labels(header, first)]
    names = resource.schema.names if resource.schema else ()
    if not names:
        is_one = len(labels) == 1 and any(character in labels[0] for character in _DELIMITERS)
        is_said = labels[0].lower().startswith("sep=")
        return _Fit(not is_one and not is_said, (0 if is_said else len(labels),))
    if not dialect.header_rows:
        return _Fit(len(labels) == len(names), (len(labels) == len(names),))
    known = set(labels) & set(names)
    return _Fit(known == set(labels), (len(known), len(labels) == len(names)))
