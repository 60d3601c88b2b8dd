"""Withdraw a release: it stays where it is, and no channel leads to it any longer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from diplodata.errors import ReleaseError, UsageError
from diplodata.model.release import Index, Yank
from diplodata.release import clock, index, neighbours, stores, website
from diplodata.release.sign import signer


def yank(target: str | Path, version: str, reason: str, key: str | Path | None = None) -> bool:
    """Mark a release as withdrawn in the index.

    Args:
        target: the folder that holds all releases, or ``s3://bucket/prefix``.
        version: the release.
        reason: why; readers are shown it.
        key: SSH key that signs the index.

    Returns:
        Whether that is new; False when the release was withdrawn for that reason already.

    Raises:
        ReleaseError: there is no such release, it was withdrawn for another reason, or the index cannot be changed.
        UsageError: there is no reason.
    """
    if not reason.strip():
        raise UsageError("To withdraw a release needs a reason: --reason TEXT.")
    store, signed = stores.at(target), signer(key)
    if store.read(index.NAME, index.LARGEST) is None:
        raise ReleaseError(f"{target} holds no releases: there is no {store.address(index.NAME)}.")
    stores.unsigned_index(store, signed)
    mark = Yank(" ".join(reason.split()), clock.now())
    seen: list[int] = []

    def change(current: Index | None) -> Index:
        entry = current.entry(version) if current else None
        if current is None or entry is None:
            raise ReleaseError(f"{target} has no version {version}.")
        seen.append(current.serial)
        if entry.yanked is not None:
            if entry.yanked.reason != mark.reason:
                raise ReleaseError(f"{version} was withdrawn already: {entry.yanked.reason}")
            return current
        return index.with_entry(current, replace(entry, yanked=mark), current.name, current.title, mark.date)

    done = store.commit(change, None, signed)
    neighbours.write(store, signed)
    website.renew(store)
    return done.serial != seen[-1]
