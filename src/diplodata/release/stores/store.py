"""What publishing asks of a place, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from diplodata.errors import ReleaseError
from diplodata.model.release import Index, VerifiedRelease
from diplodata.release import sign
from diplodata.release.index import NAME

#: From the index as it is to the index as it shall be; raises ReleaseError when that cannot be any longer.
Change = Callable[[Index | None], Index]

#: Name of the signature of the index.
SIGNATURE = NAME + sign.SUFFIX


class Store(Protocol):
    """A place for releases: the index decides what is published, and whoever changes it saw the one before."""

    #: How the user named it.
    place: str
    #: The folder that it is; None where it is none of this machine.
    folder: Path | None

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file; None when there is none.

        Raises:
            ReleaseError: it is larger than the limit.
        """
        ...

    def address(self, path: str) -> str:
        """Return where a file is, for messages."""
        ...

    def fetch(self, path: str, target: Path) -> bool:
        """Copy a file to a place on this machine, however large it is; False when there is none."""
        ...

    def staging(self) -> AbstractContextManager[Path]:
        """Give an empty folder to build a release in, and take away what earlier runs left behind."""
        ...

    def check(self, release: VerifiedRelease) -> None:
        """Compare a published release with one that was built.

        Raises:
            ReleaseError: the bytes differ, or what is published is damaged.
        """
        ...

    def commit(self, change: Change, release: VerifiedRelease | None, signer: sign.Signer | None) -> Index:
        """Put a release in its place, then change the index: in one step, or not at all.

        Raises:
            ReleaseError: the change cannot be made, or another release is in the place.
        """
        ...

    def put(self, path: str, data: bytes) -> None:
        """Write a file that may change, such as a feed."""
        ...


def unsigned_index(store: Store, signer: sign.Signer | None) -> None:
    """Refuse to leave an index without its signature, when it had one.

    Raises:
        ReleaseError: the index is signed, and there is no key.
    """
    if signer is None and store.read(SIGNATURE, sign.LARGEST) is not None:
        raise ReleaseError(f"{store.place} is signed: name the key, --sign KEY.")
