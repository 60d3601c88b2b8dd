"""One finding: what is wrong, where, with which value, by which rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from diplodata.model.addresses import CODES

#: Severities from the gravest to the lightest.
SEVERITIES = ("error", "warning", "info")

#: Members of a finding in the order of the JSON report.
_ORDER = (
    "code severity resource path row line column field fields value limit pointer record_id message hint help "
    "fingerprint known"
).split()


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement about the data, never about the tool."""

    code: str
    severity: str
    message: str
    #: What to do about it.
    hint: str = ""
    resource: str | None = None
    path: str | None = None
    #: Record number; the header is 1.
    row: int | None = None
    #: Physical line of the file, where it is known.
    line: int | None = None
    #: Column number, from 1.
    column: int | None = None
    fields: tuple[str, ...] = ()
    value: str | None = None
    #: The rule's limit: a pattern, a bound, the other value.
    limit: Any = None
    #: JSON Pointer (RFC 6901) for documents.
    pointer: str | None = None
    record_id: str | None = None
    #: Whether the baseline has it already.
    known: bool = False

    @property
    def field(self) -> str | None:
        """The first field concerned."""
        return self.fields[0] if self.fields else None

    @property
    def help(self) -> str:
        """Address of the page that explains the code."""
        return CODES + self.code

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that survive a move of the row.

        * What a row is about is its record, field and value; two rows of which these are equal have one fingerprint.
        * What is about no row, value or place in a document is told apart by its message.
        """
        is_about_file = self.row is None and self.value is None and self.pointer is None
        about = self.message if is_about_file else None
        where = self.resource if self.resource is not None else self.path
        parts = [self.code, where, self.record_id, self.fields, self.value, self.pointer, about]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Return the finding in the form of the JSON report; empty members are left out."""
        made = {"field": self.field, "fingerprint": self.fingerprint, "help": self.help, "known": self.known or None}
        data: Mapping[str, Any] = asdict(self) | made
        return {key: data[key] for key in _ORDER if data[key] not in (None, (), "")}

    def sort_key(self) -> tuple[Any, ...]:
        """Order within a resource: by row, then column, then code."""
        return (self.row or 0, self.column or 0, self.code, self.fields, str(self.value), str(self.limit))
