"""A profile of the standard as a value: what a group of publishers asks beyond a version of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Version of the form of profiles.
PROFILE_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile that was found to narrow the standard or add to it, and nothing else."""

    #: Its ``$id``, the same for all its versions.
    address: str
    version: str
    title: str
    #: MAJOR.MINOR of the standard that it narrows.
    standard: str
    #: The profile as it is written.
    source: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_source(cls, source: Mapping[str, Any]) -> Profile:
        """Return the profile that was written in the form of ``profile.schema.json``."""
        return cls(source["$id"], source["version"], source["title"], source["standard"], source)

    def __str__(self) -> str:
        return f"{self.address} {self.version}"

    @property
    def severity(self) -> Mapping[str, str]:
        """Severity of rules by code, or ``off``."""
        found: Mapping[str, str] = self.source.get("rules", {}).get("severity", {})
        return found

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables of which it says something."""
        return tuple(self.source.get("tables", ()))

    def fields(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        """Return what it says of the fields of a table."""
        found: Mapping[str, Mapping[str, Any]] = self.source.get("tables", {}).get(table, {}).get("properties", {})
        return found

    def required(self, table: str) -> tuple[str, ...]:
        """Return the fields of a table that it requires."""
        return tuple(self.source.get("tables", {}).get(table, {}).get("required", ()))
