"""A package whose descriptor has been read and whose files can be opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Self

from diplodata.model.finding import Finding
from diplodata.model.package import Package
from diplodata.package.containers import Container


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package, the place of its files, and what its descriptor got wrong. Close it after use."""

    package: Package
    #: The source as the user wrote it.
    place: str
    container: Container
    findings: tuple[Finding, ...] = ()
    #: Records of a bundle or nested document, by table.
    documents: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def open(self, path: str) -> BinaryIO:
        """Open a file of the package; raises UnreadableFileError."""
        return self.container.open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.container.close()
