"""What is decided about a release before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diplodata.model.release import Entry


@dataclass(frozen=True, slots=True)
class Plan:
    """A release that is to be written; equal plans over equal tables give equal bytes."""

    version: str
    #: Moment in RFC 3339.
    created: str
    #: The release that it follows; None for the first.
    previous: Entry | None
    #: Digest of the content of the tables.
    content: str
    #: How large a step the changes ask for, and why: ``bump`` of release.json.
    bump: Mapping[str, Any]
    #: Further formats of the whole package.
    extras: tuple[str, ...] = ()
    #: Address at which the index will be, ending with a slash; None when nobody said it.
    address: str | None = None
