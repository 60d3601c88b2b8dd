"""The result of a validation: findings, exact counts, and what was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diplodata.model.finding import SEVERITIES, Finding

#: Version of the report's form.
REPORT_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class ResourceReport:
    """What was read of one resource."""

    name: str
    path: str
    format: str
    rows: int | None
    bytes: int | None
    sha256: str | None
    valid: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the form of the JSON report."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class SkippedRule:
    """A rule, or part of one, that could not be asked, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that the package itself excuses, and its reason."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Findings and counts of one validation; the same input gives the same report."""

    #: Name and version of the tool, as in ``diplodata 0.1.0``.
    tool: str
    subject: str
    standard: str | None
    #: Day for which rules were asked, ``YYYY-MM-DD``.
    as_of: str
    resources: tuple[ResourceReport, ...]
    #: Findings for display, capped per code.
    findings: tuple[Finding, ...]
    #: Exact number of findings by (code, severity), never capped.
    totals: Mapping[tuple[str, str], int] = field(default_factory=dict)
    skipped: tuple[SkippedRule, ...] = ()
    #: Findings of rules that the package waives; they are in no count.
    waived: tuple[Waived, ...] = ()

    def count(self, severity: str) -> int:
        """Return the exact number of findings of that severity."""
        return sum(number for (_, level), number in self.totals.items() if level == severity)

    @property
    def valid(self) -> bool:
        """Whether there is no error; warnings never make a package invalid."""
        return self.count("error") == 0

    @property
    def by_code(self) -> dict[str, int]:
        """Exact counts by code, sorted."""
        counts: Counter[str] = Counter()
        for (code, _), number in self.totals.items():
            counts[code] += number
        return dict(sorted(counts.items()))

    def fails_at(self, severity: str) -> bool:
        """Whether there is a finding at or above that severity; ``never`` never fails."""
        if severity not in SEVERITIES:
            return False
        return any(self.count(level) for level in SEVERITIES[: SEVERITIES.index(severity) + 1])

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON report."""
        return {
            "report_version": REPORT_VERSION,
            "tool": self.tool,
            "subject": self.subject,
            "standard": self.standard,
            "as_of": self.as_of,
            "valid": self.valid,
            "counts": {level: self.count(level) for level in SEVERITIES} | {"by_code": self.by_code},
            "resources": [item.to_dict() for item in self.resources],
            "skipped": [{"code": item.code, "reason": item.reason} for item in self.skipped],
            "waived": [item.finding.to_dict() | {"reason": item.reason} for item in self.waived],
            "findings": [item.to_dict() for item in self.findings],
        }
