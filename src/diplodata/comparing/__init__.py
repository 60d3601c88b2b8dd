"""Compare two states of a package, or two schemas: what changed, and which step of the version that asks for."""

from __future__ import annotations

from diplodata.comparing.content import content_hash
from diplodata.comparing.packages import compare, compare_opened
from diplodata.comparing.versioning import bump_of, next_version

__all__ = ["bump_of", "compare", "compare_opened", "content_hash", "next_version"]
