"""Versions of releases: their form, their order, and the channels that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diplodata.errors import ReleaseError
from diplodata.model.release import Entry

#: Semantic Versioning 2.0.0 without build metadata, which has no place in the order.
_FORM = re.compile(
    r"(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})"
    r"(?:-((?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*))?"
)

#: A version is the name of a folder.
_LONGEST = 100

Core = tuple[int, int, int]
Order = tuple[Core, bool, tuple[tuple[int, int, str], ...]]


def checked(version: object, place: str) -> str:
    """Return a version that can be published.

    Args:
        version: what the descriptor has.
        place: the package, for the message.

    Raises:
        ReleaseError: it is none.
    """
    if isinstance(version, str) and is_version(version):
        return version
    found = "no version" if version is None else f"the version {version!r}"
    raise ReleaseError(
        f"{place} is not published: its descriptor has {found}; a version is MAJOR.MINOR.PATCH without leading "
        "zeros, such as 1.0.0 or 2.1.0-beta.1 (Semantic Versioning 2.0.0)."
    )


def is_version(text: str) -> bool:
    """Whether a text is a version that can be published."""
    return len(text) <= _LONGEST and _FORM.fullmatch(text) is not None


def order(version: str) -> Order:
    """Return what versions are sorted by (Semantic Versioning 2.0.0, clause 11)."""
    _, _, suffix = version.partition("-")
    parts = suffix.split(".") if suffix else []
    return core(version), not suffix, tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def core(version: str) -> Core:
    """Return MAJOR, MINOR and PATCH as numbers."""
    major, minor, patch = version.partition("-")[0].split(".")
    return int(major), int(minor), int(patch)


def is_prerelease(version: str) -> bool:
    """Whether a version is one before the version that it names."""
    return "-" in version


def before(version: str, releases: Iterable[Entry]) -> Entry | None:
    """Return the release that a version follows: the highest below it, and a pre-release only if there is no other."""
    return newest(item for item in releases if order(item.version) < order(version))


def newest(releases: Iterable[Entry]) -> Entry | None:
    """Return the newest release, withdrawn or not; a pre-release only if there is no other."""
    found = list(releases)
    stable = [item for item in found if not is_prerelease(item.version)]
    return max(stable or found, key=lambda item: order(item.version), default=None)


def channels(releases: Iterable[Entry]) -> dict[str, str]:
    """Return the channels: name -> newest version that is not withdrawn; pre-releases only where nothing else is."""
    found: dict[str, str] = {}
    offered = [item.version for item in releases if item.yanked is None]
    # The last one that is written stays: stable versions after pre-releases, the newest of each last.
    for version in sorted(offered, key=lambda item: (not is_prerelease(item), order(item))):
        major, minor, _ = core(version)
        found |= {"latest": version, f"{major}": version, f"{major}.{minor}": version}
    return {name: found[name] for name in sorted(found, key=_channel_order)}


def _channel_order(name: str) -> tuple[int, ...]:
    return () if name == "latest" else tuple(int(part) for part in name.split("."))
