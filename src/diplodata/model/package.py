"""A data package as a value: its descriptor and its resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diplodata.model.profile import Profile
from diplodata.model.schema import Schema


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a package, with its schema resolved."""

    name: str
    #: Paths inside the package, in order; empty for inline data.
    paths: tuple[str, ...]
    #: Key of the format registry, or the empty text when it is no table we can read.
    format: str
    #: The descriptor as written.
    descriptor: Mapping[str, Any]
    schema: Schema | None = None
    #: The schema as a descriptor, resolved from its path or address.
    schema_descriptor: Mapping[str, Any] | None = None
    #: Whether the resource is a table of the standard that the package declares.
    is_standard: bool = False
    #: Whether an empty text is told apart from no value, whatever the schema says of it, as conversion does.
    keeps_empty: bool = False

    @property
    def place(self) -> str:
        """The path for messages."""
        return self.paths[0] if self.paths else f"(inline data of {self.name})"

    @property
    def empty_is_missing(self) -> bool:
        """Whether an empty cell is no value, as it is unless the schema says otherwise."""
        return not self.keeps_empty and not self.schema_says_empty

    @property
    def schema_says_empty(self) -> bool:
        """Whether the schema says that an empty text is a value."""
        return self.schema is not None and not self.schema.empty_is_missing

    @property
    def encoding(self) -> str:
        """Declared character encoding, UTF-8 when there is none, or none that is a text."""
        declared = self.descriptor.get("encoding")
        return declared if isinstance(declared, str) and declared else "utf-8"

    @property
    def dialect(self) -> Mapping[str, Any]:
        """Declared table dialect, empty when there is none or it is a reference."""
        value = self.descriptor.get("dialect")
        return value if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Package:
    """A data package: descriptor, resources, and the standard it declares."""

    #: The descriptor as written.
    descriptor: Mapping[str, Any]
    resources: tuple[Resource, ...]
    #: Version of the diplodata standard, such as ``1.0``; None for any other package.
    standard: str | None = None
    #: MAJOR.MINOR.PATCH of that version, as this tool has it.
    standard_version: str | None = None
    #: The profile of the standard that it declares, and that can be used.
    profile: Profile | None = None
    #: Identifier prefixes that the package declares.
    prefixes: tuple[str, ...] = ()
    #: Files that the descriptor refers to (schemas, dialects), by path.
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    def resource(self, name: str) -> Resource | None:
        """Return the resource of that name, or None."""
        return next((item for item in self.resources if item.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the resources, in order."""
        return tuple(item.name for item in self.resources)
