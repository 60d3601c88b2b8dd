"""CSV and TSV as they are found: what the descriptor leaves open is decided first, and said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from diplodata.catalogue import finding, shown
from diplodata.formats import csv_table
from diplodata.formats.csv_guess import Guess, declared_dialect, guess
from diplodata.formats.csv_split import lines_in
from diplodata.formats.text_table import Opener, TextTable
from diplodata.model.finding import Finding
from diplodata.model.package import Resource

Reader = Callable[[Opener, Resource], TextTable]

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

#: Encodings in which spreadsheets save CSV in most of Europe.
_OFTEN = ("windows-1252", "windows-1251", "windows-1250")


def read(opener: Opener, resource: Resource) -> TextTable:
    """Read a CSV or TSV resource; raises UnreadableFileError when a file cannot be opened."""
    return _read(csv_table.read_tabs if resource.format == "tsv" else csv_table.read, opener, resource)


def read_exactly(opener: Opener, resource: Resource) -> TextTable:
    """Read an odd CSV or TSV resource."""
    return _read(csv_table.read_tabs_exactly if resource.format == "tsv" else csv_table.read_exactly, opener, resource)


def _read(reader: Reader, opener: Opener, resource: Resource) -> TextTable:
    assumed = guess(opener, resource)
    if not assumed:
        return reader(opener, resource)
    table = reader(opener, assumed.applied(resource))
    table.findings.insert(0, _finding(resource, assumed))
    table.assumed = assumed.applied(resource).descriptor
    return table


def _finding(resource: Resource, assumed: Guess) -> Finding:
    """Say all that was assumed of a file, and what to put into the descriptor, in one finding."""
    signs = _Signs(resource, assumed)
    how = ", as spreadsheets such as Excel save it" if signs.are_of_a_spreadsheet else ""
    message = f"{resource.place} was read {signs.manner}{how}; its descriptor does not say so."
    hint = f"Save it as CSV UTF-8 with commas, or say in the descriptor {signs.members}."
    line = None
    if signs.is_detected:
        line, text = signs.evidence
        message += f" Line {line} then reads {shown(text)}."
        others = ", ".join(name for name in _OFTEN if name != assumed.encoding)
        hint += f" If line {line} reads wrong, name the right encoding there, such as {others}."
    return finding(
        "dialect-assumed",
        resource=resource.name,
        path=resource.place,
        row=1 if assumed.dialect else None,
        line=line or (1 if assumed.dialect else None),
        severity="error" if resource.is_standard else None,
        message=message,
        hint=hint,
    )


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a file looks like."""

    resource: Resource
    assumed: Guess

    @property
    def is_detected(self) -> bool:
        """Whether the encoding was guessed from the bytes, so that it may be wrong."""
        return bool(self.assumed.encoding) and not self.assumed.encoding.startswith(("utf-16", "utf-32"))

    @property
    def are_of_a_spreadsheet(self) -> bool:
        """Whether two signs come together; each alone has other sources as well."""
        head, dialect = self.assumed.head, {**declared_dialect(self.resource), **self.assumed.dialect}
        signs = (
            bool(self.assumed.encoding) or head.startswith(b"\xef\xbb\xbf"),
            dialect.get("delimiter") in (";", "\t"),
            b"\r\n" in head or b"\r\0\n\0" in head or b"\0\r\0\n" in head,
            "headerRows" in self.assumed.dialect,
        )
        return sum(signs) > 1

    @property
    def manner(self) -> str:
        """How the file was read, for a sentence."""
        dialect = self.assumed.dialect
        delimiter = str(dialect.get("delimiter", ""))
        parts = [f"as {self.assumed.encoding}"] if self.assumed.encoding else []
        parts += [f"with {_NAMES.get(delimiter, shown(delimiter))} between the cells"] if delimiter else []
        parts += ["without the spaces before its cells"] if "skipInitialSpace" in dialect else []
        parts += [f"with its header in row 2, after the line sep={delimiter}"] if "headerRows" in dialect else []
        return ", ".join(parts)

    @property
    def members(self) -> str:
        """Members for the descriptor of the resource, as JSON."""
        encoding = {"encoding": self.assumed.encoding} if self.assumed.encoding else {}
        dialect = {"dialect": {**self.resource.dialect, **self.assumed.dialect}} if self.assumed.dialect else {}
        return json.dumps(encoding | dialect)[1:-1]

    @property
    def evidence(self) -> tuple[int, str]:
        """Number and text of the first line that shows the encoding."""
        head = self.assumed.head
        try:
            start = len(head.decode("ascii"))
        except UnicodeDecodeError as error:
            start = error.start
        text = head.decode(self.assumed.encoding, "replace")
        line = lines_in(head[:start].decode("ascii")) + 1
        return line, text.splitlines()[line - 1] if line <= len(text.splitlines()) else ""
