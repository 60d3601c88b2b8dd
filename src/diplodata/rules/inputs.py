"""What rules are given beside the tables of the package."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

#: What a user has to give for an input, by its name in ``-- needs:``.
OPTIONS = {
    "previous": "--previous",
    "registry": "--registry",
    "shared-records": "--shared",
    "snapshots": "--snapshots",
}


@dataclass(frozen=True, slots=True)
class Prefix:
    """An entry of the registry of prefixes."""

    prefix: str
    status: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was given; None is what was not."""

    #: Day of checking.
    as_of: datetime.date
    #: Version of the standard, MAJOR.MINOR.
    standard: str
    #: Prefixes that the package declares.
    prefixes: tuple[str, ...] = ()
    #: Title of the first publisher among the contributors of the package; empty when there is none.
    publisher: str = ""
    #: table -> its column ``id`` in an earlier release.
    previous: Mapping[str, pa.Table] | None = field(default=None, repr=False)
    #: (codelist, code, status) of codes that the package adds.
    codes: tuple[tuple[str, str, str], ...] = ()
    registry: tuple[Prefix, ...] | None = None
    #: table -> the project's own records, as text.
    shared: Mapping[str, pa.Table] | None = field(default=None, repr=False)
    #: (identifier of a source, kept text).
    snapshots: tuple[tuple[str, str], ...] | None = field(default=None, repr=False)

    def lacks(self, need: str) -> str | None:
        """Say why a rule that needs an input cannot be asked; None when it is there or always is."""
        given = {
            "previous": self.previous,
            "registry": self.registry,
            "shared-records": self.shared,
            "snapshots": self.snapshots,
        }
        return f"{OPTIONS[need]} was not given" if need in OPTIONS and given[need] is None else None
