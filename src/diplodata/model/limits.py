"""How much the tool reads before it refuses; every message about a limit names it."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes and counts; the defaults fit packages of tens of gigabytes."""

    #: Largest descriptor.
    descriptor_bytes: int = 8 * _MIB
    #: Largest JSON document that is read whole (bundle, nested, JSON table).
    document_bytes: int = 2048 * _MIB
    #: Most resources in a package.
    resources: int = 10_000
    #: Most members of a zip archive.
    archive_members: int = 10_000
    #: Most bytes that one member of an archive may unpack to.
    member_bytes: int = 16 * 1024 * _MIB
    #: Most unpacked bytes for each packed byte, after the first MiB.
    archive_ratio: int = 200


DEFAULT_LIMITS = Limits()
