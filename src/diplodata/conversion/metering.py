"""How far a conversion has come: bytes read of the files of the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Self, cast

from diplodata.formats import READERS
from diplodata.package.containers import Container
from diplodata.package.opened import OpenedPackage

#: (bytes read, bytes to read) -> None
Tell = Callable[[int, int], None]


def metered(opened: OpenedPackage, passes: int, tell: Tell) -> OpenedPackage:
    """Return the package with files that tell how far they have been read.

    Args:
        opened: the package.
        passes: how often each table is read at least.
        tell: is told after each portion; the bytes to read grow when a table has to be read once more.
    """
    paths = {path for item in opened.package.resources if item.format in READERS for path in item.paths}
    sizes = {path: opened.container.size(path) for path in paths}
    return replace(opened, container=_Metered(opened.container, sizes, passes, tell))


@dataclass(slots=True)
class _Metered:
    """A container whose files are counted while they are read."""

    container: Container
    sizes: dict[str, int]
    passes: int
    tell: Tell
    read: dict[str, int] = field(default_factory=dict)

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading."""
        stream = self.container.open(path)
        return cast("BinaryIO", _Counted(stream, path, self)) if path in self.sizes else stream

    def size(self, path: str) -> int:
        """Return the size of a file in bytes."""
        return self.container.size(path)

    def close(self) -> None:
        """Give back what is held open."""
        self.container.close()

    def count(self, path: str, number: int) -> None:
        """Add bytes of a file, and tell."""
        self.read[path] = self.read.get(path, 0) + number
        whole = (max(size * self.passes, self.read.get(name, 0)) for name, size in self.sizes.items())
        self.tell(sum(self.read.values()), sum(whole))


class _Counted:
    """A stream that counts what is read from it; all else is that of the stream."""

    def __init__(self, stream: BinaryIO, path: str, meter: _Metered) -> None:
        self._stream = stream
        self._path = path
        self._meter = meter

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._meter.count(self._path, len(data))
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
