"""A release that was given alone, without the index that leads to it."""

from __future__ import annotations

from diplodata.verifying.chain import check_beside
from diplodata.verifying.release import Look, check_release


def check_single(look: Look) -> tuple[str, ...]:
    """Check the release at the place; return its version, if it says one."""
    seen = check_release(look, "", None)
    if seen is None or seen.record is None:
        return ()
    check_beside(look, seen.record, "")
    return (seen.record.version,)
