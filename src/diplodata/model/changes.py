"""What is different between two states of a package, and which step of the version that asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

#: Version of the form of the JSON document of changes.
CHANGES_VERSION = "1.0"

Action = Literal["added", "removed", "changed", "re-identified"]

#: What can have become of a record, in the order in which changes are told.
ACTIONS: tuple[Action, ...] = ("removed", "added", "re-identified", "changed")

#: The action of the same change seen from the other side.
MIRRORED: dict[Action, Action] = {
    "added": "removed",
    "removed": "added",
    "changed": "changed",
    "re-identified": "re-identified",
}

Cells = tuple[tuple[str, str | None], ...]

Step = Literal["none", "patch", "minor", "major"]

#: Steps of a version, the smallest first.
STEPS: tuple[Step, ...] = ("none", "patch", "minor", "major")

Effect = Literal["compatible", "widening", "narrowing", "breaking", "cannot tell"]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One cell: its text before and after; None where there is no value."""

    field: str
    old: str | None
    new: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {"field": self.field, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What became of one record.

    * Fields have the names of the newer side, and those of columns that only the older one has.
    * Of a record that was added or removed, all cells that have a value are given.
    """

    action: Action
    #: The primary key, that of the older side for a re-identified record; empty when the table has none.
    key: Cells
    values: tuple[ValueChange, ...]
    #: The primary key on the newer side of a re-identified record; else empty.
    new_key: Cells = ()
    #: How many equal rows there are more, in a table that is not comparable by record.
    times: int = 1

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        data: dict[str, Any] = {"action": self.action, "key": dict(self.key)}
        if self.action == "re-identified":
            data["new_key"] = dict(self.new_key)
        if self.times > 1:
            data["times"] = self.times
        return data | {"values": [item.to_dict() for item in self.values]}


class Records(Protocol):
    """Changes of records that can be gone through again and again; they need not be in memory."""

    def __iter__(self) -> Iterator[RecordChange]:
        """Go through the changes: removed, added, re-identified and changed records, each by key."""
        ...

    def __len__(self) -> int:
        """Return the number of changes."""
        ...


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One difference between two schemas."""

    #: Field, or keys or missing values of the table; a JSON pointer for a JSON Schema.
    where: str
    keyword: str
    old: Any
    new: Any
    #: What it does to data, if nothing else changed.
    effect: Effect
    #: The same in words.
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        names = ("where", "keyword", "old", "new", "effect", "text")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One member of a descriptor: its value before and after; None where it is not there."""

    member: str
    old: Any
    new: Any

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {"member": self.member, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class FileChange:
    """A resource that is no table: the digest of its bytes before and after; None where it is not there."""

    name: str
    old: str | None
    new: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {"name": self.name, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class CodeChange:
    """A code that the package adds to a list of the standard: its status before and after; None without it."""

    codelist: str
    code: str
    old: str | None
    new: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {"codelist": self.codelist, "code": self.code, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class TableChange:
    """What is different in one table; one that is equal is told as well."""

    name: str
    status: Literal["added", "removed", "changed", "equal"]
    #: Names of the fields by which records are told apart; empty when they are not comparable by record.
    key: tuple[str, ...]
    #: Why the table is not comparable by record; None when it is.
    not_comparable: str | None
    old_rows: int
    new_rows: int
    #: action -> exact number of records, or of rows when the table is not comparable by record.
    counts: dict[Action, int]
    records: Records = field(repr=False, compare=False)
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_renamed: tuple[tuple[str, str], ...] = ()
    schema: tuple[SchemaChange, ...] = ()
    metadata: tuple[MemberChange, ...] = ()
    #: Whether identifiers of its records must never disappear: a table of the standard in which records stay.
    is_lasting: bool = False

    def head(self) -> dict[str, Any]:
        """Return the form of the JSON document, without the records."""
        return {
            "name": self.name,
            "status": self.status,
            "key": list(self.key),
            "not_comparable": self.not_comparable,
            "rows": {"old": self.old_rows, "new": self.new_rows},
            "counts": {action: self.counts.get(action, 0) for action in ACTIONS},
            "columns": {
                "added": list(self.columns_added),
                "removed": list(self.columns_removed),
                "renamed": [{"old": old, "new": new} for old, new in self.columns_renamed],
            },
            "schema": [item.to_dict() for item in self.schema],
            "metadata": [item.to_dict() for item in self.metadata],
        }


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states that were compared."""

    place: str
    version: str | None
    standard: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {"place": self.place, "version": self.version, "standard": self.standard}


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that is different between two states of a package."""

    old: Side
    new: Side
    tables: tuple[TableChange, ...]
    files: tuple[FileChange, ...] = ()
    codes: tuple[CodeChange, ...] = ()
    #: Members of the descriptor; its version and the day on which it was made are none of them.
    metadata: tuple[MemberChange, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether nothing is different."""
        return not (self.files or self.codes or self.metadata) and all(item.status == "equal" for item in self.tables)

    def count(self, action: Action) -> int:
        """Return the number of records of all tables with which that happened."""
        return sum(item.counts.get(action, 0) for item in self.tables)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a version has to take a step."""

    step: Step
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {"step": self.step, "text": self.text}


@dataclass(frozen=True, slots=True)
class Disappeared:
    """Identifiers of one table that are gone instead of being withdrawn or merged."""

    table: str
    number: int
    #: The first of them.
    identifiers: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {"table": self.table, "number": self.number, "identifiers": list(self.identifiers)}


@dataclass(frozen=True, slots=True)
class Bump:
    """The step that the changes ask for, and why."""

    step: Step
    #: The gravest first.
    reasons: tuple[Reason, ...] = ()
    disappeared: Sequence[Disappeared] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON document."""
        return {
            "step": self.step,
            "reasons": [item.to_dict() for item in self.reasons],
            "disappeared": [item.to_dict() for item in self.disappeared],
        }
