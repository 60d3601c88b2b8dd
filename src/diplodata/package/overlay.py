"""A package as it would be with some of its files changed; nothing is written."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from diplodata import strict_json
from diplodata.package import descriptor
from diplodata.package.containers import Container
from diplodata.package.opened import OpenedPackage


@dataclass(frozen=True, slots=True)
class Overlay:
    """Files in memory over those of another container, which stays open when this one is closed."""

    below: Container
    files: Mapping[str, bytes]

    def open(self, path: str) -> BinaryIO:
        """Open a changed file, or one below; raises UnreadableFileError."""
        return io.BytesIO(self.files[path]) if path in self.files else self.below.open(path)

    def size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 when it cannot be opened."""
        return len(self.files[path]) if path in self.files else self.below.size(path)

    def close(self) -> None:
        """Leave the container below to whoever opened it."""


def changed(opened: OpenedPackage, files: Mapping[str, bytes], place: str | None) -> OpenedPackage:
    """Return a package with other bytes in some of its files.

    Args:
        opened: the package; it has to stay open as long as the result is used.
        files: path inside the package -> its bytes.
        place: name of the descriptor's file; None where there is none, as for a bare table.
    """
    container = Overlay(opened.container, files)
    if place is None or place not in files:
        return replace(opened, container=container, kept={})
    package, findings = descriptor.read(strict_json.plain(strict_json.parse(files[place])), container, place)
    return replace(opened, package=package, container=container, findings=tuple(findings), kept={})
