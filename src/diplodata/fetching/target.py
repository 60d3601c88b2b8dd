"""The folder that is asked for: what may lie there already, and what is remembered beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diplodata.catalogue import finding
from diplodata.errors import UsageError
from diplodata.fetching import memory
from diplodata.fetching.memory import Memory
from diplodata.fetching.outcome import RefusedError
from diplodata.model.release import Entry
from diplodata.published.places import FolderPlace, Place
from diplodata.verifying.release import Look, check_release


@dataclass(frozen=True, slots=True)
class State:
    """The file in which is remembered what was seen of a place."""

    path: Path

    def read(self) -> Memory | None:
        """Return what is remembered; None when nothing is."""
        return memory.read(self.path)

    def write(self, remembered: Memory, workshop: Path) -> None:
        """Remember; where the file lies beside the workshop, it is made there, which is cleared after a kill."""
        is_near = self.path.parent.resolve() == workshop.parent.resolve()
        beside = workshop / "state" if is_near else self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        memory.write(self.path, remembered, beside)


def state_of(dest: Path, path: str | Path | None) -> State:
    """Return where is remembered what was seen: beside the folder, unless the user says where.

    Raises:
        UsageError: it would lie in the folder, which holds the files of a release and no others.
    """
    place = dest.with_name(f"{dest.name}.fetched.json") if path is None else Path(path)
    if place.resolve().is_relative_to(dest.resolve()):
        raise UsageError(f"{place} lies in {dest}, which holds the files of the release and no others.")
    return State(place)


def refuse_file(dest: Path) -> None:
    """Refuse a target that is no folder.

    Raises:
        UsageError: it is a file, a link, or the top of the file system.
    """
    if dest.is_symlink() or (dest.exists() and not dest.is_dir()) or not dest.name:
        raise UsageError(f"{dest} is no folder into which a release can be fetched.")


#: What may be wrong with a folder that was fetched: files that were not asked for then, signatures that were not, and
#: signers who have changed.
_TOLERATED = ("release-file-missing", "release-signature-missing", "release-signature-wrong")


def holds(dest: Path, entry: Entry, remembered: Memory, look_at: Callable[[Place], Look]) -> bool:
    """Whether a folder holds a release already, every byte and every signature of it.

    Args:
        dest: the folder.
        entry: what the index says of the release.
        remembered: what was seen so far.
        look_at: gives what looks at a place in the way that was asked for.

    Raises:
        UsageError: it holds what was not fetched, or what was changed since, which nothing may overwrite.
    """
    if not dest.exists() or not any(dest.iterdir()):
        return False
    place = FolderPlace(dest)
    try:
        look = look_at(place)
        seen = check_release(look, "", None)
    finally:
        place.close()
    wrong = [item for item in look.found if item.code not in _TOLERATED]
    if seen is None or wrong or seen.checksums.sha256 not in remembered.versions.values():
        reason = wrong[0].message if wrong else "it holds no release that was fetched."
        raise UsageError(f"{dest} is not overwritten: {reason} Choose another folder, or remove it first.")
    return seen.checksums == entry.checksums and not look.found


def count(dest: Path) -> int:
    """Return how many files of a release lie in a folder, its checksums included."""
    return sum(path.is_file() for path in dest.rglob("*"))


def missing(place: Place, path: str) -> RefusedError:
    """Return the refusal of a release of which a file is not there."""
    return RefusedError(place.name, [finding("release-file-missing", path=path)])


def resized(place: Place, path: str, size: int, source: str) -> RefusedError:
    """Return the refusal of a file that has another size than is listed."""
    details = {"source": source, "value": "more or fewer bytes", "limit": f"{size} bytes"}
    return RefusedError(place.name, [finding("release-file-different", details, path=path, limit=size)])


def different(place: Place, path: str, value: str, limit: str, source: str) -> RefusedError:
    """Return the refusal of a file that has other bytes than are listed."""
    members = {"path": path, "value": f"sha256:{value}", "limit": f"sha256:{limit}"}
    return RefusedError(place.name, [finding("release-file-different", {"source": source}, **members)])
