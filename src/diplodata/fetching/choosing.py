"""From an index to one release: which is meant, and may it be taken."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from diplodata.catalogue import finding
from diplodata.errors import UsageError
from diplodata.model.finding import Finding
from diplodata.model.release import Entry
from diplodata.published.index import NAME, ReadIndex
from diplodata.published.sums import NAME as SUMS
from diplodata.verifying.tree import unknown

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks for."""

    #: A version or a channel.
    release: str = "latest"
    #: The form of the data; None takes all.
    only: str | None = None
    #: ``sha256:`` and the digest of SHA256SUMS of the release; None takes what the index says.
    expect: str | None = None
    #: Days that the index may be old; None for any number.
    max_age: int | None = None


def checked(wish: Wish) -> Wish:
    """Return a wish that makes sense.

    Raises:
        UsageError: it does not.
    """
    if wish.expect is not None and not _DIGEST.fullmatch(wish.expect):
        raise UsageError(f"{wish.expect[:100]!r} is no digest; write sha256: and 64 small hexadecimal digits.")
    if wish.max_age is not None and wish.max_age < 0:
        raise UsageError("A number of days is not negative.")
    return wish


def withdrawn(read: ReadIndex, wish: Wish) -> Iterator[Finding]:
    """Yield the releases that a channel would lead to, had they not been withdrawn; none when it leads to another."""
    if wish.release in read.channels or read.index.entry(wish.release) is not None:
        return
    for entry in read.index.releases:
        if entry.yanked is not None and (wish.release == "latest" or entry.version.startswith(f"{wish.release}.")):
            members = {"path": entry.path, "value": entry.version, "limit": entry.yanked.reason}
            yield finding("release-yanked", {"date": entry.yanked.date[:10]}, severity="error", **members)


def chosen(read: ReadIndex, wish: Wish) -> Entry:
    """Return the release that is meant.

    Raises:
        UsageError: there is none.
    """
    entry = read.index.entry(read.channels.get(wish.release, wish.release))
    if entry is None:
        raise UsageError(unknown(read, wish.release))
    return entry


def objections(entry: Entry, wish: Wish) -> Iterator[Finding]:
    """Yield why a release is not the one whose digest the user has."""
    actual = f"sha256:{entry.checksums.sha256}"
    if wish.expect not in (None, actual):
        path = entry.path + SUMS
        yield finding("release-file-different", {"source": "--expect"}, path=path, value=actual, limit=wish.expect)


def age(read: ReadIndex, wish: Wish, now: datetime.datetime) -> Iterator[Finding]:
    """Yield that an index is older than it may be.

    * A signed index stays signed for ever, so its age is all that shows that newer ones are being withheld.
    """
    if wish.max_age is None:
        return
    updated = datetime.datetime.fromisoformat(read.index.updated)
    days = (now - updated).total_seconds() / 86_400
    if days > wish.max_age:
        details = {"days": int(days)}
        yield finding("release-index-old", details, path=NAME, value=read.index.updated, limit=wish.max_age)
