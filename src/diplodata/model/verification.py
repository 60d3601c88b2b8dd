"""The result of looking at published releases: what was read, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from diplodata.model.finding import SEVERITIES, Finding

#: Version of the form in which it is handed out.
VERIFICATION_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether releases are what they were when they were published; the same bytes give the same result."""

    #: Name and version of the tool.
    tool: str
    #: The place as the user wrote it.
    place: str
    #: Versions that were read, newest first; empty when a release does not say its version.
    versions: tuple[str, ...]
    #: Files that were read.
    files: int
    #: Bytes that were read.
    bytes: int
    #: Whether signers were given, so that everything had to be signed.
    is_signed: bool
    #: Whether files that are not listed would have been seen; a web server lists none.
    is_listed: bool
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[str, Any]:
        """Number of findings by severity and by code."""
        levels = {level: sum(item.severity == level for item in self.findings) for level in SEVERITIES}
        return levels | {"by_code": dict(sorted(Counter(item.code for item in self.findings).items()))}

    @property
    def verified(self) -> bool:
        """Whether there is no error."""
        return not any(item.severity == "error" for item in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the form in which it is handed to programs."""
        return {
            "verification_version": VERIFICATION_VERSION,
            "tool": self.tool,
            "place": self.place,
            "verified": self.verified,
            "signatures": "checked" if self.is_signed else "not checked",
            "unlisted_files": "looked for" if self.is_listed else "not looked for",
            "releases": list(self.versions),
            "files": self.files,
            "bytes": self.bytes,
            "counts": self.counts,
            "findings": [item.to_dict() for item in self.findings],
        }
