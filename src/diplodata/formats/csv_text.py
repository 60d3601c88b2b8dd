"""The whole text of a CSV resource: its parts unpacked, decoded and joined; what cannot be is a finding."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diplodata.catalogue import finding
from diplodata.formats import packing
from diplodata.formats.csv_split import MARK, Dialect, Record, Splitter, lines_in
from diplodata.formats.refusal import PackedFileError
from diplodata.formats.text_table import Facts, HashingStream, Opener, algorithms
from diplodata.model.finding import Finding
from diplodata.model.package import Resource

#: Codecs of Python that are no character encodings of files.
_NO_ENCODINGS = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")


@dataclass
class Teller:
    """Makes findings about one resource; what it says of a line, it says of the part that holds the line."""

    resource: Resource
    findings: list[Finding]
    #: (line of the whole text at which a part begins, line of the part that it is, path of the part).
    parts: list[tuple[int, int, str]] = field(default_factory=list)

    def __call__(self, code: str, details: Mapping[str, Any] | None = None, **members: Any) -> None:
        """Add a finding."""
        place = {"resource": self.resource.name, "path": self.resource.place}
        if members.get("line") is not None:
            place["path"], members["line"] = self._in_part(members["line"])
        self.findings.append(finding(code, details, **place | members))

    def _in_part(self, line: int) -> tuple[str, int]:
        begun = [part for part in self.parts if part[0] <= line]
        return (begun[-1][2], line - begun[-1][0] + begun[-1][1]) if begun else (self.resource.place, line)

    def problems_of(self, record: Record) -> None:
        """Add a finding for each odd place of a record."""
        for code, value in record.problems:
            if code == "byte-order-mark" and self.resource.is_standard:
                continue  # it is an invisible-character or a constraint-error of the cell
            is_bare = code == "bare-quote"
            severity = "warning" if is_bare else None
            name = "stray-quote" if is_bare else code
            self(name, severity=severity, row=record.row, line=record.line, value=value)


def whole_text(opener: Opener, resource: Resource, dialect: Dialect, facts: Facts, say: Teller) -> str:
    """Return the text of all parts, or the empty text when one cannot be read, with a finding.

    * A part that does not end its last line is ended for it.
    * A later part that begins with the header of the first is read without it (Data Package v2, path).
    """
    if not resource.paths:
        return str(resource.descriptor.get("data") or "").removeprefix(MARK)
    joining = _Joining(dialect, say)
    for path in resource.paths:
        raw = _bytes_of(opener, resource, path, facts, say)
        text = None if raw is None else _decoded(raw, path, joining)
        if text is None:
            return ""
        joining.add(text, path)
    return "".join(joining.texts)


@dataclass
class _Joining:
    """The parts that have been read so far."""

    dialect: Dialect
    say: Teller
    texts: list[str] = field(default_factory=list)
    lines: int = 0
    header: list[str] = field(default_factory=list)

    def add(self, text: str, path: str) -> None:
        """Add a part, without its header if it is not the first one."""
        text = text if self.lines else text.removeprefix(MARK)
        skipped = self._header_of(text, path) if self.dialect.header_rows else 0
        self.say.parts.append((self.lines + 1, 1 + lines_in(text, 0, skipped), path))
        text = text[skipped:]
        end = "" if not text or text.endswith(("\n", "\r")) else _line_end_of(text)
        self.texts += [text, end]
        self.lines += lines_in(text) + bool(end)

    def _header_of(self, text: str, path: str) -> int:
        """Return how many characters the header of a later part takes."""
        first = next(Splitter(self.dialect).records(text.removeprefix(MARK)), None)
        if first is None or not self.lines:
            self.header = first.cells if first and not self.lines else self.header
            return 0
        if first.cells == self.header:
            return first.end + text.startswith(MARK)
        if 2 * sum(cell in self.header for cell in first.cells) > len(first.cells):
            self.say(
                "incorrect-label",
                row=self.lines + 1,
                value=self.dialect.delimiter.join(first.cells),
                limit=self.dialect.delimiter.join(self.header),
                path=path,
                message=f"{path} begins with another header than {self.say.resource.place}.",
                hint="Give all parts of a table the same columns in the same order.",
            )
            return first.end
        return 0


def _line_end_of(text: str) -> str:
    """Return what ends the first line of a text."""
    place = min((found for found in (text.find("\n"), text.find("\r")) if found >= 0), default=-1)
    return "\r\n" if text.startswith("\r\n", place) else text[place] if place >= 0 else "\n"


def _bytes_of(opener: Opener, resource: Resource, path: str, facts: Facts, say: Teller) -> bytes | None:
    """Return what a file holds once it is unpacked; size and digests are those of the file."""
    stream = HashingStream(opener.open(path), algorithms(resource.descriptor))
    try:
        return packing.unpacked(stream, resource, path).read()
    except PackedFileError as error:
        say.findings.append(packing.told(error, resource, path))
        return None
    finally:
        stream.fill(facts)
        stream.close()


def is_encoding(name: str) -> bool:
    """Whether Python knows a character encoding of that name."""
    try:
        b"\0\0\0\0".decode(name)
    except UnicodeDecodeError:
        return True
    except (LookupError, ValueError):
        return False
    return codecs.lookup(name).name not in _NO_ENCODINGS


def _decoded(raw: bytes, path: str, joining: _Joining) -> str | None:
    encoding = joining.say.resource.encoding
    if not is_encoding(encoding):
        joining.say("encoding-error", details={"problem": "the encoding is unknown"}, limit=encoding, path=path)
        return None
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        _say_undecodable(raw, path, error, joining)
        return None


def _say_undecodable(raw: bytes, path: str, error: UnicodeDecodeError, joining: _Joining) -> None:
    """Say where the first byte is that cannot be decoded: position, line, record."""
    encoding = joining.say.resource.encoding
    line = lines_in(raw[: error.start].decode(encoding, "replace")) + 1
    before = joining.lines
    joining.add(raw.decode(encoding, "replace"), path)
    skipped = joining.say.parts[-1][1] - 1
    row = 0
    for record in Splitter(joining.dialect).records("".join(joining.texts)):
        if record.line > before + line - skipped:
            break
        row = record.row
    bad = raw[error.start : error.start + 1].hex()
    problem = f"byte 0x{bad} at position {error.start}, line {line}, cannot be decoded"
    place = {"path": path, "row": row, "line": before + line - skipped}
    joining.say("encoding-error", details={"problem": problem}, limit=encoding, **place)
