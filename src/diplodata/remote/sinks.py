"""Where received bytes go: into memory, into a digest, or into a file that is finished later."""

from __future__ import annotations

import hashlib
from typing import Protocol


class Sink(Protocol):
    """What takes the bytes of one file, in order."""

    #: What the server calls the version of the file that the bytes are of; None when it cannot be asked for again.
    tag: str | None

    @property
    def length(self) -> int:
        """Bytes that are there."""
        ...

    def add(self, data: bytes) -> None:
        """Take the next bytes."""
        ...

    def restart(self) -> None:
        """Forget the bytes that are there."""
        ...


class Memory:
    """Keeps the bytes."""

    def __init__(self) -> None:
        self.tag: str | None = None
        self.data = bytearray()

    @property
    def length(self) -> int:
        """Bytes that are there."""
        return len(self.data)

    def add(self, data: bytes) -> None:
        """Keep bytes."""
        self.data += data

    def restart(self) -> None:
        """Forget the bytes."""
        self.tag = None
        self.data.clear()


class Digest:
    """Keeps the digest of the bytes."""

    def __init__(self) -> None:
        self.tag: str | None = None
        self.restart()

    @property
    def length(self) -> int:
        """Bytes that went through."""
        return self._length

    @property
    def sha256(self) -> str:
        """The digest of the bytes."""
        return self._digest.hexdigest()

    def add(self, data: bytes) -> None:
        """Count and digest bytes."""
        self._length += len(data)
        self._digest.update(data)

    def restart(self) -> None:
        """Begin anew."""
        self.tag = None
        self._length = 0
        self._digest = hashlib.sha256()
