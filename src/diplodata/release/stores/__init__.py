"""Places for releases, behind one protocol."""

from __future__ import annotations

from pathlib import Path

from diplodata.release.stores.directory import Directory
from diplodata.release.stores.store import SIGNATURE, Change, Store, unsigned_index

__all__ = ["SIGNATURE", "Change", "Store", "at", "unsigned_index"]


def at(target: str | Path) -> Store:
    """Return the store that a target names: ``s3://bucket/prefix``, or a folder.

    Raises:
        MissingExtraError: the extra ``s3`` is needed and not installed.
        ReleaseError: the address is none of a bucket.
    """
    if str(target).startswith("s3://"):
        # Loaded here: it needs an extra.
        from diplodata.release.stores.bucket import Bucket

        return Bucket(str(target))
    return Directory(Path(target), str(target))
