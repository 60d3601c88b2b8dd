"""The chain of releases: each names the digest of the one that it follows, so that none can be exchanged later."""

from __future__ import annotations

from collections.abc import Mapping

from diplodata.errors import AbsentError
from diplodata.model.release import Entry, FileFacts, Index
from diplodata.published import places, record, sums
from diplodata.published.record import Record
from diplodata.verifying.release import Look, Seen, digest_of


def check_in_index(look: Look, index: Index, entry: Entry, seen: Seen | None, facts: Mapping[str, FileFacts]) -> None:
    """Check that a release follows one that the index lists with the bytes that it had.

    Args:
        look: what is looked at; findings are added to it.
        index: the index.
        entry: what it says of the release.
        seen: what the release turned out to be.
        facts: version -> size and digest of SHA256SUMS, of the releases that were read.
    """
    if entry.previous is None:
        return
    before = index.entry(entry.previous)
    if before is None:
        _broken(look, entry.path, entry.version, entry.previous, "which index.json does not list")
        return
    named = seen.record.previous if seen and seen.record else None
    if named is None or named.version != entry.previous:
        return
    actual = facts.get(before.version, before.checksums).sha256
    if actual != named.sha256:
        problem = f"whose {sums.NAME} has the digest {actual} and had {named.sha256}"
        _broken(look, entry.path, entry.version, entry.previous, problem)


def check_beside(look: Look, made: Record, folder: str) -> None:
    """Check that a release that was given alone follows the one that lies beside it."""
    if made.previous is None:
        return
    before = made.previous.version
    above = look.place.parent()
    try:
        path = f"{before}/{sums.NAME}"
        raw = None if above is None else places.read(above, path, look.limits.checksums_bytes)
    except (AbsentError, places.OddFileError):
        raw = None
    finally:
        _close(above)
    if raw is None:
        problem = f"The release {before}, which {made.version} follows, is not beside it, so the step was not checked."
        hint = "Verify the folder that holds all releases, or put the other release beside this one."
        look.say("unchecked", details={"problem": problem}, path=record.NAME, value=before, hint=hint)
    elif digest_of(raw).sha256 != made.previous.sha256:
        problem = f"whose {sums.NAME} has the digest {digest_of(raw).sha256} and had {made.previous.sha256}"
        _broken(look, folder, made.version, before, problem)


def _close(above: places.Place | None) -> None:
    # A web place shares its connections with the one above it.
    if isinstance(above, places.FolderPlace):
        above.close()


def _broken(look: Look, folder: str, version: str, before: str, problem: str) -> None:
    path = folder + record.NAME
    look.say("release-chain-broken", details={"problem": problem}, path=path, value=version, limit=before)
