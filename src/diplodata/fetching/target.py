"""The folder that is asked for: what may lie there already, and what is remembered beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diplodata.catalogue import finding
from diplodata.errors import UsageError
from diplodata.fetching import memory
from diplodata.fetching.memory import Memory
from diplodata.fetching.outcome import RefusedError
from diplodata.model.limits import TransferLimits
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

    def write(self, remembered: Memory) -> None:
        """Remember."""
        memory.write(self.path, remembered)


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


def holds(dest: Path, entry: Entry, remembered: Memory, only: str | None, limits: TransferLimits) -> bool:
    """Whether a folder holds a release already, every byte of it.

    Raises:
        UsageError: it holds what was not fetched, or what was changed since, which nothing may overwrite.
    """
    if not dest.exists() or not any(dest.iterdir()):
        return False
    place = FolderPlace(dest)
    try:
        look = Look(place, None, limits, only)
        seen = check_release(look, "", None)
    finally:
        place.close()
    wrong = [item for item in look.found if item.code != "release-file-missing"]
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


def different(place: Place, path: str, value: str, limit: str, source: str) -> RefusedError:
    """Return the refusal of a file that has other bytes than are listed."""
    members = {"path": path, "value": f"sha256:{value}", "limit": f"sha256:{limit}"}
    return RefusedError(place.name, [finding("release-file-different", {"source": source}, **members)])
