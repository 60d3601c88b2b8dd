"""A package whose descriptor has been read and whose files can be opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self, TypeVar, cast

from diplodata.model.finding import Finding
from diplodata.model.package import Package
from diplodata.package.containers import Container
from diplodata.package.origin import Origin


class Closable(Protocol):
    """What is closed when it is done with."""

    def close(self) -> None:
        """Give back what it holds."""
        ...


Kept = TypeVar("Kept", bound=Closable)


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
    #: File of the descriptor, for findings.
    descriptor: str = "datapackage.json"
    #: The document that the package was read from, when it is one.
    origin: Origin | None = None
    #: What readers keep for the time in which the package is open, by name.
    kept: dict[str, Closable] = field(default_factory=dict, repr=False, compare=False)

    def open(self, path: str) -> BinaryIO:
        """Open a file of the package; raises UnreadableFileError."""
        return self.container.open(path)

    def keep(self, name: str, make: Callable[[], Kept]) -> Kept:
        """Return what is kept under a name for as long as the package is open; it is made at the first call."""
        if name not in self.kept:
            self.kept[name] = make()
        return cast("Kept", self.kept[name])

    def close(self) -> None:
        """Close what readers keep, and the package."""
        while self.kept:
            self.kept.popitem()[1].close()
        self.container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
